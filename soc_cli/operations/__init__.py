"""The secretary's acts: one function, one whole act, all or nothing."""

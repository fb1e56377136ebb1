"""Files in and out: bytes to rows and rows to bytes, with no terminal and no SQL."""

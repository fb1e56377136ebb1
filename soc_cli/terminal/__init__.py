"""How a person is spoken to: the screen, questions and tables."""

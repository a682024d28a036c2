"""mailtui: decide from which e-mail addresses a company writes to the world."""

__version__ = "0.1.0"

"""What a piece of text means, as a tone: a theme gives each its colour, and a sign or word says the same beside it."""

from enum import StrEnum


class Tone(StrEnum):
    """The meaning behind a colour; the value is the suffix of the component class that styles it."""

    PLAIN = "plain"
    MUTED = "muted"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    ACCENT = "accent"

"""What a server said: its reply as text that is safe to show, and the codes in it."""

import re
from typing import Final

from mailtui.core.text import clean_lines

ENHANCED: Final = re.compile(r"([245])(?:\.\d{1,3}){2}(?=\s|$)")
"""RFC 3463 section 2: class, subject and detail."""

LAST_REFUSAL: Final = 599
"""RFC 5321 section 4.2.1 knows no reply code above it."""


def spoken(code: int, text: str) -> str:
    """A reply as it stood on the wire, safe for a terminal: every line with its code, all but the last with a hyphen
    (RFC 5321 section 4.2.1). `text` is the reply without codes, its lines joined by a newline."""
    lines = text.split("\n")
    wire = (f"{code}{'-' if line < len(lines) else ' '}{words}" for line, words in enumerate(lines, start=1))
    return clean_lines("\n".join(wire))


def enhanced_code(code: int, text: str) -> str:
    """The enhanced status code that begins a line of the reply (RFC 2034 section 4), else an empty string.

    One whose class contradicts the basic code counts for nothing: RFC 2034 section 4 lets them agree.
    """
    for line in text.split("\n"):
        found = ENHANCED.match(line.strip())
        if found and found.group(1) == str(code)[:1]:
            return found.group()
    return ""


def is_refusal(code: int) -> bool:
    """Whether the code says no, for now (4xx) or for good (5xx), rather than anything outside the protocol."""
    return 400 <= code <= LAST_REFUSAL

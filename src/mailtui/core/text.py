"""Making foreign text safe for a terminal.

Banners, replies, names and subjects are written by others. A terminal obeys escape sequences, C1 controls and
bidirectional overrides that it finds in them (CWE-150; Unicode TR 36, section 2.6), so none of them passes.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

MAX_LINE: Final = 500
"""Characters kept of one line: RFC 5321 section 4.5.3.1.5 allows a reply line 512 octets."""

MAX_LINES: Final = 20
"""Lines kept of a multi-line text: more than any real reply has, and bounded."""

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands where an unsafe character was, so that a reader sees that something was taken out."""

UNSAFE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, invisible formatting (which holds the bidirectional overrides), surrogates, private use, unassigned,
and the line and paragraph separators."""

JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
"""Formatting characters that ordinary words and emoji need and that cannot reorder a line."""


def _safe(character: str) -> str:
    if character in JOINERS:
        return character
    return REPLACEMENT if unicodedata.category(character) in UNSAFE_CATEGORIES else character


def clean(text: str, limit: int = MAX_LINE) -> str:
    """One line that is safe to print: white space of any kind becomes a space, what is unsafe a replacement
    character, and at most `limit` characters stay, the last of them `…` where something was cut."""
    bounded = text[: limit * 4 + 4]
    if not bounded.isprintable():  # What is has nothing unsafe, and lists of thousands pass through here.
        bounded = "".join(" " if c in "\t\r\n\v\f" else _safe(c) for c in bounded)
    line = " ".join(bounded.split())
    if len(line) > limit or len(text) > len(bounded):
        return line[: limit - 1] + "…"
    return line


def clean_lines(text: str, limit: int = MAX_LINE, lines: int = MAX_LINES) -> str:
    """Like `clean`, line by line: at most `lines` lines joined by a newline, the last of them `…` where more came."""
    bounded = text[: (limit * 4 + 4) * lines]
    found = bounded.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = [clean(line, limit) for line in found[:lines]]
    if len(found) > lines or len(text) > len(bounded):
        kept[-1] = "…"
    return "\n".join(kept).strip("\n")


def decode(octets: bytes) -> str:
    """Octets of a server as text: UTF-8, and what is not UTF-8 becomes replacement characters."""
    return octets.decode("utf-8", errors="replace")


def listed(words: Sequence[str]) -> str:
    """Words as a person lists them: `a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"

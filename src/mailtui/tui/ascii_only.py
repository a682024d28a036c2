"""The last thing before a terminal that shows ASCII alone: whatever is drawn, borders and foreign names included, is
spelled with what it has, in as many cells."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SPELLED: Final[Mapping[str, str]] = {
    **dict.fromkeys("─━═▔▁", "-"),
    **dict.fromkeys("│┃║▌▐▏▎▊", "|"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
    **dict.fromkeys("–—‑·", "-"),
    **dict.fromkeys("•●", "*"),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("▂▃▄▅▆▇█", " "),
    **dict(zip("…→←▲▼✓✗⭘", "~><^v+xo", strict=True)),
    **dict(zip("ßøØłŁđĐıæÆœŒ", "soOlLdDiaAoO", strict=True)),
}
"""Signs that do not come apart into a letter of ASCII and an accent. The parts of a scroll bar that are finer than a
cell are left to the colour of the cell."""

UNKNOWN: Final = "?"


class AsciiOnly(LineFilter):
    """Applied to every line of every widget."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(spelled(text), style, control) for text, style, control in segments]


@lru_cache(maxsize=4096)
def spelled(text: str) -> str:
    """The text in ASCII, as wide as it was: `Nina Kovač` as `Nina Kovac`."""
    if text.isascii():
        return text
    return set_cell_size("".join(map(_sign, text)), cell_len(text))


def _sign(character: str) -> str:
    if character.isascii():
        return character
    if character in SPELLED:
        return SPELLED[character]
    base = unicodedata.normalize("NFKD", character)[0]
    width = cell_len(character)
    return (base if base.isascii() and base.isprintable() else UNKNOWN).ljust(width)[:width]

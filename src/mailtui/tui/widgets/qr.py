"""A QR code (ISO/IEC 18004): what a terminal on another machine shows, a phone can open."""

from functools import cache
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from mailtui.tui.marks import prints_unicode

QUIET: Final = 4
"""Light modules around the code, as the standard has it (ISO/IEC 18004, 5.3.8)."""

QUIET_AT_LEAST: Final = 1
"""With which phones still find the code, where the terminal has no room for more."""

INK: Final = "#000000"
PAPER: Final = "#ffffff"
"""Whatever the theme is: many phones find no light code on dark ground."""

CELLS: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""Whether the upper and the lower module is dark, to the character that shows it."""


@cache
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Row by row, True for a dark module, without the quiet zone. Raises ValueError for more than 2,953 octets."""
    import segno  # 130 ms to import, and few look at a code.

    return tuple(tuple(bool(module) for module in row) for row in segno.make_qr(text, error="l").matrix)


def size_of(text: str, quiet: int = QUIET_AT_LEAST) -> Size:
    """Cells that the code takes: a cell is half as wide as high, and so holds two modules, one over the other."""
    side = len(modules(text)) + 2 * quiet
    return Size(side, (side + 1) // 2) if prints_unicode() else Size(2 * side, side)


def fitting_quiet(text: str, room: Size) -> int | None:
    """The widest quiet zone that leaves the code within the room; None where it does not fit at all."""
    for quiet in range(QUIET, QUIET_AT_LEAST - 1, -1):
        wanted = size_of(text, quiet)
        if wanted.width <= room.width and wanted.height <= room.height:
            return quiet
    return None


class QrCode(Widget):
    """As large as its code."""

    def __init__(self, text: str, quiet: int = QUIET) -> None:
        """`quiet`: light modules around it."""
        super().__init__()
        code = modules(text)
        blank = [(False,) * (len(code) + 2 * quiet)] * quiet
        self._rows = [*blank, *((False,) * quiet + row + (False,) * quiet for row in code), *blank]
        wanted = size_of(text, quiet)
        self.styles.width, self.styles.height = wanted.width, wanted.height

    def render_line(self, y: int) -> Strip:
        if not prints_unicode():
            return Strip([Segment("  ", Style(bgcolor=INK if module else PAPER)) for module in self._rows[y]])
        upper = self._rows[2 * y]
        lower = self._rows[2 * y + 1] if 2 * y + 1 < len(self._rows) else (False,) * len(upper)
        cells = "".join(CELLS[over, under] for over, under in zip(upper, lower, strict=True))
        return Strip([Segment(cells, Style(color=INK, bgcolor=PAPER))])

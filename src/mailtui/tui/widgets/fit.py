"""Putting foreign text into a number of terminal cells."""

from rich.cells import cell_len, set_cell_size

from mailtui.core.text import clean
from mailtui.tui.marks import CUT


def shorten(text: str, width: int) -> str:
    """Text that is safe already, in at most `width` cells, its end a `…` where something was cut."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + str(CUT) if width > 0 else ""


def cut(text: str, width: int) -> str:
    """Foreign text made safe, in at most `width` cells, its end a `…` where something was cut."""
    return shorten(clean(text), width)


def fit(text: str, width: int) -> str:
    """Safe text of exactly `width` cells, cut or filled with spaces."""
    return set_cell_size(cut(text, width), width)

"""Scroll bars of whole cells, for terminals that have no signs for parts of one."""

from textual.scrollbar import ScrollBar, ScrollBarRender

from mailtui.tui.marks import prints_unicode

NOTHING = [" "] * len(ScrollBarRender.VERTICAL_BARS)


class WholeCells(ScrollBarRender):
    """Its ends are not finer than a cell."""

    VERTICAL_BARS = NOTHING
    HORIZONTAL_BARS = NOTHING


def fit_the_terminal() -> None:
    """Draw them so that this terminal can show them."""
    ScrollBar.renderer = ScrollBarRender if prints_unicode() else WholeCells

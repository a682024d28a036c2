"""Picking any number out of all: a table of boxes over the page."""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from mailtui.core.text import clean
from mailtui.tui.screens.small_form import SmallForm
from mailtui.tui.widgets.pick_table import PicksChanged, PickTable
from mailtui.tui.widgets.rows import Column, RowSource


class PickSome(SmallForm[frozenset[str]]):
    """Closes with the keys of all picked rows, or None. Nothing is changed by it: whoever opened it does that."""

    PURPOSE = "Space picks the row under the cursor or drops it; the filter finds others, and the picks stay."

    def __init__(
        self, title: str, about: str, columns: tuple[Column, ...], rows: RowSource, *, picked: Iterable[str] = (),
        empty: str = "",
    ) -> None:  # fmt: skip
        """`about`: what it means to be picked, in a line."""
        super().__init__(title)
        self._about = clean(about)
        self._table = PickTable(columns, rows, picked=picked, empty=empty)

    def fields(self) -> ComposeResult:
        yield Static(Content(self._about), classes="small-form--about")
        yield self._table
        yield Static(classes="small-form--count", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._table.focus()
        self.show_count()

    @on(PicksChanged)
    def show_count(self) -> None:
        """How many are picked, seen or not."""
        self.query_one(".small-form--count", Static).update(f"{len(self._table.picked)} picked")

    def typed(self) -> frozenset[str]:
        return self._table.picked

    def save(self) -> frozenset[str]:
        return self._table.picked

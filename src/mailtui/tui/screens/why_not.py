"""Why not: each address that is not offered, with its sentence (+16)."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from mailtui.core.text import clean
from mailtui.operations.offers import Choice
from mailtui.tui.screens.offer_rows import COLUMNS, NOT, OfferRows
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import Cell
from mailtui.tui.widgets.store_table import StoreTable
from mailtui.tui.widgets.table_rows import RowMarked

if TYPE_CHECKING:
    from mailtui.operations.context import Context


class WhyNot(Vertical):
    """A table that takes the place of something else; hidden until it is opened."""

    def __init__(self, context: "Context", choice: Choice) -> None:
        super().__init__()
        self.display = False
        self._rows = OfferRows(context, choice, only_others=True)

    def compose(self) -> ComposeResult:
        yield StoreTable(COLUMNS, self._rows, empty="Every address of the company is offered here.")
        yield Details()

    @property
    def table(self) -> StoreTable:
        return self.query_one(StoreTable)

    def look(self, choice: Choice) -> int:
        """From now on tell why this answer leaves out what it does; how many addresses that are."""
        self._rows.look(choice)
        return self._rows.count("")

    def open(self) -> None:
        """Show it, and take the focus."""
        self.display = True
        self.table.focus().reload()

    @on(RowMarked)
    def show_whole_sentence(self, event: RowMarked) -> None:
        """The column may be too narrow for it."""
        event.stop()
        row = self.table.marked_row
        last = row.cells[-1] if row else ""
        why = (last.text if isinstance(last, Cell) else last).removeprefix(NOT)
        sentence = f"{row.key}: {why}" if row else ""
        self.query_one(Details).show(clean(sentence))

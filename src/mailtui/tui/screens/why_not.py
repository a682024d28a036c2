"""Why not: each address that is not offered, with its sentence (+16)."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from mailtui.core.text import clean
from mailtui.operations.offers import Choice
from mailtui.tui.screens.offer_rows import COLUMNS, NOT, OfferRows
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import Cell
from mailtui.tui.widgets.store_table import StoreTable

if TYPE_CHECKING:
    from mailtui.operations.context import Context


NO_ADDRESS = "There is no address yet: an administrator adds them under\nCompany external e-mail addresses."


class WhyNot(Vertical):
    """A table that takes the place of something else; hidden until it is opened."""

    def __init__(self, context: "Context", choice: Choice) -> None:
        super().__init__()
        self.display = False
        self._rows = OfferRows(context, choice, only_others=True)
        self._nothing = "Every address is offered here." if choice.offered else NO_ADDRESS

    def compose(self) -> ComposeResult:
        yield StoreTable(COLUMNS, self._rows, empty=self._nothing, follow=self.show_whole_sentence)
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

    def show_whole_sentence(self) -> None:
        """The column may be too narrow for it."""
        row = self.table.marked_row
        last = row.cells[-1] if row else ""
        why = (last.text if isinstance(last, Cell) else last).removeprefix(NOT)
        sentence = f"{row.key}: {why}" if row else ""
        self.query_one(Details).show(clean(sentence))

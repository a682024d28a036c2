"""Reasons for refusal: what servers say no for, the most frequent here first."""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from mailtui.core.reasons import Reason, Retry, reason, reasons
from mailtui.core.text import clean_lines
from mailtui.tui.figures import COUNTED
from mailtui.tui.page import Page
from mailtui.tui.screens.listed_rows import ListedRows
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

AGAIN: Final = {
    Retry.TEMPORARY: Cell("tried again", Tone.WARN),
    Retry.PERMANENT: Cell("not again", Tone.BAD),
    Retry.ACCOUNT: Cell("waits for us", Tone.ACCENT),
}
"""What becomes of a delivery that fails for a reason of this kind."""


class Reasons(Page):
    """A table of every reason; enter opens its entry."""

    PATH = ("Account management", "E-mail", "Outgoing messages", "Reasons for refusal")
    PURPOSE = (
        "Why servers refuse a sign-in or a message: what each reason means and what to do. Those that occurred most in"
        " the last 30 days come first."
    )
    CSS_PATH = [style("table"), style("sections")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,r", "open", "Open", id="reasons.open", tooltip="Meaning, steps, examples, and deliveries it hit"
        ),
    ]

    def content(self) -> ComposeResult:
        self._source = ListedRows()
        columns = [
            Column("Reason", share=3),
            Column("Who acts", share=2, shows_from=56),
            Column("Delivery", width=12),
            Column("30 days", width=7),
            Column("Name", share=3, shows_from=100),
        ]
        self._count()
        yield StoreTable(columns, self._source, follow=self.show_details)
        yield Details()

    @property
    def table(self) -> StoreTable:
        return self.query_one(StoreTable)

    def on_mount(self) -> None:
        self.table.focus()

    def _count(self) -> None:
        """Order the reasons by how often each occurred; those that did not keep their own order."""
        counts = self.context.store.deliveries.reasons_since(self.context.clock() - COUNTED)
        ordered = sorted(reasons(), key=lambda one: -counts.get(one.name, 0))
        self._source.rows = [_row(one, counts.get(one.name, 0)) for one in ordered]

    async def action_open(self) -> None:
        from mailtui.tui.screens.reason import ReasonPage  # Imported when it is first opened, as every page is.

        if self.table.marked is not None:
            await self.app.push_screen(ReasonPage(self.table.marked))

    def show_details(self) -> None:
        """What the marked reason means."""
        marked = self.table.marked
        self.query_one(Details).show(clean_lines(reason(marked).meaning) if marked else "")


def _row(one: Reason, count: int) -> Row:
    often = Cell(str(count) if count else "", Tone.PLAIN)
    return Row(one.name, (one.title, str(one.who), AGAIN[one.retry], often, Cell(one.name, Tone.MUTED)))

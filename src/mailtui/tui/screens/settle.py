"""Somebody else saved the same thing first: what they changed, field by field, and a choice for each."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.text import clean, clean_lines
from mailtui.core.two_editors import Difference
from mailtui.tui.commands import HELP
from mailtui.tui.marks import NOT_PICKED, PICKED
from mailtui.tui.screens.listed_rows import ListedRows
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.footer_line import FooterLine
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

MOST_ROWS = 12
"""Lines of the table that a terminal of 24 lines has room for; more are scrolled."""


class Settle(ModalScreen[frozenset[str] | None]):
    """Closes with the fields in which theirs is taken; None where nothing is decided yet. What I alone changed is not
    asked about: it stays."""

    PURPOSE = (
        "Somebody saved this while you had it open. Each line is a field that they changed: choose yours or theirs."
        " What you left alone is theirs unless you say otherwise; what you alone changed stays. Nothing is saved by"
        " this: the form shows what you chose, and is saved as ever."
    )
    CSS_PATH = [style("table"), style("settle")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "done", "Use these", id="settle.done", tooltip="Put what is chosen into the form"),
        Binding("space", "switch", "Other one", id="settle.switch", tooltip="Choose the other side of this field"),
        Binding("left", "choose(False)", "Yours", show=False, id="settle.mine", tooltip="Yours in this field"),
        Binding("right", "choose(True)", "Theirs", show=False, id="settle.theirs", tooltip="Theirs in this field"),
        Binding("m", "all(False)", "All yours", id="settle.all_mine", tooltip="Yours in every field"),
        Binding("t", "all(True)", "All theirs", id="settle.all_theirs", tooltip="Theirs in every field"),
        Binding("escape", "later", "Back", id="settle.back", tooltip="Back to the form as it is, nothing decided"),
        HELP,
    ]

    def __init__(self, first: str, different: Sequence[Difference], words: Mapping[str, str] | None = None) -> None:
        """`first`: the sentence that says who was first. `words`: names of fields that are no words themselves."""
        super().__init__()
        self._first = clean_lines(first)
        self._different = {difference.field: difference for difference in different}
        self._words = words or {}
        self._taken = {difference.field for difference in different if not difference.touched}
        self._rows = ListedRows()

    def compose(self) -> ComposeResult:
        columns = [Column("Field", share=2), Column("Yours", share=3), Column("Theirs", share=3)]
        with Vertical() as panel:
            panel.border_title = Content("Changed meanwhile")
            yield Static(Content(self._first), classes="settle--said")
            self._fill()
            table = StoreTable(columns, self._rows, follow=self.show_details)
            table.styles.height = min(len(self._different) + 1, MOST_ROWS)
            yield table
            yield Details()
        yield FooterLine()

    def on_mount(self) -> None:
        self.table.focus()

    @property
    def table(self) -> StoreTable:
        return self.query_one(StoreTable)

    def show_details(self) -> None:
        """All three in full: the columns may be too narrow."""
        marked = self._different.get(self.table.marked or "")
        if marked is not None:
            self.query_one(Details).show(
                clean_lines(f"was: {marked.before}\nyours: {marked.mine}\ntheirs: {marked.theirs}")
            )

    def _fill(self) -> None:
        self._rows.rows = [self._row(difference) for difference in self._different.values()]

    def _row(self, difference: Difference) -> Row:
        theirs = difference.field in self._taken
        name = self._words.get(difference.field, difference.field)
        return Row(difference.field, (name, _side(difference.mine, not theirs), _side(difference.theirs, theirs)))

    def _choose(self, taken: set[str]) -> None:
        self._taken = taken
        self._fill()
        self.table.reload()

    def action_switch(self) -> None:
        self._choose(self._taken ^ {self.table.marked or ""})

    def action_choose(self, theirs: bool) -> None:
        marked = {self.table.marked or ""}
        self._choose(self._taken | marked if theirs else self._taken - marked)

    def action_all(self, theirs: bool) -> None:
        self._choose(set(self._different) if theirs else set())

    def action_done(self) -> None:
        self.dismiss(frozenset(self._taken & set(self._different)))

    def action_later(self) -> None:
        self.dismiss(None)


def _side(words: str, chosen: bool) -> Cell:
    sign = PICKED if chosen else NOT_PICKED
    return Cell(f"{sign} {clean(words) or '(empty)'}", Tone.PLAIN if chosen else Tone.MUTED)

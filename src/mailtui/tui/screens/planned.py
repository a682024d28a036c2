"""One entry of an import's plan: its fields before and after."""

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.text import clean, clean_lines
from mailtui.operations.import_outcome import FieldChange, Planned
from mailtui.operations.losses import SENTENCES, Losses
from mailtui.operations.plan_words import ONE, value_words
from mailtui.tui.commands import HELP
from mailtui.tui.screens.listed_rows import ListedRows
from mailtui.tui.screens.removal import listed_up_to
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine
from mailtui.tui.widgets.rows import Column, Row
from mailtui.tui.widgets.store_table import StoreTable

MOST_ROWS = 13
"""Lines of the table, its titles among them, that a terminal of 24 lines holds; more are scrolled."""

NAMED = 8
"""Names of one kind of loss that are written out; how many more there are is said."""


class PlannedEntry(ModalScreen[None]):
    """Over the plan; escape goes back."""

    PURPOSE = "What the import does to one thing: each field before and after, and what goes with a thing that goes."
    CSS_PATH = [style("table"), style("settings_file")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Close", id="planned.close", tooltip="Back to the plan"),
        HELP,
    ]

    def __init__(self, planned: Planned, fields: tuple[FieldChange, ...], losses: Losses, about: str) -> None:
        """`losses`: what goes with it; `about`: what is said of it under the plan."""
        super().__init__()
        self._planned = planned
        self._rows = [_row(change, planned.change) for change in fields]
        self._about = "\n".join([about, *_lost(losses)])

    def compose(self) -> ComposeResult:
        planned = self._planned
        columns = [Column("Field", share=2), Column("Before", share=3), Column("After", share=3)]
        with Vertical() as panel:
            panel.border_title = Content(clean(f"{ONE[planned.kind]} {planned.name}: {planned.change}"))
            yield Static(Content(clean_lines(self._about)), classes="planned--about")
            table = StoreTable(columns, ListedRows(self._rows), empty="No field of it changes.")
            table.styles.height = min(len(self._rows) + 2, MOST_ROWS)
            yield table
        yield FooterLine()

    def on_mount(self) -> None:
        self.query_one(StoreTable).focus()


def _lost(losses: Losses) -> list[str]:
    """A line for each kind of loss."""
    named = {kind: getattr(losses, kind) for kind in SENTENCES if kind != "going"}
    lines = [f"{SENTENCES[kind]}: {listed_up_to(names, NAMED)}" for kind, names in named.items() if names]
    return [*lines, *filter(None, [losses.messages])]


def _row(change: FieldChange, what: Literal["added", "changed", "removed"]) -> Row:
    """What was not there before, or will not be, says nothing; that a field is left out does."""
    if change.field == "secret":
        return Row(change.field, (change.field, clean(str(change.before or "")), clean(str(change.after))))
    before = "" if what == "added" else value_words(change.field, change.before)
    after = "" if what == "removed" else value_words(change.field, change.after)
    return Row(change.field, (change.field, before, after))

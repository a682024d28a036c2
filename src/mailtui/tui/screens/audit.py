"""Who changed what and when (+22)."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from mailtui.core.text import clean
from mailtui.store.audit import AuditRow
from mailtui.store.window import Window
from mailtui.tui.page import Page
from mailtui.tui.screens.change import Change, change_in_words
from mailtui.tui.screens.moments import moment
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import PAGES_KEPT, SEEK, Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable
from mailtui.tui.widgets.table_rows import RowMarked

if TYPE_CHECKING:
    from mailtui.operations.context import Context

REMEMBERED = PAGES_KEPT * SEEK
"""Changes that are kept beside the table, so that enter opens what was drawn."""


class AuditRows:
    """The changes, newest first. A change has no name of its own: its key is made of everything that tells it apart."""

    def __init__(self, context: "Context") -> None:
        self._context = context
        self._seen: dict[str, AuditRow] = {}

    def count(self, matching: str) -> int:
        """None for a member, as `list_audit` has it."""
        return self._context.store.audit.count(matching) if self._context.actor.is_admin else 0

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        now = self._context.clock()
        found = self._context.store.audit.rows(Window(offset=offset, limit=limit, matching=matching))
        if len(self._seen) > REMEMBERED:
            self._seen.clear()
        rows = []
        for change in found:
            key = f"{change.at.isoformat()} {change.by} {change.action} {change.object}"
            self._seen[key] = change
            cells = (
                moment(change.at, now),
                change.by,
                change.action,
                change.object,
                Cell(change_in_words(change), Tone.MUTED),
            )
            rows.append(Row(key, cells))
        return rows

    def change(self, key: str) -> AuditRow:
        return self._seen[key]


class Audit(Page):
    """A table; enter shows one change, before and after side by side."""

    PATH = ("Account management", "Housekeeping", "Who changed what")
    PURPOSE = (
        "Every change of settings, newest first: who made it, when, and what stood there before. `mailtui audit --json`"
        " writes all of it for another program. Passwords are never in it."
    )
    CSS_PATH = [style("table"), style("sections")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="audit.open", tooltip="Before and after, side by side"),
    ]

    def content(self) -> ComposeResult:
        self._source = AuditRows(self.context)
        columns = [
            Column("When", width=15),
            Column("Who", share=2),
            Column("What", width=16),
            Column("Of", share=3),
            Column("Changed", share=4, shows_from=110),
        ]
        nothing = (
            "Nothing was changed yet." if self.context.actor.is_admin else "Only an admin may read who changed what."
        )
        yield StoreTable(columns, self._source, empty=nothing)

        yield Details()

    def on_mount(self) -> None:
        self.query_one(StoreTable).focus()

    @on(RowMarked)
    def show_details(self, event: RowMarked) -> None:
        """The fields that the marked change is about."""
        words = change_in_words(self._source.change(event.key)) if event.key else ""
        self.query_one(Details).show(clean(words))

    async def action_open(self) -> None:
        if (key := self.query_one(StoreTable).marked) is not None:
            await self.app.push_screen(Change(self._source.change(key), self.context.clock()))

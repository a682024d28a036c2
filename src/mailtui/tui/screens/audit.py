"""Who changed what and when (+22)."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from mailtui.core.text import clean
from mailtui.store.audit import AuditRow
from mailtui.store.window import Window
from mailtui.tui.page import Page
from mailtui.tui.screens.change import Change, change_in_words, what_it_was
from mailtui.tui.screens.moments import brief_moment
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import PAGES_KEPT, SEEK, Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

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
                brief_moment(change.at, now),
                change.by,
                change.action,
                what_it_was(change),
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
            Column("When", width=12),
            Column("Who", share=2),
            Column("What", width=16),
            Column("Of", share=4),
            Column("Changed", share=4, shows_from=110),
        ]
        nothing = (
            "Nothing was changed yet." if self.context.actor.is_admin else "Only an admin may read who changed what."
        )
        yield StoreTable(columns, self._source, empty=nothing, follow=self.show_details)
        yield Details()

    def on_mount(self) -> None:
        self.query_one(StoreTable).focus()

    @property
    def marked(self) -> AuditRow | None:
        """The change under the cursor."""
        key = self.query_one(StoreTable).marked
        return self._source.change(key) if key is not None else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "open" or (self.is_mounted and self.marked is not None)

    def show_details(self) -> None:
        """The fields that the marked change is about."""
        words = change_in_words(self.marked) if self.marked else ""
        self.query_one(Details).show(clean(words))

    async def action_open(self) -> None:
        if (change := self.marked) is not None:
            await self.app.push_screen(Change(change, self.context.clock()))

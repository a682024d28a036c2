"""Health: what the program finds when it looks at its own installation, and how each finding is put right."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from textual.worker import get_current_worker

from mailtui.core.errors import MailtuiError
from mailtui.core.text import clean_lines
from mailtui.operations.context import Context
from mailtui.operations.doctor import Check, Examination, examine, repair
from mailtui.store import Store
from mailtui.tui.confirm import Confirm
from mailtui.tui.marks import NEXT, Mark
from mailtui.tui.page import Page
from mailtui.tui.screens.listed_rows import ListedRows
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

UNUSED_SECRETS = "secrets without rows"
"""The check that this page can put right by itself."""


class Health(Page):
    """The checks as a table; the fix of the marked one stands below it."""

    PATH = ("Account management", "Housekeeping", "Health")
    PURPOSE = "Looks at file modes, the database, the keyring, and whether secrets and addresses belong together."
    CSS_PATH = [style("table"), style("sections")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "look", "Look again", id="health.look", tooltip="Examine everything once more"),
        Binding(
            "R",
            "repair",
            "Repair",
            id="health.repair",
            tooltip="Take secrets that nothing uses out of the keyring; asks",
        ),
    ]

    def content(self) -> ComposeResult:
        self._source = ListedRows()
        self._checks: dict[str, Check] = {}
        yield Static(classes="section")
        columns = [Column("", width=1), Column("Check", width=22), Column("Found")]
        yield StoreTable(columns, self._source, follow=self.show_details)
        yield Details()

    @property
    def table(self) -> StoreTable:
        return self.query_one(StoreTable)

    def on_mount(self) -> None:
        self.table.focus()
        self.action_look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "look":
            return self.context.actor.is_admin
        if action == "repair":
            return any(check.name == UNUSED_SECRETS and not check.ok for check in self._checks.values())
        return True

    def action_look(self) -> None:
        self._say("Looking ...")
        self._examine(self.context)

    @work(thread=True, exclusive=True)
    def _examine(self, context: Context) -> None:
        """Beside the event loop: reading a whole database may take seconds."""
        worker = get_current_worker()
        try:
            found = _examined(context)
        except MailtuiError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._say, f"{Mark.FAILING} {error}")
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, found)

    def _show(self, found: Examination) -> None:
        self._checks = {str(place): check for place, check in enumerate(found.checks)}
        ordered = sorted(self._checks.items(), key=lambda item: item[1].ok)
        self._source.rows = [_row(key, check) for key, check in ordered]
        ill = sum(not check.ok for check in found.checks)
        self._say(
            f"{Mark.READY} All is well" if found.ok else f"{Mark.FAILING} {ill} of {len(found.checks)} want attention"
        )
        self.table.reload()
        self.refresh_bindings()

    def _say(self, words: str) -> None:
        self.query_one(".section", Static).update(Content(clean_lines(words)))

    def show_details(self) -> None:
        """What the marked check found, in full, and how it is put right."""
        check = self._checks.get(self.table.marked or "")
        words = f"{check.detail}\n{f'{NEXT} {check.fix}' if check.fix else ''}" if check else ""
        self.query_one(Details).show(clean_lines(words))

    async def action_repair(self) -> None:
        question = Confirm(
            "Take unused secrets out of the keyring?",
            consequence="No address signs in with them. They cannot be brought back.",
            key="r",
            do="Repair",
            keep="Leave them",
        )
        await self.app.push_screen(question, self._repair)

    def _repair(self, yes: bool | None) -> None:
        if not yes:
            return
        try:
            gone = repair(self.context)
        except MailtuiError as error:
            self.mailtui.complain(error)
            return
        self.mailtui.say(f"Took {len(gone)} out of the keyring")
        self.action_look()


def _examined(context: Context) -> Examination:
    """Examine through a connection of this thread's own: SQLite's belong to the thread that opened them."""
    store = Store(context.store.path)
    try:
        return examine(Context(store, context.actor, context.configuration, context.clock))
    finally:
        store.close()


def _row(key: str, check: Check) -> Row:
    mark = Mark.READY if check.ok else Mark.FAILING
    return Row(key, (Cell(str(mark), mark.tone), check.name, Cell(check.detail, Tone.PLAIN if check.ok else Tone.BAD)))

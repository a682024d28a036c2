"""What the tests of the frame build on: a page with a table, rows that are a list, and what the screen shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.pilot import Pilot

from mailtui.tui.app import MailtuiApp
from mailtui.tui.page import Page
from mailtui.tui.styles import style
from mailtui.tui.widgets.pick_table import PickTable
from mailtui.tui.widgets.rows import Column, Row
from mailtui.tui.widgets.store_table import StoreTable
from mailtui.tui.widgets.table_rows import RowMarked

SIZE = (80, 24)

COLUMNS = (Column("Address"), Column("Server", width=20, shows_from=60))


@dataclass
class Addresses:
    """Rows of a list, and how much of it was asked for."""

    names: list[str]
    read: int = 0

    def _matching(self, matching: str) -> list[str]:
        return [name for name in self.names if matching in name]

    def count(self, matching: str) -> int:
        return len(self._matching(matching))

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        found = self._matching(matching)[offset : offset + limit]
        self.read += len(found)
        return [Row(name, (name, "smtp.example")) for name in found]


def addresses(count: int) -> Addresses:
    """As many rows as `count`, from `address-0` on."""
    return Addresses([f"address-{number}" for number in range(count)])


class ListPage(Page):
    """A page with a table, as the real ones are."""

    PATH = ("Account management", "E-mail", "Outgoing messages", "Company external e-mail addresses")
    PURPOSE = "The addresses that the company writes from."
    CSS_PATH = style("table")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="list.add", tooltip="Add an external e-mail address"),
        Binding("enter,e", "edit", "Edit", id="list.edit", tooltip="Open the marked address"),
        Binding("d", "delete", "Delete", id="list.delete", tooltip="Delete the marked address"),
    ]

    def __init__(self, table: StoreTable) -> None:
        super().__init__()
        self.table = table
        self.done: list[str] = []
        self.marked: list[str | None] = []

    def content(self) -> ComposeResult:
        yield self.table

    def on_row_marked(self, event: RowMarked) -> None:
        self.marked.append(event.key)

    def action_add(self) -> None:
        self.done.append("add")

    def action_edit(self) -> None:
        self.done.append(f"edit {self.table.marked}")

    def action_delete(self) -> None:
        self.done.append(f"delete {self.table.marked}")


def list_of(source: Addresses, empty: str = "Nothing yet.") -> ListPage:
    return ListPage(StoreTable(COLUMNS, source, empty=empty))


def picks_of(source: Addresses, picked: Sequence[str] = ()) -> ListPage:
    return ListPage(PickTable(COLUMNS, source, picked=picked))


class OneScreen(MailtuiApp):
    """The program with one screen on top of the settings."""

    def __init__(self, shown: Page) -> None:
        super().__init__(None, theme="mailtui-dark", prepare=())
        self.shown = shown

    async def on_ready(self) -> None:
        await self.push_screen(self.shown)


def lines(pilot: Pilot[None]) -> list[str]:
    """What the terminal shows, line by line, without the space at the ends."""
    screen = pilot.app.screen
    return ["".join(segment.text for segment in strip).rstrip() for strip in screen._compositor.render_strips()]


def shown(pilot: Pilot[None]) -> str:
    return "\n".join(lines(pilot))


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Wait until a condition holds; what it does not come to fails the test."""
    for _ in range(200):
        await pilot.pause()
        if condition():
            return
    raise AssertionError(f"never came to it; the screen shows:\n{shown(pilot)}")

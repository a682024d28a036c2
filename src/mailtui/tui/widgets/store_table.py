"""A table over the store: it reads and draws only the window that is seen, so many rows cost what few do."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar, Final

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from mailtui.tui.marks import DOWNWARDS, UPWARDS
from mailtui.tui.widgets.filter_line import FilterLine
from mailtui.tui.widgets.rows import Column, OrderedRows, Row, RowSource, Window
from mailtui.tui.widgets.table_rows import TableRows

CLEAR: Final = Binding("escape", "clear_filter", "Clear filter", id="table.clear", tooltip="Show all rows again")
"""Once more for a table that has the key for something else too: Textual takes a subclass's bindings of a key alone."""


class TableTitles(Widget):
    """The titles of the columns, in one line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--title"}

    def __init__(self, rows: TableRows) -> None:
        super().__init__()
        self._rows = rows

    def render_line(self, y: int) -> Strip:
        style = self.get_component_rich_style("table--title")
        return Strip([Segment(self._rows.titles(), style)]).adjust_cell_length(self.size.width, style)


class StoreTable(Vertical):
    """Titles, rows and, on `/`, a filter. Posts `RowMarked` when another row comes under the cursor.

    Enter is the page's: it binds `enter,e` or the like and asks `marked`. A click on the marked row presses enter.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # Not in the line of keys: the sign in the titles shows that there are orders, the help names the keys.
        Binding("o", "order", "Order", show=False, id="table.order", tooltip="Order the rows by the next column"),
        Binding("O", "turn", "Turn", show=False, id="table.turn", tooltip="Order the rows the other way round"),
        Binding("slash", "filter", "Filter", id="table.filter", tooltip="Show only the rows that hold a text"),
        CLEAR,
    ]

    def __init__(
        self,
        columns: Sequence[Column],
        source: RowSource,
        *,
        empty: Content | str = "",
        follow: Callable[[], None] | None = None,
        ordered_by: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`ordered_by`: the source's name for its usual order; empty for that of the first column that has one.
        `empty` is what stands in place of the rows when the source has none at all: say what to press. `follow` is
        called at once when another row is marked, so that what belongs to it is drawn in the same frame; the message
        `RowMarked` comes a frame later."""
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._ordered = source if isinstance(source, OrderedRows) else None
        self._order = ordered_by or next((column.order for column in columns if column.order), "")
        self._window = Window(source)
        self._empty = empty if isinstance(empty, Content) else Content(empty)
        self._filter = FilterLine(self._filter_changed)
        self.rows = TableRows(self._titled(), self._window, follow)
        self._titles = TableTitles(self.rows)
        self._keys_for: tuple[bool, int] | None = None
        """Whether there is a filter, and no row, one, or more: what the keys of the table depend on."""

    @property
    def marked(self) -> str | None:
        """The key of the row under the cursor; None in an empty table."""
        row = self.marked_row
        return row.key if row else None

    @property
    def marked_row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows.marked

    @property
    def matching(self) -> str:
        """What the rows are filtered by; empty for all."""
        return self._window.matching

    @property
    def count(self) -> int:
        """How many rows match."""
        return self._window.count

    def compose(self) -> ComposeResult:
        yield self._filter
        yield self._titles
        yield self.rows

    def on_mount(self) -> None:
        self.reload()

    def focus(self, scroll_visible: bool = True) -> "StoreTable":
        self.rows.focus(scroll_visible)
        return self

    def narrow(self, text: str) -> None:
        """Show only the rows that hold a text, as if it had been typed into the filter."""
        self._filter.open_with(text)

    def reload(self, mark: str | None = None) -> None:
        """Read the source anew after a change. The cursor stays on its row, or goes to the one with the key `mark`;
        where that row is gone or far away it keeps its place."""
        self._read(self.matching, mark or self.rows.key_seen)

    def _read(self, matching: str, mark: str | None) -> None:
        place = self.rows.cursor
        self._window.read(matching)
        self._titles.display = bool(self.count or matching)
        self.rows.empty = self._nothing(matching)
        found = self._window.find(mark, near=place) if mark is not None and self.count else None
        self.rows.show(place if found is None else found)
        self._show_found()

    def _nothing(self, matching: str) -> Content:
        return Content("Nothing here matches the filter.  esc  shows all again.") if matching else self._empty

    def _filter_changed(self, text: str) -> None:
        if text.strip() != self.matching:
            self._read(text.strip(), self.rows.key_seen)

    def _titled(self) -> list[Column]:
        """The columns, a sign behind the title of the one by which the rows stand."""
        by, sign = self._order.removeprefix("-"), DOWNWARDS if self._order.startswith("-") else UPWARDS
        return [
            replace(column, title=f"{column.title} {sign}".lstrip())
            if self._ordered and by and column.order == by
            else column
            for column in self._columns
        ]

    def _order_by(self, order: str) -> None:
        """From the first row on: that is what an order is looked at for."""
        if self._ordered is not None:
            self._order = self._ordered.order = order
            self._window.forget()
            self.rows.show_columns(self._titled())
            self.rows.show(0)

    def action_order(self) -> None:
        orders = [column.order for column in self.rows.shown_columns if column.order]
        now = self._order.removeprefix("-")
        self._order_by(orders[(orders.index(now) + 1) % len(orders)] if now in orders else orders[0])

    def action_turn(self) -> None:
        self._order_by(self._order.removeprefix("-") if self._order.startswith("-") else f"-{self._order}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"order", "turn"}:
            return self._ordered is not None and bool(self._order) and self.rows.has_focus and self.count > 1
        if action == "clear_filter":
            return bool(self.matching)
        if action == "filter":
            return self.rows.has_focus and bool(self.count or self.matching)
        return True

    def filter_by(self, text: str) -> None:
        """Filter by a text as if it had been typed; the keyboard stays with the rows."""
        self._filter.put(text)
        self.rows.focus()

    def action_filter(self) -> None:
        self._filter.open()

    def action_clear_filter(self) -> None:
        self.rows.focus()
        self._filter.close()

    def on_table_rows_counted(self) -> None:
        self._show_found()

    def _show_found(self) -> None:
        """How many rows match; the keys are looked at again only where there are others for as many."""
        self._filter.show_found(self._window.found if self.matching else "")
        keys = bool(self.matching), min(self.count, 2)
        if keys != self._keys_for:
            self._keys_for = keys
            self.refresh_bindings()

    def on_table_rows_laid_out(self) -> None:
        self._titles.refresh()

    def on_filter_text_cleared(self) -> None:
        self.action_clear_filter()

    def on_filter_text_left(self) -> None:
        self.rows.focus()
        if not self.matching:
            self._filter.close()

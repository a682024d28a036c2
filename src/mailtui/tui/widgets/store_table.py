"""A table over the store: it reads and draws only the window that is seen, so many rows cost what few do."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from mailtui.tui.widgets.filter_line import FilterLine
from mailtui.tui.widgets.rows import Column, Row, RowSource, Window
from mailtui.tui.widgets.table_rows import TableRows


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
        Binding("slash", "filter", "Filter", id="table.filter", tooltip="Show only the rows that hold a text"),
        Binding("escape", "clear_filter", "Clear filter", id="table.clear", tooltip="Show all rows again"),
    ]

    def __init__(
        self,
        columns: Sequence[Column],
        source: RowSource,
        *,
        empty: Content | str = "",
        follow: Callable[[], None] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`empty` is what stands in place of the rows when the source has none at all: say what to press. `follow` is
        called at once when another row is marked, so that what belongs to it is drawn in the same frame; the message
        `RowMarked` comes a frame later."""
        super().__init__(id=id, classes=classes)
        self._window = Window(source)
        self._empty = empty if isinstance(empty, Content) else Content(empty)
        self._filter = FilterLine(self._filter_changed)
        self.rows = TableRows(columns, self._window, follow)
        self._titles = TableTitles(self.rows)

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
        self._filter.show_found(f"{self.count} found" if matching else "")
        self.refresh_bindings()

    def _nothing(self, matching: str) -> Content:
        return Content("Nothing here matches the filter.  esc  shows all again.") if matching else self._empty

    def _filter_changed(self, text: str) -> None:
        if text.strip() != self.matching:
            self._read(text.strip(), self.rows.key_seen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "clear_filter":
            return bool(self.matching)
        if action == "filter":
            return self.rows.has_focus and bool(self.count or self.matching)
        return True

    def action_filter(self) -> None:
        self._filter.open()

    def action_clear_filter(self) -> None:
        self.rows.focus()
        self._filter.close()

    def on_table_rows_laid_out(self) -> None:
        self._titles.refresh()

    def on_filter_text_cleared(self) -> None:
        self.action_clear_filter()

    def on_filter_text_left(self) -> None:
        self.rows.focus()
        if not self.matching:
            self._filter.close()

"""A table in two directions: rows down, columns across, of each only what is seen is read; one cell is marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from mailtui.tui.marks import CURSOR, CURSOR_LEFT
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.fit import fit
from mailtui.tui.widgets.rows import GAP, Cell

FIRST: Final = 18
"""Cells of the first column, which never moves away; a wide table gives it a fifth."""

NARROWEST: Final = 13
"""Cells of a column at least."""

HEAD_LINES: Final = 2
"""Lines of the heads of the columns."""

LEAST_ROWS: Final = 2
"""Rows that are seen before a head is."""

KEPT: Final = 4_000
"""Cells that are kept after they were drawn; beyond it all are asked for anew."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a row or a column is about."""

    key: str
    lines: tuple[str, ...]
    """Of a column two lines, of a row one."""
    tone: Tone = Tone.PLAIN


class CrossSource(Protocol):
    """Heads and cells of the store; all calls are short and direct."""

    def count_rows(self) -> int: ...

    def count_columns(self) -> int: ...

    def rows(self, offset: int, limit: int) -> Sequence[Head]: ...

    def columns(self, offset: int, limit: int) -> Sequence[Head]: ...

    def cells(self, row: str, columns: Sequence[str]) -> Sequence[Cell]:
        """The cells of one row, in the order of these columns; keys of heads that were read before."""


class CrossTable(Widget, can_focus=True):
    """Draws heads above and at the left, and between them the cells that fit. Repaints lines, never the layout."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--cursor", "table--title", "table--here", *(f"table--{tone}" for tone in Tone),
    }  # fmt: skip

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1, 0)", "Down", show=False, system=True, id="cross.down"),
        Binding("up,k", "move(-1, 0)", "Up", show=False, system=True, id="cross.up"),
        Binding("right,l", "move(0, 1)", "Right", show=False, system=True, id="cross.right"),
        Binding("left,h", "move(0, -1)", "Left", show=False, system=True, id="cross.left"),
        Binding("pagedown", "move_page(1, 0)", "Page down", show=False, system=True, id="cross.page_down"),
        Binding("pageup", "move_page(-1, 0)", "Page up", show=False, system=True, id="cross.page_up"),
        Binding("ctrl+right", "move_page(0, 1)", "Page right", show=False, system=True, id="cross.page_right"),
        Binding("ctrl+left", "move_page(0, -1)", "Page left", show=False, system=True, id="cross.page_left"),
        Binding("home", "go(None, 0)", "First column", show=False, system=True, id="cross.first_column"),
        Binding("end", "go(None, -1)", "Last column", show=False, system=True, id="cross.last_column"),
        Binding("g", "go(0, None)", "First row", show=False, system=True, id="cross.first"),
        Binding("G", "go(-1, None)", "Last row", show=False, system=True, id="cross.last"),
    ]

    def __init__(self, source: CrossSource, *, first: str, empty: str = "", follow: Callable[[], None]) -> None:
        """`first` is the title of the first column, `empty` what stands where there is nothing; `follow` is called when
        another cell is marked."""
        super().__init__()
        self._source = source
        self._first_title = first
        self.empty = empty
        self._follow = follow
        self._row_count = self._column_count = 0
        self._row = self._column = 0
        self._top = self._left = 0
        self._rows: Sequence[Head] = ()
        self._columns: Sequence[Head] = ()
        self._cells: dict[tuple[str, str], Cell] = {}

    @property
    def marked_row(self) -> Head | None:
        """What the marked row is about."""
        return self._rows[self._row - self._top] if self._row - self._top < len(self._rows) else None

    @property
    def marked_column(self) -> Head | None:
        return self._columns[self._column - self._left] if self._column - self._left < len(self._columns) else None

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Number of the marked row and how many there are, then the same of the columns."""
        return self._row + 1, self._row_count, self._column + 1, self._column_count

    def reload(self) -> None:
        """Read everything anew; the cursor keeps its place as far as there is one."""
        self._cells.clear()
        self._row_count, self._column_count = self._source.count_rows(), self._source.count_columns()
        self._row = max(0, min(self._row, self._row_count - 1))
        self._column = max(0, min(self._column, self._column_count - 1))
        self._look_anew()

    def to_the_beginning(self) -> None:
        """The first cell is marked after the next `reload`."""
        self._row = self._column = self._top = self._left = 0

    def on_mount(self) -> None:
        self.reload()

    def on_resize(self, event: events.Resize) -> None:
        self._look_anew()

    @property
    def _heads(self) -> int:
        """Lines of the heads: in a terminal of a few lines the cells come first."""
        return max(0, min(HEAD_LINES, self.size.height - LEAST_ROWS))

    @property
    def _lines(self) -> int:
        return max(1, self.size.height - self._heads)

    @property
    def _first_width(self) -> int:
        return max(FIRST, self.size.width // 5)

    @property
    def _across(self) -> int:
        """How many columns fit."""
        return max(1, (self.size.width - 1 - self._first_width) // (NARROWEST + GAP))

    @property
    def _width(self) -> int:
        """Cells of a column: those that fit share what there is."""
        return max(1, (self.size.width - 1 - self._first_width) // self._across - GAP)

    def _look(self, *, anew: bool) -> bool:
        """Bring the cursor into view, and read what came into it; whether something did."""
        top = self._scrolled(self._top, self._row, self._lines)
        left = self._scrolled(self._left, self._column, self._across)
        if anew or top != self._top:
            self._rows = self._source.rows(top, self._lines)
        if anew or left != self._left:
            self._columns = self._source.columns(left, self._across)
        moved = (top, left) != (self._top, self._left)
        self._top, self._left = top, left
        return moved

    def _look_anew(self) -> None:
        self._look(anew=True)
        self.refresh()
        self._follow()

    @staticmethod
    def _scrolled(start: int, cursor: int, room: int) -> int:
        """The first that is seen, moved as little as brings the cursor into view."""
        return min(max(start, cursor - room + 1), cursor)

    def _cells_of(self, row: Head) -> list[Cell]:
        missing = [column.key for column in self._columns if (row.key, column.key) not in self._cells]
        if missing:
            if len(self._cells) > KEPT:
                self._cells.clear()
                missing = [column.key for column in self._columns]
            for key, cell in zip(missing, self._source.cells(row.key, missing), strict=True):
                self._cells[row.key, key] = cell
        return [self._cells[row.key, column.key] for column in self._columns]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if not (self._row_count and self._column_count):
            lines = ["", "", *self.empty.splitlines()]
            text = f"     {lines[y]}" if y < len(lines) else ""
            return Strip([Segment(text, self.rich_style)]).adjust_cell_length(width, self.rich_style)
        if y < self._heads:
            return Strip(self._head_segments(y)).adjust_cell_length(width, self.rich_style)
        place = y - self._heads
        if place >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        return Strip(self._row_segments(self._rows[place], self._top + place)).adjust_cell_length(
            width, self.rich_style
        )

    def _head_segments(self, line: int) -> list[Segment]:
        title = self.get_component_rich_style("table--title")
        here = self.get_component_rich_style("table--here")
        first = self._first_title if line == self._heads - 1 else ""
        segments = [Segment(f" {fit(first, self._first_width)}", title)]
        for number, column in enumerate(self._columns, start=self._left):
            style = here if number == self._column else title
            segments.append(Segment(" " * GAP + fit(column.lines[line], self._width), style))
        return segments

    def _row_segments(self, row: Head, number: int) -> list[Segment]:
        marked = number == self._row
        style = self.get_component_rich_style("table--here" if marked else f"table--{row.tone}")
        segments = [Segment(f" {fit(row.lines[0], self._first_width)}", style)]
        for place, cell in enumerate(self._cells_of(row), start=self._left):
            if marked and place == self._column:
                sign = CURSOR if self.has_focus else CURSOR_LEFT
                segments += [
                    Segment(" ", self.rich_style),
                    Segment(f"{sign}{fit(cell.text, self._width)}", self._cursor_style()),
                ]
            else:
                tone = self.get_component_rich_style(f"table--{cell.tone}")
                segments.append(Segment(" " * GAP + fit(cell.text, self._width), tone))
        return segments

    def _cursor_style(self) -> Style:
        return self.get_component_rich_style("table--cursor")

    def action_move(self, rows: int, columns: int) -> None:
        self._go(self._row + rows, self._column + columns)

    def action_move_page(self, rows: int, columns: int) -> None:
        self._go(self._row + rows * max(1, self._lines - 1), self._column + columns * self._across)

    def action_go(self, row: int | None, column: int | None) -> None:
        """To a row and a column, counted from the end where negative; None keeps it."""
        self._go(
            self._row if row is None else row % max(1, self._row_count),
            self._column if column is None else column % max(1, self._column_count),
        )

    def _go(self, row: int, column: int) -> None:
        row = max(0, min(row, self._row_count - 1))
        column = max(0, min(column, self._column_count - 1))
        if (row, column) == (self._row, self._column):
            return
        before, self._row, self._column = self._row, row, column
        if self._look(anew=False):
            self.refresh()
        else:
            width = self.size.width
            lines = {*range(self._heads), *(self._heads + number - self._top for number in (before, row))}
            self.refresh(*(Region(0, y, width, 1) for y in lines))
        self._follow()

    def on_click(self, event: events.Click) -> None:
        """A click marks a cell; a click on the marked one is the enter key."""
        row = self._top + event.y - self._heads
        column = self._left + max(0, event.x - 1 - self._first_width) // (self._width + GAP)
        if event.y < self._heads or row >= self._row_count or column >= self._left + len(self._columns):
            return
        if (row, column) == (self._row, self._column):
            self.app.simulate_key("enter")
        else:
            self._go(row, column)

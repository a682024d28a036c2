"""The rows of a table: a line API view that draws only what is seen of what the window reads."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from textual.visual import Visual

from mailtui.tui.marks import CURSOR, CURSOR_LEFT
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.fit import fit
from mailtui.tui.widgets.rows import Cell, Column, Row, Window, gap_after, widths

EMPTY_ABOVE: Final = 2
EMPTY_LEFT: Final = 5
"""Lines above and cells left of what an empty table says."""


LOOK_EVERY: Final = 0.02
"""Seconds between two looks for further rows; between them it is the keys' turn."""

LOOKS_TOLD: Final = 10
"""Looks between two times that it is told how many were found so far."""

READ_AHEAD_AFTER: Final = 0.2
"""Seconds of rest after which the last rows are read, so that the key that goes there need not wait."""

LOOKING: Final = Content("Looking through all of them ...")


class RowMarked(Message):
    """The cursor came to another row, or the row under it changed; `key` is None when there is no row."""

    def __init__(self, key: str | None) -> None:
        super().__init__()
        self.key = key


class TableRows(ScrollView, can_focus=True):
    """Titles on the first line, rows below; one of them is marked. A move of the cursor repaints two lines."""

    class LaidOut(Message):
        """The columns have other widths now."""

    class Counted(Message):
        """More rows are known than before."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--cursor",
        *(f"table--{tone}" for tone in Tone),
    }

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, system=True, id="table.down"),
        Binding("up,k", "move(-1)", "Up", show=False, system=True, id="table.up"),
        Binding("pagedown", "move_page(1)", "Page down", show=False, system=True, id="table.page_down"),
        Binding("pageup", "move_page(-1)", "Page up", show=False, system=True, id="table.page_up"),
        Binding("home,g", "first", "First row", show=False, system=True, id="table.first"),
        Binding("end,G", "last", "Last row", show=False, system=True, id="table.last"),
    ]

    def __init__(self, columns: Sequence[Column], window: Window, follow: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._window = window
        self._follower = follow
        self._widths: list[int] = []
        self._fitted_to = -1
        """Cells of room that the columns have their widths for."""
        self._titled: list[int] = []
        """The widths that the titles were laid out with."""
        self._looking: Timer | None = None
        self._looks = 0
        self._resting: Timer | None = None
        self._to_the_last = False
        """The last row was asked for while rows were still looked for."""
        self.empty = Content()
        """Drawn in place of the rows where there are none."""
        self.cursor = 0
        """Index of the marked row."""
        self.key_seen: str | None = None
        """The key under the cursor as it was drawn last, whatever the source holds by now."""

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Other columns, or other titles; the rows have their cells from now on."""
        self._columns = tuple(columns)
        self._fitted_to = -1
        self._window.forget()
        self._measure()
        self._say(self.LaidOut())
        self.refresh()

    @property
    def shown_columns(self) -> list[Column]:
        """Those that there is room for."""
        return [column for column, width in zip(self._columns, self._widths, strict=False) if width]

    @property
    def marked(self) -> Row | None:
        """The row under the cursor."""
        return self._window.row(self.cursor) if self.cursor < self._window.count else None

    def show(self, cursor: int) -> None:
        """Draw what the window holds now, with the cursor at the index `cursor` or as near as there is a row."""
        self.cursor = max(0, min(cursor, self._window.count - 1))
        self._measure()
        self._follow()
        self.refresh()
        self._tell()
        self._look_on()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(READ_AHEAD_AFTER, self._read_ahead)

    def _read_ahead(self) -> None:
        self._window.read_ahead(self.size.height)

    def _look_on(self) -> None:
        """Beside the keys, as long as there is something to look for."""
        if self._window.goes_on and self._looking is None:
            self._looking = self.set_interval(LOOK_EVERY, self._look)
        elif not self._window.goes_on and self._looking is not None:
            self._looking.stop()
            self._looking = None

    def _look(self) -> None:
        known = self._window.count
        changed = self._window.look_on()
        self._looks += 1
        told = not self._window.goes_on or self._looks % LOOKS_TOLD == 0
        if changed and known <= round(self.scroll_y) + self.size.height:
            self.show(self.cursor)
        elif told:
            self._measure()
        if not self._window.goes_on:
            self._look_on()
            if not self._window.count:
                self.refresh()
            if self._to_the_last:
                self.move_to(self._window.count - 1)
        if told:
            self._say(self.Counted())

    def move_to(self, index: int) -> None:
        """Bring the cursor to a row."""
        self._to_the_last = False
        if index >= self._window.count and self._window.more:
            self._window.want_all()
            self._look_on()
        index = max(0, min(index, self._window.count - 1))
        if index == self.cursor:
            return
        before, self.cursor = self.cursor, index
        self._follow()
        self.refresh_line(before)
        self.refresh_line(index)
        self._tell()

    def redraw_marked(self) -> None:
        """Draw the row under the cursor anew."""
        self.refresh_line(self.cursor)

    def _tell(self) -> None:
        row = self.marked
        self.key_seen = row.key if row else None
        if self._follower is not None:
            self._follower()
        self._say(RowMarked(self.key_seen))

    def _say(self, message: Message) -> None:
        """Post a message as from here: Textual keeps one from the parent that is under way in the parent's own call."""
        self.post_message(message.set_sender(self))

    def _follow(self) -> None:
        """Scroll as little as brings the cursor into view."""
        top, height = round(self.scroll_y), self.size.height
        if height and not top <= self.cursor < top + height:
            self.scroll_to(y=self.cursor if self.cursor < top else self.cursor - height + 1, animate=False)

    def _fit_columns(self) -> int:
        """Give the columns the room that there is, which a frame may know before its `Resize` comes; its cells."""
        width = self.scrollable_content_region.width
        if width != self._fitted_to:
            self._fitted_to = width
            self._widths = widths(self._columns, max(0, width - 1))
        return width

    def _measure(self) -> None:
        width = self._fit_columns()
        if self._widths != self._titled:
            self._say(self.LaidOut())
        size, visible = Size(width, self._window.count), self.size.height
        if visible and (size.height > visible) == (self.virtual_size.height > visible) == self.show_vertical_scrollbar:
            # Textual lays the whole screen out anew for another size, which only a bar that comes or goes calls for.
            self.set_reactive(TableRows.virtual_size, size)
            self._scroll_update(size)
        else:
            self.virtual_size = size

    def on_resize(self, event: events.Resize) -> None:
        """The rows were drawn for the new size already."""
        self._measure()
        self._follow()

    def titles(self) -> str:
        """The column titles, laid out like the rows."""
        self._fit_columns()
        self._titled = self._widths
        return " " + "".join(
            fit(column.title, width) + " " * gap_after(width)
            for column, width in zip(self._columns, self._widths, strict=True)
            if width
        )

    def render_lines(self, crop: Region) -> list[Strip]:
        self._fit_columns()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if not self._window.count:
            return self._empty_line(y, width)
        index = y + round(self.scroll_y)
        row = self._window.row(index) if index < self._window.count else None
        if row is None:
            return Strip.blank(width, self._paper)
        line = self._line_of(row, index == self.cursor)
        return line.adjust_cell_length(width, self._cursor_style if index == self.cursor else self._paper)

    @property
    def _paper(self) -> Style:
        """Of what is left empty. Textual remembers a component's style; the widget's own it works out every time."""
        return self.get_component_rich_style(f"table--{Tone.PLAIN}")

    @property
    def _cursor_style(self) -> Style:
        return self.get_component_rich_style("table--cursor")

    def _line_of(self, row: Row, under_cursor: bool) -> Strip:
        """A row as segments, neighbours of one style joined: fewer bytes for a slow line to carry."""
        if under_cursor:
            text = str(CURSOR if self.has_focus else CURSOR_LEFT) + "".join(self._texts(row))
            return Strip([Segment(text, self._cursor_style)])
        segments = [(" ", Tone.PLAIN)]
        for cell, text in zip(self._shown(row), self._texts(row), strict=True):
            tone = row.tone or (cell.tone if isinstance(cell, Cell) else Tone.PLAIN)
            if tone is segments[-1][1]:
                segments[-1] = (segments[-1][0] + text, tone)
            else:
                segments.append((text, tone))
        return Strip([Segment(text, self.get_component_rich_style(f"table--{tone}")) for text, tone in segments])

    def _shown(self, row: Row) -> list[Cell | str]:
        return [cell for cell, width in zip(row.cells, self._widths, strict=True) if width]

    def _texts(self, row: Row) -> list[str]:
        return [
            fit(cell.text if isinstance(cell, Cell) else cell, width) + " " * gap_after(width)
            for cell, width in zip(row.cells, self._widths, strict=True)
            if width
        ]

    def _empty_line(self, y: int, width: int) -> Strip:
        style = self._paper
        empty = LOOKING if self._window.goes_on else self.empty
        lines = Visual.to_strips(self, empty, max(1, width - 2 * EMPTY_LEFT), None, self.visual_style)
        if not 0 <= y - EMPTY_ABOVE < len(lines):
            return Strip.blank(width, style)
        line = lines[y - EMPTY_ABOVE]
        return Strip([Segment(" " * EMPTY_LEFT, style), *line], EMPTY_LEFT + line.cell_length).adjust_cell_length(
            width, style
        )

    def action_move(self, rows: int) -> None:
        self.move_to(self.cursor + rows)

    def action_move_page(self, pages: int) -> None:
        self.move_to(self.cursor + pages * max(1, self.size.height - 1))

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        """At once where all rows are known, else when they are."""
        self.move_to(self._window.count if self._window.more else self._window.count - 1)
        self._to_the_last = self._window.goes_on

    def on_click(self, event: events.Click) -> None:
        """A click marks a row; a click on the marked one is the enter key."""
        index = event.y + round(self.scroll_y)
        if index >= self._window.count:
            return
        if index == self.cursor:
            self.app.simulate_key("enter")
        else:
            self.move_to(index)

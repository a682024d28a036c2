"""What a table draws: columns, rows of cells, and the window of the store that they come from."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from mailtui.core.counts import AtLeast
from mailtui.tui.marks import Mark
from mailtui.tui.tones import Tone

PAGE: Final = 24
"""Rows read at a time: more than a usual terminal shows, few enough to read within one frame."""

PAGES_KEPT: Final = 8
"""The pages on a tall screen and their neighbours; what is further away is read again when it is wanted."""

SEEK: Final = 1_000
"""Rows looked through for a key that is not where it was; beyond it the cursor keeps its place instead."""

SEEK_TYPED: Final = 64
"""The same after another filter was typed, where a letter should not have to wait."""

GAP: Final = 2
"""Cells between two columns; a column of one cell holds a mark and stands closer."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    width: int = 0
    """Cells; 0 for a column that shares what the fixed ones leave."""
    share: int = 1
    """Its part of what is left, against the other sharing columns."""
    shows_from: int = 0
    """Cells that the table must be wide for this column to be shown."""
    order: str = ""
    """What the source calls the order by this column; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Text in a table, of others perhaps: it is made safe when it is drawn."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Row:
    """A row, known by its key: cells in the order of the columns; a bare `str` is a plain cell."""

    key: str
    cells: tuple[Cell | str, ...]
    tone: Tone | None = None
    """A tone for the whole row, `MUTED` for what is switched off; None leaves it to the cells."""


def mark_cell(mark: Mark) -> Cell:
    """The sign of a state in its tone, for a column of one cell; say the word in another column."""
    return Cell(str(mark), mark.tone)


class RowSource(Protocol):
    """Rows of the store, in the store's order. Both calls are short and direct."""

    def count(self, matching: str) -> int:
        """How many rows there are; `matching` is what was typed into the filter, empty for all. `AtLeast` where others
        are still looked for: asked again, it looks on for a moment."""

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        """At most `limit` rows from `offset` on."""


@runtime_checkable
class OrderedRows(RowSource, Protocol):
    """Rows that can stand in several orders."""

    order: str
    """That in which they stand now, with a minus before it for the other direction; empty for the usual one."""


@runtime_checkable
class PlacedRows(RowSource, Protocol):
    """Rows whose places are known without reading those before them."""

    def place(self, key: str, matching: str) -> int | None:
        """Where the row with that key stands; None where it is not there, or was not found yet."""


class Window:
    """A source seen through a few pages."""

    def __init__(self, source: RowSource) -> None:
        self._source = source
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._seek = SEEK
        self.matching = ""
        self.count = 0
        """Rows that are known."""
        self.more = False
        """There may be others than those counted."""
        self.goes_on = False
        """They are being looked for: `look_on` finds them."""

    def read(self, matching: str) -> None:
        """Forget what was read and count anew."""
        self.forget()
        self._seek = SEEK if matching == self.matching else SEEK_TYPED
        self.matching = matching
        self._take(self._source.count(matching))

    def look_on(self) -> bool:
        """Look for further rows for a moment; whether anything is known now that was not."""
        before = self.count, self.more
        self._take(self._source.count(self.matching))
        for number in [number for number, page in self._pages.items() if len(page) < PAGE]:
            del self._pages[number]
        return before != (self.count, self.more)

    def want_all(self) -> None:
        """Somebody goes beyond the rows that are known."""
        if self.more:
            self._source.window(self.count, PAGE, self.matching)
            self.goes_on = True

    def _take(self, count: int) -> None:
        self.count = int(count)
        self.more = isinstance(count, AtLeast)
        self.goes_on = isinstance(count, AtLeast) and not count.rests

    @property
    def found(self) -> str:
        """How many rows match, in words."""
        return f"{self.count}{'+' * self.more} found"

    def forget(self) -> None:
        """Read again what is wanted next."""
        self._pages.clear()

    def row(self, index: int) -> Row | None:
        """The row at `index`; None where the store has become shorter since it was counted."""
        number, place = divmod(index, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._pages[number] = self._source.window(number * PAGE, PAGE, self.matching)
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return page[place] if place < len(page) else None

    def read_ahead(self, rows: int) -> None:
        """Read the last `rows` rows, which one key asks for."""
        if self.count > PAGE and not self.more:
            self.row(max(0, self.count - rows))
            self.row(self.count - 1)

    def find(self, key: str, near: int) -> int | None:
        """Where the row with `key` is: at `near`, else where the source says, or else among the `SEEK` rows around it,
        fewer after another filter was typed; None when it is not there."""
        if 0 <= near < self.count and (row := self.row(near)) is not None and row.key == key:
            return near
        if isinstance(self._source, PlacedRows) and (place := self._source.place(key, self.matching)) is not None:
            return place
        start = max(0, near - self._seek // 2)
        if self._seek == SEEK_TYPED:  # On the pages that are drawn, and their neighbours.
            places = range(start, min(start + SEEK_TYPED, self.count))
            return next((place for place in places if (row := self.row(place)) is not None and row.key == key), None)
        for offset, row in enumerate(self._source.window(start, self._seek, self.matching)):
            if row.key == key:
                return start + offset
        return None


def widths(columns: Sequence[Column], total: int) -> list[int]:
    """The cells that each column gets in a table of `total` cells; 0 for one that is not shown."""
    shown = [column for column in columns if column.shows_from <= total]
    left = max(0, total + GAP - sum(column.width + gap_after(column.width) for column in shown))
    shares = sum(column.share for column in shown if not column.width)
    found: list[int] = []
    for column in columns:
        if column.width or column not in shown:
            found.append(column.width if column in shown else 0)
            continue
        part = left * column.share // shares
        left -= part
        shares -= column.share
        found.append(part)
    return found


def gap_after(width: int) -> int:
    """Cells of space behind a column of `width` cells."""
    return 1 if width == 1 else GAP

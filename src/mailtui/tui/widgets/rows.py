"""What a table draws: columns, rows of cells, and the window of the store that they come from."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from mailtui.tui.marks import Mark
from mailtui.tui.tones import Tone

PAGE: Final = 64
"""Rows read at a time: more than a tall terminal shows, few enough to read within one frame."""

PAGES_KEPT: Final = 3
"""The page on the screen and its neighbours; what is further away is read again when it is wanted."""

SEEK: Final = 1_000
"""Rows looked through for a key that is not where it was; beyond it the cursor keeps its place instead."""

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
        """How many rows there are; `matching` is what was typed into the filter, empty for all."""

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        """At most `limit` rows from `offset` on."""


class Window:
    """A source seen through a few pages."""

    def __init__(self, source: RowSource) -> None:
        self._source = source
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self.matching = ""
        self.count = 0

    def read(self, matching: str) -> None:
        """Forget what was read and count anew."""
        self.forget()
        self.matching = matching
        self.count = self._source.count(matching)

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

    def find(self, key: str, near: int) -> int | None:
        """Where the row with `key` is: at `near`, else among the `SEEK` rows around it; None when it is not there."""
        if 0 <= near < self.count and (row := self.row(near)) is not None and row.key == key:
            return near
        start = max(0, near - SEEK // 2)
        for offset, row in enumerate(self._source.window(start, SEEK, self.matching)):
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

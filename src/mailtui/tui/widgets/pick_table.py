"""A table in which rows are picked: `[x]` before each, space picks and drops."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from mailtui.tui.marks import NOT_PICKED, PICKED
from mailtui.tui.widgets.rows import Cell, Column, Row, RowSource
from mailtui.tui.widgets.store_table import StoreTable


class PicksChanged(Message):
    """Another set of rows is picked now."""

    def __init__(self, picked: frozenset[str]) -> None:
        super().__init__()
        self.picked = picked


class WithBoxes:
    """A source whose rows begin with the box that says whether they are picked."""

    def __init__(self, source: RowSource, picked: Iterable[str]) -> None:
        self._source = source
        self.picked = set(picked)

    def count(self, matching: str) -> int:
        return self._source.count(matching)

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        return [self._with_box(row) for row in self._source.window(offset, limit, matching)]

    def _with_box(self, row: Row) -> Row:
        sign = PICKED if row.key in self.picked else NOT_PICKED
        return Row(row.key, (Cell(str(sign), sign.tone), *row.cells), row.tone)


class PickTable(StoreTable):
    """A table with a set of picked keys, which a filter neither shows in full nor changes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pick", "Pick", id="table.pick", tooltip="Pick the marked row, or drop it"),
    ]

    def __init__(
        self,
        columns: Sequence[Column],
        source: RowSource,
        *,
        picked: Iterable[str] = (),
        empty: Content | str = "",
        follow: Callable[[], None] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        self._boxes = WithBoxes(source, picked)
        columns = (Column("", width=3), *columns)
        super().__init__(columns, self._boxes, empty=empty, follow=follow, id=id, classes=classes)

    @property
    def picked(self) -> frozenset[str]:
        """The keys of all picked rows, seen or not."""
        return frozenset(self._boxes.picked)

    @picked.setter
    def picked(self, keys: Iterable[str]) -> None:
        self._boxes.picked = set(keys)
        self.reload()

    def action_pick(self) -> None:
        key = self.marked
        if key is None:
            return
        self._boxes.picked ^= {key}
        self._window.forget()
        self.rows.redraw_marked()
        self.post_message(PicksChanged(self.picked))

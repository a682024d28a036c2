"""A table whose rows can be marked, so that one key does the same to all of them."""

from collections.abc import Callable, Collection, Sequence
from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from mailtui.tui.marks import CHOSEN
from mailtui.tui.widgets.rows import Cell, Column, OrderedRows, PlacedRows, Row
from mailtui.tui.widgets.store_table import CLEAR, StoreTable


class MarkableRows(OrderedRows, Protocol):
    """Rows of which all that match can be named at once."""

    def keys(self, matching: str) -> Collection[str]:
        """The keys of all rows that match, in no order."""


class WithMarks:
    """A source whose rows begin with the sign that says whether they are marked, as long as one is."""

    def __init__(self, source: MarkableRows) -> None:
        self._source = source
        self.marks: set[str] = set()

    @property
    def order(self) -> str:
        return self._source.order

    @order.setter
    def order(self, order: str) -> None:
        self._source.order = order

    def keys(self, matching: str) -> Collection[str]:
        return self._source.keys(matching)

    def count(self, matching: str) -> int:
        return self._source.count(matching)

    def place(self, key: str, matching: str) -> int | None:
        return self._source.place(key, matching) if isinstance(self._source, PlacedRows) else None

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        rows = self._source.window(offset, limit, matching)
        return [self._with_sign(row) for row in rows] if self.marks else rows

    def _with_sign(self, row: Row) -> Row:
        sign = Cell(str(CHOSEN), CHOSEN.tone) if row.key in self.marks else Cell("")
        return Row(row.key, (sign, *row.cells), row.tone)


class MarkTable(StoreTable):
    """Marks stay whatever the filter shows, until they are dropped or what was done to them is done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "mark", "Mark", id="table.mark", tooltip="Mark the row for what is done next, or drop the mark"),
        Binding("asterisk", "mark_all", "Mark all", show=False, id="table.mark_all",
                tooltip="Mark every row that the filter shows; once more drops these marks"),
        CLEAR,
        Binding("escape", "drop_marks", "Drop marks", id="table.drop_marks", tooltip="Drop all marks"),
    ]  # fmt: skip

    def __init__(
        self,
        columns: Sequence[Column],
        source: MarkableRows,
        *,
        markable: bool = True,
        empty: Content | str = "",
        follow: Callable[[], None] | None = None,
        ordered_by: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`markable`: whether the one who looks may do anything to what he would mark."""
        self._marked_rows = WithMarks(source)
        self._markable = markable
        self._said = Static(classes="table--marks", markup=False)
        self._said.display = False
        super().__init__(
            columns, self._marked_rows, empty=empty, follow=follow, ordered_by=ordered_by, id=id, classes=classes
        )

    def compose(self) -> ComposeResult:
        yield self._said
        yield from super().compose()

    @property
    def marks(self) -> frozenset[str]:
        """The keys of all marked rows, seen or not."""
        return frozenset(self._marked_rows.marks)

    @property
    def has_marks(self) -> bool:
        """Whether a key is about marked rows now."""
        return bool(self._marked_rows.marks)

    @property
    def meant(self) -> frozenset[str]:
        """What a key is about: the marked rows, else the one under the cursor."""
        return self.marks or frozenset({self.marked} if self.marked is not None else ())

    def drop_marks(self) -> None:
        """After what was done to them."""
        self._mark(set())

    def _mark(self, keys: set[str]) -> None:
        appeared = bool(keys) is not bool(self._marked_rows.marks)
        self._marked_rows.marks = keys
        self._said.update(f"{CHOSEN} {len(keys)} marked: the keys below are about all of them")
        self._said.display = bool(keys)
        if appeared:
            self.rows.show_columns(self._titled())
        self._window.forget()
        self.rows.refresh()
        self.refresh_bindings()
        self.screen.refresh_bindings()

    def _titled(self) -> list[Column]:
        return [Column("", width=1), *super()._titled()] if self._marked_rows.marks else super()._titled()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "mark" | "mark_all":
                return self._markable and self.rows.has_focus and bool(self.count)
            case "drop_marks":
                return bool(self._marked_rows.marks) and not self.matching
            case _:
                return super().check_action(action, parameters)

    def action_mark(self) -> None:
        """And on to the next row, so that the key held down marks a stretch."""
        if self.marked is not None:
            self._mark(self._marked_rows.marks ^ {self.marked})
            self.rows.action_move(1)

    def action_mark_all(self) -> None:
        shown, marks = set(self._marked_rows.keys(self.matching)), self._marked_rows.marks
        self._mark(marks - shown if shown <= marks else marks | shown)

    def action_drop_marks(self) -> None:
        self._mark(set())

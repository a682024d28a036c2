"""Rows for a table from a list that is in memory: few by their nature, or worked out as a whole."""

from collections.abc import Sequence

from mailtui.tui.widgets.rows import Cell, Row


class ListedRows:
    """A row source over a list that can be exchanged; the filter looks for words in the cells."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.rows = rows

    def count(self, matching: str) -> int:
        return len(self._found(matching))

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        return self._found(matching)[offset : offset + limit]

    def _found(self, matching: str) -> Sequence[Row]:
        words = matching.casefold().split()
        return [row for row in self.rows if all(word in _text(row) for word in words)] if words else self.rows


def _text(row: Row) -> str:
    return " ".join(cell.text if isinstance(cell, Cell) else cell for cell in row.cells).casefold()

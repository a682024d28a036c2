"""How every table of the screens is read: a window of rows in a fixed order, narrowed by words."""

from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from sqlite_utils import Database

from mailtui.core.frozen import Frozen

FOLD: Final = "casefold"
"""Name of the function that makes a text one without regard to case, in any script."""

ALL: Final = -1
"""As a limit: every row, for exports and the command line."""

MAX_MATCHING: Final = 200
"""Characters of a filter that are looked at: SQLite bounds the length of a pattern and the number of conditions."""

Row = dict[str, Any]
"""A row as SQLite gives it; it does not leave the store."""

T = TypeVar("T")


class Window(Frozen):
    """A stretch of rows in the table's order."""

    offset: int = 0
    limit: int = ALL
    matching: str = ""
    """Words that each row must hold in one of its searched columns, without regard to case; empty for every row."""


class Listing(Generic[T]):
    """Rows of one kind, in one order, as one model."""

    def __init__(
        self, db: Database, *, select: str, table: str, searched: Sequence[str], order: str, make: Callable[[Row], T]
    ) -> None:
        """`select` is what stands between SELECT and FROM, `searched` the columns that words are looked for in."""
        self._db = db
        self._select = select
        self._table = table
        self._searched = searched
        self._order = order
        self._make = make

    def rows(self, window: Window, where: str = "1", parameters: Sequence[object] = ()) -> list[T]:
        condition, words = self._matching(window.matching)
        sql = (
            f"SELECT {self._select} FROM {self._table} WHERE {where} AND {condition}"
            f" ORDER BY {self._order} LIMIT ? OFFSET ?"
        )
        return [self._make(row) for row in self._db.query(sql, [*parameters, *words, window.limit, window.offset])]

    def count(self, matching: str = "", where: str = "1", parameters: Sequence[object] = ()) -> int:
        condition, words = self._matching(matching)
        sql = f"SELECT count(*) FROM {self._table} WHERE {where} AND {condition}"
        return int(self._db.conn.execute(sql, [*parameters, *words]).fetchone()[0])

    def first(self, where: str, parameters: Sequence[object]) -> T | None:
        return next(iter(self.rows(Window(limit=1), where, parameters)), None)

    def _matching(self, matching: str) -> tuple[str, list[str]]:
        conditions = ["1"]
        parameters: list[str] = []
        for word in matching[:MAX_MATCHING].split():
            # LIKE knows upper and lower case in ASCII alone, where it is ten times faster than a function of ours.
            searched = self._searched if word.isascii() else [f"{FOLD}({column})" for column in self._searched]
            conditions.append("(" + " OR ".join(f"{text} LIKE ? ESCAPE '\\'" for text in searched) + ")")
            parameters += [f"%{_escaped(word.casefold())}%"] * len(searched)
        return " AND ".join(conditions), parameters


def _escaped(word: str) -> str:
    """The word with LIKE's own signs taken literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

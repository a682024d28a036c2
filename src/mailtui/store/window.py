"""How every table of the screens is read: a window of rows in a fixed order, narrowed by words."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from sqlite_utils import Database

from mailtui.core.frozen import Frozen
from mailtui.store.filters import Filters, Question, Stamp, stamp
from mailtui.store.search import Found
from mailtui.store.words import FOLD, Condition, Words

ALL: Final = -1
"""As a limit: every row, for exports and the command line."""

MAX_MATCHING: Final = 200
"""Characters of a filter that are looked at: SQLite bounds the length of a pattern and the number of conditions."""

NEAR: Final = 1_000
"""Rows passed over without asking from which end it is nearer."""

COUNTS_KEPT: Final = 16
"""Parts of a table whose rows were counted."""

Place = tuple[str, tuple[object, ...]]
"""A condition and its parameters."""

Row = dict[str, Any]
"""A row as SQLite gives it; it does not leave the store."""

T = TypeVar("T")


class Window(Frozen):
    """A stretch of rows in the table's order."""

    offset: int = 0
    limit: int = ALL
    matching: str = ""
    """Words that each row must hold in one of its searched columns, without regard to case; empty for every row."""
    order: str = ""
    """By what the rows stand: one of the table's orders, with a minus before it for the other direction; empty for its
    usual one."""


class Listing(Generic[T]):
    """Rows of one kind, in one order, as one model."""

    def __init__(
        self,
        db: Database,
        *,
        select: str,
        table: str,
        searched: Sequence[str],
        order: str,
        make: Callable[[Row], T],
        orders: Mapping[str, str] | None = None,
        joined: str = "",
        words: Words | None = None,
        grows: bool = False,
    ) -> None:
        """`select` is what stands between SELECT and FROM, `searched` the columns of `table` that words are looked for
        in, `joined` what only a row that is read needs beside the table. `orders`: other orders by their names, each
        with an index that a window of it is read by. `words`: the index of the searched columns of a table of many
        rows, of which a filter counts no more than somebody looks at. `grows`: its usual order is that of the numbers
        of its rows, the newest first."""
        self._db = db
        self._select = select
        self._table = table
        self._name = table.split()[0]
        self._number = f"{table.split()[-1]}.rowid"
        self._searched = searched
        self._orders = {"": order, **(orders or {})}
        self._make = make
        self._joined = joined
        self._words = words
        self._grows = grows
        self._filters = Filters(db, table, words, self._compare, self._order, grows=grows) if words else None
        self._counted: dict[Place, tuple[Stamp, int]] = {}

    def rows(self, window: Window, where: str = "1", parameters: Sequence[object] = ()) -> list[T]:
        """Those of the window. Of a filter that was counted before, as many as were found by now."""
        given = tuple(parameters)
        if window.limit != ALL and (found := self._found(window, where, given)) is not None:
            found.reach(window.offset + window.limit)
            numbers = json.dumps(found.stretch(window.offset, window.limit))
            return self._read(f"{self._number} IN (SELECT value FROM json_each(?))", [numbers], window)
        if window.matching.split() or window.limit == ALL:
            condition, words = self._compare(_words(window.matching))
            which, given = f"{where} AND {condition}", (*given, *words)
            return self._read(which, [*given, window.limit, window.offset], window, " LIMIT ? OFFSET ?")
        return self._read(*self._stretch(window, where, given), window)

    def count(self, matching: str = "", where: str = "1", parameters: Sequence[object] = ()) -> int:
        """How many match. In a table of many rows `AtLeast` while a filter was not looked for to the end; asked again,
        it looks on for a moment."""
        if matching.split() and self._filters is not None:
            found = self._filters.asked(Question(_words(matching), where, tuple(parameters)))
            found.reach(0)
            return found.count
        if not matching.split():
            return self._total(where, tuple(parameters))
        condition, words = self._compare(_words(matching))
        sql = f"SELECT count(*) FROM {self._table} WHERE {where} AND {condition}"
        return int(self._db.conn.execute(sql, [*parameters, *words]).fetchone()[0])

    def keys(self, column: str, matching: str, where: str = "1", parameters: Sequence[object] = ()) -> list[str]:
        """Only that column of every matching row, in no order."""
        condition, words = self._compare(_words(matching))
        sql = f"SELECT {column} FROM {self._table} WHERE {where} AND {condition}"
        return [key for (key,) in self._db.conn.execute(sql, [*parameters, *words])]

    def place(
        self, column: str, key: str, window: Window, where: str = "1", parameters: Sequence[object] = ()
    ) -> int | None:
        """Where the row with that key stands among those that the window is a stretch of; None where it is not there,
        was not found yet, or the order has no index to count in."""
        given = tuple(parameters)
        own = self._numbers(f"SELECT {self._number} FROM {self._table} WHERE {column} = ? AND {where}", [key, *given])
        if not own:
            return None
        if window.matching.split():
            found = self._found(window, where, given)
            return found.place(own[0]) if found is not None else None
        order = self._order(window.order)
        if " DESC" in order:
            return None
        values = f"SELECT {order} FROM {self._table} WHERE {self._number} = ?"
        before = f"SELECT count(*) FROM {self._table} WHERE {where} AND ({order}) < ({values})"
        return self._numbers(before, [*given, own[0]])[0]

    def first(self, where: str, parameters: Sequence[object]) -> T | None:
        """The first of the few that `where` finds by an index."""
        return next(iter(self._read(where, parameters, Window(), " LIMIT 1")), None)

    def _read(self, which: str, parameters: Sequence[object], window: Window, end: str = "") -> list[T]:
        order = self._order(window.order)
        sql = f"SELECT {self._select} FROM {self._table} {self._joined} WHERE {which} ORDER BY {order}{end}"
        cursor = self._db.conn.execute(sql, parameters)
        columns = [column[0] for column in cursor.description]
        return [self._make(dict(zip(columns, row, strict=True))) for row in cursor]

    def _order(self, name: str) -> str:
        order = self._orders[name.removeprefix("-")]
        return _reversed(order) if name.startswith("-") else order

    def _found(self, window: Window, where: str, parameters: tuple[object, ...]) -> Found | None:
        words = _words(window.matching)
        if self._filters is None or not words:
            return None
        return self._filters.remembered(Question(words, where, parameters, window.order))

    def _stretch(self, window: Window, where: str, parameters: tuple[object, ...]) -> Condition:
        """A condition that the rows of the window keep and no others: they are told by their numbers, so that what is
        passed over is passed over in an index, and from the nearer end."""
        offset, limit, order = window.offset, window.limit, self._order(window.order)
        if offset > NEAR:
            total = self._total(where, parameters)
            if self._grows and where == "1" and not window.order and (newest := self._without_gaps(total)) is not None:
                top = newest - offset
                return f"{self._number} <= ? AND {self._number} > ?", [top, top - limit]
            if offset + limit > total // 2:
                limit = max(0, min(limit, total - offset))
                offset, order = max(0, total - offset - limit), _reversed(order)
        sql = f"SELECT {self._number} FROM {self._table} WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
        return f"{self._number} IN ({sql})", [*parameters, limit, offset]

    def _total(self, where: str, parameters: tuple[object, ...]) -> int:
        """How many rows there are, counted once as long as nobody writes."""
        counted, which = 0, where
        if self._grows and self._words is not None and where == "1":
            covered, counted = self._words.covered()
            which = f"{self._number} > {covered}"
        sql = f"SELECT {counted} + count(*) FROM {self._table} WHERE {which}"
        now, known = stamp(self._db), self._counted.get((where, parameters))
        if known is None or known[0] != now:
            if len(self._counted) >= COUNTS_KEPT:
                self._counted.clear()
            known = self._counted[where, parameters] = now, self._numbers(sql, parameters)[0]
        return known[1]

    def _without_gaps(self, total: int) -> int | None:
        """The highest number, where the numbers follow one another: then the place of a row tells its number."""
        sql = f"SELECT (SELECT min(rowid) FROM {self._name}), (SELECT max(rowid) FROM {self._name})"
        oldest, newest = self._db.conn.execute(sql).fetchone()
        return newest if total and newest - oldest + 1 == total else None

    def _numbers(self, sql: str, parameters: Sequence[object]) -> list[int]:
        return [number for (number,) in self._db.conn.execute(sql, parameters)]

    def _compare(self, words: Sequence[str]) -> Condition:
        """What a row keeps that holds each of the words; they are given without regard to case."""
        conditions, parameters = ["1"], list[object]()
        for word in words:
            # LIKE knows upper and lower case in ASCII alone, where it is ten times faster than a function of ours. That
            # is called once a row, therefore: no word has the sign that stands between the columns.
            searched = self._searched if word.isascii() else [f"{FOLD}({' || char(10) || '.join(self._searched)})"]
            conditions.append("(" + " OR ".join(f"{text} LIKE ? ESCAPE '\\'" for text in searched) + ")")
            parameters += [f"%{_escaped(word)}%"] * len(searched)
        return " AND ".join(conditions), parameters


def _words(matching: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in matching[:MAX_MATCHING].split())


def _reversed(order: str) -> str:
    """The same columns from their other ends, which the same index gives."""
    parts = (part.strip() for part in order.split(","))
    return ", ".join(part.removesuffix(" DESC") if part.endswith(" DESC") else f"{part} DESC" for part in parts)


def _escaped(word: str) -> str:
    """The word with LIKE's own signs taken literally."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

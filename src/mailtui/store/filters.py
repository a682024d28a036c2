"""What filters find in a table of many rows, remembered as long as somebody looks at it."""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from sqlite_utils import Database

from mailtui.store.search import Found, FoundAtOnce, FoundBySlices, Whole
from mailtui.store.words import Condition, Words

KEPT: Final = 3
"""Filters whose findings a table remembers."""

FEW: Final = 3_000
"""Rows in a part of a table that are compared one by one sooner than an index of words is asked."""

SAMPLE: Final = 500
"""Rows, spread over the table, that tell whether a filter finds many."""

MANY: Final = 25
"""Matching rows of a sample from which on the order of the table leads to enough of them soonest."""

Stamp = tuple[int, int]
"""Another one once anybody wrote, through this connection or another."""


def stamp(db: Database) -> Stamp:
    return db.conn.execute("PRAGMA data_version").fetchone()[0], db.conn.total_changes


class Question(NamedTuple):
    """What is looked for."""

    words: tuple[str, ...]
    """Without regard to case."""
    where: str
    """The part of the table."""
    parameters: tuple[object, ...]
    order: str = ""
    """The name of one of the table's orders."""


class Filters:
    """The filters of one table."""

    def __init__(
        self,
        db: Database,
        table: str,
        words: Words,
        compare: Callable[[Sequence[str]], Condition],
        order: Callable[[str], str],
        *,
        grows: bool,
    ) -> None:
        """`table` as it stands behind FROM. `compare` makes the condition that a row with the words keeps, `order` the
        SQL of an order. `grows`: the usual order is that of the numbers of the rows, the newest first."""
        self._db = db
        self._table = table
        self._name, self._number = table.split()[0], f"{table.split()[-1]}.rowid"
        self._words = words
        self._compare = compare
        self._order = order
        self._grows = grows
        self._found: OrderedDict[Question, tuple[Stamp, Found]] = OrderedDict()

    def asked(self, question: Question) -> Found:
        """What is found so far in whatever order, begun anew where somebody wrote since it came to rest."""
        now = stamp(self._db)
        for known in [known for known in self._found if known[:3] == question[:3]]:
            begun, found = self._found[known]
            if begun == now or not found.rests:
                return found
            del self._found[known]
        return self._remember(question, now)

    def remembered(self, question: Question) -> Found | None:
        """What is found of a filter that was asked for, as it was then: the places of its rows stay the same."""
        if question in self._found:
            return self._found[question][1]
        same = [begun for known, (begun, _) in self._found.items() if known[:3] == question[:3]]
        return self._remember(question, same[0]) if same else None

    def _remember(self, question: Question, now: Stamp) -> Found:
        self._found[question] = now, (found := self._begin(question))
        if len(self._found) > KEPT:
            self._found.popitem(last=False)
        return found

    def _begin(self, question: Question) -> Found:
        condition, words = self._compare(question.words)
        which: Condition = f"{question.where} AND {condition}", [*question.parameters, *words]
        order = f" ORDER BY {self._order(question.order)} LIMIT ?"
        among = f"SELECT 1 FROM {self._table} WHERE {question.where} LIMIT {FEW}"
        if len(self._numbers(among, question.parameters)) < FEW:
            start = f"SELECT {self._number} FROM {self._table} WHERE {which[0]}{order}"
            return FoundAtOnce(lambda limit: self._numbers(start, [*which[1], limit]))
        if not self._grows or question.order:
            return FoundAtOnce(self._whole(question.words, which, order))
        return self._by_slices(question.words, which)

    def _by_slices(self, words: Sequence[str], which: Condition) -> Found:
        covered, _ = self._words.covered()

        def slice(above: int, up_to: int, most: int, rare: bool) -> list[int]:
            selections: list[Condition] = []
            if up_to <= covered:
                selections = self._words.narrowing(words, ("rowid > ? AND rowid <= ?", [above, up_to]), short=rare)
            narrowed = "".join(f" AND {self._number} IN ({selection})" for selection, _ in selections)
            stretch = f"{self._number} > ? AND {self._number} <= ?{narrowed} ORDER BY {self._number} DESC LIMIT ?"
            sql = f"SELECT {self._number} FROM {self._table} WHERE {which[0]} AND {stretch}"
            return self._numbers(sql, [*which[1], above, up_to, *_parameters(selections), most])

        return FoundBySlices(slice, self._newest(), covered)

    def _whole(self, words: Sequence[str], which: Condition, end: str) -> Whole:
        def whole(limit: int) -> list[int]:
            newest = self._newest()
            sample = json.dumps([*range(1, newest + 1, newest // SAMPLE + 1)])
            if len(self._among(("SELECT value FROM json_each(?)", [sample]), which)) > MANY:
                sql = f"SELECT {self._number} FROM {self._table} WHERE {which[0]}{end}"
                return self._numbers(sql, [*which[1], limit])
            selections = self._words.narrowing(words, ("1", []), short=True)
            few = " INTERSECT ".join(f"SELECT * FROM ({selection})" for selection, _ in selections)
            few = few or f"SELECT rowid FROM {self._name}"
            return self._among((few, _parameters(selections)), which, end, [limit])

        return whole

    def _among(
        self, numbers: Condition, which: Condition, end: str = "", parameters: Sequence[object] = ()
    ) -> list[int]:
        """Those of the numbers whose rows keep a condition. The numbers come first: by itself SQLite would rather read
        the whole table in its order."""
        sql = f"""WITH few(number) AS MATERIALIZED ({numbers[0]}) SELECT {self._number}
            FROM few CROSS JOIN {self._table} ON {self._number} = few.number WHERE {which[0]}{end}"""
        return self._numbers(sql, [*numbers[1], *which[1], *parameters])

    def _newest(self) -> int:
        return self._numbers(f"SELECT ifnull(max(rowid), 0) FROM {self._name}", [])[0]

    def _numbers(self, sql: str, parameters: Sequence[object]) -> list[int]:
        return [number for (number,) in self._db.conn.execute(sql, parameters)]


def _parameters(selections: Sequence[Condition]) -> list[object]:
    return [parameter for _, parameters in selections for parameter in parameters]

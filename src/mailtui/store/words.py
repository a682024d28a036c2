"""An index of the three-letter parts of words, for filters over tables of many rows (FTS5, trigrams).

It narrows and never decides: what it finds is compared with the row itself, so that a part left behind by a change does
no harm. It holds what a row is made with; a state that changes has an index of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlite_utils import Database

FOLD: Final = "casefold"
"""Name of the function that makes a text one without regard to case, in any script."""

PART: Final = 3
"""Characters of a part."""

BATCH: Final = 1_000
"""Rows of a growing table that are indexed at once: the row that fills a batch pays some 15 ms, the others nothing.
Newer ones are few enough to be read."""

MOST_AT_ONCE: Final = 4_000
"""Rows that are indexed in one transaction: where very many were added at once, nobody waits for all of them."""

COMMON: Final = 2_000
"""Rows with a value that a word occurs in, from which on reading rows in their order finds it soon enough."""

MOST_PARTS: Final = 400
"""Parts that begin with a short word, at most, for it to be looked up."""

LAST: Final = "\U0010ffff"
"""Sorts behind every letter."""

NOWHERE: Final = "\x01\x01\x01"
"""A part that nothing is likely to have; a row that has it is compared like any other."""

Condition = tuple[str, list[object]]
"""SQL, and its parameters in order."""


class Words:
    """The parts of one table's columns, by the rows' numbers."""

    def __init__(
        self, db: Database, table: str, columns: Sequence[str], values: Mapping[str, str] | None = None
    ) -> None:
        """`columns` hold the words. `values`: columns of few different values that change, and for each the condition
        of its index, `1` where that covers every row."""
        self._db = db
        self._table = table
        self._index = f"{table}_words"
        # Something follows every letter, so that each begins a part.
        self._text = f"{FOLD}({' || char(10) || '.join(columns)} || char(10, 10))"
        self._values = values or {}

    def add(self, number: int) -> None:
        """Index one row."""
        self._fill("id = ?", [number])

    def add_behind(self, number: int) -> None:
        """Index every row behind this one."""
        self._fill("id > ?", [number])

    def drop(self, number: int) -> None:
        """Take out the row as it is still stored."""
        old = f"SELECT 'delete', id, {self._text} FROM {self._table} WHERE id = ?"
        self._db.conn.execute(f"INSERT INTO {self._index}({self._index}, rowid, words) {old}", [number])

    def keep_up(self, before: int, number: int) -> None:
        """Index what is not yet, where the rows after `before` up to `number` filled a batch."""
        if before // BATCH != number // BATCH:
            self.advance(number)

    def advance(self, number: int) -> bool:
        """Index the next rows of a growing table up to `number`, MOST_AT_ONCE of them at most; whether there are more.
        How many rows there are by now is noted, too, and nobody has to count them again: such rows stay."""
        covered, rows = self.covered()
        reached = min(number, covered + MOST_AT_ONCE)
        if reached <= covered:
            return False
        self._fill("id > ? AND id <= ?", [covered, reached])
        sql = f"SELECT count(*) FROM {self._table} WHERE id > ? AND id <= ?"
        rows += self._db.conn.execute(sql, [covered, reached]).fetchone()[0]
        self._db.conn.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [self._index, f"{reached} {rows}"])
        return reached < number

    def covered(self) -> tuple[int, int]:
        """The last number that a growing table's index covers, and how many rows there are up to it."""
        row = self._db.conn.execute("SELECT value FROM meta WHERE key = ?", [self._index]).fetchone()
        number, _, rows = row[0].partition(" ") if row else ("0", "", "0")
        return int(number), int(rows)

    def narrowing(self, words: Sequence[str], within: Condition, *, short: bool) -> list[Condition]:
        """Selections of rows' numbers, in each of which every row is that holds the words; none where the index does
        not help. `within`: what the numbers of the rows are known to keep, about `rowid`. `short`: use words shorter
        than a part, too, where there are no others; their cost follows how many rows they occur in."""
        short = short and all(len(word) < PART for word in words)
        whole: list[str] = []
        found: list[Condition] = []
        for word in words:
            if "\0" in word or (len(word) < PART and not short):
                continue
            held, common = self._rows_with(word)
            asked = self._asked(word) if not common else ""
            if asked and not held:
                whole.append(asked)
            elif asked:
                matched = self._matched(asked, within)
                others = [f"SELECT id FROM {self._table} WHERE {condition}" for condition, _ in held]
                sql = " UNION ALL ".join([matched[0], *others])
                found.append((sql, [*matched[1], *(value for _, values in held for value in values)]))
        return [*found, *([self._matched(" AND ".join(whole), within)] if whole else [])]

    def _matched(self, asked: str, within: Condition) -> Condition:
        sql = f"SELECT rowid FROM {self._index} WHERE {self._index} MATCH ? AND {within[0]}"
        return sql, [asked, *within[1]]

    def _asked(self, word: str) -> str:
        """The word in FTS5's language, as parts that cover it: as few as do, since each is a list to be read and the
        row itself decides. Of a shorter one all parts that begin with it; empty where these are too many."""
        if len(word) >= PART:
            starts = [*range(0, len(word) - PART, PART), len(word) - PART]
            return " AND ".join(_quoted(part) for part in dict.fromkeys(word[start : start + PART] for start in starts))
        sql = f"SELECT term FROM {self._table}_parts WHERE term >= ? AND term <= ? LIMIT {MOST_PARTS + 1}"
        parts = [part for (part,) in self._db.conn.execute(sql, [word, word + LAST])]
        if len(parts) > MOST_PARTS:
            return ""
        return f"({' OR '.join(map(_quoted, parts))})" if parts else _quoted(NOWHERE)

    def _rows_with(self, word: str) -> tuple[list[Condition], bool]:
        """Conditions of the rows in whose changing columns the word occurs, and whether they are many."""
        found: list[Condition] = []
        for column, indexed in self._values.items():
            # One step of the index for each value that there is, however many rows have it.
            sql = f"""WITH RECURSIVE v(value) AS (SELECT min({column}) FROM {self._table} WHERE {indexed}
                UNION ALL SELECT (SELECT min({column}) FROM {self._table} WHERE {indexed} AND {column} > v.value)
                FROM v WHERE value IS NOT NULL) SELECT value FROM v WHERE value IS NOT NULL"""
            values: list[object] = [value for (value,) in self._db.conn.execute(sql) if word in value.casefold()]
            if not values:
                continue
            condition = f"{indexed} AND {column} IN ({', '.join('?' * len(values))})"
            counted = f"SELECT count(*) FROM (SELECT 1 FROM {self._table} WHERE {condition} LIMIT {COMMON})"
            if self._db.conn.execute(counted, values).fetchone()[0] == COMMON:
                return [], True
            found.append((condition, values))
        return found, False

    def _fill(self, which: str, parameters: Sequence[object]) -> None:
        sql = f"INSERT INTO {self._index}(rowid, words) SELECT id, {self._text} FROM {self._table} WHERE {which}"
        self._db.conn.execute(sql, parameters)


def _quoted(part: str) -> str:
    return '"' + part.replace('"', '""') + '"'

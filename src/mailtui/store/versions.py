"""Writing a row only over the version that its writer had read (decision 5)."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from sqlite_utils import Database

from mailtui.core.errors import BadInput, Conflict
from mailtui.store.audit import Audit

TAKEN: Final = (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE)
"""What SQLite says where a row with that key is there already."""


def insert(db: Database, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows of the same columns, as they are. sqlite-utils would ask for the table's columns and keys before each,
    which takes longer than the writing: an import has hundreds of thousands of them."""
    if rows:
        columns, values = ", ".join(rows[0]), ", ".join(f":{column}" for column in rows[0])
        db.conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows)


class Versions:
    """Writes rows that count their changes."""

    def __init__(self, db: Database, audit: Audit) -> None:
        self._db = db
        self._audit = audit

    def write(self, table: str, key: Mapping[str, str | int], row: Mapping[str, object], thing: str) -> None:
        """Insert `row` where its version is 1, else put it in the place of the version before.

        `thing` is what the audit calls it. Raises Conflict, which says who was first, where the stored version is
        another; BadInput where a new row's key is taken.
        """
        if row["version"] == 1:
            try:
                insert(self._db, table, [row])
            except sqlite3.IntegrityError as error:
                if error.sqlite_errorcode not in TAKEN:
                    raise
                raise BadInput(f"{thing} exists already: open that one instead") from error
            return
        columns = ", ".join(f"{column} = :{column}" for column in row)
        same = " AND ".join(f"{column} = :key_{column}" for column in key)
        cursor = self._db.conn.execute(
            f"UPDATE {table} SET {columns} WHERE {same} AND version = :version - 1",
            {**row, **{f"key_{column}": value for column, value in key.items()}},
        )
        if cursor.rowcount == 0:
            raise self.conflict(thing)

    def conflict(self, thing: str) -> Conflict:
        """What the second of two editors is told."""
        return Conflict(f"{thing} {self._first(thing)}; nothing was written: look at it again, then repeat yours")

    def _first(self, thing: str) -> str:
        last = self._audit.last_of(thing)
        if last is None:
            return "was changed by somebody else meanwhile"
        return f"was changed by {last.by} at {last.at:%Y-%m-%d %H:%M} UTC ({last.action}), after you opened it"

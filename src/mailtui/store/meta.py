"""Facts about the installation itself."""

import sqlite3

from sqlite_utils import Database

from mailtui.store.schema import SCHEMA_VERSION


class Meta:
    """A few named values, and what SQLite says of the file."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, key: str) -> str:
        """Empty where it was never set."""
        row = self._db.conn.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        return str(row[0]) if row else ""

    def set(self, key: str, value: str) -> None:
        self._db.table("meta").upsert({"key": key, "value": value}, pk="key")

    @property
    def schema_version(self) -> int:
        return SCHEMA_VERSION

    def integrity(self) -> str:
        """`ok`, or what SQLite found damaged."""
        try:
            damage = [str(row[0]) for row in self._db.conn.execute("PRAGMA integrity_check(5)")]
            foreign = self._db.conn.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            return str(error)
        if damage != ["ok"]:
            return "; ".join(damage)
        return f"{len(foreign)} rows refer to missing ones" if foreign else "ok"

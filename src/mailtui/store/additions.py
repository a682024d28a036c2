"""New addresses and audit rows that are made ready while others go on writing.

They wait in temporary tables, which are this connection's own and on the disk, and are moved over in one go: the
writer's lock is held only meanwhile.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from mailtui.core.addresses import ExternalAddress
from mailtui.core.audit import Author, Head
from mailtui.store.addresses import Addresses
from mailtui.store.audit import Audit, Chain, Change

TABLES: Final = ("addresses", "address_employees", "address_groups", "address_projects", "audit")
"""In the order in which their rows can be moved."""

CACHE: Final = 32 * 1024
"""KiB of pages kept in memory meanwhile: with SQLite's usual 2 MiB a page of an index is written again and again."""

AT_ONCE: Final = 10_000
"""Rows moved by one statement, after which the caller hears of it."""


class Additions:
    """Rows for a company whose newest audit row is the one behind which they belong."""

    def __init__(self, db: Database, addresses: Addresses, audit: Audit, behind: Head) -> None:
        self._db = db
        self._addresses = addresses
        self._audit = audit
        self._first = self._last = addresses.last_id()
        self._chain = Chain(behind)

    def add(
        self, at: datetime, author: Author, addresses: Sequence[ExternalAddress], changes: Iterable[Change]
    ) -> None:
        """Make new addresses ready, and the audit rows of these or other changes, in their order."""
        with self._quickly():
            self._last = self._addresses.insert_new(addresses, self._last, "temp.new_{}")
            self._audit.insert(self._chain.links(at, author, changes), "temp.new_audit")

    def move(self, report: Callable[[int], None] = lambda rows: None) -> None:
        """Put all of it into the company, within the caller's transaction, which has made sure that its newest audit
        row is still the one. `report` hears how many addresses are there."""
        for table in TABLES:
            (count,) = self._db.conn.execute(f"SELECT ifnull(max(rowid), 0) FROM temp.new_{table}").fetchone()
            for start in range(0, count, AT_ONCE):
                sql = f"INSERT INTO main.{table} SELECT * FROM temp.new_{table} WHERE rowid > ? AND rowid <= ?"
                self._db.conn.execute(f"{sql} ORDER BY rowid", [start, start + AT_ONCE])
                if table == "addresses":
                    report(min(start + AT_ONCE, count))
        self._addresses.index_behind(self._first)
        self._audit.note(self._chain.head)

    @contextlib.contextmanager
    def _quickly(self) -> Iterator[None]:
        """In one transaction of the temporary tables alone, which takes no lock that anybody else waits for."""
        self._db.conn.execute("BEGIN")
        try:
            yield
            self._db.conn.execute("COMMIT")
        except BaseException:
            if self._db.conn.in_transaction:
                self._db.conn.execute("ROLLBACK")
            raise


@contextlib.contextmanager
def additions(db: Database, addresses: Addresses, audit: Audit, behind: Head) -> Iterator[Additions]:
    """Temporary tables for as long as it takes."""
    (cache,) = db.conn.execute("PRAGMA cache_size").fetchone()
    db.conn.execute(f"PRAGMA cache_size = -{CACHE}")
    try:
        for table in TABLES:
            db.conn.execute(f"CREATE TEMP TABLE new_{table} AS SELECT * FROM main.{table} WHERE 0")
        yield Additions(db, addresses, audit, behind)
    finally:
        for table in TABLES:
            db.conn.execute(f"DROP TABLE IF EXISTS temp.new_{table}")
        db.conn.execute(f"PRAGMA cache_size = {cache}")

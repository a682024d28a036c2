"""Who changed what and when (+22), each row tied by its hash to the one before."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Final

from sqlite_utils import Database

from mailtui.core.audit import AuditRow, Author, Break, ChainCheck, Head, Link, Snapshot, Wanted, chained
from mailtui.store.database import reading, transaction
from mailtui.store.window import ALL, Listing, Row, Window
from mailtui.store.words import BATCH, Words

HEAD: Final = "audit head"
"""Key in `meta` of the number and the hash of the last row, so that rows missing from the end are noticed."""

READ: Final = 2_000
"""Rows read at a time where all are wanted: no reader stands long in the way of the log's tidying up."""

LINK: Final = 'id, at, "by", login, employee, uid, "action", object, before, after'
"""The columns that a hash covers, in the order of `Link`."""

Change = tuple[str, str, Snapshot | None, Snapshot | None]
"""Action, thing, and what is kept of it before and after."""


class Chain:
    """Rows to come, each with the hash that ties it to the one before."""

    def __init__(self, head: Head) -> None:
        self.head = head
        """The row that is the last by now."""

    def links(self, at: datetime, author: Author, changes: Iterable[Change]) -> Iterator[tuple[object, ...]]:
        """The columns of a row for each change, made as they are asked for: many take no more memory than one."""
        moment, by = at.isoformat(), author.by
        for action, thing, before, after in changes:
            link = Link(
                self.head.number + 1, moment, by, author.login, author.employee, author.uid, action, thing,
                _kept(before), _kept(after),
            )  # fmt: skip
            self.head = Head(link.number, chained(self.head.hash, link))
            yield (*link, self.head.hash)


class Audit:
    """The audit's rows, which are only ever added; newest first."""

    def __init__(self, db: Database) -> None:
        self._db = db
        searched = ("by", "action", "object", "ifnull(before, '')", "ifnull(after, '')")
        self._words = Words(db, "audit", searched)
        self._listing = Listing(
            db, select="*", table="audit", order="id DESC", make=_row, searched=searched, words=self._words, grows=True
        )

    def record(
        self, at: datetime, author: Author, action: str, thing: str, before: Snapshot | None, after: Snapshot | None
    ) -> None:
        """Write one row; the caller's transaction holds the change itself."""
        self.record_many(at, author, [(action, thing, before, after)])

    def record_many(self, at: datetime, author: Author, changes: Iterable[Change]) -> None:
        """Write a row for each, in their order, within the caller's transaction."""
        with transaction(self._db):  # The writer's lock makes one chain of the rows of several processes.
            chain = Chain(self.end())
            before = chain.head.number
            self.insert(chain.links(at, author, changes), "audit")
            self.note(chain.head)
            self._words.keep_up(before, chain.head.number)

    def insert(self, links: Iterable[Sequence[object]], table: str) -> None:
        """Rows of a `Chain`, into the audit or a table that is made like it."""
        marks = ", ".join("?" * (len(Link._fields) + 1))
        self._db.conn.executemany(f"INSERT INTO {table} ({LINK}, hash) VALUES ({marks})", links)

    def note(self, head: Head) -> None:
        """That this row is the newest."""
        self._db.conn.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [HEAD, "{} {}".format(*head)])

    def catch_up(self) -> None:
        """Index for the filter the batches that are not yet, a part at a time: others write in between."""
        more = self.newest_id() - self._words.covered()[0] >= BATCH
        while more:
            with transaction(self._db):
                more = self._words.advance(self.newest_id())

    def rows(self, window: Window, wanted: Wanted | None = None) -> list[AuditRow]:
        """A window whose `matching` is besides the words of `wanted`."""
        return self._listing.rows(_with(window, wanted), *_where(wanted))

    def count(self, matching: str = "", wanted: Wanted | None = None) -> int:
        return self._listing.count(_with(Window(matching=matching), wanted).matching, *_where(wanted))

    def each(self, wanted: Wanted, limit: int = ALL) -> Iterator[AuditRow]:
        """Newest first, a few at a time: memory does not follow their number."""
        where, parameters = _where(wanted)
        before: int | None = None
        while limit:
            size = READ if limit == ALL else min(READ, limit)
            further = [where, *(["id < ?"] if before is not None else [])]
            found = self._listing.rows(
                Window(limit=size, matching=wanted.words),
                " AND ".join(further),
                [*parameters, *([before] if before is not None else [])],
            )
            yield from found
            if len(found) < size:
                return
            before = found[-1].number
            limit = limit if limit == ALL else limit - size

    def newest_id(self) -> int:
        """Number of the newest row, which is another one once anything was changed; 0 where there is none."""
        return int(self._db.conn.execute("SELECT ifnull(max(id), 0) FROM audit").fetchone()[0])

    def last_of(self, thing: str) -> AuditRow | None:
        """The newest row about `thing`: who was first, where two changed it."""
        return self._listing.first("object = ?", [thing])

    def end(self) -> Head:
        """The newest row, behind which the next one belongs."""
        return self.head() or self._last()

    def head(self) -> Head | None:
        """Where the last writer left the chain; None where nothing says so, as before the first row."""
        row = self._db.conn.execute("SELECT value FROM meta WHERE key = ?", [HEAD]).fetchone()
        number, _, hash = str(row[0]).partition(" ") if row else ("", "", "")
        return Head(int(number), hash) if number.isdecimal() else None

    def examined(self, noted: str = "", most: int = 5) -> tuple[Head, list[Break]]:
        """Where the chain ends, and the first places, at most `most`, at which it does not hold. `noted`: a hash that
        was written down elsewhere and must be in it. Reads every row; memory does not follow their number."""
        check = ChainCheck(noted)
        with reading(self._db):
            found = list(islice(chain(check.follow(self._kept_rows()), self._end(check)), most))
        return check.last, found

    def _end(self, check: ChainCheck) -> Iterator[Break]:
        yield from check.end(self.head())

    def _kept_rows(self) -> Iterator[tuple[Link, str]]:
        """Every row as it is kept, with its hash, the oldest first."""
        after = -1 << 63
        sql = f"SELECT {LINK}, hash FROM audit WHERE id > ? ORDER BY id LIMIT {READ}"
        while found := self._db.conn.execute(sql, [after]).fetchall():
            for *kept, hash in found:
                yield Link(*kept), hash
            after = found[-1][0]

    def _last(self) -> Head:
        """Of the rows themselves: where the note of the head was taken away, the check says so, and writing goes on."""
        row = self._db.conn.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
        return Head(*row) if row else Head()


def _with(window: Window, wanted: Wanted | None) -> Window:
    words = wanted.words if wanted is not None else ""
    return window.model_copy(update={"matching": f"{window.matching} {words}".strip()})


def _where(wanted: Wanted | None) -> tuple[str, list[object]]:
    conditions, parameters = ["1"], list[object]()
    if wanted is None:
        return "1", parameters
    if wanted.by:
        conditions.append("(login = ? COLLATE NOCASE OR employee = ? COLLATE NOCASE)")
        parameters += [wanted.by, wanted.by]
    if wanted.object:
        conditions.append("instr(lower(' ' || object), ?) > 0")  # At the beginning of a word of it.
        parameters.append(f" {wanted.object.lower()}")
    for sign, at in ((">=", wanted.since), ("<", wanted.until)):
        if at is not None:
            conditions.append(f"at {sign} ?")
            parameters.append(at.isoformat())
    return " AND ".join(conditions), parameters


def _kept(snapshot: Snapshot | None) -> str | None:
    return None if snapshot is None else json.dumps(dict(snapshot), ensure_ascii=False)


def _row(row: Row) -> AuditRow:
    snapshots = {name: row[name] and json.loads(row[name]) for name in ("before", "after")}
    return AuditRow(
        at=row["at"], by=row["by"], action=row["action"], object=row["object"], **snapshots,
        employee=row["employee"], login=row["login"], uid=row["uid"], number=row["id"], hash=row["hash"],
    )  # fmt: skip

"""Who changed what and when (+22)."""

import json
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue
from sqlite_utils import Database

from mailtui.core.frozen import Frozen
from mailtui.store.window import Listing, Row, Window

Snapshot = Mapping[str, JsonValue]
"""The fields of a thing, as JSON values; never a secret."""


class AuditRow(Frozen):
    """One change."""

    at: datetime
    by: str
    """The login, or `LOGIN as OTHER`."""
    action: str
    object: str
    before: dict[str, JsonValue] | None = None
    after: dict[str, JsonValue] | None = None


class Audit:
    """The audit's rows, which are only ever added; newest first."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._listing = Listing(
            db, select="*", table="audit", order="id DESC", make=_row,
            searched=("by", "action", "object", "ifnull(before, '')", "ifnull(after, '')"),
        )  # fmt: skip

    def record(
        self, at: datetime, by: str, action: str, thing: str, before: Snapshot | None, after: Snapshot | None
    ) -> None:
        """Write one row; the caller's transaction holds the change itself."""
        row: Row = {"at": at.isoformat(), "by": by, "action": action, "object": thing}
        for name, snapshot in (("before", before), ("after", after)):
            row[name] = json.dumps(dict(snapshot), ensure_ascii=False) if snapshot is not None else None
        self._db.table("audit").insert(row)

    def rows(self, window: Window) -> list[AuditRow]:
        return self._listing.rows(window)

    def count(self, matching: str = "") -> int:
        return self._listing.count(matching)

    def newest_id(self) -> int:
        """Number of the newest row, which is another one once anything was changed; 0 where there is none."""
        return int(self._db.conn.execute("SELECT ifnull(max(id), 0) FROM audit").fetchone()[0])

    def last_of(self, thing: str) -> AuditRow | None:
        """The newest row about `thing`: who was first, where two changed it."""
        return self._listing.first("object = ?", [thing])


def _row(row: Row) -> AuditRow:
    snapshots = {name: row[name] and json.loads(row[name]) for name in ("before", "after")}
    return AuditRow(at=row["at"], by=row["by"], action=row["action"], object=row["object"], **snapshots)

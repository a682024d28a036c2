"""Messages that were accepted for sending, their deliveries, and every attempt."""

from datetime import datetime

from sqlite_utils import Database

from mailtui.core.deliveries import Attempt, Delivery, DeliveryState
from mailtui.store.window import Listing, Row, Window

LAST_ATTEMPT = "(SELECT max(id) FROM attempts x WHERE x.delivery = d.id)"


class Deliveries:
    """The deliveries, newest first."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._listing = Listing(
            db, make=_delivery, order="d.id DESC",
            table=f"deliveries d LEFT JOIN attempts t ON t.id = {LAST_ATTEMPT}",
            select="d.*, t.at, t.ok, t.step, t.code, t.enhanced, t.reply, t.reason, t.retry",
            searched=("d.recipient", "d.sender", "d.subject", "d.by", "d.project", "d.state", "ifnull(t.reason, '')"),
        )  # fmt: skip

    def accept(self, delivery: Delivery, octets: bytes) -> Delivery:
        """Store a new delivery with its message, RFC 5322 octets with CRLF."""
        row = delivery.model_dump(mode="json", exclude={"id", "to", "last"})
        for field in ("created_at", "next_attempt_at"):
            row[field] = (at := getattr(delivery, field)) and at.isoformat()
        id = int(self._db.table("deliveries").insert({**row, "recipient": delivery.to}).last_rowid or 0)
        self._db.table("messages").insert({"delivery": id, "octets": octets})
        return delivery.model_copy(update={"id": id})

    def record(self, delivery: Delivery, attempt: Attempt) -> None:
        """Write the delivery as the attempt left it, and the attempt."""
        due = delivery.next_attempt_at
        self._db.table("deliveries").update(delivery.id, {
            "state": delivery.state.value, "attempts": delivery.attempts,
            "next_attempt_at": due and due.isoformat(), "lease": None, "lease_until": None,
        })  # fmt: skip
        row = attempt.model_dump(mode="json")
        self._db.table("attempts").insert(
            {"delivery": delivery.id, **row, "ok": int(attempt.ok), "at": attempt.at.isoformat()}
        )

    def rows(
        self, window: Window, *, project: str | None = None, state: DeliveryState | None = None, by: str | None = None
    ) -> list[Delivery]:
        return self._listing.rows(window, *_where(project, state, by))

    def count(
        self,
        matching: str = "",
        *,
        project: str | None = None,
        state: DeliveryState | None = None,
        by: str | None = None,
    ) -> int:
        return self._listing.count(matching, *_where(project, state, by))

    def get(self, id: int) -> Delivery | None:
        return self._listing.first("d.id = ?", [id])

    def attempts(self, id: int) -> list[Attempt]:
        """Every attempt of one delivery, oldest first."""
        sql = "SELECT at, ok, step, code, enhanced, reply, reason, retry FROM attempts WHERE delivery = ? ORDER BY id"
        return [Attempt(**row) for row in self._db.query(sql, [id])]

    def octets(self, id: int) -> bytes:
        """The message of a delivery as it is handed to the server; empty where it was purged."""
        row = self._db.conn.execute("SELECT octets FROM messages WHERE delivery = ?", [id]).fetchone()
        return row[0] if row else b""

    def failed_since(self, since: datetime) -> int:
        where = "d.state = ? AND d.created_at >= ?"
        return self._listing.count("", where, [DeliveryState.FAILED.value, since.isoformat()])


def _where(project: str | None, state: DeliveryState | None, by: str | None) -> tuple[str, list[str]]:
    wanted = {"d.project": project, "d.state": state and state.value, "d.by": by}
    given = {column: value for column, value in wanted.items() if value is not None}
    return " AND ".join(["1", *(f"{column} = ?" for column in given)]), list(given.values())


def _delivery(row: Row) -> Delivery:
    last = None
    if row["at"] is not None:
        last = Attempt(**{name: row[name] for name in Attempt.model_fields})
    fields = {name: row[name] for name in Delivery.model_fields if name not in {"to", "last"}}
    return Delivery(**fields, to=row["recipient"], last=last)

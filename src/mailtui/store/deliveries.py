"""Messages that were accepted for sending, their deliveries, and every attempt."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from mailtui.core.addresses import address_key
from mailtui.core.deliveries import Attempt, Delivery, DeliveryState
from mailtui.store.window import Listing, Row, Window
from mailtui.store.words import Words

LAST_ATTEMPT = "(SELECT max(id) FROM attempts x WHERE x.delivery = d.id)"

PURGEABLE = """FROM messages m CROSS JOIN deliveries d ON d.id = m.delivery
    WHERE d.state NOT IN ('queued', 'sending', 'deferred') AND d.created_at <= ?"""
"""Messages whose deliveries are over and were accepted before a time. Of all deliveries most have none any more, and so
the messages are gone through (CROSS JOIN)."""


class Deliveries:
    """The deliveries, newest first."""

    def __init__(self, db: Database) -> None:
        self._db = db
        made_with = ("recipient", "sender", "subject", "by", "project")
        self._words = Words(db, "deliveries", made_with, {"state": "1", "reason": "reason <> ''"})
        self._listing = Listing(
            db, make=_delivery, order="d.id DESC", grows=True, words=self._words, table="deliveries d",
            joined=f"LEFT JOIN attempts t ON t.id = {LAST_ATTEMPT}",
            select="d.*, t.at, t.ok, t.step, t.code, t.enhanced, t.reply, t.reason, t.retry",
            searched=[f"d.{column}" for column in (*made_with, "state", "reason")],
        )  # fmt: skip

    def accept(self, delivery: Delivery, octets: bytes) -> Delivery:
        """Store a new delivery with its message, RFC 5322 octets with CRLF."""
        due = delivery.next_attempt_at
        row = {
            **delivery.model_dump(exclude={"id", "to", "last", "state"}),
            "state": delivery.state.value,
            "recipient": delivery.to,
            "recipient_key": address_key(delivery.to),
            "created_at": delivery.created_at.isoformat(),
            "next_attempt_at": due and due.isoformat(),
        }
        sql = f"INSERT INTO deliveries ({', '.join(row)}) VALUES ({', '.join(f':{column}' for column in row)})"
        id = int(self._db.conn.execute(sql, row).lastrowid or 0)
        self._db.conn.execute("INSERT INTO messages (delivery, octets) VALUES (?, ?)", [id, octets])
        self._words.keep_up(id - 1, id)
        return delivery.model_copy(update={"id": id})

    def record(self, delivery: Delivery, attempt: Attempt | None, holder: str | None = None) -> None:
        """Write the delivery as the attempt left it, and the attempt; None where there was none.

        With a `holder` the delivery is written only while it is under that holder's lease, except that a message which
        the server has taken is sent whoever holds it now.
        """
        due, sent = delivery.next_attempt_at, delivery.state is DeliveryState.SENT
        reason = attempt and attempt.reason
        written = self._db.conn.execute(
            """UPDATE deliveries SET state = :state, attempts = :attempts, next_attempt_at = :due, note = :note,
                reason = ifnull(:reason, reason), sent_at = :sent_at,
                lease = NULL, lease_boot = NULL, lease_from = NULL, lease_until = NULL
                WHERE id = :id AND (:holder IS NULL OR lease = :holder OR :sent)""",
            {
                "id": delivery.id, "state": delivery.state.value, "attempts": delivery.attempts, "note": delivery.note,
                "due": due and due.isoformat(), "sent": sent, "holder": holder, "reason": reason,
                "sent_at": attempt.at.isoformat() if sent and attempt else None,
            },
        )  # fmt: skip
        if attempt is not None:
            if written.rowcount == 0:  # Under somebody else's lease by now; the attempt was made all the same.
                self._db.conn.execute("UPDATE deliveries SET reason = ? WHERE id = ?", [reason, delivery.id])
            self._db.conn.execute(
                "INSERT INTO attempts (delivery, at, ok, step, code, enhanced, reply, reason, retry)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    delivery.id, attempt.at.isoformat(), attempt.ok, attempt.step, attempt.code, attempt.enhanced,
                    attempt.reply, attempt.reason, attempt.retry,
                ],
            )  # fmt: skip

    def purge(self, before: datetime, most: int) -> int:
        """Throw away the messages of up to `most` deliveries that were accepted before then and are over; returns how
        many they were. The deliveries stay."""
        sql = f"DELETE FROM messages WHERE delivery IN (SELECT d.id {PURGEABLE} LIMIT ?)"
        return self._db.conn.execute(sql, [before.isoformat(), most]).rowcount

    def purgeable(self, before: datetime) -> tuple[int, datetime | None]:
        """How many messages `purge` would throw away in all, and when the oldest of them was accepted."""
        sql = f"SELECT count(*), min(d.created_at) {PURGEABLE}"
        number, oldest = self._db.conn.execute(sql, [before.isoformat()]).fetchone()
        return int(number), datetime.fromisoformat(oldest) if oldest else None

    def rows(
        self,
        window: Window,
        *,
        project: str | None = None,
        state: DeliveryState | None = None,
        by: str | None = None,
        reason: str | None = None,
    ) -> list[Delivery]:
        """`reason` is that of the last attempt."""
        return self._listing.rows(window, *_where(project, state, by, reason))

    def count(
        self,
        matching: str = "",
        *,
        project: str | None = None,
        state: DeliveryState | None = None,
        by: str | None = None,
        reason: str | None = None,
    ) -> int:
        if state is DeliveryState.SENT and not (matching.split() or project or by or reason):
            # By far the most: the others are sooner counted.
            return self.count() - sum(self.count(state=other) for other in DeliveryState if other is not state)
        return self._listing.count(matching, *_where(project, state, by, reason))

    def waiting(self, of: Literal["by", "project", "sender"], keys: Collection[str]) -> int:
        """How many messages wait that are by these employees, from these projects or from these addresses."""
        sql = f"""SELECT count(*) FROM deliveries INDEXED BY deliveries_by_state
            WHERE state IN ('queued', 'deferred') AND {of} IN (SELECT value FROM json_each(?))"""
        return int(self._db.conn.execute(sql, [json.dumps(sorted(keys))]).fetchone()[0])

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

    def failed_since(self, since: datetime, *, by: str | None = None) -> int:
        where, parameters = _where(None, None, by)
        # The planner takes the index of the states for the better one, which has all that ever failed.
        sql = f"""SELECT count(*) FROM deliveries d INDEXED BY deliveries_failed
            WHERE {where} AND d.state = 'failed' AND d.created_at >= ?"""
        return int(self._db.conn.execute(sql, [*parameters, since.isoformat()]).fetchone()[0])

    def reasons_since(self, since: datetime) -> dict[str, int]:
        """How many attempts failed for each reason since then."""
        sql = "SELECT reason, count(*) FROM attempts WHERE at >= ? AND reason <> '' GROUP BY reason"
        return {str(reason): int(number) for reason, number in self._db.conn.execute(sql, [since.isoformat()])}

    def changes_elsewhere(self) -> int:
        """A number that is another one once a different connection has written to the database; costs no read of it
        (PRAGMA data_version)."""
        return int(self._db.conn.execute("PRAGMA data_version").fetchone()[0])


def _where(
    project: str | None, state: DeliveryState | None, by: str | None, reason: str | None = None
) -> tuple[str, list[str]]:
    # An index of a part of the rows is used only where the condition of that part stands here too, word for word.
    known = "d.reason <> '' AND d.reason"
    wanted = {"d.project": project, "d.state": state and state.value, "d.by": by, known: reason}
    given = {column: value for column, value in wanted.items() if value is not None}
    return " AND ".join(f"{column} = ?" for column in given) or "1", list(given.values())


def delivery_of(row: Row) -> Delivery:
    """A delivery out of its row alone, without its last attempt."""
    fields = {name: row[name] for name in Delivery.model_fields if name not in {"to", "last"}}
    return Delivery(**fields, to=row["recipient"])


def _delivery(row: Row) -> Delivery:
    if row["at"] is None:
        return delivery_of(row)
    last = Attempt(**{name: row[name] for name in Attempt.model_fields})
    return delivery_of(row).model_copy(update={"last": last})

"""What is due, and who is sending it: deliveries under leases (decision 6).

Every method that writes belongs into the caller's transaction.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from mailtui.core.addresses import address_key
from mailtui.core.deliveries import USUAL, Delivery, DeliveryState, RetryTimetable
from mailtui.core.leases import Lease, Tick
from mailtui.core.recipient_limit import RecipientLimit, limit_note, waits_until
from mailtui.store.deliveries import delivery_of

WAITING: Final = "state IN ('queued', 'deferred')"

OTHERS_MAY: Final = "(lease_boot = :boot AND lease_from <= :seconds AND :seconds < lease_until) IS NOT TRUE"
"""`Lease.holds` does not hold."""

BACK: Final = """state = iif(attempts, 'deferred', 'queued'), next_attempt_at = :now, lease = NULL, lease_boot = NULL,
    lease_from = NULL, lease_until = NULL"""
"""To where it was before it was claimed; due, since it was."""

# One step of an index for each sender, however many deliveries of his wait. The planner has to be told which index.
SENDERS: Final = f"""WITH RECURSIVE senders(sender) AS (
    SELECT min(sender) FROM deliveries INDEXED BY deliveries_due WHERE {WAITING}
    UNION ALL
    SELECT (SELECT min(d.sender) FROM deliveries d INDEXED BY deliveries_due
            WHERE d.{WAITING} AND d.sender > senders.sender)
        FROM senders WHERE sender IS NOT NULL)
    SELECT sender FROM senders s WHERE sender IS NOT NULL"""

MANY: Final = 1_000
"""Rows that one statement changes at most, so that nobody waits for a transaction long."""


class Outbox:
    """The deliveries as a queue."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def senders_due(self, now: datetime, timetable: RetryTimetable = USUAL) -> list[str]:
        """The addresses of which something can be sent now."""
        due = f"SELECT 1 FROM deliveries d WHERE d.{WAITING} AND d.sender = s.sender AND d.next_attempt_at"
        sql = f"{SENDERS} AND (EXISTS ({due} <= :now) OR EXISTS ({due} > :beyond))"
        return [sender for (sender,) in self._db.conn.execute(sql, _times(now, timetable))]

    def senders_held(self) -> list[tuple[str, datetime]]:
        """The addresses for whose accounts deliveries wait, each with the time of the oldest."""
        held = f"SELECT created_at FROM deliveries d WHERE d.{WAITING} AND d.sender = s.sender"
        sql = SENDERS.replace("SELECT sender FROM senders s", f"""SELECT sender,
            ({held} AND d.next_attempt_at IS NULL ORDER BY d.id LIMIT 1) FROM senders s""")  # fmt: skip
        found = self._db.conn.execute(sql)
        return [(sender, datetime.fromisoformat(oldest)) for sender, oldest in found if oldest is not None]

    def claim(
        self,
        lease: Lease,
        sender: str,
        now: datetime,
        most: int,
        limit: RecipientLimit,
        timetable: RetryTimetable = USUAL,
    ) -> tuple[list[Delivery], list[Delivery]]:
        """Take up to `most` deliveries that are due: those under the lease now, and those that wait for the limit."""
        return self.lease_out(lease, self._due(sender, now, most, timetable), now, limit)

    def lease_out(
        self, lease: Lease, deliveries: Iterable[Delivery], now: datetime, limit: RecipientLimit
    ) -> tuple[list[Delivery], list[Delivery]]:
        """Those of the deliveries that are under the lease now, and those that wait for the limit (P14)."""
        taken, waiting = list[Delivery](), list[Delivery]()
        put_before = Counter[str]()
        for delivery in deliveries:
            key = address_key(delivery.to)
            sent, under_way = self._lately(key, now, limit)
            until = waits_until(limit, sent, under_way + put_before[key], now)
            if until is None:
                self._take(lease, delivery)
                taken.append(delivery.model_copy(update={"state": DeliveryState.SENDING}))
                continue
            put_before[key] += 1
            state, note = DeliveryState.DEFERRED, limit_note(limit, delivery.to, until)
            self._change(delivery.id, state, until, note)
            waiting.append(delivery.model_copy(update={"state": state, "next_attempt_at": until, "note": note}))
        return taken, waiting

    def renew(self, lease: Lease) -> None:
        """Put the new times of a lease on everything that its holder has."""
        self._db.conn.execute(
            "UPDATE deliveries SET lease_boot = ?, lease_from = ?, lease_until = ?"
            " WHERE state = 'sending' AND lease = ?",
            [lease.taken.boot, lease.taken.seconds, lease.until, lease.holder],
        )

    def give_back(self, holder: str, now: datetime) -> None:
        """Everything that the holder has not come to; it is due for whoever comes first."""
        sql = f"UPDATE deliveries SET {BACK} WHERE state = 'sending' AND lease = :holder"
        self._db.conn.execute(sql, {"now": now.isoformat(), "holder": holder})

    def abandoned(self, tick: Tick) -> bool:
        """Whether a lease has run out, and so whoever held it has ended or hangs."""
        sql = f"SELECT 1 FROM deliveries WHERE state = 'sending' AND {OTHERS_MAY} LIMIT 1"
        return self._db.conn.execute(sql, tick.model_dump()).fetchone() is not None

    def take_back(self, tick: Tick, now: datetime) -> None:
        """Give back what is under leases that have run out."""
        sql = f"UPDATE deliveries SET {BACK} WHERE state = 'sending' AND {OTHERS_MAY}"
        self._db.conn.execute(sql, {"now": now.isoformat(), **tick.model_dump()})

    def put_off(
        self, sender: str, now: datetime, until: datetime | None, note: str, timetable: RetryTimetable = USUAL
    ) -> int:
        """Let what is due of a sender wait until then, or all that waits, where `until` is None, for its account. At
        most `MANY` at a time, and none that is too old to wait any more; returns how many they were."""
        which = "next_attempt_at IS NOT NULL" if until is None else "next_attempt_at <= :now"
        sql = f"""UPDATE deliveries SET state = 'deferred', next_attempt_at = :until, note = :note
            WHERE id IN (SELECT id FROM deliveries WHERE {WAITING} AND sender = :sender AND {which}
                AND created_at >= :oldest LIMIT {MANY})"""
        given = {"sender": sender, "note": note, "until": until and until.isoformat()}
        return self._db.conn.execute(sql, {**given, **_times(now, timetable)}).rowcount

    def release(self, sender: str, now: datetime, timetable: RetryTimetable = USUAL, *, too_old_only: bool) -> None:
        """What waited for the sender's account is due, `MANY` at a time."""
        sql = f"""UPDATE deliveries SET next_attempt_at = :now, note = '' WHERE id IN (SELECT id FROM deliveries
            WHERE {WAITING} AND sender = :sender AND next_attempt_at IS NULL
                AND (created_at < :oldest OR NOT :too_old_only) LIMIT {MANY})"""
        self._db.conn.execute(sql, {"sender": sender, "too_old_only": too_old_only, **_times(now, timetable)})

    def restate(self, delivery: Delivery, allowed: Sequence[DeliveryState]) -> bool:
        """Write state, time and note by hand, if the delivery still is in one of the allowed states."""
        states = ", ".join(f"'{state.value}'" for state in allowed)
        return self._change(
            delivery.id, delivery.state, delivery.next_attempt_at, delivery.note, f"state IN ({states})"
        )

    def _due(self, sender: str, now: datetime, most: int, timetable: RetryTimetable) -> Iterator[Delivery]:
        for when in ("next_attempt_at <= :now", "next_attempt_at > :beyond"):
            sql = f"""SELECT * FROM deliveries WHERE {WAITING} AND sender = :sender AND {when}
                ORDER BY next_attempt_at, id LIMIT :most"""
            found = list(self._db.query(sql, {"sender": sender, "most": most, **_times(now, timetable)}))
            yield from map(delivery_of, found)
            most -= len(found)

    def _lately(self, key: str, now: datetime, limit: RecipientLimit) -> tuple[list[datetime], int]:
        """When the recipient was sent something within the limit's time, and how much is under way to him."""
        if limit.messages == 0:
            return [], 0
        sent = self._db.conn.execute(
            "SELECT sent_at FROM deliveries WHERE recipient_key = ? AND sent_at > ? AND sent_at <= ? ORDER BY sent_at",
            [key, (now - limit.within).isoformat(), now.isoformat()],
        )
        under_way = self._db.conn.execute(
            "SELECT count(*) FROM deliveries WHERE state = 'sending' AND recipient_key = ?", [key]
        )
        return [datetime.fromisoformat(at) for (at,) in sent], int(under_way.fetchone()[0])

    def _take(self, lease: Lease, delivery: Delivery) -> None:
        self._db.conn.execute(
            "UPDATE deliveries SET state = 'sending', next_attempt_at = NULL, note = '', lease = ?, lease_boot = ?,"
            " lease_from = ?, lease_until = ? WHERE id = ?",
            [lease.holder, lease.taken.boot, lease.taken.seconds, lease.until, delivery.id],
        )

    def _change(self, id: int, state: DeliveryState, due: datetime | None, note: str, where: str = "1") -> bool:
        sql = f"UPDATE deliveries SET state = ?, next_attempt_at = ?, note = ? WHERE id = ? AND {where}"
        return self._db.conn.execute(sql, [state.value, due and due.isoformat(), note, id]).rowcount == 1


def _times(now: datetime, timetable: RetryTimetable) -> dict[str, str]:
    moments = {"now": now, "beyond": now + timetable.longest_wait, "oldest": now - timetable.give_up_after}
    return {name: moment.isoformat() for name, moment in moments.items()}

"""Messages on their way: a delivery is one message to one contact, with its state and what the server said."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from mailtui.core.account_test import Step
from mailtui.core.frozen import Frozen
from mailtui.core.reasons import Retry

FIRST_RETRIES: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
"""Waits after the first attempts that failed for a passing reason."""

LATER_RETRY: Final = timedelta(hours=4)
"""Wait after each later one."""

GIVE_UP_AFTER: Final = timedelta(days=5)
"""Age at which a delivery is not tried again: RFC 5321 section 4.5.4.1 asks for at least four to five days."""

LONGEST_WAIT: Final = timedelta(hours=5)
"""Longer than any wait for the limit of one recipient."""

JITTER: Final = 0.1
"""The part of a wait by which it is lengthened at most, so that what failed together is not retried together."""


class RetryTimetable(Frozen):
    """When what failed for a passing reason is tried again, and until when (decision 6)."""

    first: tuple[timedelta, ...] = FIRST_RETRIES
    then_every: timedelta = LATER_RETRY
    give_up_after: timedelta = GIVE_UP_AFTER

    def wait(self, attempts: int) -> timedelta:
        """The wait after so many attempts that failed."""
        return self.first[attempts - 1] if attempts <= len(self.first) else self.then_every

    @property
    def longest_wait(self) -> timedelta:
        """No time for another try lies further off; one that does is of a clock that was set back since, and counts as
        now."""
        return max(LONGEST_WAIT, max((*self.first, self.then_every)) * (1 + 2 * JITTER))

    @property
    def given_up(self) -> str:
        """The note of a delivery that grew too old; the words are those of its last attempt."""
        days = self.give_up_after / timedelta(days=1)
        return f"given up after {days:.3g} {'day' if days == 1 else 'days'}"


USUAL: Final = RetryTimetable()
"""The timetable where the configuration has no other."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Attempt(Frozen):
    """One try to hand a message to the server, and how it ended."""

    at: datetime
    """UTC."""
    ok: bool
    step: Step | None = None
    """The step that failed; None where the server took the message."""
    code: int | None = None
    enhanced: str = ""
    reply: str = ""
    """The server's words, safe for a terminal."""
    reason: str = ""
    retry: Retry | None = None
    """What the reason says of another try; None where the server took the message."""


class Delivery(Frozen):
    """One message to one contact."""

    id: int = 0
    """Number of the stored row; 0 before it is stored."""
    message_id: str
    """The Message-ID field, angle brackets included: the same at every attempt."""
    project: str
    """Key of the project that it was sent from."""
    sender: str
    """The external address."""
    to: str
    by: str
    """Login of the employee who sends it."""
    subject: str
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    created_at: datetime
    next_attempt_at: datetime | None = None
    last: Attempt | None = None
    """The last attempt, with the server's words."""
    note: str = ""
    """Why it waits, in one line that is safe for a terminal; empty where the last attempt says all."""


def next_attempt_at(
    created_at: datetime, attempts: int, now: datetime, jitter: float, timetable: RetryTimetable = USUAL
) -> datetime | None:
    """When a delivery that failed `attempts` times for a passing reason is tried again; None when it has grown too old.

    `jitter` between 0 and 1 says how much of `JITTER` the wait is lengthened by.
    """
    due = now + timetable.wait(attempts) * (1 + jitter * JITTER)
    return due if due - created_at <= timetable.give_up_after else None


def too_old(delivery: Delivery, now: datetime, timetable: RetryTimetable = USUAL) -> bool:
    """Whether it has waited so long that nobody should be kept waiting any more."""
    return now - delivery.created_at > timetable.give_up_after


def after_attempt(delivery: Delivery, attempt: Attempt, jitter: float, timetable: RetryTimetable = USUAL) -> Delivery:
    """The delivery as the attempt leaves it (+19): sent; deferred where another try may help, and without a time where
    it waits until the account works again; else failed."""
    tried = delivery.model_copy(
        update={"attempts": delivery.attempts + 1, "last": attempt, "next_attempt_at": None, "note": ""}
    )
    if attempt.ok:
        return tried.model_copy(update={"state": DeliveryState.SENT})
    if attempt.retry is Retry.ACCOUNT and not too_old(delivery, attempt.at, timetable):
        return tried.model_copy(update={"state": DeliveryState.DEFERRED, "note": account_note(delivery.sender)})
    if attempt.retry is Retry.TEMPORARY:
        due = next_attempt_at(delivery.created_at, tried.attempts, attempt.at, jitter, timetable)
        if due is not None:
            return tried.model_copy(update={"state": DeliveryState.DEFERRED, "next_attempt_at": due})
    note = timetable.given_up if attempt.retry in (Retry.TEMPORARY, Retry.ACCOUNT) else ""
    return tried.model_copy(update={"state": DeliveryState.FAILED, "note": note})


def account_note(sender: str, why: str = "") -> str:
    """Why a delivery waits for its account (+20)."""
    return f"waits until the account of {sender} passes its test{': ' if why else ''}{why}"

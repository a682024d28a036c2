"""What one worker holds: a lease that is kept alive, and outcomes that are about to be committed (decision 6)."""

import asyncio
import os
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, TypeVar

from mailtui.core.addresses import LastTest
from mailtui.core.deliveries import Attempt, Delivery, after_attempt
from mailtui.core.errors import MailtuiError, TryAgain
from mailtui.core.leases import Lease
from mailtui.core.reasons import Retry
from mailtui.operations.context import Context
from mailtui.operations.host_clock import HostClock, host_tick
from mailtui.operations.test_account import record_test

T = TypeVar("T")

RENEWALS: Final = 4
"""Within the time of one lease, so that a busy moment does not end it."""


LONGEST_GROUP: Final = 0.02
"""Seconds that an outcome waits at most to be committed together with others. What a crash can make arrive twice was
taken within them."""

WORK_TO_COMMIT: Final = 7
"""So many times longer than the last commit took the next one waits: where messages come faster than the disk writes,
an eighth of the time goes to it, and otherwise each outcome is committed at once."""


class Lapsed(TryAgain):
    """The lease ran out before it was renewed; what was held is anybody's."""


class Holding:
    """The deliveries of one worker, and what became of them."""

    def __init__(self, context: Context, clock: HostClock) -> None:
        self._context = context
        self._clock = clock
        self._seconds = context.configuration.sending.lease_seconds
        self._unwritten: list[tuple[Delivery, Attempt | None]] = []
        self._something_unwritten = asyncio.Event()
        self._next_commit = 0.0
        self.lease = Lease(holder=f"{os.getpid()}-{secrets.token_hex(8)}", taken=clock(), seconds=self._seconds)

    def check(self) -> None:
        """Raises Lapsed where somebody else may have taken what we hold: after a long stop of the process."""
        if not self.lease.holds(self._clock()):
            raise Lapsed("this process stood still for longer than its lease: others may send in its place; try again")

    def renew(self) -> None:
        """Raises Lapsed."""
        self.check()
        self.lease = self.lease.model_copy(update={"taken": self._clock()})
        with self._context.store.transaction():
            self._context.store.outbox.renew(self.lease)

    def keep(self, delivery: Delivery, attempt: Attempt) -> Delivery:
        """The delivery as the attempt leaves it; committed at once, or soon together with others."""
        jitter = random.random()  # noqa: S311 - spreads retries, and guards nothing
        after = after_attempt(delivery, attempt, jitter, self._context.configuration.sending.timetable)
        self.settle(after, attempt)
        return after

    def settle(self, delivery: Delivery, attempt: Attempt | None) -> None:
        """Commit the delivery as it is now, at once or soon."""
        self._unwritten.append((delivery, attempt))
        self._something_unwritten.set()
        account = attempt is not None and attempt.retry is Retry.ACCOUNT
        if account or time.monotonic() >= self._next_commit:
            self.commit()

    def commit(self) -> None:
        """Write all outcomes. Raises TryAgain and CannotCreate; they are kept then, to be written later."""
        if self._unwritten:
            self.commit_with(lambda: None)

    def commit_with(self, work: Callable[[], T]) -> T:
        """The same, and `work` in the same transaction; returns what that does."""
        began = time.monotonic()
        with self._context.store.transaction():
            for delivery, attempt in self._unwritten:
                self._context.store.deliveries.record(delivery, attempt, self.lease.holder)
                if attempt is not None and attempt.retry is Retry.ACCOUNT:
                    _mark_failing(self._context, delivery, attempt)
            result = work()
        self._unwritten.clear()
        self._something_unwritten.clear()
        ended = time.monotonic()
        self._next_commit = ended + min(LONGEST_GROUP, (ended - began) * WORK_TO_COMMIT)
        return result

    def end(self) -> None:
        """Write what is left, and give back what was not come to."""
        with suppress(TryAgain):
            self.commit()
        self.commit()
        with self._context.store.transaction():
            self._context.store.outbox.give_back(self.lease.holder, self._context.clock())

    async def go_on(self) -> None:
        """Renews the lease and commits what waits, until it is cancelled."""
        renewed = self._clock().seconds
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds / RENEWALS):
                    await self._something_unwritten.wait()
                    await asyncio.sleep(LONGEST_GROUP)
            if time.monotonic() >= self._next_commit:
                self.commit()
            if self._clock().seconds - renewed >= self._seconds / RENEWALS:
                self.renew()
                renewed = self._clock().seconds


@asynccontextmanager
async def holding(context: Context, clock: HostClock = host_tick) -> AsyncIterator[Holding]:
    """A lease for as long as it is needed; what was not sent by then is anybody's again.

    Raises TryAgain where another process holds the database too long, CannotCreate where it cannot be written: whoever
    works under the lease is ended then.
    """
    held = Holding(context, clock)
    try:
        async with asyncio.TaskGroup() as tasks:
            going_on = tasks.create_task(held.go_on())
            try:
                yield held
            finally:
                going_on.cancel()
    except BaseExceptionGroup as group:
        raise first_error(group) from None
    finally:
        held.end()


def first_error(error: BaseException) -> BaseException:
    """What ended a group of tasks; an error that a person can act upon before any other."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    every = [first_error(inner) for inner in error.exceptions]
    return next((one for one in every if isinstance(one, MailtuiError)), every[0])


def _mark_failing(context: Context, delivery: Delivery, attempt: Attempt) -> None:
    """An outcome that the account is to blame for takes the address out of every offer (+20)."""
    sender = context.store.addresses.get(delivery.sender)
    if sender is not None:
        failing = LastTest(
            fingerprint=sender.fingerprint, ok=False, at=attempt.at,
            step=attempt.step or "", reason=attempt.reason, reply=attempt.reply,
        )  # fmt: skip
        record_test(context, sender, failing)

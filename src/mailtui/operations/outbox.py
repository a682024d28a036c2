"""The worker that sends what is due: from several accounts at once, each message under a lease (decision 6)."""

import asyncio
import contextlib
from collections import Counter, deque
from datetime import datetime
from typing import Final

from mailtui.core.addresses import AddressState, ExternalAddress, LastTest
from mailtui.core.deliveries import Delivery, DeliveryState, RetryTimetable, account_note
from mailtui.core.errors import MailtuiError, Misconfigured, TryAgain
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean
from mailtui.operations.attempts import Attempts
from mailtui.operations.context import Context
from mailtui.operations.holding import Holding, Lapsed, holding
from mailtui.operations.host_clock import HostClock, host_tick
from mailtui.operations.test_account import record_test, stored_secret
from mailtui.store.outbox import MANY

BATCH: Final = 50
"""Deliveries claimed at once: few, so that memory stays flat and other workers find something to do."""

LOOK_EVERY: Final = 0.1
"""Seconds between two looks for what is due."""

TIDY_EVERY: Final = 1.0
"""Seconds between two looks for what other workers left behind, and for accounts that work again."""

LATER: Final = 5.0
"""Seconds until a worker within the screens tries again what stood in its way: a locked vault, a busy database."""


class Tally(Frozen):
    """What became of the deliveries that a worker tried; one that was tried twice counts twice."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0


async def run_outbox(
    context: Context,
    stop: asyncio.Event,
    *,
    once: bool = False,
    connections: int | None = None,
    clock: HostClock = host_tick,
) -> Tally:
    """Send what is due until `stop` is set, which ends it after the messages under way; `once`: until nothing is due.

    `connections` at once, in all; by default the configuration's. Raises NotAllowed for a member, Misconfigured where
    secrets cannot be read, TryAgain and CannotCreate where the database cannot be written; every delivery is then in
    the queue still, or under a lease that runs out.
    """
    context.require_admin("run the outbox")
    worker = Worker(context, stop, connections or context.configuration.sending.connections, clock)
    return await worker.run(once=once)


async def keep_sending(context: Context, stop: asyncio.Event, *, clock: HostClock = host_tick) -> None:
    """The worker within the screens: sends what is due until `stop` is set or it is cancelled.

    It waits for a vault to be opened, and for a database that is busy. Raises CannotCreate where it cannot be written.
    """
    worker = Worker(context, stop, context.configuration.sending.connections, clock, patient=True)
    while not stop.is_set():
        try:
            await worker.run(once=False)
        except TryAgain:
            await _set(stop, LATER)


class Worker:
    """Several connections that share a lease and the commits of their outcomes."""

    def __init__(
        self, context: Context, stop: asyncio.Event, connections: int, clock: HostClock, *, patient: bool = False
    ) -> None:
        """`patient` waits for a keyring that cannot be used yet, rather than end with its error."""
        self.context = context
        self.stop = stop
        self.counted = Counter[DeliveryState]()
        self._connections = connections
        self._clock = clock
        self._patient = patient
        self._at_work: dict[asyncio.Task[None], str] = {}
        self._not_before: dict[str, float] = {}

    async def run(self, *, once: bool) -> Tally:
        """Until there is a reason to end. Raises what `run_outbox` does."""
        while True:
            try:
                async with (
                    holding(self.context, self._clock) as held,
                    asyncio.TaskGroup() as connections,
                ):
                    await self._direct(connections, held, once=once)
            except Lapsed:
                continue
            return Tally(**{name: self.counted[DeliveryState(name)] for name in Tally.model_fields})

    async def _direct(self, connections: asyncio.TaskGroup, held: Holding, *, once: bool) -> None:
        """Give each account that has something to send a connection, and one more while that is not enough."""
        stopping = connections.create_task(_until_set(self.stop))
        tidied = -TIDY_EVERY
        while not self.stop.is_set():
            if (now := asyncio.get_running_loop().time()) - tidied >= TIDY_EVERY:
                self._tidy()
                tidied = now
            for sender in self.context.store.outbox.senders_due(self.context.clock(), self._timetable):
                if self._may_open(sender):
                    self._at_work[connections.create_task(self._serve(sender, held))] = sender
            if once and not self._at_work:
                break
            await asyncio.wait({stopping, *self._at_work}, timeout=LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
            self._at_work = {task: sender for task, sender in self._at_work.items() if not task.done()}
        stopping.cancel()

    @property
    def _timetable(self) -> RetryTimetable:
        return self.context.configuration.sending.timetable

    def _may_open(self, sender: str) -> bool:
        mine = sum(one == sender for one in self._at_work.values())
        return (
            len(self._at_work) < self._connections
            and mine < self.context.configuration.sending.connections_per_account
            and asyncio.get_running_loop().time() >= self._not_before.get(sender, 0.0)
        )

    def _tidy(self) -> None:
        """Take over from workers that died, and let go on what waited for an account."""
        store, now, tick = self.context.store, self.context.clock(), self._clock()
        if store.outbox.abandoned(tick):
            with store.transaction():
                store.outbox.take_back(tick, now)
        for sender, oldest in store.outbox.senders_held():
            address = store.addresses.get(sender)
            # An address that is gone will not come back: its deliveries are tried, and fail by the rule.
            works = address is None or (address.enabled and address.state is AddressState.READY)
            if works or now - oldest > self._timetable.give_up_after:
                with store.transaction():
                    store.outbox.release(sender, now, self._timetable, too_old_only=not works)

    async def _serve(self, sender: str, held: Holding) -> None:
        """One connection's work, until its sender has nothing to send."""
        if not await self._has_secret(sender):
            return
        queue = Queue(self, sender, held)
        failure = await Attempts(self.context, held, queue, lambda *_: None).make()
        held.commit()
        address = self.context.store.addresses.get(sender)
        if address is not None and address.enabled and address.state is AddressState.FAILING:
            await self._put_off(sender, None, account_note(sender, _last_words(address)))
        elif failure is not None:
            now = self.context.clock()
            words = f"waits for the server of {sender}: {failure.step.words}: {clean(failure.reply)}"
            await self._put_off(sender, now + self._timetable.wait(1), words)

    async def _has_secret(self, sender: str) -> bool:
        """Whether the account can sign in as far as the keyring goes."""
        address = self.context.store.addresses.get(sender)
        if address is None:
            return True
        try:
            await stored_secret(self.context, address)
        except (Misconfigured, TryAgain):
            if not self._patient:
                raise
            self._not_before[sender] = asyncio.get_running_loop().time() + LATER
        except MailtuiError as error:
            lost = LastTest(fingerprint=address.fingerprint, ok=False, at=self.context.clock(), reply=clean(str(error)))
            record_test(self.context, address, lost)
            await self._put_off(sender, None, account_note(sender, clean(str(error))))
        else:
            return True
        return False

    async def _put_off(self, sender: str, until: datetime | None, note: str) -> None:
        """A part at a time, so that neither other processes nor the screens wait for it."""
        changed = MANY
        while changed == MANY:
            with self.context.store.transaction():
                changed = self.context.store.outbox.put_off(sender, self.context.clock(), until, note, self._timetable)
            self.counted[DeliveryState.DEFERRED] += changed
            await asyncio.sleep(0)


class Queue:
    """What one connection has claimed of its sender's deliveries, refilled while there is more."""

    def __init__(self, worker: Worker, sender: str, held: Holding) -> None:
        self._worker = worker
        self._sender = sender
        self._held = held
        self._batch = deque[Delivery]()
        self._account_works = True

    def take(self) -> Delivery | None:
        if self._worker.stop.is_set():
            return None
        self._held.check()
        if not self._batch and self._account_works:
            self._refill()
        return self._batch.popleft() if self._batch else None

    def put_back(self, delivery: Delivery) -> None:
        self._batch.appendleft(delivery)

    def at_hand(self) -> list[Delivery]:
        found = list(self._batch)
        self._batch.clear()
        return found

    def done(self, delivery: Delivery) -> None:
        self._worker.counted[delivery.state] += 1
        if delivery.state is DeliveryState.DEFERRED and delivery.next_attempt_at is None:
            self._account_works = False

    def _refill(self) -> None:
        """Commits the outcomes so far with the claim: one wait for the disk does for both."""
        context = self._worker.context
        sending, outbox = context.configuration.sending, context.store.outbox
        limit, timetable = sending.recipient_limit, sending.timetable
        waiting: list[Delivery] = []
        while not self._batch:
            found = self._held.commit_with(
                lambda: outbox.claim(self._held.lease, self._sender, context.clock(), BATCH, limit, timetable)
            )
            self._batch.extend(found[0])
            waiting += found[1]
            if not any(found):
                break
        for delivery in waiting:
            self.done(delivery)


def _last_words(address: ExternalAddress) -> str:
    return clean(address.last_test.reply) if address.last_test else ""


async def _until_set(stop: asyncio.Event) -> None:
    await stop.wait()


async def _set(stop: asyncio.Event, seconds: float) -> None:
    """Until it is set, at most so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()

"""Workers that are killed at random moments lose nothing, and send twice only what they had no time to write down."""

import os
import random
import threading
import time
from collections import defaultdict
from email import message_from_bytes
from pathlib import Path

import pytest

from mailtui.core.deliveries import DeliveryState
from mailtui.demo.conversation import Arrival
from mailtui.demo.plans import GOOD
from mailtui.demo.servers import in_thread
from mailtui.operations.addresses import put_secret
from mailtui.operations.context import Context, open_context
from mailtui.operations.send import SendRequest, accept
from mailtui.store.window import Window
from tests.company import a_company, an_address
from tests.operations.nursery import CONFIGURATION, LEASE, Nursery, kill, work

KILLS = int(os.environ.get("MAILTUI_TEST_KILLS", "200"))
"""More of them take longer: some six a second."""

WORKERS = 2
"""At work at any time."""

DUE = 60
"""Deliveries that nobody has claimed, at the least, so that every worker finds something."""

LONGEST = 0.25
"""Seconds that a worker lives at most."""

UNWRITTEN = 1.0
"""Seconds between the server's answer and our commit, at the most, on a busy machine; it is some hundredths."""


MOST_UNWRITTEN = 10
"""Messages that one kill makes arrive twice at the most, on average: two connections have no more in some hundredths
of a second."""


class Counted:
    """What arrived, told by the server's thread: when each Message-ID was taken."""

    def __init__(self) -> None:
        self.at: defaultdict[str, list[float]] = defaultdict(list)
        self.news = threading.Condition()

    def __call__(self, arrival: Arrival) -> None:
        with self.news:
            self.at[message_from_bytes(arrival.content)["Message-ID"]].append(time.monotonic())
            self.news.notify_all()

    @property
    def number(self) -> int:
        return sum(map(len, self.at.values()))

    def more(self, number: int, seconds: float) -> None:
        """Wait for so many more, at most so long."""
        with self.news:
            wanted = self.number + number
            self.news.wait_for(lambda: self.number >= wanted, timeout=seconds)


def top_up(context: Context, *, to: int) -> None:
    """Accept messages until so many are queued."""
    if (missing := to - context.store.deliveries.count(state=DeliveryState.QUEUED)) > 0:
        first = context.store.deliveries.count()
        recipients = tuple(f"c{number}@client.example" for number in range(first, first + missing))
        accept(context, SendRequest(project="brand-a", to=recipients, subject="Offer", body="Hello.\n"))


@pytest.mark.xdist_group("kills")
def test_workers_killed_at_random_moments_lose_nothing_and_repeat_only_what_was_not_written_yet(
    database: Path, identity_file: Path
) -> None:
    counted, kills, dice = Counted(), list[float](), random.Random(KILLS)  # noqa: S311 - it chooses moments, and guards nothing
    with in_thread([GOOD], counted) as servers, Nursery(database) as nursery:
        context = open_context(database, configuration=CONFIGURATION)
        a_company(context)
        server = servers["good"]
        secret = put_secret(context, server.password)
        with context.store.transaction():
            context.store.addresses.save(an_address(server.username, account=server.account(), secret_id=secret))
        workers = list[int]()
        while len(kills) < KILLS:
            top_up(context, to=DUE)
            workers += [nursery.worker() for _ in range(WORKERS - len(workers))]
            counted.more(dice.randrange(1, 60), dice.uniform(0, LONGEST))
            victim = workers.pop(dice.randrange(len(workers)))
            kill(victim)
            kills.append(time.monotonic())
        for worker in workers:
            kill(worker)
            kills.append(time.monotonic())
        ends = time.monotonic() + 10 * LEASE
        while context.store.deliveries.count(state=DeliveryState.SENT) < context.store.deliveries.count():
            assert time.monotonic() < ends, "what the killed workers held is not taken up again"
            work(database, once=True)

    accepted = context.store.deliveries.rows(Window())
    assert counted.number > KILLS
    assert {delivery.message_id for delivery in accepted} == {*counted.at}
    twice = {id: times for id, times in counted.at.items() if len(times) > 1}
    for delivery in accepted:
        # Two that are written down would mean that it was sent again for no need.
        assert sum(attempt.ok for attempt in context.store.deliveries.attempts(delivery.id)) == 1
    for *earlier, _last in twice.values():
        for taken in earlier:
            assert any(taken - 0.1 <= killed <= taken + UNWRITTEN for killed in kills)
    repeated = sum(len(times) - 1 for times in twice.values())
    assert repeated <= MOST_UNWRITTEN * len(kills)
    context.store.close()

"""Claims on deliveries: each is somebody's or nobody's, whoever asks, and never two workers'."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailtui.core.deliveries import Attempt, Delivery, DeliveryState, after_attempt
from mailtui.core.leases import Lease, Tick
from mailtui.core.recipient_limit import UNLIMITED, RecipientLimit
from mailtui.store import Store
from mailtui.store.outbox import MANY
from tests.company import NOW
from tests.store.processes import outcome, python

SENDER = "help@corp.example"
MINUTE = timedelta(minutes=1)


def at(seconds: float, boot: str = "first") -> Tick:
    return Tick(boot=boot, seconds=seconds)


def a_lease(holder: str = "one", seconds: float = 100.0) -> Lease:
    return Lease(holder=holder, taken=at(seconds), seconds=60)


def accepted(
    store: Store, number: int = 1, *, sender: str = SENDER, to: str = "", due: datetime | None = NOW
) -> list[Delivery]:
    first = store.deliveries.count()
    with store.transaction():
        return [
            store.deliveries.accept(
                Delivery(
                    message_id=f"<{one}@corp.example>", project="brand-a", sender=sender, by="ana", subject="Hello",
                    to=to or f"c{one}@client.example", created_at=NOW, next_attempt_at=due,
                ),
                b"octets",
            )
            for one in range(first, first + number)
        ]  # fmt: skip


def claimed(
    store: Store, lease: Lease, *, most: int = 100, sender: str = SENDER, now: datetime = NOW,
    limit: RecipientLimit = UNLIMITED,
) -> list[int]:  # fmt: skip
    with store.transaction():
        return [delivery.id for delivery in store.outbox.claim(lease, sender, now, most, limit)[0]]


def ids(deliveries: Iterable[Delivery]) -> list[int]:
    return [delivery.id for delivery in deliveries]


def state(store: Store, id: int) -> DeliveryState:
    found = store.deliveries.get(id)
    assert found
    return found.state


def test_what_is_claimed_is_nobody_elses(store: Store) -> None:
    everything = ids(accepted(store, 5))
    assert claimed(store, a_lease("one"), most=3) == everything[:3]
    assert claimed(store, a_lease("two")) == everything[3:]
    assert claimed(store, a_lease("three")) == []


def test_the_longest_due_is_claimed_first_and_what_is_not_due_is_not(store: Store) -> None:
    (late,) = accepted(store, due=NOW - MINUTE)
    (early,) = accepted(store, due=NOW - 2 * MINUTE)
    accepted(store, due=NOW + MINUTE)
    assert claimed(store, a_lease()) == [early.id, late.id]


def test_a_time_further_off_than_any_wait_is_of_a_clock_that_was_set_back_and_due(store: Store) -> None:
    (later,) = accepted(store, due=NOW + timedelta(days=30))
    assert store.outbox.senders_due(NOW) == [SENDER]
    assert claimed(store, a_lease()) == [later.id]


def test_each_sender_with_something_due_is_found_once(store: Store) -> None:
    for sender in ("b@corp.example", "a@corp.example", "c@corp.example"):
        accepted(store, 3, sender=sender)
    accepted(store, sender="d@corp.example", due=NOW + MINUTE)
    accepted(store, sender="e@corp.example", due=None)
    assert store.outbox.senders_due(NOW) == ["a@corp.example", "b@corp.example", "c@corp.example"]
    assert store.outbox.senders_held() == [("e@corp.example", NOW)]


def test_finding_the_senders_costs_a_step_of_an_index_each_and_not_the_whole_queue(store: Store) -> None:
    accepted(store, 2_000)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    store._db.conn.set_progress_handler(count, 100)
    assert store.outbox.senders_due(NOW) == [SENDER]
    assert store.outbox.senders_held() == []
    store._db.conn.set_progress_handler(None, 0)
    assert steps < 10


def test_a_lease_that_ran_out_is_taken_back_and_one_that_was_renewed_is_not(store: Store) -> None:
    first, second = ids(accepted(store, 2))
    assert claimed(store, a_lease("one"), most=1) == [first]
    assert claimed(store, a_lease("two"), most=1) == [second]
    with store.transaction():
        store.outbox.renew(a_lease("two", seconds=130))
    assert not store.outbox.abandoned(at(159.9))
    assert store.outbox.abandoned(at(160))
    with store.transaction():
        store.outbox.take_back(at(160), NOW)
    assert (state(store, first), state(store, second)) == (DeliveryState.QUEUED, DeliveryState.SENDING)
    assert claimed(store, a_lease("three")) == [first]


@pytest.mark.parametrize("now", [at(101, "second"), at(5, "first"), at(1e9, "first")])
def test_a_lease_of_another_start_of_the_host_has_run_out(store: Store, now: Tick) -> None:
    accepted(store)
    claimed(store, a_lease())
    assert store.outbox.abandoned(now)


def test_who_ends_well_gives_back_what_he_did_not_come_to(store: Store) -> None:
    first, second = accepted(store, 2)
    claimed(store, a_lease())
    with store.transaction():
        done = after_attempt(first, Attempt(at=NOW, ok=True, reply="250 Ok"), 0)
        store.deliveries.record(done, done.last, "one")
        store.outbox.give_back("one", NOW)
    assert (state(store, first.id), state(store, second.id)) == (DeliveryState.SENT, DeliveryState.QUEUED)


def test_an_outcome_counts_only_under_its_lease_except_that_what_was_taken_is_sent(store: Store) -> None:
    first, second = accepted(store, 2)
    claimed(store, a_lease("one"))
    with store.transaction():
        store.outbox.take_back(at(1_000), NOW)
    claimed(store, a_lease("two", seconds=1_000))
    refused, taken = Attempt(at=NOW, ok=False, reply="550 no"), Attempt(at=NOW, ok=True, reply="250 Ok")
    with store.transaction():
        store.deliveries.record(after_attempt(first, refused, 0), refused, "one")
        store.deliveries.record(after_attempt(second, taken, 0), taken, "one")
    assert (state(store, first.id), state(store, second.id)) == (DeliveryState.SENDING, DeliveryState.SENT)
    with store.transaction():
        store.deliveries.record(after_attempt(second, refused, 0), refused, "two")
    assert state(store, second.id) is DeliveryState.SENT


def test_a_queue_is_put_off_a_part_at_a_time_and_released_again(store: Store) -> None:
    accepted(store, MANY + 5, due=NOW)
    accepted(store, 1, due=NOW + MINUTE)
    with store.transaction():
        assert store.outbox.put_off(SENDER, NOW, None, "waits") == MANY
        assert store.outbox.put_off(SENDER, NOW, None, "waits") == 6
    assert store.outbox.senders_due(NOW + 2 * MINUTE) == []
    with store.transaction():
        store.outbox.release(SENDER, NOW, too_old_only=True)
    assert store.outbox.senders_due(NOW) == []
    with store.transaction():
        store.outbox.release(SENDER, NOW, too_old_only=False)
    assert len(claimed(store, a_lease(), most=2 * MANY)) == MANY


def test_recipients_are_the_same_one_without_regard_to_case(store: Store) -> None:
    accepted(store, to="Ion@Client.example")
    accepted(store, to="ion@client.example")
    assert len(claimed(store, a_lease(), limit=RecipientLimit(messages=1))) == 1


STEPS = st.lists(
    st.tuples(st.sampled_from(("claim", "send", "die", "wait")), st.integers(1, 12)), min_size=1, max_size=30
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("leases")
    made.chmod(0o700)
    return made


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_workers_do_no_recipient_gets_more_than_the_limit(
    directory: Path, steps: list[tuple[str, int]]
) -> None:
    limit = RecipientLimit(messages=4, within=10 * MINUTE)
    store, now, sent, seconds = Store(directory / "mailtui.db"), NOW, list[datetime](), 100.0
    with store.transaction():
        store._db.conn.execute("DELETE FROM deliveries")
    accepted(store, 40, to="ion@client.example")
    held = list[Delivery]()
    for step, number in steps:
        match step:
            case "claim":
                with store.transaction():
                    held += store.outbox.claim(a_lease("one", seconds), SENDER, now, number, limit)[0]
            case "send":
                for delivery in held[:number]:
                    sent.append(now)
                    taken = Attempt(at=now, ok=True, reply="250 Ok")
                    with store.transaction():
                        store.deliveries.record(after_attempt(delivery, taken, 0), taken, "one")
                held = held[number:]
            case "die":
                held, seconds = [], seconds + 1_000
                with store.transaction():
                    store.outbox.take_back(at(seconds), now)
            case _:
                now += number * MINUTE
    store.close()
    assert all(sum(start <= one < start + limit.within for one in sent) <= limit.messages for start in sent)


CLAIMING = """
from mailtui.core.leases import Lease, Tick
from mailtui.core.recipient_limit import UNLIMITED
from tests.company import NOW
lease = Lease(holder="{holder}", taken=Tick(boot="first", seconds=100), seconds=60)
mine = []
while True:
    with store.transaction():
        found = store.outbox.claim(lease, "help@corp.example", NOW, 3, UNLIMITED)[0]
    if not found:
        break
    mine += [delivery.id for delivery in found]
print(*mine)
"""


def test_processes_that_claim_at_once_never_get_the_same_delivery(store: Store, database: Path) -> None:
    everything = ids(accepted(store, 300))
    processes = [python(CLAIMING.format(holder=holder), database) for holder in ("one", "two", "three")]
    claims = [int(id) for process in processes for id in outcome(process).split()]
    assert sorted(claims) == everything

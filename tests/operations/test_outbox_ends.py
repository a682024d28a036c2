"""However a worker ends, nothing that was accepted is lost, and nothing is sent twice that need not be."""

import asyncio
import sqlite3
import threading
from datetime import timedelta

import pytest
from pydantic import SecretStr

from mailtui.core.addresses import SignIn
from mailtui.core.errors import CannotCreate, TryAgain
from mailtui.core.leases import Lease
from mailtui.operations import outbox
from mailtui.operations.addresses import put_secret
from mailtui.operations.outbox import BATCH, keep_sending, run_outbox
from mailtui.secrets import Locked
from mailtui.store import database
from tests.company import an_address
from tests.operations.office import SALES, Office
from tests.operations.sink import Sink


def contacts(number: int) -> list[str]:
    return [f"c{one}@client.example" for one in range(number)]


async def test_told_to_stop_it_ends_after_the_message_under_way_and_gives_the_rest_back(
    office: Office, sink: Sink
) -> None:
    office.ready(sink.account())
    office.queued(*contacts(5))
    sink.may_answer.clear()
    stop = asyncio.Event()
    work = asyncio.create_task(run_outbox(office.context, stop, connections=1, clock=office.clocks.tick))
    await sink.asked.wait()

    stop.set()
    sink.may_answer.set()

    assert (await work).sent == 1
    assert office.states() == ["sent", *["queued"] * 4]
    assert (await office.runs()).sent == 4
    assert sorted(sink.message_ids) == office.message_ids()


async def test_cancelled_in_the_middle_of_a_message_it_lets_that_one_finish(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    office.queued(*contacts(3))
    sink.may_answer.clear()
    work = asyncio.create_task(run_outbox(office.context, asyncio.Event(), clock=office.clocks.tick))
    await sink.asked.wait()

    work.cancel()
    asyncio.get_running_loop().call_soon(sink.may_answer.set)

    with pytest.raises(asyncio.CancelledError):
        await work
    assert office.states() == ["sent", "queued", "queued"]


async def test_a_server_that_does_not_answer_a_message_does_not_hold_up_the_end_for_long(
    office: Office, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailtui.operations.attempts.FINISHING", 0.05)
    office.ready(sink.account())
    office.queued(*contacts(2))
    sink.may_answer.clear()
    work = asyncio.create_task(run_outbox(office.context, asyncio.Event(), clock=office.clocks.tick))
    await sink.asked.wait()

    work.cancel()

    with pytest.raises(asyncio.CancelledError):
        await work
    assert office.states() == ["queued", "queued"]


async def test_what_a_dead_worker_held_is_taken_again_when_its_lease_has_run_out_and_not_before(
    office: Office, sink: Sink
) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    a_dead_worker_held(office)

    assert (await office.runs()).sent == 0
    office.clocks.seconds += 61
    assert (await office.runs()).sent == 1
    assert office.get(id).attempts == 1


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400), timedelta(minutes=-3)])
async def test_a_wall_clock_that_is_set_neither_ends_a_lease_nor_makes_it_last(
    office: Office, sink: Sink, jump: timedelta
) -> None:
    office.ready(sink.account())
    office.queued()
    a_dead_worker_held(office)
    office.clocks.wall += jump

    assert (await office.runs()).sent == 0
    office.clocks.seconds += 61
    assert (await office.runs()).sent == 1


async def test_a_lease_of_before_the_host_was_started_again_holds_nothing(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    office.queued()
    a_dead_worker_held(office)
    office.clocks.boot, office.clocks.seconds = "second", 10.0
    assert (await office.runs()).sent == 1


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=-1)])
async def test_a_clock_that_is_set_back_makes_nothing_wait_for_the_old_time(
    office: Office, sink: Sink, jump: timedelta
) -> None:
    office.ready(sink.account())
    office.queued()
    sink.answers["RCPT"] = "451 4.3.0 Try again later"
    await office.runs()
    office.queued("eva@client.example")
    office.clocks.wall += jump
    sink.answers.clear()
    assert (await office.runs()).sent == 2


async def test_a_process_that_stood_still_longer_than_its_lease_does_not_send_what_others_may_have(
    office: Office, sink: Sink
) -> None:
    office.ready(sink.account())
    office.queued(*contacts(4))
    sink.may_answer.clear()
    work = asyncio.create_task(office.runs(connections=1))
    await sink.asked.wait()
    office.clocks.seconds += 61
    other = office.another_process()
    with other.store.transaction():  # Another worker takes all of it while the first one stands still.
        other.store.outbox.take_back(office.clocks.tick(), office.clocks.wall)
    sink.may_answer.set()

    await work

    assert office.states() == ["sent"] * 4
    assert sorted({*sink.message_ids}) == office.message_ids()
    assert len(sink.message_ids) <= 5


async def test_a_disk_that_is_full_stops_the_worker_and_loses_nothing(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    office.queued(*contacts(400))
    connection = office.context.store._db.conn
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 5}")

    with pytest.raises(CannotCreate, match="full"):
        await office.runs()

    sent = len(sink.message_ids)
    assert sent < 400
    connection.execute(f"PRAGMA max_page_count = {pages + 1_000}")
    office.clocks.seconds += 61
    assert (await office.runs()).sent > 0
    assert set(office.states()) == {"sent"}
    assert {*sink.message_ids} == {*office.message_ids()}
    # What was sent and not written yet: a group of outcomes, and a message under way on each connection.
    assert len(sink.message_ids) - 400 <= 2 * BATCH


async def test_a_database_that_another_process_holds_stops_the_worker_and_loses_nothing(
    office: Office, sink: Sink
) -> None:
    office.ready(sink.account())
    office.queued(*contacts(3))
    office.context.store._db.conn.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(office.context.store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TryAgain, match="another process holds the database"):
        await office.runs()
    other.execute("ROLLBACK")
    other.close()

    assert (await office.runs()).sent == 3
    assert sorted(sink.message_ids) == office.message_ids()


async def test_a_database_that_is_held_when_the_server_has_answered_does_not_lose_the_answer(
    office: Office, sink: Sink
) -> None:
    office.ready(sink.account())
    office.queued()
    sink.may_answer.clear()
    work = asyncio.create_task(office.runs())
    await sink.asked.wait()
    other = sqlite3.connect(office.context.store.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    releasing = asyncio.get_running_loop().run_in_executor(None, lambda: release_after(0.3, other))
    sink.may_answer.set()

    await work
    await releasing

    assert office.states() == ["sent"]
    other.close()


def release_after(seconds: float, connection: sqlite3.Connection) -> None:
    """In a thread, while the worker waits for the database in its own."""
    threading.Event().wait(seconds)
    connection.execute("ROLLBACK")


def a_dead_worker_held(office: Office) -> None:
    """Everything that is due is under the lease of a process that is not there any more."""
    lease = Lease(holder="dead", taken=office.clocks.tick(), seconds=60)
    store, now = office.context.store, office.clocks.wall
    with store.transaction():
        for sender in store.outbox.senders_due(now):
            store.outbox.claim(lease, sender, now, 100, office.context.configuration.sending.recipient_limit)


@pytest.fixture
def locked(office: Office, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One address whose password is in a vault that nobody has opened, and one that needs none."""
    secret = put_secret(office.context, SecretStr("swordfish"))
    account = sink.account().model_copy(update={"signin": SignIn.PASSWORD, "username": SALES})
    with office.context.store.transaction():
        office.context.store.addresses.save(an_address(SALES, account=account, secret_id=secret))
    office.ready(sink.account(), "open@corp.example")
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE")
    office.context._secrets = None
    return office


async def test_a_vault_that_is_locked_ends_the_worker_with_what_to_do_and_loses_nothing(locked: Office) -> None:
    locked.queued()
    with pytest.raises(Locked, match="MAILTUI_IDENTITY_FILE"):
        await locked.runs()
    assert locked.states() == ["queued"]


async def test_within_the_screens_a_locked_vault_keeps_only_its_own_accounts_waiting(
    locked: Office, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.01)
    locked.queued("first@client.example")
    locked.queued("second@client.example", sender="open@corp.example")
    stop = asyncio.Event()
    sending = asyncio.create_task(keep_sending(locked.context, stop, clock=locked.clocks.tick))
    await sink.asked.wait()
    stop.set()
    await sending
    assert locked.states() == ["queued", "sent"]


async def test_within_the_screens_what_other_processes_accept_is_sent_until_they_close(
    office: Office, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.01)
    office.ready(sink.account())
    stop = asyncio.Event()
    sending = asyncio.create_task(keep_sending(office.context, stop, clock=office.clocks.tick))
    office.queued(context=office.another_process())
    await sink.asked.wait()
    stop.set()
    await sending
    assert office.states() == ["sent"]


async def test_within_the_screens_a_busy_database_is_waited_for(
    office: Office, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(outbox, "LATER", 0.01)
    office.ready(sink.account())
    office.queued()
    office.context.store._db.conn.execute("PRAGMA busy_timeout = 20")
    other = office.another_process()
    stop = asyncio.Event()
    with database.transaction(other.store._db):
        sending = asyncio.create_task(keep_sending(office.context, stop, clock=office.clocks.tick))
        assert await asyncio.wait({sending}, timeout=0.2) == (set(), {sending})
    await sink.asked.wait()
    stop.set()
    await sending
    assert office.states() == ["sent"]

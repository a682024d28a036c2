"""What was accepted is sent, once, by whoever comes first, as the rule says at that moment."""

import asyncio
from datetime import timedelta

import pytest

from mailtui.core.addresses import AddressState
from mailtui.core.deliveries import GIVE_UP_AFTER, DeliveryState
from mailtui.core.errors import NotAllowed
from mailtui.operations.addresses import switch_address
from mailtui.operations.bulk import remove_addresses
from mailtui.operations.outbox import BATCH
from mailtui.operations.people import save_employee
from mailtui.operations.projects import archive_project
from tests.company import an_address, names
from tests.operations.office import SALES, Office
from tests.operations.sink import Sink

WRONG = "535 5.7.8 Authentication failed"


async def test_what_was_accepted_waits_in_the_outbox_and_is_sent_from_there(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    assert (office.get(id).state, sink.message_ids) == (DeliveryState.QUEUED, [])

    tally = await office.runs()

    sent = office.get(id)
    assert (tally.sent, sent.state, sent.attempts) == (1, DeliveryState.SENT, 1)
    assert sent.last and sent.last.reply == "250 2.0.0 Ok"
    assert sink.message_ids == [sent.message_id]


async def test_many_messages_of_one_account_go_over_one_connection(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    office.queued(*(f"c{number}@client.example" for number in range(BATCH)))

    assert (await office.runs()).sent == BATCH
    assert sink.connections == 1


async def test_no_more_connections_are_open_than_an_account_and_the_worker_may_have(office: Office, sink: Sink) -> None:
    addresses = [f"a{number}@corp.example" for number in range(4)]
    for address in addresses:
        office.ready(sink.account(), address)
        office.queued(*(f"c{number}@client.example" for number in range(3)), sender=address)

    sink.may_answer.clear()  # Nobody is done before the second connection is there.
    running = asyncio.create_task(office.runs(connections=2))
    async with asyncio.timeout(30):
        await sink.two_are_open.wait()
    sink.may_answer.set()
    assert (await running).sent == 12
    assert sink.most_at_once == 2


async def test_two_workers_on_one_database_never_send_one_message_twice(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    office.queued(*(f"c{number}@client.example" for number in range(3 * BATCH)))

    tallies = await asyncio.gather(office.runs(), office.runs(context=office.another_process()))

    assert sum(tally.sent for tally in tallies) == 3 * BATCH
    assert sorted(sink.message_ids) == office.message_ids()


async def test_a_passing_refusal_is_tried_again_after_its_wait_and_not_before(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    sink.answers["RCPT"] = "451 4.3.0 Try again later"
    assert (await office.runs()).deferred == 1
    waiting = office.get(id)
    assert waiting.next_attempt_at and waiting.last and waiting.last.reply == "451 4.3.0 Try again later"
    del sink.answers["RCPT"]

    assert (await office.runs()).sent == 0
    office.passes(minutes=2)
    assert (await office.runs()).sent == 1
    assert office.get(id).attempts == 2


async def test_after_five_days_it_fails_with_the_last_answer(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    sink.answers["RCPT"] = "451 4.3.0 Try again later"
    for _ in range(60):
        await office.runs()
        office.passes(hours=5)
        if office.get(id).state is DeliveryState.FAILED:
            break
    failed = office.get(id)
    assert failed.state is DeliveryState.FAILED
    assert failed.last and failed.last.reply == "451 4.3.0 Try again later"
    assert failed.last.at - failed.created_at <= GIVE_UP_AFTER
    assert "5 days" in failed.note


async def test_a_refusal_for_good_ends_it_at_once(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    bad, good = office.queued("gone@client.example"), office.queued("ion@client.example")
    sink.answers["END"] = "554 5.6.0 Content refused"
    await office.runs()
    assert office.states() == ["failed", "failed"]
    assert office.get(bad[0]).attempts == office.get(good[0]).attempts == 1


async def test_an_account_that_is_refused_holds_its_whole_queue_and_is_marked(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    office.ready(sink.account(), "other@corp.example")
    ids = office.queued(*(f"c{number}@client.example" for number in range(BATCH + 10)))
    sink.answers["MAIL"] = "553 5.7.1 Sender address rejected: not owned by the user"

    tally = await office.runs()

    assert (tally.sent, tally.deferred) == (0, len(ids))
    assert set(office.states()) == {"deferred"}
    held = [office.get(id) for id in ids]
    assert {delivery.next_attempt_at for delivery in held} == {None}
    assert all(f"until the account of {SALES} passes its test" in delivery.note for delivery in held)
    assert sum(delivery.attempts for delivery in held) == 1
    assert (office.state_of(), office.state_of("other@corp.example")) == (AddressState.FAILING, AddressState.READY)


async def test_a_successful_test_lets_the_queue_of_an_account_go_on(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    ids = office.queued("a@client.example", "b@client.example")
    sink.answers["MAIL"] = "553 5.7.1 Sender address rejected: not owned by the user"
    await office.runs()
    del sink.answers["MAIL"]
    assert (await office.runs()).sent == 0

    office.passes_its_test()

    assert (await office.runs()).sent == len(ids)
    assert {office.get(id).note for id in ids} == {""}


async def test_a_server_that_is_away_puts_the_queue_off_after_one_connection(office: Office) -> None:
    async with Sink() as gone:
        office.ready(gone.account())
    ids = office.queued(*(f"c{number}@client.example" for number in range(BATCH + 10)))

    await office.runs()

    assert set(office.states()) == {"deferred"}
    assert office.state_of() is AddressState.READY
    assert [office.get(id).attempts for id in ids] == [1] * BATCH + [0] * 10
    assert all(office.get(id).next_attempt_at for id in ids)
    assert "waits for the server" in office.get(ids[-1]).note


@pytest.mark.parametrize("change", ["removed", "switched off", "archived", "taken away", "of another project"])
async def test_an_address_that_is_taken_away_meanwhile_is_not_used_and_the_delivery_says_so(
    office: Office, sink: Sink, change: str
) -> None:
    office.ready(sink.account(), access=names("@support"))
    ana = office.context.store.employees.get("ana")
    assert ana
    context = office.another_process()
    context.actor = context.actor.model_copy(update={"employee": ana, "login": "ana"})
    (id,) = office.queued(context=context)
    match change:
        case "removed":
            remove_addresses(office.context, [SALES])
        case "switched off":
            switch_address(office.context, SALES, enabled=False)
        case "archived":
            archive_project(office.context, "brand-a", archived=True)
        case "taken away":
            save_employee(office.context, ana.model_copy(update={"groups": frozenset()}))
        case _:
            with office.context.store.transaction():
                stored = office.context.store.addresses.get(SALES)
                assert stored
                office.context.store.addresses.save(stored.model_copy(update={"projects": frozenset({"brand-b"})}))

    assert (await office.runs()).failed == 1

    failed = office.get(id)
    assert (failed.state, sink.message_ids) == (DeliveryState.FAILED, [])
    assert failed.last and failed.last.reply.startswith(f"not sent: {SALES} is not offered any more")


async def test_what_waits_for_an_account_fails_once_its_address_is_removed(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    sink.answers["MAIL"] = "553 5.7.1 Sender address rejected: not owned by the user"
    await office.runs()
    remove_addresses(office.context, [SALES])
    await office.runs()
    assert office.get(id).state is DeliveryState.FAILED


async def test_what_waits_for_an_account_for_five_days_fails_with_the_last_answer(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    sink.answers["MAIL"] = "553 5.7.1 Sender address rejected: not owned by the user"
    await office.runs()
    office.passes(days=5, minutes=1)
    await office.runs()
    failed = office.get(id)
    assert (failed.state, failed.attempts, failed.last and failed.last.code) == (DeliveryState.FAILED, 1, 553)


async def test_settings_that_were_changed_and_not_tested_hold_the_queue(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    with office.context.store.transaction():
        stored = office.context.store.addresses.get(SALES)
        assert stored
        changed = an_address(SALES, account=sink.account().model_copy(update={"host": "localhost"}), tested="never")
        office.context.store.addresses.save(changed.model_copy(update={"id": stored.id, "version": stored.version}))
    await office.runs()
    assert (office.get(id).state, office.get(id).attempts) == (DeliveryState.DEFERRED, 0)
    assert "not tested" in office.get(id).note
    office.passes_its_test()
    assert (await office.runs()).sent == 1


async def test_a_recipient_gets_so_many_messages_in_a_time_over_all_addresses_and_the_next_ones_say_until_when(
    office: Office, sink: Sink
) -> None:
    other = "other@corp.example"
    office.ready(sink.account())
    office.ready(sink.account(), other)
    ids = [
        *(office.queued()[0] for _ in range(30)),
        *(office.queued("Ion@client.example", sender=other)[0] for _ in range(30)),
    ]

    assert (await office.runs()).sent == 50

    waiting = [delivery for delivery in map(office.get, ids) if delivery.state is DeliveryState.DEFERRED]
    assert len(waiting) == 10
    until = office.clocks.wall + timedelta(minutes=10)
    assert {delivery.next_attempt_at for delivery in waiting} == {until}
    assert all(f"{until:%H:%M}" in delivery.note and "at most 50" in delivery.note for delivery in waiting)
    assert {delivery.attempts for delivery in waiting} == {0}
    office.passes(minutes=10, seconds=1)
    assert (await office.runs()).sent == 10


async def test_a_member_does_not_run_the_outbox(office: Office) -> None:
    ana = office.context.store.employees.get("ana")
    assert ana
    context = office.another_process()
    context.actor = context.actor.model_copy(update={"employee": ana, "login": "ana"})
    with pytest.raises(NotAllowed, match="member"):
        await office.runs(context=context)

"""Sending at once: what is accepted is tried under a lease, and what is left of it waits in the outbox."""

import asyncio

import pytest

from mailtui.core.account_test import Step, StepEvent
from mailtui.core.deliveries import Delivery
from mailtui.core.errors import NotAllowed
from mailtui.operations.context import Context
from mailtui.operations.outbox import run_outbox
from mailtui.operations.people import save_employee
from mailtui.operations.projects import archive_project
from mailtui.operations.send import NotOffered, SendRequest, accept, send
from mailtui.store.window import Window
from tests.company import names
from tests.operations.office import SALES, Office
from tests.operations.sink import Sink


def to(*recipients: str, sender: str = SALES) -> SendRequest:
    return SendRequest(project="brand-a", to=recipients, subject="Offer", body="Hello.\n", sender=sender)


async def sent(office: Office, *recipients: str, events: list[tuple[str, StepEvent]] | None = None) -> list[str]:
    heard = [] if events is None else events
    deliveries = await send(office.context, to(*recipients), lambda *event: heard.append(event))
    return [delivery.state.value for delivery in deliveries]


def as_ana(office: Office) -> Context:
    """Ana's own terminal, which she opened while she was in the support group."""
    context = office.another_process()
    ana = context.store.employees.get("ana")
    assert ana
    context.actor = context.actor.model_copy(update={"employee": ana, "login": "ana"})
    return context


async def test_a_message_is_sent_at_once_to_each_contact_over_one_connection(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    assert await sent(office, "a@client.example", "b@client.example") == ["sent", "sent"]
    assert sink.recipients == ["a@client.example", "b@client.example"]
    assert sink.connections == 1
    assert (await office.runs()).sent == 0


async def test_each_step_is_told_with_the_contact_that_it_is_for(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    events = list[tuple[str, StepEvent]]()
    await sent(office, "a@client.example", "b@client.example", events=events)
    of_messages = {Step.SENDER, Step.RECIPIENT, Step.MESSAGE}
    heard = list(dict.fromkeys((contact, event.step in of_messages) for contact, event in events))
    assert heard == [("", False), ("a@client.example", True), ("b@client.example", True)]


async def test_each_contact_has_his_own_outcome(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    sink.answers["RCPT"] = "550 5.1.1 No such user"
    assert await sent(office, "gone@client.example", "b@client.example") == ["failed", "failed"]
    sink.answers["RCPT"] = "452 4.2.2 Mailbox full"
    assert await sent(office, "full@client.example") == ["deferred"]


async def test_what_is_sent_at_once_is_not_taken_up_by_a_worker_meanwhile(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    sink.may_answer.clear()
    sending = asyncio.create_task(sent(office, "a@client.example", "b@client.example"))
    await sink.asked.wait()

    assert (await run_outbox(office.another_process(), asyncio.Event(), once=True)).sent == 0
    assert office.states() == ["sending", "sending"]

    sink.may_answer.set()
    assert await sending == ["sent", "sent"]


async def test_a_sending_that_is_stopped_leaves_the_rest_in_the_outbox(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    sink.may_answer.clear()
    sending = asyncio.create_task(sent(office, *(f"c{number}@client.example" for number in range(3))))
    await sink.asked.wait()

    sending.cancel()
    asyncio.get_running_loop().call_soon(sink.may_answer.set)

    with pytest.raises(asyncio.CancelledError):
        await sending
    assert office.states() == ["sent", "queued", "queued"]
    assert (await office.runs()).sent == 2


async def test_the_limit_of_a_recipient_holds_for_what_is_sent_at_once_too(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    office.queued(*["ion@client.example"])
    for _ in range(49):
        office.queued("ion@client.example")
    await office.runs()

    (delivery,) = await send(office.context, to("ion@client.example"), lambda *_: None)

    assert (delivery.state, delivery.attempts, delivery.last) == ("deferred", 0, None)
    assert delivery.note.startswith("waits until 2026-03-02 10:10:00 UTC")
    assert len(sink.message_ids) == 50


async def test_what_is_refused_by_the_rule_is_not_kept(office: Office, sink: Sink) -> None:
    office.ready(sink.account(), projects={"brand-b"})
    for doing in (send(office.context, to("a@client.example"), lambda *_: None), accepting(office)):
        with pytest.raises(NotOffered, match="rule 5"):
            await doing
    with pytest.raises(NotAllowed, match="no address is offered"):
        accept(office.context, to("a@client.example", sender=""))
    assert office.states() == []


async def accepting(office: Office) -> tuple[Delivery, ...]:
    return accept(office.context, to("a@client.example"))


async def test_who_left_a_group_since_his_screens_were_opened_is_not_let_in_by_it(office: Office, sink: Sink) -> None:
    office.ready(sink.account(), access=names("@support"))
    ana = as_ana(office)
    assert len(accept(ana, to("a@client.example"))) == 1
    stored = office.context.store.employees.get("ana")
    assert stored
    save_employee(office.context, stored.model_copy(update={"groups": frozenset()}))
    with pytest.raises(NotOffered, match="rule 4"):
        accept(ana, to("b@client.example"))


async def test_a_change_between_the_messages_of_one_session_counts(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    sink.may_answer.clear()
    sending = asyncio.create_task(sent(office, "a@client.example", "b@client.example"))
    await sink.asked.wait()
    archive_project(office.another_process(), "brand-a", archived=True)
    sink.may_answer.set()
    assert await sending == ["sent", "failed"]
    assert sink.recipients == ["a@client.example"]


def test_sending_in_the_name_of_another_is_audited(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    context = as_ana(office)
    accept(context, to("own@client.example"))
    assert not context.store.audit.count("own@client.example")
    context.actor = context.actor.model_copy(update={"login": "root"})
    accept(context, to("other@client.example"))
    last = context.store.audit.rows(Window(limit=1))[0]
    assert (last.by, last.action) == ("root as ana", "send message")
    assert last.after == {"project": "brand-a", "from": SALES, "to": "other@client.example"}

"""Deliveries by hand: cancelled, tried again, and old texts thrown away."""

import pytest

from mailtui.core.audit import Wanted
from mailtui.core.deliveries import DeliveryState
from mailtui.core.errors import NotAllowed, NotFound
from mailtui.operations.audit import changes
from mailtui.operations.deliveries import (
    OldMessages,
    cancel_delivery,
    purge_messages,
    retry_delivery,
    what_a_purge_takes,
)
from tests.operations.office import Office
from tests.operations.sink import Sink
from tests.operations.test_send import as_ana


async def test_what_is_cancelled_is_not_sent(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    kept, cancelled = office.queued("a@client.example", "b@client.example")
    assert cancel_delivery(office.context, cancelled).state is DeliveryState.CANCELLED
    assert (await office.runs()).sent == 1
    assert (office.get(kept).state, office.get(cancelled).state) == (DeliveryState.SENT, DeliveryState.CANCELLED)
    assert next(changes(office.context, Wanted())).action == "cancel delivery"


async def test_a_failed_one_can_be_tried_again_at_once(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    sink.answers["RCPT"] = "550 5.1.1 No such user"
    await office.runs()
    del sink.answers["RCPT"]
    retry_delivery(office.context, id)
    assert (await office.runs()).sent == 1
    assert [attempt.ok for attempt in office.context.store.deliveries.attempts(id)] == [False, True]


async def test_one_that_waits_for_its_time_can_be_tried_now(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    sink.answers["RCPT"] = "451 4.3.0 Try again later"
    await office.runs()
    del sink.answers["RCPT"]
    retry_delivery(office.context, id)
    assert (await office.runs()).sent == 1


async def test_what_was_sent_is_neither_cancelled_nor_sent_again(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    (id,) = office.queued()
    await office.runs()
    for change in (cancel_delivery, retry_delivery):
        with pytest.raises(NotAllowed, match=f"delivery {id} is sent"):
            change(office.context, id)


async def test_a_member_changes_only_what_he_sent_himself(office: Office, sink: Sink) -> None:
    office.ready(sink.account())
    ana = as_ana(office)
    (mine,), (other,) = office.queued(context=ana), office.queued()
    assert cancel_delivery(ana, mine).state is DeliveryState.CANCELLED
    for id in (other, 99):
        with pytest.raises(NotFound):
            cancel_delivery(ana, id)


async def test_old_texts_are_purged_when_they_are_over_and_what_became_of_them_stays(
    office: Office, sink: Sink
) -> None:
    office.ready(sink.account())
    (sent,) = office.queued()
    await office.runs()
    (waiting,) = office.queued()
    office.passes(days=91)
    (new,) = office.queued("new@client.example")
    cancel_delivery(office.context, new)

    taken = what_a_purge_takes(office.context)
    assert (taken.messages, taken.days, taken.oldest) == (1, 90, office.get(sent).created_at)
    assert purge_messages(office.context) == 1
    assert what_a_purge_takes(office.context) == OldMessages(messages=0, days=90)

    deliveries = office.context.store.deliveries
    assert [bool(deliveries.octets(id)) for id in (sent, waiting, new)] == [False, True, True]
    assert office.get(sent).state is DeliveryState.SENT
    assert next(changes(office.context, Wanted())).after == {"messages": 1}
    assert purge_messages(office.context, 0) == 1
    with pytest.raises(NotAllowed, match="purged"):
        retry_delivery(office.context, new)


async def test_a_member_does_not_purge(office: Office) -> None:
    with pytest.raises(NotAllowed, match="member"):
        purge_messages(as_ana(office))

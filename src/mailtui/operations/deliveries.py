"""Deliveries by hand: cancel one, try one again now, throw old texts away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.core.errors import Conflict, NotAllowed, NotFound
from mailtui.core.frozen import Frozen
from mailtui.operations.context import Context
from mailtui.store.outbox import MANY

WAITING: Final = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
NOT_SENT: Final = (*WAITING, DeliveryState.FAILED, DeliveryState.CANCELLED)


class OldMessages(Frozen):
    """What a purge throws away."""

    days: int
    """Older than so many days."""
    messages: int
    """How many there are."""
    oldest: datetime | None = None
    """When the first of them was accepted; None where there is none."""


def cancel_delivery(context: Context, id: int) -> Delivery:
    """Let it not be sent. Raises NotFound, NotAllowed where it does not wait any more."""
    delivery = find_delivery(context, id)
    cancelled = {"state": DeliveryState.CANCELLED, "next_attempt_at": None, "note": ""}
    return _change(context, delivery, cancelled, WAITING, "cancel")


def retry_delivery(context: Context, id: int) -> Delivery:
    """Let it be tried now, whatever became of it before, unless it was sent. Raises NotFound, NotAllowed."""
    delivery = find_delivery(context, id)
    if not context.store.deliveries.octets(id):
        raise NotAllowed(f"delivery {id} cannot be tried again: the text of the message was purged; write it again")
    due = {"state": DeliveryState.QUEUED, "next_attempt_at": context.clock(), "note": ""}
    return _change(context, delivery, due, NOT_SENT, "retry")


def what_a_purge_takes(context: Context, older_than_days: int | None = None) -> OldMessages:
    """What `purge_messages` would throw away. Raises NotAllowed for a member."""
    context.require_admin("purge messages")
    days = _purged_after(context, older_than_days)
    messages, oldest = context.store.deliveries.purgeable(context.clock() - timedelta(days=days))
    return OldMessages(days=days, messages=messages, oldest=oldest)


def purge_messages(context: Context, older_than_days: int | None = None) -> int:
    """Throw the texts of messages away that are over and were accepted so long ago, by default the configuration's
    time; what became of them stays. Returns how many they were. Raises NotAllowed for a member."""
    context.require_admin("purge messages")
    before = context.clock() - timedelta(days=_purged_after(context, older_than_days))
    purged, last = 0, MANY
    while last == MANY:  # A part at a time: nobody else can write meanwhile.
        with context.store.transaction():
            last = context.store.deliveries.purge(before, MANY)
            purged += last
            if last < MANY and purged:
                context.record("purge messages", f"messages before {before:%Y-%m-%d}", None, {"messages": purged})
    return purged


def _purged_after(context: Context, days: int | None) -> int:
    return context.configuration.sending.purge_after_days if days is None else days


def find_delivery(context: Context, id: int) -> Delivery:
    """Raises NotFound; also for a member where another employee sent it."""
    found = context.store.deliveries.get(id)
    if found is None or not (context.actor.is_admin or found.by == context.employee.login):
        raise NotFound(f"there is no delivery {id}: mailtui deliveries lists them")
    return found


def _change(
    context: Context, delivery: Delivery, change: Mapping[str, object], allowed: tuple[DeliveryState, ...], action: str
) -> Delivery:
    if delivery.state not in allowed:
        raise NotAllowed(f"delivery {delivery.id} is {delivery.state}: it is too late to {action} it")
    changed = delivery.model_copy(update=change)
    with context.store.transaction():
        if not context.store.outbox.restate(changed, allowed):
            raise Conflict(f"delivery {delivery.id} was taken up meanwhile; nothing was changed: look at it again")
        states = ({"state": one.state.value, "to": one.to} for one in (delivery, changed))
        context.record(f"{action} delivery", f"delivery {delivery.id}", *states)
    return changed

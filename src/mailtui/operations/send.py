"""Sending: an action in a project, from the choice of the address to the server's last word (S10, S11)."""

import secrets
from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from mailtui.core.addresses import ExternalAddress, parse_address
from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.core.errors import BadInput, NotAllowed
from mailtui.core.frozen import Frozen
from mailtui.core.leases import Lease
from mailtui.core.messages import Attachment, Draft, build, message_id
from mailtui.core.offers import Refusal, offered, why_not
from mailtui.core.projects import Project
from mailtui.operations.addresses import find_address, may_see
from mailtui.operations.attempts import Attempts, SendReport
from mailtui.operations.context import Context
from mailtui.operations.holding import Holding, holding
from mailtui.operations.projects import find_project
from mailtui.operations.test_account import stored_secret


class SendRequest(Frozen):
    """A message to one or more contacts; each gets one of his own."""

    project: str
    """Key of the project."""
    to: tuple[str, ...]
    subject: str
    body: str
    sender: str = ""
    """The external address; empty for the default of the offered ones."""
    attachments: tuple[Attachment, ...] = ()


class NotOffered(NotAllowed):
    """The address that was to be sent from is not offered, with the rule that says so."""

    def __init__(self, refusal: Refusal, project: Project) -> None:
        super().__init__(f"{refusal.address} is not offered in {project.name} (rule {refusal.rule}): {refusal.why}")
        self.refusal = refusal


class Accepted:
    """The deliveries of one message, tried by whoever accepted them."""

    def __init__(self, held: Holding, taken: Iterable[Delivery]) -> None:
        self._held = held
        self._left = list(taken)
        self.outcomes: dict[int, Delivery] = {}
        """By id."""

    def take(self) -> Delivery | None:
        self._held.check()
        return self._left.pop(0) if self._left else None

    def put_back(self, delivery: Delivery) -> None:
        self._left.insert(0, delivery)

    def at_hand(self) -> list[Delivery]:
        found, self._left = self._left, []
        return found

    def done(self, delivery: Delivery) -> None:
        self.outcomes[delivery.id] = delivery


async def send(context: Context, request: SendRequest, report: SendReport) -> tuple[Delivery, ...]:
    """Send the message at once, one delivery to each contact; each with its outcome and the server's words.

    What the limit of a recipient holds back, and what is not done when this is cancelled, waits in the outbox. Raises
    NotOffered for an address that is not offered, NotAllowed where none is, BadInput with the field, Misconfigured
    where the secret cannot be read; nothing is kept then. Whatever the server does is an outcome.
    """
    # Before anything is kept: a locked vault is asked about, and then all of this is done again.
    await stored_secret(context, _sender(context, find_project(context, request.project), request.sender))
    async with holding(context) as held:
        accepted = _accept(context, request, held.lease)
        work = Accepted(held, [one for one in accepted if one.state is DeliveryState.SENDING])
        await Attempts(context, held, work, report).make()
    return tuple(work.outcomes.get(one.id) or context.store.deliveries.get(one.id) or one for one in accepted)


def accept(context: Context, request: SendRequest) -> tuple[Delivery, ...]:
    """Check the offer and keep message and deliveries, in one transaction; the outbox sends them.

    Raises what `send` does, except for the secret.
    """
    return _accept(context, request, None)


def _accept(context: Context, request: SendRequest, lease: Lease | None) -> tuple[Delivery, ...]:
    """With a lease, those are under it that the recipient's limit lets go at once."""
    store, limit = context.store, context.configuration.sending.recipient_limit
    while True:
        # Nobody else can write within the transaction, and so as little as possible is done there: what the rule looks
        # at changes with an audit row only, and where there is a new one, all is done again.
        as_of = store.audit.newest_id()
        sender = _sender(context, find_project(context, request.project), request.sender)
        messages = [_written(context, request, sender, to) for to in _recipients(request.to)]
        with store.transaction():
            if store.audit.newest_id() == as_of:
                accepted = [store.deliveries.accept(delivery, octets) for delivery, octets in messages]
                _record_acting(context, accepted)
                if lease is None:
                    return tuple(accepted)
                taken, waiting = store.outbox.lease_out(lease, accepted, context.clock(), limit)
                return tuple(sorted((*taken, *waiting), key=lambda delivery: delivery.id))


def _record_acting(context: Context, accepted: Sequence[Delivery]) -> None:
    """Who sends in another's name leaves a trace of it; a delivery itself names only in whose name it goes."""
    if context.actor.login == context.employee.login:
        return
    for delivery in accepted:
        sent: dict[str, JsonValue] = {"project": delivery.project, "from": delivery.sender, "to": delivery.to}
        context.record("send message", f"delivery {delivery.id}", None, sent)


def _written(context: Context, request: SendRequest, sender: ExternalAddress, to: str) -> tuple[Delivery, bytes]:
    """The delivery to one contact, and its message."""
    now, token = context.clock(), secrets.token_hex(12)
    draft = Draft(
        sender=sender.address,
        name=sender.name,
        recipient=to,
        subject=request.subject,
        body=request.body,
        attachments=request.attachments,
    )
    delivery = Delivery(
        message_id=message_id(sender.address, token),
        project=request.project,
        sender=sender.address,
        to=to,
        by=context.employee.login,
        subject=request.subject,
        created_at=now,
        next_attempt_at=now,
    )
    return delivery, build(draft, now, token)


def _sender(context: Context, project: Project, address: str) -> ExternalAddress:
    """The address that was asked for, or the default, where it is offered."""
    # As he is stored: a long-running process would not notice that he left a group.
    employee = context.store.employees.get(context.employee.login) or context.employee
    if address:
        found = context.store.addresses.get(address)  # Mostly written as it is stored, which needs no parsing.
        if found is None or not may_see(context, found):
            found = find_address(context, address)
        if (refusal := why_not(employee, project, found)) is not None:
            raise NotOffered(refusal, project)
        return found
    offers = offered(employee, project, context.store.addresses.candidates(employee, project))
    if not offers:
        raise NotAllowed(f"no address is offered to {employee.login} in {project.name}: mailtui offered --why says why")
    return find_address(context, offers[0].address)


def _recipients(to: tuple[str, ...]) -> tuple[str, ...]:
    """The contacts' addresses as servers need them, each once."""
    if not to:
        raise BadInput("the recipient is missing", field="to")
    try:
        return tuple(dict.fromkeys(parse_address(address) for address in to))
    except BadInput as error:
        raise BadInput(str(error), field="to") from error

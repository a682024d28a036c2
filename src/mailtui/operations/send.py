"""Sending: an action in a project, from the choice of the address to the server's last word (S10, S11)."""

import random
import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mailtui.core.account_test import StepEvent
from mailtui.core.addresses import ExternalAddress, LastTest, parse_address
from mailtui.core.deliveries import Attempt, Delivery, after_attempt
from mailtui.core.errors import BadInput, NotAllowed
from mailtui.core.frozen import Frozen
from mailtui.core.messages import Attachment, Draft, build, message_id
from mailtui.core.offers import Refusal, offered, why_not
from mailtui.core.projects import Project
from mailtui.core.reasons import Retry
from mailtui.operations.addresses import find_address
from mailtui.operations.context import Context
from mailtui.operations.projects import find_project
from mailtui.operations.test_account import credential, deadlines, record_test, stored_secret

if TYPE_CHECKING:
    from mailtui.smtp.failures import Failure
    from mailtui.smtp.submit import Outcome

SendReport = Callable[[str, StepEvent], None]
"""Is told of each step as it happens, with the recipient that it is for; empty while the session is opened for all."""


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


async def send(context: Context, request: SendRequest, report: SendReport) -> tuple[Delivery, ...]:
    """Send the message at once, one delivery to each contact; each with its outcome and the server's words.

    Raises NotOffered for an address that is not offered, NotAllowed where none is, BadInput with the field,
    Misconfigured where the secret cannot be read; nothing is kept then. Whatever the server does is an outcome.
    """
    # Before anything is kept: a locked vault is asked about, and then all of this is done again.
    await stored_secret(context, _sender(context, find_project(context, request.project), request.sender))
    return await attempt(context, accept(context, request), report)


def accept(context: Context, request: SendRequest) -> tuple[Delivery, ...]:
    """Check the offer and keep message and deliveries, in one transaction."""
    with context.store.transaction():
        project = find_project(context, request.project)
        sender = _sender(context, project, request.sender)
        return tuple(_accept_one(context, request, sender, to) for to in _recipients(request.to))


async def attempt(context: Context, deliveries: Sequence[Delivery], report: SendReport) -> tuple[Delivery, ...]:
    """Try deliveries of one sender once each, over one session where it lasts; the rule is asked before each (S9)."""
    from mailtui.smtp.failures import StepFailed
    from mailtui.smtp.session import open_session
    from mailtui.smtp.submit import submit

    sender = find_address(context, deliveries[0].sender)
    secret = await stored_secret(context, sender)
    waiting, done = list(deliveries), list[Delivery]()
    while waiting:
        try:
            async with open_session(
                sender.account,
                credential(sender, secret),
                report=lambda event: report("", event),
                deadlines=deadlines(context),
            ) as session:
                while waiting:
                    delivery = waiting.pop(0)
                    if (refusal := _refusal_now(context, delivery)) is not None:
                        done.append(_record(context, delivery, _refused_by_us(context, refusal)))
                        continue
                    octets = context.store.deliveries.octets(delivery.id)
                    outcome = await submit(session, delivery.sender, delivery.to, octets)
                    done.append(_record(context, delivery, _attempted(context, outcome)))
                    if not session.is_open:
                        break
        except StepFailed as failed:
            done += [_record(context, delivery, _attempted(context, failed.failure)) for delivery in waiting]
            waiting.clear()
    return tuple(done)


def _accept_one(context: Context, request: SendRequest, sender: ExternalAddress, to: str) -> Delivery:
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
    return context.store.deliveries.accept(delivery, build(draft, now, token))


def _sender(context: Context, project: Project, address: str) -> ExternalAddress:
    """The address that was asked for, or the default, where it is offered."""
    if address:
        found = find_address(context, address)
        if (refusal := why_not(context.employee, project, found)) is not None:
            raise NotOffered(refusal, project)
        return found
    offers = offered(context.employee, project, context.store.addresses.candidates(context.employee, project))
    if not offers:
        raise NotAllowed(
            f"no address is offered to {context.employee.login} in {project.name}: mailtui offered --why says why"
        )
    return find_address(context, offers[0].address)


def _recipients(to: tuple[str, ...]) -> tuple[str, ...]:
    """The contacts' addresses as servers need them, each once."""
    if not to:
        raise BadInput("the recipient is missing", field="to")
    try:
        return tuple(dict.fromkeys(parse_address(address) for address in to))
    except BadInput as error:
        raise BadInput(str(error), field="to") from error


def _refusal_now(context: Context, delivery: Delivery) -> Refusal | None:
    """What the rule says at this moment of the one who sends, the project and the address."""
    store = context.store
    who = context.employee if delivery.by == context.employee.login else store.employees.get(delivery.by)
    where, sender = store.projects.get(delivery.project), store.addresses.get(delivery.sender)
    for thing, name in ((who, delivery.by), (where, delivery.project), (sender, delivery.sender)):
        if thing is None:
            return Refusal(address=delivery.sender, rule=0, why=f"{name} is not there any more")
    assert who and where and sender  # noqa: S101 - each was just looked at
    return why_not(who, where, sender)


def _refused_by_us(context: Context, refusal: Refusal) -> Attempt:
    words = f"not sent: {refusal.address} is not offered any more: {refusal.why}"
    return Attempt(at=context.clock(), ok=False, reply=words, retry=Retry.PERMANENT)


def _attempted(context: Context, outcome: "Outcome | Failure") -> Attempt:
    fields = {name: getattr(outcome, name) for name in ("step", "code", "enhanced", "reply", "reason", "retry")}
    return Attempt(at=context.clock(), ok=getattr(outcome, "ok", False), **fields)


def _record(context: Context, delivery: Delivery, attempt: Attempt) -> Delivery:
    """Keep the outcome; one that the account is to blame for takes the address out of every offer (+20)."""
    after = after_attempt(delivery, attempt, random.random())  # noqa: S311 - spreads retries, and guards nothing
    with context.store.transaction():
        context.store.deliveries.record(after, attempt)
        sender = context.store.addresses.get(delivery.sender)
        if attempt.retry is Retry.ACCOUNT and sender is not None:
            failing = LastTest(
                fingerprint=sender.fingerprint,
                ok=False,
                at=attempt.at,
                step=attempt.step or "",
                reason=attempt.reason,
                reply=attempt.reply,
            )
            record_test(context, sender, failing)
    return after

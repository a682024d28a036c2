"""Handing in one message to one recipient over an open session."""

from typing import Final

from mailtui.core.account_test import Step
from mailtui.core.frozen import Frozen
from mailtui.core.reasons import Retry, reason
from mailtui.smtp.failures import StepFailed
from mailtui.smtp.replies import enhanced_code
from mailtui.smtp.session import Session
from mailtui.smtp.steps import PATIENT, Deadlines

TAKEN: Final = 250
"""The code with which a server takes a message over: RFC 5321 section 4.2.3."""


class Outcome(Frozen):
    """How handing in a message ended."""

    ok: bool
    step: Step | None = None
    """The step that failed; None where the server took the message."""
    code: int | None = None
    enhanced: str = ""
    reply: str = ""
    """The server's words, or what the system or we say where no server spoke; safe for a terminal."""
    reason: str = ""
    retry: Retry | None = None
    """What the reason says of another try; None where the server took the message."""
    uncertain: bool = False
    """The connection was lost after the message had begun to cross: the server may have taken it."""


async def submit(
    session: Session, sender: str, recipient: str, message: bytes, *, deadlines: Deadlines = PATIENT
) -> Outcome:
    """Hands in `message`, octets of RFC 5322 with CRLF, for one recipient. Never raises for what a server does.

    After a refusal the session is ready for the next message; look at `session.is_open` otherwise.
    """
    if (unfit := _unfit(session, message)) is not None:
        return unfit
    session.steps.restart(deadlines)
    try:
        async with session.step(Step.SENDER) as progress:
            progress.detail = await session.mail(sender, *_options(session, sender, recipient, message))
        async with session.step(Step.RECIPIENT) as progress:
            progress.detail = await session.rcpt(recipient)
        async with session.step(Step.MESSAGE) as progress:
            progress.detail = said = await session.data(message)
    except StepFailed as failed:
        if session.is_open:
            await session.reset()
        return _failed(failed)
    words = said.partition(" ")[2]
    return Outcome(ok=True, code=TAKEN, enhanced=enhanced_code(TAKEN, words), reply=said)


async def hand_over(session: Session, sender: str, recipient: str, message: bytes) -> str:
    """The commands of one message within a single step, for the account test; returns the server's last words."""
    await session.mail(sender, *_options(session, sender, recipient, message))
    await session.rcpt(recipient)
    return await session.data(message)


def _unfit(session: Session, message: bytes) -> Outcome | None:
    """What is wrong with the message for this server before a word is said, or None."""
    limit = session.size_limit
    if limit is not None and len(message) > limit:
        words = f"the message has {len(message):,} octets, and the server takes at most {limit:,}: send less in one"
        return _ours(Step.MESSAGE, "message-too-large", words)
    if not message.isascii() and not session.offers("8bitmime"):
        return _ours(
            Step.MESSAGE, "content-refused", "the message is 8-bit, and the server takes 7-bit only (8BITMIME)"
        )
    return None


def _options(session: Session, sender: str, recipient: str, message: bytes) -> list[str]:
    """Parameters of MAIL FROM: the size (RFC 1870), and the extensions that this very message needs."""
    options = [f"SIZE={len(message)}"] if session.offers("size") else []
    if not message.isascii():
        options.append("BODY=8BITMIME")
    if not (sender + recipient).isascii() and session.offers("smtputf8"):
        options.append("SMTPUTF8")
    return options


def _failed(failed: StepFailed) -> Outcome:
    failure = failed.failure
    return Outcome(
        ok=False,
        step=failure.step,
        code=failure.code,
        enhanced=failure.enhanced,
        reply=failure.reply,
        reason=failure.reason,
        retry=failure.retry,
        uncertain=failed.lost and failure.step is Step.MESSAGE,
    )


def _ours(step: Step, name: str, words: str) -> Outcome:
    return Outcome(ok=False, step=step, reply=words, reason=name, retry=reason(name).retry)

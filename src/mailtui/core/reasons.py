"""Why a server refuses a sign-in or a message: the reasons, and which of them a reply gives (S17, S18, +19)."""

import difflib
import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from mailtui.core import recognition
from mailtui.core.account_test import Step
from mailtui.core.errors import NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean, listed

UNKNOWN: Final = "unknown"
"""The reason of a reply that says less than any other reason would."""

BY_CODE: Final = frozenset({UNKNOWN, "timed-out"})
"""Reasons whose retry the code decides: they say nothing of the cause."""


class Retry(StrEnum):
    """Whether sending again can help."""

    TEMPORARY = "temporary"
    """Try again, later each time."""
    PERMANENT = "permanent"
    """Do not try again."""
    ACCOUNT = "account"
    """Do not try again; an administrator has to see to the account first."""


class Who(StrEnum):
    """Who has to act."""

    US = "us"
    SENDING_ADMINISTRATOR = "sending administrator"
    RECIPIENT_SIDE = "recipient's side"


class Reason(Frozen):
    """One reason, as reasons.toml has it."""

    name: str
    """Its name everywhere: in the command line's JSON, in the database, and as the anchor of its entry."""
    title: str
    """Two to four words, for a table cell."""
    retry: Retry
    who: Who
    meaning: str
    remedy: tuple[str, ...]
    """What to do, the most likely first."""
    field: str
    """Which field of the account form to look at; empty where none is to blame."""
    examples: tuple[str, ...]
    """Words in which servers typically say it."""


class Recognised(Frozen):
    """What a reply means."""

    reason: str
    """The reason's name."""
    retry: Retry
    """For this reply, which the code can make milder than the reason's: a refusal with 4xx may be tried again. At
    the sign-in a refusal for good is the account's."""
    evidence: str
    """Which code, words or step decided, in one line that is safe for a terminal."""


@cache
def reasons() -> tuple[Reason, ...]:
    """Every reason: what concerns the account first, then the recipient, the way there, the amount, the content."""
    written = tomllib.loads(files("mailtui.core").joinpath("reasons.toml").read_text("utf-8"))
    return tuple(Reason.model_validate({"name": name, **entry}) for name, entry in written.items())


def reason(name: str) -> Reason:
    """The reason of that name. Raises NotFound, with the names that are near."""
    by_name = {one.name: one for one in reasons()}
    if name in by_name:
        return by_name[name]
    near = difflib.get_close_matches(name[:100], by_name)
    hint = f"near names are {listed(near)}" if near else "`mailtui reasons` lists them all"
    raise NotFound(f"there is no reason {clean(name, 60)!r}; {hint}")


def recognise(reply: str, step: Step | None = None) -> Recognised:
    """Which reason a server's reply gives, or the system's words where no server spoke.

    The enhanced code (RFC 3463) decides first where it is specific, then the text, then the basic code (RFC 5321
    section 4.2), and the step under way breaks ties. Never raises; reads a bounded part of a reply of any length.
    """
    read = recognition.read(reply)
    found = recognition.find(read, step)
    name = found.reason if found else UNKNOWN
    evidence = found.evidence if found else _nothing_found(read)
    return Recognised(reason=name, retry=_retry(name, read, step), evidence=clean(evidence, 200))


def _retry(name: str, reply: recognition.Reply, step: Step | None) -> Retry:
    """A server that answers 4xx asks to be tried again (RFC 5321 section 4.2.1), whatever its words; without any
    code the connection failed, which passes. What is refused for good at the sign-in is the account, no message."""
    retry = reason(name).retry
    if name in BY_CODE:
        retry = Retry.PERMANENT if reply.is_permanent else Retry.TEMPORARY
    elif retry is Retry.PERMANENT and reply.is_transient:
        retry = Retry.TEMPORARY
    if retry is Retry.PERMANENT and step is Step.SIGN_IN:
        return Retry.ACCOUNT
    return retry


def _nothing_found(reply: recognition.Reply) -> str:
    if reply.codes:
        return f"no rule holds; code {reply.codes[0]}"
    return "no rule holds, and there is no code"

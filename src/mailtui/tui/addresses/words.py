"""What the columns of an address table and the lines below it say."""

from collections.abc import Callable
from datetime import datetime

from mailtui.core.account_test import Step
from mailtui.core.addresses import AddressState, ExternalAddress, Security, SignIn
from mailtui.core.people import AccessList
from mailtui.core.reasons import Reason, reason
from mailtui.core.services import services
from mailtui.tui.marks import BETWEEN, Mark

MINUTE, HOUR, DAY = 60, 3_600, 86_400
"""Seconds."""

MARKS = {
    AddressState.READY: Mark.READY,
    AddressState.FAILING: Mark.FAILING,
    AddressState.UNTESTED: Mark.UNTESTED,
}


def mark_of(address: ExternalAddress) -> Mark:
    """Its state; a disabled one is off whatever its test said."""
    return MARKS[address.state] if address.enabled else Mark.OFF


def age(at: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit: `now`, `5 min`, `2 h`, `3 d`."""
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < MINUTE:
        return "now"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    return f"{seconds // HOUR} h" if seconds < DAY else f"{seconds // DAY} d"


def ago(at: datetime, now: datetime) -> str:
    """The same within a sentence: `just now`, `2 h ago`."""
    length = age(at, now)
    return "just now" if length == "now" else f"{length} ago"


def tested(address: ExternalAddress, now: datetime) -> str:
    """The column of the test."""
    if not address.enabled:
        return Mark.OFF.word
    test = address.last_test
    if test is None:
        return "never"
    return "changed" if address.state is AddressState.UNTESTED else age(test.at, now)


def server(address: ExternalAddress) -> str:
    """The service's name, or the server's where it is another."""
    by_id = {known.id: known.name for known in services()}
    return by_id.get(address.account.service, address.account.host)


def who(access: AccessList | None, group_name: Callable[[str], str]) -> str:
    """Who may use it, in few words: `everybody`, `nobody`, `Support`, `2 + Press`."""
    if access is None:
        return "everybody"
    groups = sorted(group_name(key) for key in access.groups)
    people = len(access.employees)
    if not groups:
        one = next(iter(access.employees), "nobody")
        return one if people < 2 else f"{people} people"
    named = groups[0] if len(groups) == 1 else f"{len(groups)} groups"
    return f"{people} + {named}" if people else named


def where(projects: frozenset[str] | None) -> str:
    """For which projects, in few words: `all`, `none`, `brand-a`, `3 projects`."""
    if projects is None:
        return "all"
    return next(iter(projects), "none") if len(projects) < 2 else f"{len(projects)} projects"


def account(address: ExternalAddress) -> str:
    """The account in one line: `smtp.corp.example, port 587, STARTTLS, as hello@corp.example`."""
    settings = address.account
    security = "no encryption" if settings.security is Security.NONE else settings.security.upper()
    signin = "no sign-in" if settings.signin is SignIn.NONE else f"as {settings.username}"
    return f"{settings.host}, port {settings.port}, {security}, {signin}"


def reason_of(address: ExternalAddress) -> Reason | None:
    """Why its last test, of these settings, failed; None where it did not."""
    if address.state is not AddressState.FAILING or address.last_test is None:
        return None
    return reason(address.last_test.reason or "unknown")


def step_words(step: str) -> str:
    """A stored step in words; empty where there is none."""
    return Step(step).words if step else ""


def joined(*parts: str) -> str:
    """Parts of one line, with the sign between them; empty ones are left out."""
    return f" {BETWEEN} ".join(part for part in parts if part)

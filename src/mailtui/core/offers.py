"""The rule of the product: which addresses an employee is offered in a project, in which order, and why not others.

The six conditions stand in the order of the specification ("The rule, exactly"); the first that does not hold is the
reason given.
"""

from collections.abc import Callable, Iterable
from typing import Final

from mailtui.core.addresses import AddressState, ExternalAddress, Kind, address_key
from mailtui.core.frozen import Frozen
from mailtui.core.people import Employee
from mailtui.core.projects import Project
from mailtui.core.text import clean, listed


class Offer(Frozen):
    """An address that the employee may send from in the project."""

    address: str
    kind: Kind
    bound: bool
    """Bound to this very project, rather than to none."""
    default: bool
    """The first of the order: what is chosen unless the employee chooses another."""


class Refusal(Frozen):
    """Why an address is not offered, in one sentence (+16)."""

    address: str
    rule: int
    """Number of the first condition that does not hold, 1 to 6."""
    why: str


def is_ready(employee: Employee, project: Project, address: ExternalAddress) -> str | None:
    """1. Enabled, and the last test, of exactly these settings, succeeded (S6)."""
    if not address.enabled:
        return "it is switched off"
    if address.state is AddressState.UNTESTED:
        return "its settings were not tested since they were last changed"
    if address.state is AddressState.FAILING:
        assert address.last_test is not None  # noqa: S101 - a failing address has the test that failed
        return f"its account fails: {address.last_test.reason.replace('-', ' ') or 'the last test did not succeed'}"
    return None


def project_is_active(employee: Employee, project: Project, address: ExternalAddress) -> str | None:
    """2. The project is active."""
    return f"{clean(project.name)} is archived" if project.archived else None


def is_of_company_or_own(employee: Employee, project: Project, address: ExternalAddress) -> str | None:
    """3. A company address, or an employee address of this employee (S8)."""
    if address.owner in (None, employee.login):
        return None
    return f"it belongs to {address.owner}, not to {employee.login}"


def access_is_given(employee: Employee, project: Project, address: ExternalAddress) -> str | None:
    """4. A company address open to everybody, or the access list names the employee or one of his groups (S5)."""
    access = address.access
    if access is None:
        return None
    if access.names(employee):
        return None
    if not access.employees and not access.groups:
        return "its access list is empty, so nobody may use it"
    return f"its access list names neither {employee.login} nor one of his groups"


def is_bound_here_or_nowhere(employee: Employee, project: Project, address: ExternalAddress) -> str | None:
    """5. Bound to this project, or bound to no project (S9)."""
    if address.projects is None or project.key in address.projects:
        return None
    if not address.projects:
        return "the last project that it was bound to is gone, so it belongs nowhere until it is bound again"
    return f"it is bound to {_some(sorted(address.projects))}, not to {project.key}"


def project_lets_general_in(employee: Employee, project: Project, address: ExternalAddress) -> str | None:
    """6. The project is not strict, or the address is bound to it (+15)."""
    if project.strict and not _bound(address, project):
        return f"{clean(project.name)} is strict, and this address is not bound to it"
    return None


Condition = Callable[[Employee, Project, ExternalAddress], str | None]
"""Answers None where it holds, else the sentence that it refuses with."""

CONDITIONS: Final[tuple[Condition, ...]] = (
    is_ready,
    project_is_active,
    is_of_company_or_own,
    access_is_given,
    is_bound_here_or_nowhere,
    project_lets_general_in,
)


def why_not(employee: Employee, project: Project, address: ExternalAddress) -> Refusal | None:
    """The first condition that does not hold, or None where the address is offered (+16)."""
    for rule, condition in enumerate(CONDITIONS, start=1):
        if (why := condition(employee, project, address)) is not None:
            return Refusal(address=address.address, rule=rule, why=why)
    return None


def offered(employee: Employee, project: Project, addresses: Iterable[ExternalAddress]) -> tuple[Offer, ...]:
    """The offered addresses in order: the employee's own before the company's (P12), within each those bound to this
    project before general ones (P13), then by address without regard to case. The first is the default."""
    fitting = (address for address in addresses if why_not(employee, project, address) is None)
    ordered = sorted(fitting, key=lambda a: (a.owner is None, not _bound(a, project), address_key(a.address)))
    return tuple(
        Offer(address=a.address, kind=a.kind, bound=_bound(a, project), default=place == 0)
        for place, a in enumerate(ordered)
    )


def _bound(address: ExternalAddress, project: Project) -> bool:
    return address.projects is not None and project.key in address.projects


def _some(keys: list[str], most: int = 3) -> str:
    return listed([*keys[:most], *([f"{len(keys) - most} more"] if len(keys) > most else [])])

"""The offer rule seen from above: a cell for each project and address, and who could write as a brand.

Nothing here decides anew: every cell is the answer of `offers` about one employee, or the sum of such answers.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from mailtui.core.addresses import ExternalAddress
from mailtui.core.frozen import Frozen
from mailtui.core.offers import CONDITIONS, Refusal, access_is_given, is_of_company_or_own, offered, why_not
from mailtui.core.people import Employee
from mailtui.core.projects import Project

ANYWHERE: Final = Project(key="", name="any project")
"""A project that refuses nothing and that nothing is bound to: what is offered here is offered wherever the project
does not say otherwise."""

NOBODY: Final = Employee(login="", name="nobody")

OF_NO_PROJECT: Final = (1, 3, 4)
OF_THE_PROJECT: Final = (2, 5, 6)
"""The rules that do not look at the project, and those that do: the first of all that fails is in one of the two."""

OF_NO_EMPLOYEE: Final = (1, 2, 5, 6)
"""The rules that hold for everybody or for nobody."""


class Place(StrEnum):
    """What a cell of the matrix says."""

    DEFAULT = "default"
    """Offered, and chosen unless the employee chooses another."""
    OFFERED = "offered"
    """To the employee, or to every member of the group."""
    SOME = "some"
    """Offered to some members of the group."""
    REFUSED = "refused"


class Cell(Frozen):
    """One address in one project, for an employee or for the members of a group."""

    address: str
    place: Place
    offered: int
    """To how many."""
    of: int
    """Of how many: 1 for an employee."""
    rule: int = 0
    """Number of the first condition that does not hold for those to whom it is not offered; 0 where there are none."""
    why: str = ""
    """Its sentence; of a group, about the first of them."""


class Way(StrEnum):
    """By what somebody may use an address."""

    OWN = "own"
    """It is his own."""
    EVERYBODY = "everybody"
    """It is open to everybody."""
    LIST = "list"
    """The access list names him."""
    GROUP = "group"
    """The access list names a group of his."""


class Access(Frozen):
    """A way, and for a person or group its login or key."""

    way: Way
    name: str = ""


def defaults_anywhere(employee: Employee, general: Iterable[ExternalAddress]) -> tuple[ExternalAddress, ...]:
    """Of addresses that are bound to no project, those that can be the default of one: the first of his own and the
    first of the company's."""
    known = {address.address: address for address in general if address.projects is None}
    firsts: dict[str, ExternalAddress] = {}
    for offer in offered(employee, ANYWHERE, known.values()):
        firsts.setdefault(offer.kind, known[offer.address])
    return tuple(firsts.values())


def default_of(employee: Employee, project: Project, candidates: Iterable[ExternalAddress]) -> str:
    """The default among the candidates; empty where none is offered."""
    first = next(iter(offered(employee, project, candidates)), None)
    return first.address if first else ""


def whatever_the_project(employee: Employee, address: ExternalAddress) -> Refusal | None:
    """The first of the rules that do not look at the project, 1, 3 and 4, that does not hold. It is worked out once for
    a column of an employee's matrix."""
    return _first(OF_NO_PROJECT, employee, ANYWHERE, address)


def cell(employee: Employee, project: Project, address: ExternalAddress, settled: Refusal | None, default: str) -> Cell:
    """The cell of one employee. `settled` is what `whatever_the_project` says of the address, `default` the address
    that is the default in the project."""
    other = _first(OF_THE_PROJECT, employee, project, address)
    refusal = min((found for found in (settled, other) if found is not None), key=lambda one: one.rule, default=None)
    if refusal is not None:
        return _refused(refusal, of=1)
    place = Place.DEFAULT if address.address == default else Place.OFFERED
    return Cell(address=address.address, place=place, offered=1, of=1)


def lets_in(employee: Employee, address: ExternalAddress) -> bool:
    """Whether the address lets the employee in, whatever the project: rules 3 and 4."""
    return all(holds(employee, ANYWHERE, address) is None for holds in (is_of_company_or_own, access_is_given))


def group_cell(
    let_in: Sequence[Employee], left_out: Sequence[Employee], project: Project, address: ExternalAddress
) -> Cell:
    """The cell of a group whose members the address lets in, or leaves out: see `lets_in`.

    The other rules do not look at the employee, so that one of those who are let in answers for all of them.
    """
    of = len(let_in) + len(left_out)
    refusal = why_not(left_out[0], project, address) if left_out else None
    if not let_in:
        return _refused(refusal, of) if refusal else _nobody_in_it(address)
    if (refused_to_all := why_not(let_in[0], project, address)) is not None:
        return _refused(refused_to_all, of)
    if refusal is None:
        return Cell(address=address.address, place=Place.OFFERED, offered=of, of=of)
    return Cell(
        address=address.address, place=Place.SOME, offered=len(let_in), of=of, rule=refusal.rule, why=refusal.why
    )


def why_nobody(project: Project, address: ExternalAddress) -> Refusal | None:
    """Why nobody at all is offered the address in the project; None where only the employee decides."""
    return _first(OF_NO_EMPLOYEE, NOBODY, project, address)


def ways(employee: Employee, address: ExternalAddress) -> tuple[Access, ...]:
    """By what the address lets the employee in; empty where it does not."""
    if not lets_in(employee, address):
        return ()
    if address.owner is not None:
        return (Access(way=Way.OWN, name=employee.login),)
    if address.access is None:
        return (Access(way=Way.EVERYBODY),)
    named = [Access(way=Way.LIST, name=employee.login)] if employee.login in address.access.employees else []
    return (*named, *(Access(way=Way.GROUP, name=key) for key in sorted(address.access.groups & employee.groups)))


def _first(rules: Sequence[int], employee: Employee, project: Project, address: ExternalAddress) -> Refusal | None:
    for rule in rules:
        if (why := CONDITIONS[rule - 1](employee, project, address)) is not None:
            return Refusal(address=address.address, rule=rule, why=why)
    return None


def _refused(refusal: Refusal, of: int) -> Cell:
    return Cell(address=refusal.address, place=Place.REFUSED, offered=0, of=of, rule=refusal.rule, why=refusal.why)


def _nobody_in_it(address: ExternalAddress) -> Cell:
    return Cell(address=address.address, place=Place.REFUSED, offered=0, of=0, why="nobody is in this group")

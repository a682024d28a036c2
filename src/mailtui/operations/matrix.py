"""The offer matrix of an employee or a group: projects down, addresses across, read a window at a time."""

from array import array
from collections.abc import Iterator, Sequence

from mailtui.core.addresses import ExternalAddress, address_key
from mailtui.core.frozen import Frozen
from mailtui.core.matrix import (
    ANYWHERE,
    Cell,
    cell,
    default_of,
    defaults_anywhere,
    group_cell,
    lets_in,
    whatever_the_project,
)
from mailtui.core.offers import Refusal
from mailtui.core.people import Employee, Group
from mailtui.core.projects import Project
from mailtui.operations.context import Context
from mailtui.operations.people import find_employee, find_group
from mailtui.operations.projects import find_project
from mailtui.store.addresses import Owner
from mailtui.store.window import Window

READ = 500
"""Projects read at a time where all are wanted."""


class Subject(Frozen):
    """About whom a matrix is."""

    employees: tuple[Employee, ...]
    """The one employee, or the members of the group."""
    group: Group | None = None

    @property
    def name(self) -> str:
        return self.group.name if self.group else self.employees[0].name


class Part(Frozen):
    """What of a matrix is written; everything where nothing is said."""

    projects: tuple[str, ...] = ()
    """Keys of the only projects that are wanted."""
    projects_matching: str = ""
    """Words of the projects, where none is named."""
    addresses_matching: str = ""
    """Words of the addresses."""


def subject_of(context: Context, *, employee: str = "", group: str = "") -> Subject:
    """The employee, oneself where neither is named, or the group. Raises NotFound; NotAllowed for a member who asks
    about others."""
    if group or employee not in ("", context.employee.login):
        context.require_admin("ask what others are offered")
    if group:
        found = find_group(context, group)
        return Subject(employees=tuple(context.store.employees.members(group)), group=found)
    who = find_employee(context, employee) if employee else context.employee
    return Subject(employees=(who,))


class OfferMatrix:
    """Answers about what is looked at; nothing is worked out for the rest."""

    def __init__(self, context: Context, subject: Subject, *, everything: bool = False) -> None:
        """`everything`: an address for every column that may be seen; else those that can be offered somewhere."""
        self.subject = subject
        self._context = context
        self._everything = everything
        self._defaults: dict[str, str] = {}
        self._general: tuple[ExternalAddress, ...] | None = None
        self._columns: tuple[str, array[int]] | None = None
        self._settled: dict[str, Refusal | None] = {}
        self._let_in: dict[str, tuple[list[Employee], list[Employee]]] = {}

    def count_addresses(self, matching: str = "") -> int:
        if not self._everything:
            return len(self._usable(matching))
        return sum(self._context.store.addresses.count(matching, whose) for whose in self._parts)

    def addresses(self, offset: int, limit: int, matching: str = "") -> list[ExternalAddress]:
        """In the order of the addresses; of all that a member may see his own come first."""
        if not self._everything:
            ids = self._usable(matching)
            return self._context.store.access.by_ids(ids[offset : offset + limit] if limit >= 0 else ids[offset:])
        found: list[ExternalAddress] = []
        store = self._context.store.addresses
        for whose in self._parts:
            left = limit - len(found) if limit >= 0 else limit
            found += store.rows(Window(offset=offset, limit=left, matching=matching), whose)
            offset = max(0, offset - store.count(matching, whose))
        return found

    def count_projects(self, matching: str = "") -> int:
        return self._context.store.projects.count(matching)

    def projects(self, offset: int, limit: int, matching: str = "") -> list[Project]:
        window = Window(offset=offset, limit=limit, matching=matching)
        return [row.project for row in self._context.store.projects.rows(window)]

    def cells(self, project: Project, addresses: Sequence[ExternalAddress]) -> tuple[Cell, ...]:
        """The cells of a row, in the order of the addresses."""
        if self.subject.group is not None:
            return tuple(group_cell(*self._sides(address), project, address) for address in addresses)
        employee = self.subject.employees[0]
        default = self._defaults.get(project.key)
        if default is None:
            default = self._defaults[project.key] = self._default(employee, project)
        return tuple(
            cell(employee, project, address, self._whatever_the_project(employee, address), default)
            for address in addresses
        )

    def rows(self, part: "Part") -> Iterator[tuple[Project, tuple[Cell, ...]]]:
        """Row by row, for every column of the part. Raises NotFound, at once."""
        named = [find_project(self._context, key) for key in part.projects]
        addresses = self.addresses(0, -1, part.addresses_matching)
        projects = named or self._every_project(part.projects_matching)
        return ((project, self.cells(project, addresses)) for project in projects)

    def _every_project(self, matching: str) -> Iterator[Project]:
        for offset in range(0, self.count_projects(matching), READ):
            yield from self.projects(offset, READ, matching)

    def _usable(self, matching: str) -> "array[int]":
        """The columns' ids, for the words that were asked about last."""
        if self._columns is None or self._columns[0] != matching:
            self._columns = matching, self._context.store.access.usable(matching, **self._who)
        return self._columns[1]

    @property
    def _who(self) -> dict[str, str]:
        group = self.subject.group
        return {"group": group.key} if group else {"login": self.subject.employees[0].login}

    @property
    def _parts(self) -> tuple[Owner | str, ...]:
        if self._context.actor.is_admin:
            return (Owner.ANY,)
        return (self._context.employee.login, Owner.COMPANY)

    def _default(self, employee: Employee, project: Project) -> str:
        """Among what is bound here or his own, and the first of what is bound nowhere: more can never come first."""
        candidates = self._context.store.addresses.candidates
        if self._general is None:
            self._general = defaults_anywhere(employee, candidates(employee, ANYWHERE))
        near = candidates(employee, project.model_copy(update={"strict": True}))
        keys = {address_key(address.address) for address in near}
        return default_of(employee, project, [*near, *(a for a in self._general if address_key(a.address) not in keys)])

    def _whatever_the_project(self, employee: Employee, address: ExternalAddress) -> Refusal | None:
        if address.address not in self._settled:
            self._settled[address.address] = whatever_the_project(employee, address)
        return self._settled[address.address]

    def _sides(self, address: ExternalAddress) -> tuple[list[Employee], list[Employee]]:
        """The members that the address lets in, and the others."""
        sides = self._let_in.get(address.address)
        if sides is None:
            sides = ([], [])
            for member in self.subject.employees:
                sides[0 if lets_in(member, address) else 1].append(member)
            self._let_in[address.address] = sides
        return sides

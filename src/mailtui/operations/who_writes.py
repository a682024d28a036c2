"""Who could write as a brand, and where: by which addresses, and by which access."""

from array import array
from collections.abc import Iterator

from mailtui.core.addresses import ExternalAddress
from mailtui.core.frozen import Frozen
from mailtui.core.matrix import Access, ways, why_nobody
from mailtui.core.offers import Refusal, offered
from mailtui.core.people import Employee
from mailtui.core.projects import Project
from mailtui.operations.addresses import find_address
from mailtui.operations.context import Context
from mailtui.operations.projects import find_project
from mailtui.store.access import Which, into_project, through
from mailtui.store.window import ALL, Window

READ = 500
"""Employees read at a time where all are wanted."""

ASKING = "ask who could write as a brand"


class Sender(Frozen):
    """An address as the answer to who could write."""

    address: ExternalAddress
    nobody: Refusal | None
    """Why nobody at all is offered it here; None where somebody may be."""
    employees: int
    """How many are offered it here."""


class Writer(Frozen):
    """An employee who could write, and by which access through each address."""

    employee: Employee
    through: tuple[tuple[str, tuple[Access, ...]], ...]
    """Addresses in the order in which he is offered them, each with what lets him in."""


class WhoWrites:
    """The answer about one project, or about one address; read a window at a time."""

    def __init__(self, context: Context, *, project: str = "", address: str = "") -> None:
        """One of the two. Raises NotAllowed for a member, NotFound."""
        context.require_admin(ASKING)
        self._context = context
        self.project: Project | None = find_project(context, project) if project else None
        self._senders: tuple[str, array[int]] | None = None
        self._everybody: int | None = None
        self.address: ExternalAddress | None = find_address(context, address) if address else None

    def count_senders(self, matching: str = "") -> int:
        """How many addresses there are to be looked at in the project."""
        return len(self._ids(matching))

    def senders(self, offset: int, limit: int, matching: str = "") -> list[Sender]:
        ids = self._ids(matching)
        found = self._context.store.access.by_ids(ids[offset : offset + limit] if limit >= 0 else ids[offset:])
        return [self._sender(address) for address in found]

    def count_writers(self, matching: str = "") -> int:
        return self._context.store.access.count_employees(self._which, matching)

    def writers(self, offset: int, limit: int, matching: str = "") -> list[Writer]:
        """Employees by name."""
        window = Window(offset=offset, limit=limit, matching=matching)
        found = self._context.store.access.employees(window, self._which)
        return [self._writer(employee) for employee in found]

    def every_writer(self) -> Iterator[Writer]:
        """All of them, a few at a time."""
        for offset in range(0, self.count_writers(), READ):
            yield from self.writers(offset, READ)

    def places(self, most: int = ALL) -> list[Project]:
        """The projects in which the address is offered to those whom it lets in; at most so many."""
        address = self._address
        found: list[Project] = []
        for project in self._where_it_may_be(address):
            if len(found) == most:
                break
            if why_nobody(project, address) is None:
                found.append(project)
        return found

    def _ids(self, matching: str) -> "array[int]":
        """Of the addresses, for the words that were asked about last."""
        if self._senders is None or self._senders[0] != matching:
            self._senders = matching, self._context.store.access.of_project(self._project, matching)
        return self._senders[1]

    @property
    def _project(self) -> Project:
        assert self.project is not None  # noqa: S101 - asked about a project
        return self.project

    @property
    def _address(self) -> ExternalAddress:
        assert self.address is not None  # noqa: S101 - asked about an address
        return self.address

    @property
    def _which(self) -> Which:
        return through(self.address) if self.address is not None else into_project(self._project)

    def _sender(self, address: ExternalAddress) -> Sender:
        nobody = why_nobody(self._project, address)
        count = 0 if nobody else self._count_let_in(address)
        return Sender(address=address, nobody=nobody, employees=count)

    def _count_let_in(self, address: ExternalAddress) -> int:
        if address.owner is not None or address.access is not None:
            return self._context.store.access.count_employees(through(address))
        if self._everybody is None:
            self._everybody = self._context.store.employees.count()
        return self._everybody

    def _writer(self, employee: Employee) -> Writer:
        if self.address is not None:
            return Writer(employee=employee, through=((self.address.address, ways(employee, self.address)),))
        candidates = {a.address: a for a in self._context.store.addresses.candidates(employee, self._project)}
        found = offered(employee, self._project, candidates.values())
        through = tuple((offer.address, ways(employee, candidates[offer.address])) for offer in found)
        return Writer(employee=employee, through=through)

    def _where_it_may_be(self, address: ExternalAddress) -> Iterator[Project]:
        projects = self._context.store.projects
        if address.projects is not None:
            yield from (found for key in sorted(address.projects) if (found := projects.get(key)) is not None)
            return
        for offset in range(0, projects.count(), READ):
            yield from (row.project for row in projects.rows(Window(offset=offset, limit=READ)))

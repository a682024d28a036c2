"""The company's addresses as one employee may use them or not, and those of a group, a window at a time."""

from typing import TYPE_CHECKING, Final

from mailtui.core.addresses import ExternalAddress
from mailtui.core.people import Employee
from mailtui.core.use import by_what, why_nowhere
from mailtui.store.window import Window
from mailtui.tui.addresses.words import mark_of, where
from mailtui.tui.marks import Mark
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.rows import Cell, Column, Row, mark_cell

if TYPE_CHECKING:
    from mailtui.operations.context import Context

USED: Final = (
    Column("", width=1),
    Column("Address", share=3),
    Column("By what", share=2),
    Column("Projects", width=12, shows_from=48),
)

CLOSED: Final = (Column("", width=1), Column("Address", share=2), Column("Why not", share=3))

OF_A_GROUP: Final = (Column("", width=1), Column("Address", share=3), Column("Projects", width=12))


class UsableRows:
    """First his own addresses, then those of the company whose access list lets him in or that have none."""

    def __init__(self, context: "Context", employee: Employee) -> None:
        self._addresses = context.store.addresses
        self._groups = context.store.groups
        self.employee = employee

    def count(self, matching: str) -> int:
        return self._own(matching) + self._addresses.count_usable(self.employee, matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        own = self._own(matching)
        found: list[ExternalAddress] = []
        if offset < own:
            first = Window(offset=offset, limit=limit, matching=matching)
            found += self._addresses.rows(first, self.employee.login)
        if left := limit - len(found):
            behind = Window(offset=max(0, offset - own), limit=left, matching=matching)
            found += self._addresses.usable(self.employee, behind)
        return [self._row(address) for address in found]

    def _own(self, matching: str) -> int:
        return self._addresses.count(matching, self.employee.login)

    def _row(self, address: ExternalAddress) -> Row:
        mark = mark_of(address)
        bare = Cell(where(address.projects), Tone.WARN if address.projects == frozenset() else Tone.PLAIN)
        tone = Tone.MUTED if mark is Mark.OFF else None
        how = by_what(self.employee, address, self._group_name) or ""
        return Row(address.address, (mark_cell(mark), address.address, how, bare), tone)

    def _group_name(self, key: str) -> str:
        group = self._groups.get(key)
        return group.name if group else key


class ClosedRows:
    """Those of the company that he may not use, each with the rule's own sentence."""

    def __init__(self, context: "Context", employee: Employee) -> None:
        self._addresses = context.store.addresses
        self.employee = employee

    def count(self, matching: str) -> int:
        return self._addresses.count_closed_to(self.employee, matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        window = Window(offset=offset, limit=limit, matching=matching)
        return [self._row(address) for address in self._addresses.closed_to(self.employee, window)]

    def _row(self, address: ExternalAddress) -> Row:
        refusal = why_nowhere(self.employee, address)
        return Row(address.address, (mark_cell(Mark.OFF), address.address, refusal.why if refusal else ""))


class GroupsAddresses:
    """The addresses whose access list names a group."""

    def __init__(self, context: "Context", group: str) -> None:
        self._addresses = context.store.addresses
        self._group = group

    def count(self, matching: str) -> int:
        return self._addresses.count_of_group(self._group, matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        window = Window(offset=offset, limit=limit, matching=matching)
        return [_of_group(address) for address in self._addresses.group_rows(self._group, window)]


class RestrictedToPick:
    """The company's addresses that have an access list; the others are open to everybody as it is."""

    def __init__(self, context: "Context") -> None:
        self._addresses = context.store.addresses

    def count(self, matching: str) -> int:
        return self._addresses.count_restricted(matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        window = Window(offset=offset, limit=limit, matching=matching)
        return [Row(a.address, (a.address, where(a.projects))) for a in self._addresses.restricted(window)]


def _of_group(address: ExternalAddress) -> Row:
    return Row(address.address, (mark_cell(mark_of(address)), address.address, where(address.projects)))

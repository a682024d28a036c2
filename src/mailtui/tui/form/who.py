"""Who may use an address, as rows to be marked: groups first, then employees (S5)."""

from collections.abc import Sequence
from typing import Final

from textual import on

from mailtui.core.people import AccessList
from mailtui.core.text import listed
from mailtui.operations.context import Context
from mailtui.store.people import EmployeeRow, GroupRow
from mailtui.store.window import Window
from mailtui.tui.form.marked import MarkedPane
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.pick_table import PicksChanged
from mailtui.tui.widgets.rows import Cell, Column, Row

GROUP: Final = "@"
"""Before a group's key in the table; no login begins so."""


WHO_COLUMNS: Final = (Column("Name"), Column("", width=8), Column("", share=1))
"""Of the rows below."""


class WhoRows:
    """Groups and employees in one table."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.groups_picked: frozenset[str] = frozenset()
        """Keys of the marked groups: whoever is in one of them may use the address already."""

    def count(self, matching: str) -> int:
        return self._context.store.groups.count(matching) + self._context.store.employees.count(matching)

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        store = self._context.store
        groups = store.groups.count(matching)
        found = [_group_row(row) for row in store.groups.rows(Window(offset=offset, limit=limit, matching=matching))]
        left = limit - len(found)
        if left:
            behind = Window(offset=max(0, offset - groups), limit=left, matching=matching)
            found += [self._employee_row(row) for row in store.employees.rows(behind)]
        return found

    def _employee_row(self, row: EmployeeRow) -> Row:
        employee = row.employee
        through = [self._name_of(key) for key in sorted(employee.groups & self.groups_picked)]
        note = f"also through {listed(through)}" if through else ""
        return Row(employee.login, (employee.name, "employee", Cell(note or employee.login, Tone.MUTED)))

    def _name_of(self, group: str) -> str:
        found = self._context.store.groups.get(group)
        return found.name if found else group


def _group_row(row: GroupRow) -> Row:
    people = "1 person" if row.members == 1 else f"{row.members} people"
    return Row(GROUP + row.group.key, (row.group.name, "group", Cell(people, Tone.MUTED)))


class AccessPane(MarkedPane):
    """The second tab."""

    def __init__(self, context: Context, access: AccessList | None) -> None:
        self._rows = WhoRows(context)
        picked = None if access is None else picked_of(access)
        self._rows.groups_picked = groups_of(picked or frozenset())
        super().__init__(
            id="access",
            question="Who may use it",
            answers=("everybody", "only those marked"),
            columns=WHO_COLUMNS,
            source=self._rows,
            picked=picked,
            nothing="nobody may use it",
            empty="There are no employees yet: they are added under People.",
        )

    @property
    def access(self) -> AccessList | None:
        """None: everybody."""
        return None if self.picked is None else access_of(self.picked)

    def put_access(self, access: AccessList | None) -> None:
        """Choose those whom the list names; everybody where it is None."""
        picked = None if access is None else picked_of(access)
        if picked is not None:
            self._rows.groups_picked = groups_of(picked)
        self.put(picked)

    @on(PicksChanged)
    def take_groups(self) -> None:
        """Comes before the same message's handler in the base, which reads the rows anew."""
        self._rows.groups_picked = groups_of(self.table.picked)


def access_of(picked: frozenset[str]) -> AccessList:
    """The list that names the marked rows."""
    return AccessList(employees=frozenset(key for key in picked if not key.startswith(GROUP)), groups=groups_of(picked))


def picked_of(access: AccessList) -> frozenset[str]:
    """The rows that the list names."""
    return access.employees | {GROUP + key for key in access.groups}


def groups_of(picked: frozenset[str]) -> frozenset[str]:
    """Keys of the groups among the marked rows."""
    return frozenset(key.removeprefix(GROUP) for key in picked if key.startswith(GROUP))

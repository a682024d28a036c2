"""The tables of the employees and of the groups, each with what can be done to its rows."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from mailtui.core.errors import MailtuiError
from mailtui.core.people import Employee, Group, Role
from mailtui.operations.people import find_employee, find_group, remove_employee, remove_group
from mailtui.store.window import Window
from mailtui.tui.confirm import Confirm
from mailtui.tui.marks import BETWEEN
from mailtui.tui.screens.employee_form import EmployeeForm
from mailtui.tui.screens.group_form import GroupForm
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

if TYPE_CHECKING:
    from mailtui.operations.context import Context
    from mailtui.tui.app import MailtuiApp

NAMED = 4
"""Addresses that a question names; of more it says how many."""


class EmployeeRows:
    """The employees, by name."""

    def __init__(self, context: "Context") -> None:
        self._store = context.store

    def count(self, matching: str) -> int:
        return self._store.employees.count(matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        found = self._store.employees.rows(Window(offset=offset, limit=limit, matching=matching))
        return [self._row(row.employee, row.addresses) for row in found]

    def _row(self, employee: Employee, addresses: int) -> Row:
        role = Cell(employee.role, Tone.ACCENT if employee.role is Role.ADMIN else Tone.MUTED)
        groups = ", ".join(sorted(employee.groups))
        return Row(employee.login, (employee.name, employee.login, role, groups, _few(addresses), employee.email))


class GroupRows:
    """The groups, by name."""

    def __init__(self, context: "Context") -> None:
        self._store = context.store

    def count(self, matching: str) -> int:
        return self._store.groups.count(matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        found = self._store.groups.rows(Window(offset=offset, limit=limit, matching=matching))
        return [Row(row.group.key, (row.group.name, row.group.key, _few(row.members))) for row in found]


class ThingTable(StoreTable):
    """A table whose keys change its rows; a member does not have these keys, and the operations refuse him anyhow."""

    @property
    def mailtui(self) -> "MailtuiApp":
        """The application with its own type."""
        return cast("MailtuiApp", self.app)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "add":
            return self.mailtui.context.actor.is_admin
        if action in {"edit", "remove"}:
            return self.mailtui.context.actor.is_admin and self.marked is not None
        return super().check_action(action, parameters)


class EmployeeTable(ThingTable):
    """The employees."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "a", "add", "Add employee", id="employees.add", tooltip="Add somebody, known by the login on this host"
        ),
        Binding("enter,e", "edit", "Edit", id="employees.edit", tooltip="Change name, e-mail, role and groups"),
        Binding("d", "remove", "Delete", id="employees.remove", tooltip="Remove; asks, and says what follows"),
    ]

    def __init__(self, context: "Context", follow: Callable[[], None]) -> None:
        """`follow`: as `StoreTable` has it."""
        columns = [
            Column("Name", share=3),
            Column("Login", share=2),
            Column("Role", width=6, shows_from=44),
            Column("Groups", share=3, shows_from=52),
            Column("Addresses", width=9),
            Column("E-mail", share=3, shows_from=100),
        ]
        rows = EmployeeRows(context)
        super().__init__(columns, rows, empty="No employee yet.  a  adds one.", follow=follow, id="employees")

    async def action_add(self) -> None:
        await self.app.push_screen(EmployeeForm(None), self._saved)

    async def action_edit(self) -> None:
        if self.marked is not None:
            await self.app.push_screen(EmployeeForm(find_employee(self.mailtui.context, self.marked)), self._saved)

    def _saved(self, employee: Employee | None) -> None:
        self.reload(employee.login if employee else None)  # Somebody else may have been first.
        if employee is not None:
            self.mailtui.say(f"Saved {employee.name}")

    async def action_remove(self) -> None:
        if self.marked is None:
            return
        context = self.mailtui.context
        employee = find_employee(context, self.marked)
        named_on = [a.address for a in context.store.addresses.accessible_to_employee(employee.login)]
        consequence = [f"{employee.name} can no longer use mailtui. What was sent stays in the deliveries."]
        if named_on:
            consequence.append(f"Leaves the access list of {_some(named_on)}. Nothing opens by it.")
        question = Confirm(f"Delete {employee.name}?", consequence=consequence, key="d", do="Delete", keep="Keep")
        await self.app.push_screen(question, lambda yes: self._remove(employee) if yes else None)

    def _remove(self, employee: Employee) -> None:
        try:
            remove_employee(self.mailtui.context, employee.login)
        except MailtuiError as error:
            self.mailtui.complain(error)
            return
        self.reload()
        self.mailtui.say(f"Deleted {employee.name}")


class GroupTable(ThingTable):
    """The groups."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add group", id="groups.add", tooltip="Add a group and choose who is in it"),
        Binding("enter,e", "edit", "Edit", id="groups.edit", tooltip="Change its name and who is in it"),
        Binding("d", "remove", "Delete", id="groups.remove", tooltip="Remove it; asks, and says what follows"),
    ]

    def __init__(self, context: "Context", follow: Callable[[], None]) -> None:
        """`follow`: as `StoreTable` has it."""
        columns = [Column("Name", share=3), Column("Key", share=2), Column("Members", width=9)]
        rows = GroupRows(context)
        super().__init__(columns, rows, empty="No group yet.  a  adds one.", follow=follow, id="groups")

    async def action_add(self) -> None:
        await self.app.push_screen(GroupForm(None), self._saved)

    async def action_edit(self) -> None:
        if self.marked is not None:
            group = find_group(self.mailtui.context, self.marked)
            members = frozenset(e.login for e in self.mailtui.context.store.employees.members(group.key))
            await self.app.push_screen(GroupForm(group, members), self._saved)

    def _saved(self, group: Group | None) -> None:
        self.reload(group.key if group else None)  # As above.
        if group is not None:
            self.mailtui.say(f"Saved {group.name}")

    async def action_remove(self) -> None:
        if self.marked is None:
            return
        context = self.mailtui.context
        group = find_group(context, self.marked)
        lists = context.store.addresses.accessible_to_group(group.key)
        only = [
            a.address
            for a in lists
            if a.access and not a.access.employees and a.access.groups == frozenset({group.key})
        ]
        consequence = ["Its members stay employees."]
        if lists:
            named = _some([address.address for address in lists])
            consequence.append(f"Through it they lose {named}. Nothing opens by it.")
        if only:
            consequence.append(f"Nobody is left on the access list of {_some(only)}.")
        question = Confirm(
            f"Delete the group {group.name}?", consequence=consequence, key="d", do="Delete", keep="Keep"
        )
        await self.app.push_screen(question, lambda yes: self._remove(group) if yes else None)

    def _remove(self, group: Group) -> None:
        try:
            remove_group(self.mailtui.context, group.key)
        except MailtuiError as error:
            self.mailtui.complain(error)
            return
        self.reload()
        self.mailtui.say(f"Deleted the group {group.name}")


def in_words(employee: Employee) -> str:
    """What the columns do not say of him."""
    groups = f"in {', '.join(sorted(employee.groups))}" if employee.groups else "in no group"
    return f" {BETWEEN} ".join([employee.name, employee.email or "no e-mail address", groups])


def _few(number: int) -> Cell:
    return Cell(str(number), Tone.PLAIN if number else Tone.MUTED)


def _some(addresses: list[str]) -> str:
    more = len(addresses) - NAMED
    return ", ".join(addresses[:NAMED]) + (f" and {more} more" if more > 0 else "")

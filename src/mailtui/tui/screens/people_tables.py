"""The tables of the employees and of the groups, each with what can be done to its rows."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from mailtui.core.errors import MailtuiError
from mailtui.core.people import Employee, Group, Role
from mailtui.operations.bulk import add_to_group, remove_employees, remove_from_group, remove_groups
from mailtui.operations.losses import losses_of_employees, losses_of_groups
from mailtui.operations.people import employee_seen_by, find_employee, find_group
from mailtui.store.window import Window
from mailtui.tui.bulk import BulkPage
from mailtui.tui.marks import BETWEEN
from mailtui.tui.screens.choose import ChooseGroup
from mailtui.tui.screens.employee_form import EmployeeForm
from mailtui.tui.screens.group_form import GroupForm
from mailtui.tui.screens.removal import RemovalQuestion
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.mark_table import MarkableRows, MarkTable
from mailtui.tui.widgets.rows import Cell, Column, Row

if TYPE_CHECKING:
    from mailtui.operations.context import Context
    from mailtui.tui.app import MailtuiApp


class EmployeeRows:
    """The employees, or those in one group."""

    def __init__(self, context: "Context", group: str | None = None) -> None:
        self._employees = context.store.employees
        self._group = group
        self.order = ""

    def count(self, matching: str) -> int:
        if self._group is not None:
            return self._employees.count_members(self._group, matching)
        return self._employees.count(matching)

    def keys(self, matching: str) -> list[str]:
        if self._group is not None:
            return self._employees.member_keys(self._group, matching)
        return self._employees.keys(matching)

    def place(self, key: str, matching: str) -> int | None:
        window = Window(matching=matching, order=self.order)
        return self._employees.place(key, window) if self._group is None else None

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        window = Window(offset=offset, limit=limit, matching=matching, order=self.order)
        rows = self._employees.rows(window) if self._group is None else self._employees.member_rows(self._group, window)
        return [self._row(row.employee, row.addresses) for row in rows]

    def _row(self, employee: Employee, addresses: int) -> Row:
        role = Cell(employee.role, Tone.ACCENT if employee.role is Role.ADMIN else Tone.MUTED)
        groups = ", ".join(sorted(employee.groups))
        return Row(employee.login, (employee.name, employee.login, role, groups, _few(addresses), employee.email))


EMPLOYEE_COLUMNS = (
    Column("Name", share=3, order="name"),
    Column("Login", share=2, order="login"),
    Column("Role", width=6, shows_from=44, order="role"),
    Column("Groups", share=3, shows_from=52),
    Column("Addresses", width=9),
    Column("E-mail", share=3, shows_from=100, order="email"),
)


class GroupRows:
    """The groups, by name."""

    def __init__(self, context: "Context") -> None:
        self._groups = context.store.groups
        self.order = ""

    def count(self, matching: str) -> int:
        return self._groups.count(matching)

    def keys(self, matching: str) -> list[str]:
        return self._groups.keys(matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        found = self._groups.rows(Window(offset=offset, limit=limit, matching=matching, order=self.order))
        return [Row(row.group.key, (row.group.name, row.group.key, _few(row.members))) for row in found]


class ThingTable(MarkTable):
    """A table whose keys change its rows; a member does not have these keys, and the operations refuse him anyhow."""

    CHANGES: ClassVar[frozenset[str]] = frozenset({"add", "edit", "remove"})
    """What only an admin may do."""

    FOR_ONE: ClassVar[frozenset[str]] = frozenset({"add", "open", "edit"})
    """What is not done to several at once."""

    def __init__(
        self,
        context: "Context",
        columns: tuple[Column, ...],
        rows: MarkableRows,
        *,
        empty: str,
        follow: Callable[[], None],
        id: str,
    ) -> None:
        """`follow`: as `StoreTable` has it."""
        admin = context.actor.is_admin
        super().__init__(columns, rows, markable=admin, empty=empty, follow=follow, id=id)

    @property
    def mailtui(self) -> "MailtuiApp":
        """The application with its own type."""
        return cast("MailtuiApp", self.app)

    @property
    def page(self) -> BulkPage:
        """Which tells what was done, and takes it back."""
        return cast("BulkPage", self.screen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in self.CHANGES and not self.mailtui.context.actor.is_admin:
            return False
        if action in self.FOR_ONE and self.has_marks:
            return False
        if action in (self.CHANGES | self.FOR_ONE) - {"add"}:
            return self.marked is not None
        return super().check_action(action, parameters)


class EmployeeTable(ThingTable):
    """The employees."""

    CHANGES = frozenset({"add", "edit", "remove", "group", "ungroup"})

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="employees.show", tooltip="What he may use and why, and his groups"),
        Binding("a", "add", "Add", id="employees.add", tooltip="Add somebody, known by the login on this host"),
        Binding("e", "edit", "Edit", id="employees.edit", tooltip="Change name, e-mail, role and groups"),
        Binding("d", "remove", "Delete", id="employees.remove", tooltip="Remove; says what follows, and asks"),
        Binding("plus", "group", "Group", id="employees.group", tooltip="Put the marked ones into a group"),
        Binding(
            "minus",
            "ungroup",
            "Out of a group",
            show=False,
            id="employees.ungroup",
            tooltip="Take the marked ones out of a group",
        ),
    ]

    def __init__(self, context: "Context", follow: Callable[[], None]) -> None:
        """`follow`: as `StoreTable` has it."""
        empty = "No employee yet.  a  adds one."
        super().__init__(context, EMPLOYEE_COLUMNS, EmployeeRows(context), empty=empty, follow=follow, id="employees")

    async def action_open(self) -> None:
        from mailtui.tui.screens.employee import EmployeePage  # Imported when it is first opened, as every page is.

        if self.marked is not None:
            login = employee_seen_by(self.mailtui.context, self.marked).login
            await self.app.push_screen(EmployeePage(login), lambda _: self.page.read_anew())

    async def action_add(self) -> None:
        await self.app.push_screen(EmployeeForm(None), self._saved)

    async def action_edit(self) -> None:
        if self.marked is not None:
            await self.app.push_screen(EmployeeForm(find_employee(self.mailtui.context, self.marked)), self._saved)

    def _saved(self, employee: Employee | None) -> None:
        self.reload(employee.login if employee else None)  # Somebody else may have been first.
        if employee is not None:
            self.mailtui.say(f"Saved {employee.name}")

    async def action_group(self) -> None:
        logins = self.meant
        await self.app.push_screen(
            ChooseGroup(self.mailtui.context, f"Into which group? {_how_many(len(logins))}"),
            lambda key: self._regroup(logins, key, into=True) if key else None,
        )

    async def action_ungroup(self) -> None:
        logins = self.meant
        await self.app.push_screen(
            ChooseGroup(self.mailtui.context, f"Out of which group? {_how_many(len(logins))}"),
            lambda key: self._regroup(logins, key, into=False) if key else None,
        )

    def _regroup(self, logins: frozenset[str], key: str, *, into: bool) -> None:
        try:
            group = find_group(self.mailtui.context, key)
            done = (add_to_group if into else remove_from_group)(self.mailtui.context, logins, key)
        except MailtuiError as error:
            self.mailtui.complain(error)
            return
        self.drop_marks()
        self.page.told(done, f"{'put into' if into else 'taken out of'} {group.name}")

    async def action_remove(self) -> None:
        logins = self.meant
        losses = losses_of_employees(self.mailtui.context, logins)
        what = losses.going[0] if len(logins) == 1 else f"{len(logins)} employees"
        question = RemovalQuestion(f"Delete {what}?", losses, "Whoever is deleted can no longer use mailtui.")
        await self.app.push_screen(question, lambda yes: self._remove(logins) if yes else None)

    def _remove(self, logins: frozenset[str]) -> None:
        try:
            done = remove_employees(self.mailtui.context, logins)
        except MailtuiError as error:
            self.mailtui.complain(error)
            return
        self.drop_marks()
        self.page.told(done, "deleted")


class GroupTable(ThingTable):
    """The groups."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "open", "Open", id="groups.show", tooltip="Who is in it, and which addresses it lets them use"
        ),
        Binding("a", "add", "Add", id="groups.add", tooltip="Add a group and choose who is in it"),
        Binding("e", "edit", "Edit", id="groups.edit", tooltip="Change its name and who is in it"),
        Binding("d", "remove", "Delete", id="groups.remove", tooltip="Remove; says what follows, and asks"),
    ]

    def __init__(self, context: "Context", follow: Callable[[], None]) -> None:
        """`follow`: as `StoreTable` has it."""
        columns = (
            Column("Name", share=3, order="name"),
            Column("Key", share=2, order="key"),
            Column("Members", width=9),
        )
        empty = "No group yet.  a  adds one."
        super().__init__(context, columns, GroupRows(context), empty=empty, follow=follow, id="groups")

    async def action_open(self) -> None:
        from mailtui.tui.screens.group import GroupPage  # As above.

        if self.marked is not None:
            key = find_group(self.mailtui.context, self.marked).key
            await self.app.push_screen(GroupPage(key), lambda _: self.page.read_anew())

    async def action_add(self) -> None:
        await self.app.push_screen(GroupForm(None), self._saved)

    async def action_edit(self) -> None:
        if self.marked is not None:
            group = find_group(self.mailtui.context, self.marked)
            members = frozenset(self.mailtui.context.store.employees.member_keys(group.key))
            await self.app.push_screen(GroupForm(group, members), self._saved)

    def _saved(self, group: Group | None) -> None:
        self.reload(group.key if group else None)  # As above.
        if group is not None:
            self.mailtui.say(f"Saved {group.name}")

    async def action_remove(self) -> None:
        keys = self.meant
        losses = losses_of_groups(self.mailtui.context, keys)
        what = f"the group {losses.going[0]}" if len(keys) == 1 else f"{len(keys)} groups"
        question = RemovalQuestion(f"Delete {what}?", losses)
        await self.app.push_screen(question, lambda yes: self._remove(keys) if yes else None)

    def _remove(self, keys: frozenset[str]) -> None:
        try:
            done = remove_groups(self.mailtui.context, keys)
        except MailtuiError as error:
            self.mailtui.complain(error)
            return
        self.drop_marks()
        self.page.told(done, "deleted")


def in_words(employee: Employee) -> str:
    """What the columns do not say of him."""
    groups = f"in {', '.join(sorted(employee.groups))}" if employee.groups else "in no group"
    return f" {BETWEEN} ".join([employee.name, employee.email or "no e-mail address", groups])


def _few(number: int) -> Cell:
    return Cell(str(number), Tone.PLAIN if number else Tone.MUTED)


def _how_many(number: int) -> str:
    return "1 employee" if number == 1 else f"{number} employees"

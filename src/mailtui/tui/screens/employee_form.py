"""The form of one employee: login, name, e-mail, role and groups."""

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Grid
from textual.widgets import Input, Static

from mailtui.core.people import Employee, Role
from mailtui.core.two_editors import Value
from mailtui.operations.people import save_employee
from mailtui.store.window import Window
from mailtui.tui.screens.small_form import SmallForm, fixed, labelled
from mailtui.tui.screens.tick import Tick
from mailtui.tui.widgets.pick_table import PickTable
from mailtui.tui.widgets.rows import Column, Row

if TYPE_CHECKING:
    from mailtui.operations.context import Context


class GroupsToPick:
    """Every group, by name."""

    def __init__(self, context: "Context") -> None:
        self._store = context.store

    def count(self, matching: str) -> int:
        return self._store.groups.count(matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        found = self._store.groups.rows(Window(offset=offset, limit=limit, matching=matching))
        return [Row(row.group.key, (row.group.name, row.group.key)) for row in found]


class EmployeeForm(SmallForm[Employee]):
    """Adds an employee, or edits the given one, whose login stays."""

    PURPOSE = "Somebody of the company, known by the login on this host. An admin changes settings; a member sends."

    def __init__(self, employee: Employee | None) -> None:
        super().__init__(f"Edit {employee.name}" if employee else "Add employee")
        self._employee = employee

    def fields(self) -> ComposeResult:
        known = self._employee
        with Grid(classes="small-form--fields"):
            if known:
                yield from fixed("Login", known.login)
            else:
                yield from labelled("Login", "", id="login", hint="as on this host: ana")
            yield from labelled("Name", known.name if known else "", id="name", hint="Ana Pop")
            yield from labelled(
                "E-mail", known.email if known else "", id="email", hint="where to reach him; may be empty"
            )
            yield Static("Role", classes="small-form--label", markup=False)
            yield Tick("admin: may change settings", bool(known and known.role is Role.ADMIN), id="role")
        yield Static("Groups", classes="small-form--section", markup=False)
        yield PickTable(
            [Column("Group", share=2), Column("Key")],
            GroupsToPick(self.context),
            picked=known.groups if known else (),
            empty="No group yet.",
            id="groups",
        )

    def typed(self) -> Employee:
        return Employee(
            login=self._employee.login if self._employee else self.value_of("login"),
            name=self.value_of("name"),
            email=self.value_of("email"),
            role=Role.ADMIN if self.query_one("#role", Tick).value else Role.MEMBER,
            groups=self.query_one(PickTable).picked,
            version=self._employee.version if self._employee else 0,
        )

    def stored(self) -> Employee | None:
        return self.context.store.employees.get(self._employee.login) if self._employee else None

    def compared(self, typed: object) -> dict[str, Value]:
        employee = cast("Employee", typed)
        admin = employee.role is Role.ADMIN
        return {"name": employee.name, "email": employee.email, "admin": admin, "groups": employee.groups}

    def put(self, theirs: object, fields: frozenset[str]) -> None:
        employee = self._employee = cast("Employee", theirs)
        for field in fields & {"name", "email"}:
            self.query_one(f"#{field}", Input).value = getattr(employee, field)
        if "admin" in fields:
            self.query_one("#role", Tick).value = employee.role is Role.ADMIN
        if "groups" in fields:
            self.query_one(PickTable).picked = employee.groups

    def save(self) -> Employee:
        return save_employee(self.context, self.typed())

"""Employees and groups: who may use mailtui, and who belongs together."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import DescendantFocus
from textual.widgets import Static

from mailtui.core.text import clean
from mailtui.operations.people import find_employee
from mailtui.store.window import Window
from mailtui.tui.bulk import BulkPage
from mailtui.tui.screens.people_tables import EmployeeTable, GroupTable, in_words
from mailtui.tui.styles import style
from mailtui.tui.widgets.details import Details

NAMED = 12
"""Members of a group that the line below the table names; its page has all."""


class People(BulkPage):
    """Two tables, one above the other."""

    PATH = ("Account management", "People", "Employees and groups")
    PURPOSE = (
        "Who works here, and who belongs together. An access list of an address names employees and groups; who is on"
        " none may still use every address that is open to everybody."
    )
    CSS_PATH = [style("table"), style("sections"), style("people")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "groups", "Groups", id="people.groups", tooltip="To the groups"),
        Binding("tab", "employees", "Employees", id="people.employees", tooltip="Back to the employees"),
    ]

    def content(self) -> ComposeResult:
        yield Static("Employees", classes="section", markup=False)
        yield EmployeeTable(self.context, self.show_details)
        yield Static("Groups", classes="section", markup=False)
        yield GroupTable(self.context, self.show_details)
        yield Details()

    @property
    def employees(self) -> EmployeeTable:
        return self.query_one(EmployeeTable)

    @property
    def groups(self) -> GroupTable:
        return self.query_one(GroupTable)

    def on_mount(self) -> None:
        self.employees.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"groups", "employees"} and self.is_mounted:
            return self.groups.rows.has_focus == (action == "employees")
        return super().check_action(action, parameters)

    def read_anew(self) -> None:
        for table in (self.employees, self.groups):
            table.reload()
        self.show_details()

    def action_groups(self) -> None:
        self.groups.focus()

    def action_employees(self) -> None:
        self.employees.focus()

    @on(DescendantFocus)
    def show_details(self) -> None:
        """What the columns do not say of the row under the cursor."""
        self.query_one(Details).show(clean(self._details()))

    def _details(self) -> str:
        if self.groups.rows.has_focus:
            if self.groups.marked is None:
                return ""
            employees, group = self.context.store.employees, self.groups.marked
            named = [row.employee.name for row in employees.member_rows(group, Window(limit=NAMED))]
            more = employees.count_members(group) - len(named)
            return f"In it: {', '.join(named) or 'nobody'}" + (f" and {more} more" if more > 0 else "")
        return in_words(find_employee(self.context, self.employees.marked)) if self.employees.marked else ""

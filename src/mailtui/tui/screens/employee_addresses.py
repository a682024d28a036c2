"""The employees with the number of their own external addresses, and the list of one of them (S8)."""

from collections.abc import Sequence
from typing import ClassVar, Final, Self

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from mailtui.core.people import Employee
from mailtui.core.text import clean
from mailtui.operations.context import Context
from mailtui.operations.people import find_employee
from mailtui.store.window import Window
from mailtui.tui.addresses.list_page import AddressList
from mailtui.tui.page import Page
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

PATH: Final[tuple[str, ...]] = (
    "Account management",
    "E-mail",
    "Outgoing messages",
    "Employee external e-mail addresses",
)


class EmployeeRows:
    """All employees for an admin, and after them those who were removed and left addresses behind; a member sees only
    himself."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def count(self, matching: str) -> int:
        if not self._context.actor.is_admin:
            return 1
        return self._context.store.employees.count(matching) + len(self._former(matching))

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        if not self._context.actor.is_admin:
            return [self._row(self._context.employee, self._own())][offset:]
        window = Window(offset=offset, limit=limit, matching=matching)
        employees = self._context.store.employees
        rows = [self._row(row.employee, row.addresses) for row in employees.rows(window)]
        if len(rows) < limit and (former := self._former(matching)):
            skipped = max(0, offset - employees.count(matching))
            rows += [_former_row(login, left) for login, left in former[skipped : skipped + limit - len(rows)]]
        return rows

    def _former(self, matching: str) -> list[tuple[str, int]]:
        words = matching.casefold().split()
        left = self._context.store.addresses.former_owners().items()
        return [(login, number) for login, number in left if all(word in login.casefold() for word in words)]

    def _own(self) -> int:
        return self._context.store.addresses.count(whose=self._context.employee.login)

    def _row(self, employee: Employee, addresses: int) -> Row:
        number = Cell(str(addresses) if addresses else "none yet", Tone.PLAIN if addresses else Tone.MUTED)
        return Row(employee.login, (employee.name, Cell(employee.login, Tone.MUTED), number))


def _former_row(login: str, addresses: int) -> Row:
    """Somebody who is no employee any more: his addresses are off, and nobody else's."""
    said = (Cell("was removed", Tone.WARN), Cell(login, Tone.MUTED), f"{addresses} off")
    return Row(login, said, Tone.MUTED)


class EmployeeAddresses(Page):
    """Choose a person."""

    PATH = PATH
    PURPOSE = (
        "Addresses for those who write under their own name: each belongs to one employee, and nobody else is offered"
        " it. Enter opens the addresses of the marked one."
    )
    CSS_PATH: ClassVar = [style("table"), style("employee_addresses")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "open", "Open", id="employees.open", tooltip="The addresses of the marked employee"),
    ]

    def content(self) -> ComposeResult:
        yield StoreTable(
            (Column("Employee"), Column("Login"), Column("Own addresses", width=14)),
            EmployeeRows(self.context),
            empty="There are no employees yet: they are added under People / Employees and groups.",
        )

    @work(exclusive=True)
    async def action_open(self) -> None:
        table = self.query_one(StoreTable)
        if table.marked is not None:
            await self.app.push_screen_wait(AddressesOf.about_thing(self.context, table.marked))
            table.reload()


class AddressesOf(AddressList):
    """The addresses of one employee."""

    PURPOSE = "The addresses that one employee writes from under his own name. Nobody else is offered them."

    def __init__(self, owner: Employee, *, former: bool = False) -> None:
        """`former`: he was removed, and left them behind."""
        self._person = clean(f"{owner.name} (was removed)" if former else owner.name)
        self._login = owner.login
        self._former = former
        super().__init__(
            owner,
            nothing=Content(f"Nothing is left of {clean(owner.name)}.")
            if former
            else Content.assemble(
                f"{self._person} writes only from the company's addresses so far.\n",
                "An address that is added here is offered to nobody else.\n\n",
                ("                  a", "$accent bold"),
                "   Add external e-mail address",
            ),
        )

    @property
    def about(self) -> str:
        return self._login

    @classmethod
    def about_thing(cls, context: Context, key: str) -> Self:
        if key in context.store.addresses.former_owners() and context.actor.is_admin:
            return cls(Employee(login=key, name=key), former=True)
        return cls(find_employee(context, key))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self._former and action == "add":  # An address belongs to an employee.
            return False
        return super().check_action(action, parameters)

    @property
    def path(self) -> tuple[str, ...]:
        return (*PATH, self._person)

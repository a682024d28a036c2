"""One employee: what he may use and by what, what he may not and why, and his groups."""

from typing import TYPE_CHECKING, ClassVar, Self

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import DescendantFocus
from textual.widgets import Static

from mailtui.core.addresses import ExternalAddress
from mailtui.core.people import AccessList, Employee
from mailtui.core.text import clean, listed
from mailtui.core.use import why_nowhere
from mailtui.operations.addresses import find_address
from mailtui.operations.people import employee_seen_by
from mailtui.tui.marks import BETWEEN, Mark
from mailtui.tui.screens.access_from_here import edit_access
from mailtui.tui.screens.employee_form import EmployeeForm
from mailtui.tui.screens.employee_rows import CLOSED, USED, ClosedRows, UsableRows
from mailtui.tui.screens.following import FollowingPage
from mailtui.tui.styles import style
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.store_table import StoreTable

if TYPE_CHECKING:
    from mailtui.operations.context import Context

CHANGES = frozenset({"edit", "access", "open"})
"""What only an admin may do."""


class EmployeePage(FollowingPage):
    """Two tables: what he may use above, what is closed to him below."""

    PURPOSE = (
        "Above, the addresses that this employee may use and by what: his own, those open to everybody, those whose"
        " access list names him or one of his groups. Below, those that are closed to him, and why. Which of them he is"
        " offered in a project, and in which order, the project's page says."
    )
    CSS_PATH = [style("table"), style("sections"), style("people")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="employee.open", tooltip="Account, access and projects of the address"),
        Binding("e", "edit", "Edit", id="employee.edit", tooltip="Change name, e-mail, role and groups"),
        Binding("w", "access", "Access lists", id="employee.access",
                tooltip="Choose the addresses whose access lists name him"),
        Binding("x", "matrix", "Matrix", id="employee.matrix",
                tooltip="What he is offered in every project, and why not the rest"),
        Binding("tab", "closed", "May not use", id="employee.closed", tooltip="To what is closed to him"),
        Binding("tab", "used", "May use", id="employee.used", tooltip="Back to what he may use"),
    ]  # fmt: skip

    def __init__(self, login: str) -> None:
        super().__init__()
        self._login = login
        self._employee: Employee | None = None

    @property
    def about(self) -> str:
        return self._login

    @classmethod
    def about_thing(cls, context: "Context", key: str) -> Self:
        return cls(employee_seen_by(context, key).login)

    @property
    def path(self) -> tuple[str, ...]:
        name = self._employee.name if self._employee else self._login
        return ("Account management", "People", "Employees and groups", name)

    @property
    def employee(self) -> Employee:
        """As he is stored now. Raises NotFound; NotAllowed for a member about another."""
        self._employee = employee_seen_by(self.context, self._login)
        return self._employee

    def content(self) -> ComposeResult:
        employee = self.employee
        self._used_rows, self._closed_rows = UsableRows(self.context, employee), ClosedRows(self.context, employee)
        yield Static(id="who-title", classes="section")
        yield StoreTable(USED, self._used_rows, empty="He may use none.", follow=self.show_details, id="used")
        yield Static(id="closed-title", classes="section")
        nothing = "Nothing of the company is closed to him."
        yield StoreTable(CLOSED, self._closed_rows, empty=nothing, follow=self.show_details, id="closed")
        yield Details()

    @property
    def used(self) -> StoreTable:
        return self.query_one("#used", StoreTable)

    @property
    def closed(self) -> StoreTable:
        return self.query_one("#closed", StoreTable)

    def on_mount(self) -> None:
        self.show_path()
        self.used.focus()
        self._show_titles()
        self.follow_others()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"closed", "used"} and self.is_mounted:
            return self.closed.rows.has_focus == (action == "used")
        if action in CHANGES:
            return self.context.actor.is_admin and (action != "open" or (self.is_mounted and bool(self._marked)))
        return super().check_action(action, parameters)

    async def action_matrix(self) -> None:
        from mailtui.tui.screens.offer_matrix import OfferMatrixPage  # Imported when it is first opened.

        await self.app.push_screen(OfferMatrixPage(employee=self.employee.login))

    def read_anew(self) -> None:
        self._used_rows.employee = self._closed_rows.employee = self.employee
        self.used.reload()
        self.closed.reload()
        self.show_path()
        self._show_titles()
        self.show_details()

    def _show_titles(self) -> None:
        employee = self.employee
        names = [self._group_name(key) for key in sorted(employee.groups)]
        groups = f"in {listed(names)}" if names else "in no group"
        title = f"  {BETWEEN}  ".join([f"May use {self.used.count}", employee.role, groups])
        self.query_one("#who-title", Static).update(Content(clean(title)))
        self.query_one("#closed-title", Static).update(Content(f"May not use {self.closed.count}"))

    def _group_name(self, key: str) -> str:
        group = self.context.store.groups.get(key)
        return group.name if group else key

    @property
    def _marked(self) -> str | None:
        return (self.closed if self.closed.rows.has_focus else self.used).marked

    @on(DescendantFocus)
    def show_details(self) -> None:
        """The whole sentence about the address under the cursor."""
        found = self.context.store.addresses.get(self._marked) if self._marked else None
        self.query_one(Details).show(clean(self._in_words(found)) if found else "")

    def _in_words(self, address: ExternalAddress) -> str:
        who = self._used_rows.employee
        if (refusal := why_nowhere(who, address)) is not None:
            return (
                f"{Mark.OFF} {address.address} is offered to {who.name} nowhere: {refusal.why}. (rule {refusal.rule})"
            )
        if address.projects is None:
            return f"{Mark.READY} {address.address}: in every active project that is not strict"
        projects = filter(None, (self.context.store.projects.get(key) for key in sorted(address.projects)))
        places = [f"{project.name} (archived)" if project.archived else project.name for project in projects]
        return f"{Mark.READY} {address.address}: only in {listed(places)}"

    def action_closed(self) -> None:
        self.closed.focus()

    def action_used(self) -> None:
        self.used.focus()

    async def action_edit(self) -> None:
        await self.app.push_screen(EmployeeForm(self.employee), lambda _: self.read_anew())

    @work(exclusive=True)
    async def action_open(self) -> None:
        from mailtui.tui.form.address_form import AddressForm  # Imported when it is first opened.

        if self._marked is not None:
            address = find_address(self.context, self._marked)
            owner = self.employee if address.owner == self._login else None
            await self.app.push_screen_wait(AddressForm(address, owner))
            self.read_anew()

    @work(exclusive=True)
    async def action_access(self) -> None:
        await edit_access(self, self.employee.name, AccessList(employees=frozenset({self._login})))

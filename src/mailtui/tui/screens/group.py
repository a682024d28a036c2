"""One group: who is in it, and which addresses it lets them use."""

from typing import TYPE_CHECKING, ClassVar, Self

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import DescendantFocus
from textual.widgets import Static

from mailtui.core.people import AccessList, Group
from mailtui.core.text import clean
from mailtui.operations.addresses import find_address
from mailtui.operations.bulk import add_to_group, remove_from_group
from mailtui.operations.people import employee_seen_by, find_group
from mailtui.tui.addresses.rows import details
from mailtui.tui.screens.access_from_here import edit_access
from mailtui.tui.screens.employee_rows import OF_A_GROUP, GroupsAddresses
from mailtui.tui.screens.following import FollowingPage
from mailtui.tui.screens.group_form import EmployeesToPick, GroupForm
from mailtui.tui.screens.people_tables import EMPLOYEE_COLUMNS, EmployeeRows, in_words
from mailtui.tui.screens.pick_some import PickSome
from mailtui.tui.styles import style
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.mark_table import MarkTable
from mailtui.tui.widgets.rows import Column
from mailtui.tui.widgets.store_table import StoreTable

if TYPE_CHECKING:
    from mailtui.operations.context import Context

CHANGES = frozenset({"add", "drop", "edit", "access"})
"""What only an admin may do."""


class GroupPage(FollowingPage):
    """Two tables: its members above, the addresses whose access list names it below."""

    PURPOSE = (
        "Above, who is in the group. Below, the addresses whose access list names it: every member may use them."
        " Whoever leaves the group loses what only the group let him use."
    )
    CSS_PATH = [style("table"), style("sections"), style("people")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="group.open", tooltip="The employee's page, or the address"),
        Binding("a", "add", "Add", id="group.add", tooltip="Choose who else is in it"),
        Binding("d", "drop", "Drop", id="group.drop", tooltip="Take the marked employees out of the group"),
        Binding("e", "edit", "Edit", id="group.edit", tooltip="Change the group's name and all its members"),
        Binding("w", "access", "Access lists", id="group.access",
                tooltip="Choose the addresses whose access lists name the group"),
        Binding("x", "matrix", "Matrix", id="group.matrix",
                tooltip="What its members are offered in every project, and why not the rest"),
        Binding("tab", "addresses", "Addresses", id="group.addresses", tooltip="To the addresses that it opens"),
        Binding("tab", "members", "Members", id="group.members", tooltip="Back to who is in it"),
    ]  # fmt: skip

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._called = key

    @property
    def about(self) -> str:
        return self._key

    @classmethod
    def about_thing(cls, context: "Context", key: str) -> Self:
        return cls(find_group(context, key).key)

    @property
    def path(self) -> tuple[str, ...]:
        return ("Account management", "People", "Employees and groups", self._called)

    @property
    def group(self) -> Group:
        """As it is stored now. Raises NotFound."""
        return find_group(self.context, self._key)

    def content(self) -> ComposeResult:
        admin = self.context.actor.is_admin
        yield Static(id="members-title", classes="section")
        yield MarkTable(
            EMPLOYEE_COLUMNS, EmployeeRows(self.context, self._key), markable=admin,
            empty="Nobody is in it yet.  a  chooses who." if admin else "Nobody is in it yet.",
            follow=self.show_details, id="members",
        )  # fmt: skip
        yield Static(id="opens-title", classes="section")
        yield StoreTable(
            OF_A_GROUP, GroupsAddresses(self.context, self._key),
            empty="No access list names it.  w  chooses addresses." if admin else "No access list names it.",
            follow=self.show_details, id="opens",
        )  # fmt: skip
        yield Details()

    @property
    def members(self) -> MarkTable:
        return self.query_one("#members", MarkTable)

    @property
    def opens(self) -> StoreTable:
        return self.query_one("#opens", StoreTable)

    def on_mount(self) -> None:
        self._called = self.group.name
        self.show_path()
        self.members.focus()
        self._show_titles()
        self.follow_others()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.is_mounted:
            return super().check_action(action, parameters)
        below = self.opens.rows.has_focus
        if action in {"addresses", "members"}:
            return below == (action == "members")
        if action in CHANGES and not self.context.actor.is_admin:
            return False
        if action == "drop":
            return not below and self.members.marked is not None
        if action == "open":
            return self.context.actor.is_admin and (self.opens if below else self.members).marked is not None
        return super().check_action(action, parameters)

    async def action_matrix(self) -> None:
        from mailtui.tui.screens.offer_matrix import OfferMatrixPage  # Imported when it is first opened.

        await self.app.push_screen(OfferMatrixPage(group=self.group.key))

    def read_anew(self) -> None:
        self._called = self.group.name
        self.members.reload()
        self.opens.reload()
        self.show_path()
        self._show_titles()
        self.show_details()

    def _show_titles(self) -> None:
        for id, title in (
            ("#members-title", f"Members {self.members.count}"),
            ("#opens-title", f"Access lists that name it {self.opens.count}"),
        ):
            self.query_one(id, Static).update(Content(title))

    @on(DescendantFocus)
    def show_details(self) -> None:
        """What the columns do not say of the row under the cursor."""
        self.query_one(Details).show(self._details())

    def _details(self) -> Content:
        if self.opens.rows.has_focus:
            address = self.context.store.addresses.get(self.opens.marked) if self.opens.marked else None
            return details(address, self.context) if address else Content()
        employee = self.context.store.employees.get(self.members.marked) if self.members.marked else None
        return Content(clean(in_words(employee)) if employee else "")

    def action_addresses(self) -> None:
        self.opens.focus()

    def action_members(self) -> None:
        self.members.focus()

    @work(exclusive=True)
    async def action_open(self) -> None:
        from mailtui.tui.form.address_form import AddressForm  # Imported when it is first opened.
        from mailtui.tui.screens.employee import EmployeePage

        if self.opens.rows.has_focus and self.opens.marked is not None:
            await self.app.push_screen_wait(AddressForm(find_address(self.context, self.opens.marked), None))
        elif self.members.marked is not None:
            employee = employee_seen_by(self.context, self.members.marked)
            await self.app.push_screen_wait(EmployeePage(employee.login))
        self.read_anew()

    @work(exclusive=True)
    async def action_add(self) -> None:
        known = frozenset(self.context.store.employees.member_keys(self._key))
        columns = (Column("Employee", share=2), Column("Login"))
        picked = await self.app.push_screen_wait(
            PickSome(
                f"Who else is in {self._called}?", "Who is picked already stays in it: drop members on the page.",
                columns, EmployeesToPick(self.context), picked=known, empty="No employee yet.",
            )
        )  # fmt: skip
        if picked is not None:
            self.told(add_to_group(self.context, picked - known, self._key), f"put into {self._called}")

    def action_drop(self) -> None:
        done = remove_from_group(self.context, self.members.meant, self._key)
        self.members.drop_marks()
        self.told(done, f"taken out of {self._called}")

    async def action_edit(self) -> None:
        members = frozenset(self.context.store.employees.member_keys(self._key))
        await self.app.push_screen(GroupForm(self.group, members), lambda _: self.read_anew())

    @work(exclusive=True)
    async def action_access(self) -> None:
        await edit_access(self, self._called, AccessList(groups=frozenset({self._key})))

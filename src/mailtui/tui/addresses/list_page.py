"""A list of external addresses with everything that can be done to one: the page of the company, and of an employee."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from mailtui.core.addresses import AddressState, ExternalAddress
from mailtui.core.people import Employee
from mailtui.operations.addresses import find_address, projects_without_sender, remove_address, switch_address
from mailtui.tui.addresses.rows import COMPANY_COLUMNS, EMPLOYEE_COLUMNS, AddressRows, details
from mailtui.tui.addresses.stored_test import StoredTest
from mailtui.tui.addresses.words import step_words
from mailtui.tui.confirm import Confirm
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.form.failure import FailureDetails
from mailtui.tui.page import Page
from mailtui.tui.screens.following import LOOK_EVERY, Elsewhere
from mailtui.tui.styles import style
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.store_table import StoreTable

FOR_ADMINS = frozenset({"add", "edit", "test", "switch", "remove"})
"""What changes settings; a member does not see these keys, and operations refuse him anyhow."""

FOR_MEMBERS = "There are no addresses here yet: an administrator adds them."

FOR_A_ROW = frozenset({"edit", "test", "switch", "remove", "reason"})


class AddressList(Page):
    """Whose addresses it lists is said when it is made."""

    CSS_PATH: ClassVar = [style("table"), style("company_addresses")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="addresses.add", tooltip="Add an external e-mail address"),
        Binding("enter,e", "edit", "Edit", id="addresses.edit", tooltip="Open the address: account, access, projects"),
        Binding(
            "t", "test", "Test", id="addresses.test", tooltip="Test its account with the real server, as it stands"
        ),
        Binding("space", "switch", "Off/on", id="addresses.switch", tooltip="Offer it to nobody, or again as before"),
        Binding("d", "remove", "Delete", id="addresses.remove", tooltip="Delete it and its password; asks first"),
        Binding("r", "reason", "Reason", id="addresses.reason", tooltip="Why its account fails, and what to do"),
    ]

    def __init__(self, owner: Employee | None, *, nothing: Content) -> None:
        """`owner`: whose addresses; None for the company's. `nothing`: what stands there as long as there are none."""
        super().__init__()
        self._owner = owner
        self._nothing = nothing
        self._state_seen: AddressState | None = None
        """Of the marked address: it decides which keys there are."""

    def content(self) -> ComposeResult:
        columns = COMPANY_COLUMNS if self._owner is None else EMPLOYEE_COLUMNS
        rows = AddressRows(self.context, self._owner.login if self._owner else None)
        nothing = self._nothing if self.context.actor.is_admin else FOR_MEMBERS
        yield StoreTable(columns, rows, empty=nothing, follow=self.show_details)
        yield Details()

    @property
    def table(self) -> StoreTable:
        return self.query_one(StoreTable)

    def on_mount(self) -> None:
        self._elsewhere = Elsewhere(self.context)
        self.set_interval(LOOK_EVERY, self._follow)

    def _follow(self) -> None:
        """An account that began to fail, and what another administrator changed, show without a key (+20)."""
        if self.is_current and self._elsewhere.changed():
            self.table.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in FOR_ADMINS and not self.context.actor.is_admin:
            return False
        if action == "reason":
            marked = self._marked()
            return marked is not None and marked.state is AddressState.FAILING
        return action not in FOR_A_ROW or not self.query(StoreTable) or self.table.marked is not None

    def _marked(self) -> ExternalAddress | None:
        """The marked address as it is stored now; None where there is none any more."""
        key = self.table.marked if self.query(StoreTable) else None
        return self.context.store.addresses.get(key) if key is not None else None

    def _find(self) -> ExternalAddress:
        """Raises NotFound where somebody removed it meanwhile."""
        return find_address(self.context, self.table.marked or "")

    def show_details(self) -> None:
        """In the frame in which the row is marked; the keys are looked at again only where a row has others."""
        marked = self._marked()
        self.query_one(Details).show("" if marked is None else details(marked, self.context))
        state = marked.state if marked else None
        if state is not self._state_seen:
            self._state_seen = state
            self.refresh_bindings()

    def _changed(self, mark: str | None = None) -> None:
        """Read the table anew, the cursor on the address `mark` or where it was."""
        self.table.reload(mark)
        self.mailtui.look_again()

    @work(exclusive=True)
    async def action_add(self) -> None:
        saved = await self.app.push_screen_wait(AddressForm(owner=self._owner))
        if saved is not None:
            self._changed(saved.address)
            self.mailtui.say(f"{saved.address} is saved.")

    @work(exclusive=True)
    async def action_edit(self) -> None:
        saved = await self.app.push_screen_wait(AddressForm(self._find(), self._owner))
        self._changed(saved.address if saved else None)

    @work(exclusive=True)
    async def action_test(self) -> None:
        await self.app.push_screen_wait(StoredTest(self._find()))
        self._changed()

    def action_switch(self) -> None:
        found = self._find()
        switch_address(self.context, found.address, enabled=not found.enabled)
        self._changed()

    @work(exclusive=True)
    async def action_remove(self) -> None:
        found = self._find()
        lost = projects_without_sender(self.context, found.address)
        consequence = [f"{project} is left without an address of its own." for project in lost]
        consequence.append("Its password is deleted too. What was sent from it stays in the deliveries.")
        question = Confirm(f"Delete {found.address}?", consequence=consequence, key="d", do="Delete", keep="Keep")
        if await self.app.push_screen_wait(question):
            remove_address(self.context, found.address)
            self._changed()
            self.mailtui.say(f"{found.address} is deleted.")

    def action_reason(self) -> None:
        marked = self._marked()
        test = marked.last_test if marked else None
        if marked is not None and test is not None:
            step, reply, name = step_words(test.step), test.reply, test.reason
            self.app.push_screen(FailureDetails(address=marked.address, step=step, reply=reply, reason_name=name))

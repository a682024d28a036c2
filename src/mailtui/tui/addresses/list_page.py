"""A list of external addresses with everything that can be done to one: the page of the company, and of an employee."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from mailtui.core.addresses import AddressState, ExternalAddress
from mailtui.core.people import Employee
from mailtui.operations.addresses import find_address
from mailtui.operations.bulk import bind_addresses, give_access, remove_addresses, switch_addresses
from mailtui.operations.losses import losses_of_addresses
from mailtui.operations.projects import find_project
from mailtui.operations.undo import Done
from mailtui.tui.addresses.rows import COMPANY_COLUMNS, EMPLOYEE_COLUMNS, AddressRows, details
from mailtui.tui.addresses.stored_test import StoredTest
from mailtui.tui.addresses.words import step_words
from mailtui.tui.bulk import BulkPage
from mailtui.tui.confirm import Confirm
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.form.failure import FailureDetails
from mailtui.tui.form.who import WHO_COLUMNS, WhoRows, access_of
from mailtui.tui.screens.choose import ChooseProject
from mailtui.tui.screens.following import LOOK_EVERY, Elsewhere
from mailtui.tui.screens.pick_some import PickSome
from mailtui.tui.screens.removal import RemovalQuestion, listed_up_to
from mailtui.tui.styles import style
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.mark_table import MarkTable

FOR_ADMINS = frozenset({"add", "edit", "test", "switch", "remove", "bind", "let_in", "writers"})
"""What changes settings; a member does not see these keys, and operations refuse him anyhow."""

FOR_MEMBERS = "There are no addresses here yet: an administrator adds them."

FOR_A_ROW = frozenset({"edit", "test", "switch", "remove", "reason", "bind", "let_in", "writers"})

FOR_ONE = frozenset({"add", "edit", "test", "reason", "writers"})
"""What is not done to several at once."""

NAMED = 8
"""Addresses that a question names; of more it says how many."""


class AddressList(BulkPage):
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
        Binding("b", "bind", "Bind", id="addresses.bind", tooltip="Bind the marked addresses to a project as well"),
        Binding(
            "w",
            "let_in",
            "Let in",
            id="addresses.let_in",
            tooltip="Put employees and groups on the access lists of the marked addresses",
        ),
        Binding("p", "writers", "Who writes", id="addresses.writers", tooltip="Who could write as it, and where"),
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
        admin = self.context.actor.is_admin
        yield MarkTable(columns, rows, markable=admin, empty=nothing, follow=self.show_details, ordered_by="address")
        yield Details()

    @property
    def table(self) -> MarkTable:
        return self.query_one(MarkTable)

    def read_anew(self) -> None:
        self.table.reload()

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
        several = bool(self.query(MarkTable)) and self.table.has_marks
        if several and action in FOR_ONE:
            return False
        if action == "let_in" and self._owner is not None:
            return False
        if action == "reason":
            marked = self._marked()
            return marked is not None and marked.state is AddressState.FAILING
        if action in FOR_A_ROW:
            return not self.query(MarkTable) or several or self.table.marked is not None
        return super().check_action(action, parameters)

    def _marked(self) -> ExternalAddress | None:
        """The marked address as it is stored now; None where there is none any more."""
        key = self.table.marked if self.query(MarkTable) else None
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
        """All off where one of them is on."""
        meant = self.table.meant
        found = map(self.context.store.addresses.get, meant)
        enabled = not any(address is not None and address.enabled for address in found)
        done = switch_addresses(self.context, meant, enabled=enabled)
        self._done(done, "switched on" if enabled else "switched off")

    def _done(self, done: Done, outcome: str) -> None:
        self.table.drop_marks()
        self.told(done, outcome)

    @work(exclusive=True)
    async def action_bind(self) -> None:
        meant = self.table.meant
        key = await self.app.push_screen_wait(ChooseProject(self.context, f"Bind to which project? {_how_many(meant)}"))
        if key is None:
            return
        project = find_project(self.context, key)
        general = tuple(a for a in sorted(meant) if find_address(self.context, a).projects is None)
        if general and not await self.app.push_screen_wait(
            Confirm(
                f"Bind to {project.name}?",
                consequence=f"For every project so far, and only for {project.name} then:"
                f" {listed_up_to(general, NAMED)}.",
                key="b",
                do="Bind",
                keep="Leave all as it is",
            )
        ):
            return
        self._done(bind_addresses(self.context, meant, key), f"bound to {project.name}")

    @work(exclusive=True)
    async def action_let_in(self) -> None:
        meant = self.table.meant
        picked = await self.app.push_screen_wait(
            PickSome(
                f"Who may use {_how_many(meant)} too?",
                "Who is on a list stays on it. What is open to everybody stays open.",
                WHO_COLUMNS,
                WhoRows(self.context),
                empty="There are no employees yet: they are added under People.",
            )
        )
        if picked:
            self._done(give_access(self.context, meant, access_of(picked)), "let them in")

    @work(exclusive=True)
    async def action_remove(self) -> None:
        meant = self.table.meant
        losses = losses_of_addresses(self.context, meant)
        what = losses.going[0] if len(meant) == 1 else _how_many(meant)
        passwords = "Its password is deleted too." if len(meant) == 1 else "Their passwords are deleted too."
        if await self.app.push_screen_wait(RemovalQuestion(f"Delete {what}?", losses, passwords)):
            self._done(remove_addresses(self.context, meant), "deleted")

    async def action_writers(self) -> None:
        from mailtui.tui.screens.who_writes import WhoWritesPage  # Imported when it is first opened.

        await self.app.push_screen(WhoWritesPage(address=self._find().address))

    def action_reason(self) -> None:
        marked = self._marked()
        test = marked.last_test if marked else None
        if marked is not None and test is not None:
            step, reply, name = step_words(test.step), test.reply, test.reason
            self.app.push_screen(FailureDetails(address=marked.address, step=step, reply=reply, reason_name=name))


def _how_many(addresses: frozenset[str]) -> str:
    return "1 address" if len(addresses) == 1 else f"{len(addresses)} addresses"

"""One project: which addresses an employee is offered in it and why not the others, and what was sent there."""

from typing import TYPE_CHECKING, ClassVar, Self

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import DescendantFocus
from textual.widgets import Static

from mailtui.core.offers import why_not
from mailtui.core.projects import Project
from mailtui.core.text import clean, clean_lines
from mailtui.operations.addresses import find_address
from mailtui.operations.offers import offered_addresses
from mailtui.operations.projects import find_project
from mailtui.tui.marks import BETWEEN, Mark
from mailtui.tui.page import Page
from mailtui.tui.screens.choose import ChooseEmployee
from mailtui.tui.screens.delivery_table import DeliveryRows, DeliveryTable, said
from mailtui.tui.screens.following import LOOK_EVERY, Elsewhere
from mailtui.tui.screens.offer_rows import COLUMNS, OfferRows, offer_in_words
from mailtui.tui.styles import style
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.store_table import StoreTable

if TYPE_CHECKING:
    from mailtui.operations.context import Context


class ProjectPage(Page):
    """Two tables: the addresses above, the actions below."""

    PURPOSE = (
        "Above, the addresses of the company in the order in which they are offered here, and for each other one the"
        " sentence why it is not. Below, what was sent from here. Add an action to write to a contact."
    )
    CSS_PATH = [style("table"), style("sections"), style("project")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "New action", id="project.add", tooltip="Write to a contact from this project"),
        Binding("w", "who", "As whom", id="project.who", tooltip="Show what another employee is offered here"),
        Binding("b", "writers", "Who could write", id="project.writers",
                tooltip="Everybody who could write in this project, and through which addresses"),
        Binding("tab", "actions", "Actions", id="project.actions", tooltip="To what was sent from here"),
        Binding("tab", "addresses", "Addresses", id="project.addresses", tooltip="Back to the addresses"),
    ]  # fmt: skip

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project

    @property
    def about(self) -> str:
        return self._project.key

    @classmethod
    def about_thing(cls, context: "Context", key: str) -> Self:
        return cls(find_project(context, key))

    @property
    def path(self) -> tuple[str, ...]:
        return ("Account management", "Projects", self._project.name)

    def content(self) -> ComposeResult:
        self._employee = self.context.employee.login
        self._elsewhere = Elsewhere(self.context)
        self._choice = offered_addresses(self.context, self._employee, self._project.key)
        self._rows = OfferRows(self.context, self._choice)
        nothing = "No address yet: an administrator adds them under\nCompany external e-mail addresses."
        yield Static(id="offered-title", classes="section")
        yield StoreTable(COLUMNS, self._rows, empty=nothing, follow=self.show_marked, id="offered")
        yield Static(id="actions-title", classes="section")
        yield DeliveryTable(
            DeliveryRows(self.context, project=self._project.key),
            empty="Nothing was sent from here yet.",
            follow=self.show_marked,
        )
        yield Details()

    @property
    def addresses(self) -> StoreTable:
        return self.query_one("#offered", StoreTable)

    @property
    def actions(self) -> DeliveryTable:
        return self.query_one(DeliveryTable)

    def on_mount(self) -> None:
        self.addresses.focus()
        self._show_titles()
        self.set_interval(LOOK_EVERY, self._follow)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"actions", "addresses"} and self.is_mounted:
            return self.actions.rows.has_focus == (action == "addresses")
        return self.context.actor.is_admin if action in {"who", "writers"} else True

    def _show_anew(self) -> None:
        self._choice = offered_addresses(self.context, self._employee, self._project.key)
        self._rows.look(self._choice)
        self._project = self._choice.project
        self.addresses.reload()
        self.actions.reload()
        self.show_path()
        self._show_titles()

    def _follow(self) -> None:
        if self.is_current and self._elsewhere.changed():
            self._show_anew()

    def _show_titles(self) -> None:
        choice, project = self._choice, self._project
        offered = len(choice.offered)
        figures = f"{offered} offered {BETWEEN} {self._rows.count('') - offered} not"
        rules = (f"  {BETWEEN} strict" if project.strict else "") + (
            f"  {BETWEEN} archived" if project.archived else ""
        )
        title = f"Offered to {choice.employee.name}, in this order  {BETWEEN} {figures}{rules}"
        self.query_one("#offered-title", Static).update(Content(clean(title)))
        sent = self.actions.count
        self.query_one("#actions-title", Static).update(Content(f"Actions  {BETWEEN} {sent or 'none yet'}"))

    def action_actions(self) -> None:
        self.actions.focus()

    def action_addresses(self) -> None:
        self.addresses.focus()

    async def action_add(self) -> None:
        from mailtui.tui.screens.action import NewAction  # Imported when it is first opened, as every page is.

        await self.app.push_screen(NewAction(self._project), lambda _: self._show_anew())

    async def action_writers(self) -> None:
        from mailtui.tui.screens.who_writes import WhoWritesPage  # As above.

        await self.app.push_screen(WhoWritesPage(project=self._project.key))

    async def action_who(self) -> None:
        await self.app.push_screen(ChooseEmployee(self.context, self._employee), self._chosen)

    def _chosen(self, login: str | None) -> None:
        if login is not None:
            self._employee = login
            self._show_anew()
            self.addresses.rows.show(0)  # what this one is offered stands there

    @on(DescendantFocus)
    def show_keys(self) -> None:
        """The two tables have different ones."""
        self.show_marked()
        self.refresh_bindings()

    def show_marked(self) -> None:
        """What the columns have no room for: the whole sentence, or the server's words."""
        self.query_one(Details).show(clean_lines(self._details()))

    def _details(self) -> str:
        if self.actions.rows.has_focus:
            delivery = self.actions.delivery
            return said(delivery, self.context.clock()) if delivery else ""
        marked = self.addresses.marked
        if marked is None:
            return ""
        who = self._choice.employee
        offers = {offer.address: offer for offer in self._choice.offered}
        if marked in offers:
            return f"{Mark.READY} {marked} is offered to {who.name}: {offer_in_words(offers[marked])}."
        refusal = why_not(who, self._project, find_address(self.context, marked))
        return (
            f"{Mark.OFF} {marked} is not offered to {who.name}: {refusal.why}. (rule {refusal.rule})" if refusal else ""
        )

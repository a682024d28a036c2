"""The offer matrix: for an employee or a group, projects down and addresses across."""

from typing import TYPE_CHECKING, ClassVar, Final, Self

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from mailtui.core.errors import MailtuiError
from mailtui.core.text import clean, clean_lines
from mailtui.operations.matrix import OfferMatrix, Part, Subject, subject_of
from mailtui.operations.matrix_lines import matrix_csv
from mailtui.tui.marks import BETWEEN
from mailtui.tui.screens.choose import ChooseEmployee, ChooseGroup
from mailtui.tui.screens.export_to import Exporting
from mailtui.tui.screens.following import LOOK_EVERY
from mailtui.tui.screens.matrix_cells import MatrixSource, sentence
from mailtui.tui.styles import style
from mailtui.tui.widgets.axis_filter import AxisFilter
from mailtui.tui.widgets.cross_table import CrossTable
from mailtui.tui.widgets.details import Details

if TYPE_CHECKING:
    from mailtui.core.people import Employee
    from mailtui.operations.context import Context

OF_GROUP: Final = "@"
"""Before the key of a group, where an employee's login could stand, too: no login begins so."""

EMPTY: Final = "There is nothing to offer yet: a matrix needs a project,\nand an address that is ready.\n\n"


class OfferMatrixPage(Exporting):
    """One table in two directions, and the sentence of its marked cell."""

    PURPOSE = (
        "What an employee, or each member of a group, is offered in every project: the first choice, other offers, and"
        " by which rule the rest is refused. Below stands the sentence of the marked cell. Only addresses that can be"
        " offered somewhere have a column, until you ask for all."
    )
    CSS_PATH = [style("table"), style("sections"), style("cross_table")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "address", "Address", id="matrix.address", tooltip="Open the address of the marked cell"),
        Binding("p", "project", "Project", id="matrix.project", tooltip="Open the project of the marked cell"),
        Binding("w", "employee", "As whom", id="matrix.employee", tooltip="Show the matrix of another employee"),
        Binding("u", "group", "Group", id="matrix.group", tooltip="Show what the members of a group are offered"),
        Binding("slash", "filter_projects", "Projects", id="matrix.filter_projects",
                tooltip="Show only the projects that hold a text"),
        Binding("f", "filter_addresses", "Addresses", id="matrix.filter_addresses",
                tooltip="Show only the addresses that hold a text"),
        Binding("v", "everything", "All/offered", id="matrix.everything",
                tooltip="A column for every address, or only for those that can be offered somewhere"),
        Binding("x", "export", "CSV", id="matrix.export",
                tooltip="Write what the filters leave to a file for a spreadsheet"),
    ]  # fmt: skip

    def __init__(self, *, employee: str = "", group: str = "") -> None:
        """Of oneself where neither is named."""
        super().__init__()
        self._employee, self._group = employee, group
        self._everything = False

    @property
    def about(self) -> str:
        return f"{OF_GROUP}{self._group}" if self._group else self._employee

    @classmethod
    def about_thing(cls, context: "Context", key: str) -> Self:
        group = key.removeprefix(OF_GROUP) if key.startswith(OF_GROUP) else ""
        employee = "" if group else key
        subject_of(context, employee=employee, group=group)
        return cls(employee=employee, group=group)

    @property
    def path(self) -> tuple[str, ...]:
        return ("Account management", "Projects", "Offer matrix")

    def content(self) -> ComposeResult:
        try:
            self._source = MatrixSource(self._matrix())
        except MailtuiError as error:  # Removed since it was chosen: one's own is shown then.
            self.mailtui.complain(error)
            self._employee = self._group = ""
            self._source = MatrixSource(self._matrix())
        self._as_of = self.context.store.audit.newest_id()
        yield Static(classes="section")
        yield AxisFilter("projects", self._filter_projects, self._to_the_table)
        yield AxisFilter("addresses", self._filter_addresses, self._to_the_table)
        yield CrossTable(self._source, first="Project", empty=self._nothing(), follow=self.show_details)
        yield Details()

    def _nothing(self) -> str:
        return EMPTY + ("" if self._everything else "  v   Show every address")

    @property
    def table(self) -> CrossTable:
        return self.query_one(CrossTable)

    def on_mount(self) -> None:
        self.table.focus()
        self._show_title()
        self.set_interval(LOOK_EVERY, self._follow)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"address", "project"} and (not self.is_mounted or self.table.marked_column is None):
            return False
        return self.context.actor.is_admin if action in {"employee", "group", "address"} else True

    def _matrix(self) -> OfferMatrix:
        subject = subject_of(self.context, employee=self._employee, group=self._group)
        return OfferMatrix(self.context, subject, everything=self._everything)

    @property
    def _subject(self) -> Subject:
        return self._source.matrix.subject

    def _follow(self) -> None:
        """What anybody decides has its row in the audit; a message that is sent changes nothing here."""
        newest = self.context.store.audit.newest_id()
        if self.is_current and newest != self._as_of:
            self._as_of = newest
            self._show_anew()

    def _show_anew(self) -> None:
        try:
            self._source.matrix = self._matrix()
        except MailtuiError as error:  # The employee or group was removed meanwhile.
            self.mailtui.complain(error)
            self.dismiss()
            return
        self.table.empty = self._nothing()
        self.table.reload()
        self._show_title()

    def _show_title(self) -> None:
        group = self._subject.group
        whom = f"{group.name}, {_many(len(self._subject.employees), 'member')}" if group else self._subject.name
        _, projects, _, addresses = self.table.place
        of = f"all {addresses:,} addresses" if self._everything else f"{_many(addresses, 'address')} offered somewhere"
        title = f"Offered to {whom}  {BETWEEN}  {_many(projects, 'project')}  {BETWEEN}  {of}"
        self.query_one(".section", Static).update(Content(clean(title)))
        self.refresh_bindings()

    def show_details(self) -> None:
        """The sentence of the marked cell, and where in the matrix it is."""
        row, column = self.table.marked_row, self.table.marked_column
        if row is None or column is None:
            self.query_one(Details).show("")
            return
        project, address = self._source.projects[row.key], self._source.addresses[column.key]
        [cell] = self._source.matrix.cells(project, [address])
        down, rows, across, columns = self.table.place
        place = f"project {down:,} of {rows:,} {BETWEEN} address {across:,} of {columns:,}"
        self.query_one(Details).show(clean_lines(f"{sentence(cell, self._subject, project)}\n{place}"))

    def _to_the_table(self) -> None:
        self.table.focus()

    def _filter_projects(self, text: str) -> None:
        self._source.projects_matching = text
        self._filtered()

    def _filter_addresses(self, text: str) -> None:
        self._source.addresses_matching = text
        self._filtered()

    def _filtered(self) -> None:
        self.table.to_the_beginning()
        self.table.reload()
        self._show_title()

    def action_filter_projects(self) -> None:
        self.query(AxisFilter).first().open()

    def action_filter_addresses(self) -> None:
        self.query(AxisFilter).last().open()

    def action_back(self) -> None:
        """First what was filtered comes back, then the page goes."""
        filtered = [one for one in self.query(AxisFilter) if one.display]
        for one in filtered:
            one.close()
        if not filtered:
            self.dismiss()

    def action_everything(self) -> None:
        self._everything = not self._everything
        self.table.to_the_beginning()
        self._show_anew()

    @work(exclusive=True)
    async def action_address(self) -> None:
        if (column := self.table.marked_column) is None:
            return
        from mailtui.operations.addresses import find_address
        from mailtui.tui.form.address_form import AddressForm  # Few who look at a matrix edit an address.

        found = find_address(self.context, column.key)
        owner: Employee | None = self.context.store.employees.get(found.owner) if found.owner else None
        await self.app.push_screen_wait(AddressForm(found, owner))
        self._show_anew()

    async def action_project(self) -> None:
        if (row := self.table.marked_row) is None:
            return
        from mailtui.operations.projects import find_project
        from mailtui.tui.screens.project import ProjectPage

        project = find_project(self.context, row.key)
        await self.app.push_screen(ProjectPage(project), lambda _: self._show_anew())

    async def action_employee(self) -> None:
        chosen = self._employee or ("" if self._group else self.context.employee.login)
        await self.app.push_screen(ChooseEmployee(self.context, chosen), lambda login: self._ask(login, None))

    async def action_group(self) -> None:
        await self.app.push_screen(ChooseGroup(self.context, "Which group?"), lambda key: self._ask(None, key))

    def _ask(self, login: str | None, group: str | None) -> None:
        if login is None and group is None:
            return
        self._employee, self._group = login or "", group or ""
        self.table.to_the_beginning()
        self._show_anew()

    def action_export(self) -> None:
        subject, everything = self._subject, self._everything
        part = Part(
            projects_matching=self._source.projects_matching, addresses_matching=self._source.addresses_matching
        )
        whom = subject.group.key if subject.group else subject.employees[0].login
        self.export(
            f"the matrix of {subject.name}",
            f"{whom}-matrix.csv",
            lambda context: matrix_csv(OfferMatrix(context, subject, everything=everything), part),
        )


def _many(number: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"

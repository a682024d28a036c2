"""Who could write as a brand, and where: through which addresses, and by which access."""

from typing import TYPE_CHECKING, ClassVar, Self

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mailtui.core.errors import MailtuiError
from mailtui.core.text import clean, clean_lines
from mailtui.operations.matrix_lines import access_in_words, open_to, writers_csv
from mailtui.operations.who_writes import Sender, WhoWrites, Writer
from mailtui.store.window import Window
from mailtui.tui.marks import BETWEEN, Mark
from mailtui.tui.screens.choose import ChooseProject
from mailtui.tui.screens.export_to import Exporting
from mailtui.tui.screens.following import LOOK_EVERY
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import Cell, Column, Row, mark_cell
from mailtui.tui.widgets.store_table import StoreTable
from mailtui.tui.widgets.table_rows import RowMarked

if TYPE_CHECKING:
    from mailtui.operations.context import Context

NAMED = 3
"""Projects that are named where an address is offered in more."""

NO_PROJECT = "There is no project yet: an admin adds them under\nProjects and their actions."


class SenderRows:
    """The addresses of a project, each with how many it lets in."""

    def __init__(self, page: "WhoWritesPage") -> None:
        self._page = page

    def count(self, matching: str) -> int:
        answer = self._page.answer
        return answer.count_senders(matching) if answer is not None and answer.project is not None else 0

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        answer = self._page.answer
        return [_sender_row(found) for found in answer.senders(offset, limit, matching)] if answer else []


class WriterRows:
    """The employees who could write, each with the addresses."""

    def __init__(self, page: "WhoWritesPage") -> None:
        self._page = page

    def count(self, matching: str) -> int:
        return self._page.answer.count_writers(matching) if self._page.answer else 0

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        answer = self._page.answer
        return [_writer_row(found) for found in answer.writers(offset, limit, matching)] if answer else []


class WhoWritesPage(Exporting):
    """Of a project a table of addresses and one of employees, each on a key; of an address the employees alone."""

    PURPOSE = (
        "Everybody who could write as a brand right now. By address: how many employees each lets in, and whom. By"
        " employee: through which addresses, and what lets him in: he owns it, it is open to everybody, the access list"
        " names him, or a group of his."
    )
    CSS_PATH = [style("table"), style("sections")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "open", "Open", id="who_writes.open",
                tooltip="Of an address: who could write as it, and where; of an employee: his offer matrix"),
        Binding("tab", "employees", "Employees", id="who_writes.employees", tooltip="Show it by employee"),
        Binding("tab", "addresses", "Addresses", id="who_writes.addresses", tooltip="Show it by address"),
        Binding("p", "project", "Project", id="who_writes.project", tooltip="Ask it about another project"),
        Binding("x", "export", "CSV", id="who_writes.export",
                tooltip="Write every employee with every address to a file for a spreadsheet"),
    ]  # fmt: skip

    def __init__(self, *, project: str = "", address: str = "") -> None:
        """About the first project where nothing is named."""
        super().__init__()
        self._asked = project, address
        self.answer: WhoWrites | None = None
        """What the tables show; None where there is no project at all, or for a member."""

    @property
    def about(self) -> str:
        return "".join(self._asked)

    @classmethod
    def about_thing(cls, context: "Context", key: str) -> Self:
        project, address = ("", key) if "@" in key else (key, "")  # No key of a project has one.
        WhoWrites(context, project=project, address=address)
        return cls(project=project, address=address)

    @property
    def path(self) -> tuple[str, ...]:
        answer = self.answer
        if answer is None:
            return ("Account management", "Projects", "Who could write as a brand")
        what = answer.project.name if answer.project else answer.address.address if answer.address else ""
        return ("Account management", "Projects", "Who could write", what)

    def compose(self) -> ComposeResult:
        try:
            self._ask()
        except MailtuiError as error:  # Removed since it was chosen.
            self.mailtui.complain(error)
        yield from super().compose()

    def content(self) -> ComposeResult:
        self._as_of = self.context.store.audit.newest_id()
        yield Static(classes="section")
        nothing = NO_PROJECT if self.context.actor.is_admin else "Only an admin may ask who could write as a brand."
        with Vertical(id="by-address"):
            columns = [Column("", width=1), Column("Address", share=3), Column("Employees", width=9),
                       Column("Open to", share=3)]  # fmt: skip
            yield StoreTable(columns, SenderRows(self), empty=self._no_sender(nothing), follow=self.show_details)
        with Vertical(id="by-employee"):
            columns = [Column("Employee", share=2), Column("Login", width=12), Column("Through", share=4)]
            yield StoreTable(columns, WriterRows(self), empty="Nobody could write.", follow=self.show_details)
        yield Details()

    def _no_sender(self, nothing: str) -> str:
        if self.answer is None:
            return nothing
        return (
            "No address is bound to it, and none that is bound nowhere is offered in it.\nBind one to it: its form, f4."
        )

    @property
    def _by_employee(self) -> bool:
        return bool(self.query_one("#by-employee").display)

    @property
    def table(self) -> StoreTable:
        """The one that is seen."""
        return self.query_one("#by-employee" if self._by_employee else "#by-address").query_one(StoreTable)

    def on_mount(self) -> None:
        self._show(by_employee=self.answer is not None and self.answer.address is not None)
        self.set_interval(LOOK_EVERY, self._follow)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.answer is None:
            return action not in {"open", "employees", "addresses", "project", "export"}
        if action in {"employees", "addresses"} and self.is_mounted:
            return self.answer.project is not None and self._by_employee == (action == "addresses")
        if action == "open" and self.is_mounted:
            return self.table.marked is not None
        return True

    def _ask(self) -> None:
        """Put the question anew; it is about what is stored now. Raises NotFound."""
        project, address = self._asked
        if not self.context.actor.is_admin:
            return
        if not project and not address:
            first = self.context.store.projects.rows(Window(limit=1))
            if not first:
                return
            project = first[0].project.key
        self.answer = WhoWrites(self.context, project=project, address=address)

    def _show(self, *, by_employee: bool) -> None:
        self.query_one("#by-employee").display = by_employee
        self.query_one("#by-address").display = not by_employee
        self.table.focus()
        self._show_title()
        self.show_details()
        self.refresh_bindings()

    def _show_anew(self) -> None:
        try:
            self._ask()
        except MailtuiError as error:  # The project or address was removed meanwhile.
            self.mailtui.complain(error)
            self.dismiss()
            return
        for table in self.query(StoreTable):
            table.reload()
        self.show_path()
        self._show_title()

    def _follow(self) -> None:
        """What anybody decides has its row in the audit."""
        newest = self.context.store.audit.newest_id()
        if self.is_current and newest != self._as_of:
            self._as_of = newest
            self._show_anew()

    def _show_title(self) -> None:
        words = self._title() if self.answer else ""
        self.query_one(".section", Static).update(Content(clean(words)))

    def _title(self) -> str:
        assert self.answer is not None  # noqa: S101 - looked at by the caller
        count = self.answer.count_writers()
        who = f"{count:,} {'employee' if count == 1 else 'employees'} could write"
        if self.answer.project is not None:
            rules = "".join(
                f" {BETWEEN} {word}"
                for word, holds in (("strict", self.answer.project.strict), ("archived", self.answer.project.archived))
                if holds
            )
            return f"{who}{rules}"
        places = self.answer.places()
        named = ", ".join(place.name for place in places[:NAMED])
        more = f" and {len(places) - NAMED:,} more" if len(places) > NAMED else ""
        return f"{who}, in {named or 'no project'}{more}"

    @on(RowMarked)
    def look_at_the_row(self) -> None:
        """The first one is marked before the page is all there."""
        self.show_details()
        self.refresh_bindings()

    def show_details(self) -> None:
        """What the columns have no room for."""
        if self.is_mounted and self.answer is not None:
            self.query_one(Details).show(clean_lines(self._details()))

    def _details(self) -> str:
        row = self.table.marked_row
        last = row.cells[-1] if row else ""
        words = last.text if isinstance(last, Cell) else last
        return f"{row.key}: {words}" if row else ""

    def action_employees(self) -> None:
        self._show(by_employee=True)

    def action_addresses(self) -> None:
        self._show(by_employee=False)

    async def action_open(self) -> None:
        if (marked := self.table.marked) is None:
            return
        if self._by_employee:
            from mailtui.tui.screens.offer_matrix import OfferMatrixPage  # Imported when it is first opened.

            await self.app.push_screen(OfferMatrixPage(employee=marked))
        else:
            await self.app.push_screen(WhoWritesPage(address=marked))

    async def action_project(self) -> None:
        await self.app.push_screen(ChooseProject(self.context, "Which project?"), self._chosen)

    def _chosen(self, key: str | None) -> None:
        if key is not None:
            self._asked = key, ""
            self._show_anew()
            self._show(by_employee=self._by_employee)

    def action_export(self) -> None:
        answer = self.answer
        if answer is None:
            return
        project = answer.project.key if answer.project else ""
        address = answer.address.address if answer.address else ""
        self.export(
            "who could write",
            f"{project or address}-who.csv",
            lambda context: writers_csv(WhoWrites(context, project=project, address=address)),
        )


def _sender_row(sender: Sender) -> Row:
    mark = Mark.READY if sender.employees else Mark.OFF
    whom = f"nobody: {sender.nobody.why}" if sender.nobody else open_to(sender)
    address = sender.address.address
    return Row(
        address, (mark_cell(mark), address, f"{sender.employees:,}", whom), None if sender.employees else Tone.MUTED
    )


def _writer_row(writer: Writer) -> Row:
    through = "; ".join(f"{address} ({access_in_words(access)})" for address, access in writer.through)
    return Row(writer.employee.login, (writer.employee.name, writer.employee.login, through))

"""Choosing one employee out of all."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from mailtui.operations.context import Context
from mailtui.tui.screens.group_form import EmployeesToPick
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine
from mailtui.tui.widgets.rows import Column
from mailtui.tui.widgets.store_table import StoreTable


class ChooseEmployee(ModalScreen[str | None]):
    """Closes with his login, or None."""

    PURPOSE = "Enter chooses the marked employee; `/` finds one by name or login."
    CSS_PATH = [style("table"), style("small_form")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", id="choose_employee.choose"),
        Binding("escape", "dismiss", "Cancel", id="choose_employee.cancel"),
    ]

    def __init__(self, context: Context, marked: str) -> None:
        super().__init__()
        self._company = context
        self._marked = marked

    def compose(self) -> ComposeResult:
        with Vertical(id="small-form") as panel:
            panel.border_title = Content("As whom?")
            yield StoreTable([Column("Employee"), Column("Login", width=20)], EmployeesToPick(self._company))
        yield FooterLine()

    def on_mount(self) -> None:
        self.query_one(StoreTable).focus().reload(self._marked)

    def action_choose(self) -> None:
        self.dismiss(self.query_one(StoreTable).marked)

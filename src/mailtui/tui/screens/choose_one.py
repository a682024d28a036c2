"""Choosing one thing out of all: a table over the page, enter takes the row under the cursor."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from mailtui.tui.commands import HELP
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine
from mailtui.tui.widgets.rows import Column, RowSource
from mailtui.tui.widgets.store_table import StoreTable


class ChooseOne(ModalScreen[str | None]):
    """Closes with the key of the chosen row, or None."""

    PURPOSE = "Enter chooses the row under the cursor; the filter finds one by its name."
    CSS_PATH = [style("table"), style("small_form")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", id="choose.choose", tooltip="Take the row under the cursor"),
        Binding("escape", "dismiss", "Cancel", id="choose.cancel", tooltip="Choose none"),
        HELP,
    ]

    def __init__(
        self, title: str, columns: tuple[Column, ...], rows: RowSource, *, empty: str = "", mark: str = ""
    ) -> None:
        """`mark`: the key on which the cursor stands first."""
        super().__init__()
        self._title = title
        self._mark = mark
        self._table = StoreTable(columns, rows, empty=empty)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="small-form", can_focus=False) as panel:
            panel.border_title = Content(self._title)
            yield self._table
        yield FooterLine()

    def on_mount(self) -> None:
        self._table.focus().reload(self._mark or None)

    def action_choose(self) -> None:
        if self._table.marked is not None:
            self.dismiss(self._table.marked)

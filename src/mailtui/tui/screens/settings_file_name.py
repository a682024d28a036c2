"""The line in which the file to import is named."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from mailtui.tui.screens.files import PathSuggester


class FileField(Input):
    """The path of the file."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Show the plan", id="settings_file.plan",
                tooltip="Read the file, and show what its import would do"),
    ]  # fmt: skip


class FileLine(Horizontal):
    """With its label; what is proposed for the path is taken with the right arrow."""

    def compose(self) -> ComposeResult:
        yield Static("File", markup=False)
        yield FileField(
            placeholder="path of a TOML or JSON file", compact=True, suggester=PathSuggester(), select_on_focus=False
        )

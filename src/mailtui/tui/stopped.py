"""The page that is left when the company's data cannot be opened: what happened, and what to do."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from mailtui.core.text import clean_lines
from mailtui.tui.page import Page


class Stopped(Page):
    """Shown instead of everything else; leaving it ends the program."""

    PATH = ("mailtui cannot start",)
    PURPOSE = "The company's data could not be opened. The text says why and what to do; then start mailtui again."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter", "app.quit", "Quit", id="stopped.quit", tooltip="Leave mailtui"),
    ]

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = clean_lines(words)

    def content(self) -> ComposeResult:
        yield Static(Content(self._words), classes="stopped--words")

    def action_back(self) -> None:
        self.app.exit()

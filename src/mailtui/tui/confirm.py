"""A question before something that is not easily taken back."""

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.text import clean, clean_lines
from mailtui.tui.commands import HELP, key_word
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

BETWEEN_ANSWERS: Final = 4
"""Cells."""


class Confirm(ModalScreen[bool]):
    """True when it is to be done. Its keys are named by what they do: `d Delete   esc Keep`."""

    CSS_PATH = style("dialogs")

    BINDINGS: ClassVar[list[BindingType]] = [
        # Not in the line of keys: the question has its own, where one looks.
        Binding("escape", "keep", "Keep", show=False, id="confirm.keep"),
        HELP,
    ]

    def __init__(self, question: str, *, consequence: str | Sequence[str] = "", key: str, do: str, keep: str) -> None:
        """`question` is one line, `consequence` what then follows; `do` is the word for the key `key`, `keep` the one
        for escape. All may hold foreign words."""
        super().__init__()
        self._question = clean(question)
        lines = [consequence] if isinstance(consequence, str) else consequence
        self._consequence = clean_lines("\n".join(lines))
        self._key, self._do, self._keep = key, do, keep

    def compose(self) -> ComposeResult:
        with Vertical():
            with VerticalScroll():  # With the arrows, where a small terminal does not hold all of it.
                yield Static(Content(self._question), classes="confirm--question")
                if self._consequence:
                    yield Static(Content(self._consequence), classes="confirm--consequence")
            yield Static(
                Content.assemble(
                    (key_word(self._key), "$error bold"),
                    f" {clean(self._do)}{' ' * BETWEEN_ANSWERS}",
                    ("esc", "$accent bold"),
                    f" {clean(self._keep)}",
                ),
                classes="confirm--keys",
            )
        yield FooterLine()

    def on_click(self, event: events.Click) -> None:
        """A click on an answer gives it."""
        keys = self.query_one(".confirm--keys").content_region
        if not keys.contains(event.screen_x, event.screen_y):
            return
        column = event.screen_x - keys.x
        does = cell_len(f"{key_word(self._key)} {clean(self._do)}")
        if 0 <= column < does:
            self.dismiss(True)
        elif does + BETWEEN_ANSWERS <= column < does + BETWEEN_ANSWERS + cell_len(f"esc {clean(self._keep)}"):
            self.dismiss(False)

    def on_key(self, event: events.Key) -> None:
        if event.key == self._key:
            event.stop()
            self.dismiss(True)

    def action_keep(self) -> None:
        self.dismiss(False)

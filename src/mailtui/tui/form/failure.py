"""Why a test failed, in full: the server's words, what they mean, everything that can be done."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.reasons import reason
from mailtui.core.text import clean, clean_lines
from mailtui.tui.commands import HELP
from mailtui.tui.marks import NEXT, Mark
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine


class FailureDetails(ModalScreen[None]):
    """Opened over the form or the table; it scrolls."""

    CSS_PATH: ClassVar = [style("dialogs"), style("form")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,r,enter,ctrl+r,f6", "dismiss", "Close", id="failure.close"),
        HELP,
    ]

    def __init__(self, *, address: str, step: str, reply: str, reason_name: str) -> None:
        """`step` in words; `reply` as the server said it; `reason_name` as the core names it."""
        super().__init__()
        self._address = clean(address)
        self._step = clean(step)
        self._reply = clean_lines(reply)
        self._reason = reason(reason_name or "unknown")

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as panel:
            panel.border_title = Content(self._address)
            said = f"{Mark.FAILING} {self._reason.title}" + (f", at the step: {self._step}" if self._step else "")
            yield Static(Content.styled(said, "$error"))
            if self._reply:
                yield Static("The words of the server or the system", classes="dialog--heading", markup=False)
                yield Static(Content(self._reply), classes="dialog--words")
            yield Static("What it means", classes="dialog--heading", markup=False)
            yield Static(Content(self._reason.meaning), classes="dialog--text")
            yield Static("What to do, the most likely first", classes="dialog--heading", markup=False)
            for remedy in self._reason.remedy:
                yield Static(Content(f"{NEXT} {remedy}"), classes="dialog--text")
        yield FooterLine()

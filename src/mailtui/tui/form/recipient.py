"""To whom the test is to send one real message."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.core.addresses import parse_address
from mailtui.core.errors import BadInput
from mailtui.core.text import clean
from mailtui.tui.commands import HELP
from mailtui.tui.marks import Mark
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine


class AskRecipient(ModalScreen[str | None]):
    """An address, or None."""

    CSS_PATH: ClassVar = [style("dialogs"), style("form")]

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, since the input has the key too, and its own is not in the line of keys.
        Binding("enter", "send", "Test and send", id="recipient.send", tooltip="Test, then send it", priority=True),
        Binding("escape", "cancel", "Cancel", id="recipient.cancel", tooltip="Send nothing"),
        HELP,
    ]

    def __init__(self, sender: str, recipient: str) -> None:
        """`recipient`: what the field begins with."""
        super().__init__()
        self._sender = clean(sender)
        self._to = Input(recipient, compact=True)
        self._said = Static(classes="form--reason")

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False) as panel:
            panel.border_title = "Send a test message"
            yield Static(Content(f"One real message goes out from {self._sender or 'the address'}, to"))
            yield self._to
            yield self._said
        yield FooterLine()

    def action_send(self) -> None:
        try:
            recipient = parse_address(self._to.value)
        except BadInput as error:
            self._said.update(Content(f"{Mark.FAILING} {clean(str(error))}"))
        else:
            self.dismiss(recipient)

    def action_cancel(self) -> None:
        self.dismiss(None)

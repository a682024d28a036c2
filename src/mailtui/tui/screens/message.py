"""The text of a message as it was handed to the server."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.shown_message import shown_message
from mailtui.tui.commands import HELP
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine


class MessageText(ModalScreen[None]):
    """The message over the page; escape goes back."""

    PURPOSE = "The message as it was handed to the server: its fields, its text, and the names of its files."
    CSS_PATH = [style("dialogs"), style("message")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,m,enter", "dismiss", "Close", id="message.close"),
        HELP,
    ]

    def __init__(self, octets: bytes) -> None:
        """`octets` as RFC 5322 has them; none where the message is not kept any more."""
        super().__init__()
        self._octets = octets

    def compose(self) -> ComposeResult:
        with VerticalScroll() as panel:
            panel.border_title = Content("Message")
            yield Static(_in_words(self._octets))
        yield FooterLine()


def _in_words(octets: bytes) -> Content:
    message = shown_message(octets)
    if message is None:
        return Content("The message is not kept any more; its delivery and the attempts are.")
    width = max(map(len, message.fields))
    lines = [Content.assemble((f"{name:{width}}  ", "$text-muted"), said) for name, said in message.fields.items()]
    lines += [Content(""), Content(message.text)]
    if message.files:
        lines += [Content(""), Content.assemble(("Files  ", "$text-muted"), ", ".join(message.files))]
    return Content("\n").join(lines)

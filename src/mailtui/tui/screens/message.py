"""The text of a message as it was handed to the server."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.text import clean, clean_lines
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

if TYPE_CHECKING:
    from email.message import EmailMessage

SHOWN: Final = 2_000
"""Lines of a message that are shown: some forty screens, and one cannot fill the memory."""

HEADERS: Final = ("From", "To", "Subject", "Date", "Message-ID")


class MessageText(ModalScreen[None]):
    """The message over the page; escape goes back."""

    PURPOSE = "The message as it was handed to the server: its fields, its text, and the names of its files."
    CSS_PATH = [style("dialogs"), style("message")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,m,enter", "dismiss", "Close", id="message.close"),
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
    if not octets:
        return Content("The message is not kept any more; its delivery and the attempts are.")
    from email import message_from_bytes, policy  # 40 ms to import, and only this screen reads messages.

    message: EmailMessage = message_from_bytes(octets, policy=policy.default)
    width = max(map(len, HEADERS))
    fields = [(f"{name:{width}}  ", "$text-muted") for name in HEADERS]
    lines = [Content.assemble(field, clean(str(message[field[0].strip()] or ""))) for field in fields]
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    lines += [Content(""), Content(clean_lines(text, limit=1_000, lines=SHOWN))]
    files = [str(part.get_filename() or "without a name") for part in message.iter_attachments()]
    if files:
        lines += [Content(""), Content.assemble(("Files  ", "$text-muted"), clean(", ".join(files)))]
    return Content("\n").join(lines)

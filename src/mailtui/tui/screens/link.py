"""A link that is opened elsewhere: as a QR code for a phone, and copied to the person's own computer."""

from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.text import clean
from mailtui.tui.commands import HELP
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine
from mailtui.tui.widgets.qr import QrCode, fitting_quiet, size_of

MAX_LINK: Final = 2000
"""Characters; a code of more is larger than any terminal."""


COPIED: Final = "Copied, where the terminal allows it (tmux: set -g set-clipboard on)."
"""Nobody tells a program whether OSC 52 was heard."""


class ShowLink(ModalScreen[None]):
    """Fits 80x24 for links of some hundred characters; says what room a longer one needs."""

    PURPOSE = "The link, to be opened with a phone's camera, or pasted into a browser elsewhere."

    CSS_PATH: ClassVar = [style("link")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,ctrl+y", "copy", "Copy the link", id="link.copy", tooltip="Copy it, where the terminal allows it"),
        Binding("escape,q,ctrl+g", "close", "Close", id="link.close", tooltip="Back to where you were"),
        HELP,
    ]

    def __init__(self, link: str) -> None:
        super().__init__()
        self._link = link

    def compose(self) -> ComposeResult:
        yield Vertical(id="code")
        yield Static(Content(clean(self._link, MAX_LINK)), id="link")
        yield FooterLine()

    async def on_resize(self, event: events.Resize) -> None:
        """The code, or what room it wants."""
        place = self.query_one("#code")
        lines = -(-len(self._link) // max(1, event.size.width))
        room = Size(event.size.width, event.size.height - lines - 1)
        await place.remove_children()
        quiet = fitting_quiet(self._link, room) if len(self._link) <= MAX_LINK else None
        if quiet is not None:
            await place.mount(QrCode(self._link, quiet))
        else:
            wanted = size_of(self._link[:MAX_LINK])
            words = f"Its code needs a terminal of {wanted.width}x{wanted.height + lines + 1}. Copy the link instead: c"
            await place.mount(Static(Content(words)))

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._link)
        self.notify(COPIED, markup=False)

    def action_close(self) -> None:
        self.dismiss(None)

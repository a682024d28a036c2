"""The help of a screen: what it is for, how one works there, and every key with its sentence."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from mailtui.tui.commands import Command, commands
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine
from mailtui.tui.written import written

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp


class Help(ModalScreen[None]):
    """Opened over the screen that it is about."""

    CSS_PATH = style("dialogs")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "Close", id="help.close"),
    ]

    def __init__(self, about: Screen[Any]) -> None:  # Any: a screen's result does not matter here
        super().__init__()
        self._path: tuple[str, ...] = getattr(about, "path", ())
        self._purpose: str = getattr(about, "PURPOSE", "")
        self._about = about
        self._commands = commands(about)

    def compose(self) -> ComposeResult:
        with VerticalScroll() as panel:
            panel.border_title = Content(self._path[-1] if self._path else "Help")
            if self._purpose:
                yield Static(Content(self._purpose), classes="help--purpose")
            yield Static(written(self._about, cast("MailtuiApp", self.app).keys_given), classes="help--written")
            yield Static(table_of([command for command in self._commands if not command.moves]))
            moving = [command for command in self._commands if command.moves]
            if moving:
                yield Static(table_of(moving), classes="help--moving")
        yield FooterLine()


def table_of(listed: list[Command]) -> Content:
    """Two columns: the keys, and the sentence."""
    keys = [", ".join(command.keys) for command in listed]
    width = max(map(cell_len, keys), default=0)
    lines = [
        Content.assemble((key.rjust(width), "$accent"), "  ", (command.help, "$foreground"))
        for key, command in zip(keys, listed, strict=True)
    ]
    return Content("\n").join(lines)

"""A page: the path on top, the content, and the keys of the focused thing at the bottom."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from mailtui.tui.widgets.footer_line import FooterLine
from mailtui.tui.widgets.path_line import PathLine

if TYPE_CHECKING:
    from mailtui.operations.context import Context
    from mailtui.tui.app import MailtuiApp


class Page(Screen[None]):
    """Everything that all pages share. A page says its path, its purpose and its bindings, and composes `content`.

    A binding's description is a word for the footer; its tooltip is the sentence of help and palette.
    """

    PATH: ClassVar[tuple[str, ...]] = ()
    """The names of the levels down to this page; a page about one thing overrides `path` instead."""

    PURPOSE: ClassVar[str] = ""
    """What the page is for, in one or two sentences: the help begins with it."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual's own repaints the whole screen whenever the focus moves: 5 kB on a slow line instead of 0.5."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="page.back", tooltip="Go one level up"),
    ]

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the levels down to this page; shown cleaned, so they may hold foreign text."""
        return self.PATH

    @property
    def mailtui(self) -> "MailtuiApp":
        """The application with its own type."""
        return cast("MailtuiApp", self.app)

    @property
    def context(self) -> "Context":
        """What operations need. Pages are pushed only once it is there."""
        return self.mailtui.context

    def compose(self) -> ComposeResult:
        yield PathLine(self.path)
        yield from self.content()
        yield FooterLine()

    def content(self) -> ComposeResult:
        """The widgets between path and keys."""
        yield from ()

    def show_path(self) -> None:
        """Draw the path anew after something in it was renamed."""
        self.query_one(PathLine).path = self.path

    def action_back(self) -> None:
        self.dismiss()

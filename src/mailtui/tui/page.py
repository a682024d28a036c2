"""A page: the path on top, the content, and the keys of the focused thing at the bottom."""

from typing import TYPE_CHECKING, ClassVar, Self, cast

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
    from mailtui.tui.widgets.store_table import StoreTable


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
    def about(self) -> str:
        """The key of the one thing that the page is about; empty for a page of the tree."""
        return ""

    @classmethod
    def about_thing(cls, context: "Context", key: str) -> Self:
        """The page about one thing. Raises NotFound where it is gone."""
        return cls(key)

    @property
    def asks_before_leaving(self) -> bool:
        """Whether something typed would be lost: such a page is left by its own keys alone."""
        return type(self).action_back is not Page.action_back

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

    def on_screen_resume(self) -> None:
        self.mailtui.whereabouts.keep()

    def show_path(self) -> None:
        """Draw the path anew after something in it was renamed."""
        self.query_one(PathLine).path = self.path

    @property
    def marked_row(self) -> tuple[int, str, int]:
        """Which of the tables has the cursor, the key of its marked row, and where that row is."""
        tables = self._tables()
        if not tables:
            return 0, "", 0
        number = next((number for number, table in enumerate(tables) if table.rows is self.focused), 0)
        return number, tables[number].marked or "", tables[number].rows.cursor

    def mark_row(self, table: int, key: str, line: int, *, narrow: bool = False) -> None:
        """Bring the cursor to a row that is looked for from `line` on; where it is not there, to that place. `narrow`:
        a row that is far away is found by the filter instead."""
        tables = self._tables()
        if key and table < len(tables):
            tables[table].focus()
            tables[table].rows.move_to(line)
            tables[table].reload(key)
            if narrow and tables[table].marked != key:
                tables[table].narrow(key)

    def _tables(self) -> "list[StoreTable]":
        from mailtui.tui.widgets.store_table import StoreTable  # The first frame has no table.

        return list(self.query(StoreTable))

    def action_back(self) -> None:
        self.dismiss()

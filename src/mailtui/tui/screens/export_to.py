"""Writing what a page shows to a new file: where to, and the writing itself beside the event loop."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.core.errors import BadInput, CannotCreate, MailtuiError
from mailtui.core.text import clean, clean_lines
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.commands import HELP
from mailtui.tui.marks import Mark
from mailtui.tui.page import Page
from mailtui.tui.screens.files import PathSuggester
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

MODE: Final = 0o600
"""What a company's addresses and changes are written to is nobody else's."""


def new_file(text: str) -> Path:
    """The path of a file that is not there yet; it may begin with `~`. Raises BadInput."""
    try:
        path = Path(text.strip()).expanduser().absolute()
        if not text.strip() or path.is_dir():
            raise BadInput("name a file to write to")
        if path.exists():
            raise BadInput(f"{path} is there already: name another, or take it away first")
        if not path.parent.is_dir():
            raise BadInput(f"there is no directory {path.parent}: name a file in one that is there")
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: no such home; ValueError: a NUL in the path
        raise BadInput(f"{text.strip()!r} cannot be used: {error}") from error
    return path


def write_new(path: Path, lines: Iterable[str]) -> int:
    """Write the lines, which end themselves, to a file that is made for them; how many. Raises CannotCreate."""
    number = 0
    number = 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "w", encoding="utf-8") as file:
            for line in lines:
                file.write(line)
                number += 1
    except OSError as error:
        raise CannotCreate(f"{path} cannot be written: {error.strerror}; name another file") from error
    return number


class ExportTo(ModalScreen[Path | None]):
    """Closes with the path of a file that can be made, or None."""

    PURPOSE = "Type where to write; the right arrow takes what is proposed. A file that is there is never overwritten."
    CSS_PATH = [style("table"), style("small_form"), style("export_to")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Cancel", id="export_to.cancel"),
        HELP,
    ]

    def __init__(self, what: str, name: str) -> None:
        """`what` is written, `name` is proposed for the file."""
        super().__init__()
        self._what = clean(what)
        self._name = name

    def compose(self) -> ComposeResult:
        with Vertical(id="small-form") as panel:
            panel.border_title = Content(f"Write {self._what}")
            yield Static("To the new file", classes="small-form--label", markup=False)
            yield Input(self._name, compact=True, suggester=PathSuggester(), select_on_focus=False)
            yield Static("enter writes it", classes="small-form--label", markup=False)
            yield Static(classes="small-form--error", markup=False)
        yield FooterLine()

    @on(Input.Submitted)
    def write(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(new_file(event.value))
        except MailtuiError as error:
            self.query_one(".small-form--error", Static).update(clean_lines(f"{Mark.FAILING} {error}"))


class Exporting(Page):
    """A page whose rows can be written to a file."""

    @work(exclusive=True, group="export")
    async def export(self, what: str, name: str, lines: Callable[[Context], Iterable[str]]) -> None:
        """Ask where to, and write `what` there; `name` is proposed for the file. `lines` is called in another thread,
        with a context that is that thread's own: the connections of SQLite belong to the thread that opened them."""
        path = await self.app.push_screen_wait(ExportTo(what, name))
        if path is not None:
            self.mailtui.say(f"Writing {path} ...")
            self._write(self.context, path, lines)

    @work(thread=True, group="writing")
    def _write(self, context: Context, path: Path, lines: Callable[[Context], Iterable[str]]) -> None:
        app = self.mailtui
        store = Store(context.store.path)
        try:
            own = Context(store, context.actor, context.configuration, context.clock)
            number = write_new(path, lines(own))
        except MailtuiError as error:
            app.call_from_thread(app.complain, error)
        else:
            app.call_from_thread(app.say, f"Wrote {number:,} {'line' if number == 1 else 'lines'} to {path}")
        finally:
            store.close()

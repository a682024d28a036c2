"""Writing what a page shows to a file: where to, and the writing itself beside the event loop."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.core.errors import BadInput, CannotCreate, MailtuiError
from mailtui.core.text import clean, clean_lines
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.commands import HELP
from mailtui.tui.confirm import Confirm
from mailtui.tui.marks import Mark
from mailtui.tui.page import Page
from mailtui.tui.screens.files import PathSuggester
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

MODE: Final = 0o600
"""What a company's addresses and changes are written to is nobody else's."""


Lines = Callable[[Context], Iterable[str]]
"""What is written, in parts that end their lines themselves."""


def place_for(text: str) -> Path:
    """The path of a file to write, from the current directory on; it may begin with `~`, and may be there already.
    Raises BadInput."""
    try:
        path = Path(text.strip()).expanduser().absolute()
        if not text.strip() or path.is_dir():
            raise BadInput("name a file to write to")
        if path.exists() and not path.is_file():
            raise BadInput(f"{path} is no ordinary file: name another")
        if not path.parent.is_dir():
            raise BadInput(f"there is no directory {path.parent}: name a file in one that is there")
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: no such home; ValueError: a NUL in the path
        raise BadInput(f"{text.strip()!r} cannot be used: {error}") from error
    return path


def write_file(path: Path, parts: Iterable[str], *, replace: bool) -> int:
    """Write the parts to a file that is made for them; how many lines. With `replace` one that is there gives way once
    all is written; where that fails, nothing is left of it. Raises CannotCreate."""
    target = path.resolve() if replace else path  # A link to the file goes on leading to it.
    new = target.with_name(f".{target.name}.{os.getpid()}") if replace else target
    number = 0
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "w", encoding="utf-8") as file:
            try:
                for part in parts:
                    file.write(part)
                    number += part.count("\n")
                file.flush()
                new.rename(target)
            except BaseException:
                new.unlink()
                raise
    except OSError as error:
        raise CannotCreate(f"{path} cannot be written: {error.strerror}; name another file") from error
    return number


class ExportTo(ModalScreen[Path | None]):
    """Closes with the path of a file that can be made, or may be replaced, or None."""

    PURPOSE = "Type where to write; the right arrow takes what is proposed. Before a file is replaced you are asked."
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
        self.replaces = False
        """The person said that the file that is there may be replaced."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="small-form", can_focus=False) as panel:
            panel.border_title = Content(f"Write {self._what}")
            yield Static("To the file", classes="small-form--label", markup=False)
            yield Input(self._name, compact=True, suggester=PathSuggester(), select_on_focus=False)
            yield Static("enter writes it", classes="small-form--label", markup=False)
            yield Static(classes="small-form--error", markup=False)
        yield FooterLine()

    @on(Input.Submitted)
    async def write(self, event: Input.Submitted) -> None:
        try:
            path = place_for(event.value)
        except MailtuiError as error:
            self.query_one(".small-form--error", Static).update(clean_lines(f"{Mark.FAILING} {error}"))
            return
        if not path.exists():
            self.dismiss(path)
            return
        question = Confirm(
            f"{path.name} is there already. Replace it?", consequence=f"What stands in {path} now is lost.", key="r",
            do="Replace", keep="Keep it",
        )  # fmt: skip
        await self.app.push_screen(question, lambda yes: self._replace(path) if yes else None)

    def _replace(self, path: Path) -> None:
        self.replaces = True
        self.dismiss(path)


class Exporting(Page):
    """A page whose rows can be written to a file."""

    @work(exclusive=True, group="export")
    async def export(self, what: str, name: str, lines: Lines, *, kinds: Mapping[str, Lines] | None = None) -> None:
        """Ask where to, and write `what` there; `name` is proposed for the file, and `kinds` has other lines for files
        whose names end otherwise (`.json`). Lines are called in another thread, with a context that is that thread's
        own: the connections of SQLite belong to the thread that opened them."""
        asked = ExportTo(what, name)
        path = await self.app.push_screen_wait(asked)
        if path is not None:
            self.mailtui.say(f"Writing {path} ...")
            written = (kinds or {}).get(path.suffix, lines)
            self._write(self.context, path, written, replace=asked.replaces)

    @work(thread=True, group="writing")
    def _write(self, context: Context, path: Path, lines: Lines, *, replace: bool) -> None:
        app = self.mailtui
        store = Store(context.store.path)
        try:
            own = Context(store, context.actor, context.configuration, context.clock)
            number = write_file(path, lines(own), replace=replace)
        except MailtuiError as error:
            app.call_from_thread(app.complain, error)
        else:
            app.call_from_thread(app.say, f"Wrote {number:,} {'line' if number == 1 else 'lines'} to {path}")
        finally:
            store.close()

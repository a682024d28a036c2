"""The files that go with a message: added by path, dropped from a list."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Static

from mailtui.core.errors import BadInput
from mailtui.core.messages import Attachment
from mailtui.core.text import clean, clean_lines
from mailtui.tui.commands import HELP
from mailtui.tui.marks import Mark
from mailtui.tui.screens.listed_rows import ListedRows
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine
from mailtui.tui.widgets.rows import Column, Row
from mailtui.tui.widgets.store_table import StoreTable

LARGEST: Final = 50_000_000
"""Octets of one file: more than any mail service takes, and a slip of the keys does not fill the memory."""


def read_file(path: str) -> Attachment:
    """The file at `path`, which may begin with `~`. Raises BadInput with what is wrong with it."""
    try:
        place = Path(path.strip()).expanduser()
        if place.is_dir():
            raise BadInput(f"{place} is a directory: name a file in it", field="attachments")
        if (size := place.stat().st_size) > LARGEST:
            raise BadInput(
                f"{place.name} has {said(size)}; no mail service takes more than {said(LARGEST)}", field="attachments"
            )
        return Attachment(name=place.name, content=place.read_bytes())
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: no such home; ValueError: a NUL in the path
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadInput(f"{path.strip()!r} cannot be read: {words}", field="attachments") from error


def said(octets: int) -> str:
    """A size as a person reads it: `12 kB`."""
    if octets < 1_000:
        return f"{octets} B"
    return f"{octets / 1_000:.0f} kB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


class PathSuggester(Suggester):
    """Proposes the rest of a path that is being typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return completed(value)


def completed(value: str) -> str | None:
    """The path with the rest of the first name that begins as it ends; None where there is none."""
    try:
        typed = Path(value).expanduser()
        directory, beginning = (typed, "") if value.endswith("/") else (typed.parent, typed.name)
        found = min(one for one in directory.iterdir() if one.name.startswith(beginning))
        rest = found.name[len(beginning) :] + ("/" if found.is_dir() else "")
    except (OSError, RuntimeError, ValueError):  # as above; ValueError also where nothing begins so
        return None
    return value + rest if value else None


class Files(ModalScreen[tuple[Attachment, ...]]):
    """Closes with the files as they were read when they were added."""

    PURPOSE = (
        "Type the path of a file and press enter; the right arrow takes what is proposed. Escape goes back to the text."
    )
    CSS_PATH = [style("table"), style("small_form")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "drop", "Drop", id="files.drop", tooltip="Do not send the marked file"),
        Binding("tab", "other", "Path or list", id="files.other", tooltip="From the path to the list and back"),
        Binding("escape,ctrl+o", "done", "Done", id="files.done", tooltip="Back to the text"),
        HELP,
    ]

    def __init__(self, files: Sequence[Attachment]) -> None:
        super().__init__()
        self._files = list(files)
        self._rows = ListedRows()

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="small-form", can_focus=False) as panel:
            panel.border_title = Content("Files")
            yield Input(placeholder="path of a file; enter adds it", id="path", compact=True, suggester=PathSuggester())
            yield Static(classes="small-form--error", markup=False)
            yield StoreTable([Column("File"), Column("Size", width=8)], self._rows, empty="No file yet.")
        yield FooterLine()

    @property
    def table(self) -> StoreTable:
        return self.query_one(StoreTable)

    def on_mount(self) -> None:
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._files) and self.table.rows.has_focus if action == "drop" and self.is_mounted else True

    def _show(self, words: str = "") -> None:
        self._rows.rows = [Row(str(n), (clean(one.name), said(len(one.content)))) for n, one in enumerate(self._files)]
        self.table.reload()
        self.query_one(".small-form--error", Static).update(clean_lines(words))

    @on(Input.Submitted, "#path")
    def add(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        try:
            self._files.append(read_file(event.value))
        except BadInput as error:
            self._show(f"{Mark.FAILING} {error}")
        else:
            event.input.clear()
            self._show()

    def action_drop(self) -> None:
        if (marked := self.table.marked) is not None:
            del self._files[int(marked)]
            self._show()

    def action_other(self) -> None:
        (self.query_one(Input) if self.table.rows.has_focus else self.table).focus()

    def action_done(self) -> None:
        self.dismiss(tuple(self._files))

"""Somebody else saved the same address first: who, what is different, and what to do with one's own."""

from enum import Enum, auto
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.people import AccessList
from mailtui.core.text import clean, clean_lines
from mailtui.operations.addresses import Draft
from mailtui.tui.form.readiness import FIELD_WORDS
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine


class Settled(Enum):
    """What is to become of one's own changes."""

    KEEP_MINE = auto()
    """They stay in the form, to be saved over the other's."""
    TAKE_THEIRS = auto()
    """The form shows what is stored now."""
    LATER = auto()
    """Nothing yet."""


class SettleConflict(ModalScreen[Settled]):
    """Shows both sides of every field that is different."""

    CSS_PATH: ClassVar = [style("dialogs"), style("form")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "settle('KEEP_MINE')", "Keep mine", id="conflict.mine", tooltip="Go on with what you typed"),
        Binding("t", "settle('TAKE_THEIRS')", "Take theirs", id="conflict.theirs", tooltip="Show what is stored now"),
        Binding("escape", "settle('LATER')", "Back", id="conflict.back", tooltip="Back to the form, nothing changed"),
    ]

    def __init__(self, first: str, mine: Draft, theirs: Draft) -> None:
        """`first`: the sentence that says who was first."""
        super().__init__()
        self._first = clean_lines(first)
        self._different = differences(mine, theirs)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as panel:
            panel.border_title = "Changed meanwhile"
            yield Static(Content(self._first), classes="dialog--said")
            for field, mine, theirs in self._different:
                yield Static(Content(field), classes="dialog--heading")
                yield Static(Content.assemble(("theirs  ", "$text-muted"), theirs), classes="dialog--text")
                yield Static(Content.assemble(("mine    ", "$text-muted"), mine), classes="dialog--text")
            if not self._different:
                yield Static("What is stored now is what you typed.", classes="dialog--text", markup=False)
        yield FooterLine()

    def action_settle(self, settled: str) -> None:
        self.dismiss(Settled[settled])


def differences(mine: Draft, theirs: Draft) -> list[tuple[str, str, str]]:
    """The fields that are different, in words, each with my side and theirs. Secrets are not compared."""
    one, other = _flat(mine), _flat(theirs)
    return [(FIELD_WORDS.get(field, field), one[field], other[field]) for field in one if one[field] != other[field]]


def _flat(draft: Draft) -> dict[str, str]:
    account = {field: clean(str(value)) or "-" for field, value in draft.account}
    projects = "all" if draft.projects is None else ", ".join(sorted(draft.projects)) or "none"
    head = {"address": clean(draft.address), "name": clean(draft.name) or "-"}
    return {**head, **account, "access": _access(draft.access), "projects": projects}


def _access(access: AccessList | None) -> str:
    if access is None:
        return "everybody"
    return ", ".join([*(f"@{key}" for key in sorted(access.groups)), *sorted(access.employees)]) or "nobody"

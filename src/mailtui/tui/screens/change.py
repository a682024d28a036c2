"""One change of the audit: what stood there before and after, side by side."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar, NamedTuple

from pydantic import JsonValue
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.audit import AuditRow
from mailtui.core.text import clean
from mailtui.tui.commands import HELP
from mailtui.tui.marks import BETWEEN, NEXT
from mailtui.tui.screens.listed_rows import ListedRows
from mailtui.tui.screens.moments import to_the_second
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.footer_line import FooterLine
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

MOST_ROWS = 16
"""Lines of the table, its titles among them, that a terminal of 24 lines holds; more are scrolled."""


class Field(NamedTuple):
    """One field of the thing; empty where it was not there."""

    name: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def fields(change: AuditRow) -> tuple[Field, ...]:
    """Every field of the thing, those that changed first; fields within a field as `account.host`."""
    before, after = (dict(_flat(kept or {})) for kept in (change.before, change.after))
    named = [Field(name, before.get(name, ""), after.get(name, "")) for name in {**before, **after}]
    return tuple(sorted(named, key=lambda field: not field.changed))


def change_in_words(change: AuditRow) -> str:
    """The changed fields, in a few words; nothing for a thing that came or went as a whole."""
    if change.before is None or change.after is None:
        return ""
    return ", ".join(
        f"{field.name} {field.before or '-'} {NEXT} {field.after or '-'}" for field in fields(change) if field.changed
    )


def what_it_was(change: AuditRow) -> str:
    """What was changed, without the noun where the action has said it: `ana@corp.example` of `test address`."""
    noun, _, name = change.object.partition(" ")
    return name if name and change.action.endswith(noun) else change.object


class Change(ModalScreen[None]):
    """Over the audit; escape goes back."""

    PURPOSE = "What one change did: each field before and after, the changed ones first and marked."
    CSS_PATH = [style("table"), style("change")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Close", id="change.close", tooltip="Back to the list"),
        HELP,
    ]

    def __init__(self, change: AuditRow, now: datetime) -> None:
        super().__init__()
        self._change = change
        self._now = now

    def compose(self) -> ComposeResult:
        change = self._change
        columns = [Column("", width=1), Column("Field", share=2), Column("Before", share=3), Column("After", share=3)]
        with Vertical() as panel:
            panel.border_title = Content(clean(f"{change.action}: {what_it_was(change)}"))
            yield Static(Content(clean(f"{change.by} {BETWEEN} {to_the_second(change.at, self._now)}")))
            yield Static(Content(clean(_traced(change))), classes="change--trace")
            rows = [_row(field) for field in fields(change)]
            table = StoreTable(columns, ListedRows(rows), empty="Nothing is kept of it.")
            table.styles.height = min(len(rows) + 2, MOST_ROWS)
            yield table
        yield FooterLine()

    def on_mount(self) -> None:
        self.query_one(StoreTable).focus()


def _traced(change: AuditRow) -> str:
    """Who it was for the operating system, and what the change can be checked by."""
    uid = "" if change.uid is None else f" (uid {change.uid})"
    return f"login {change.login}{uid}, number {change.number}, hash {change.hash[:16]}"


def _row(field: Field) -> Row:
    sign = Cell(str(NEXT)[-1] if field.changed else "", Tone.ACCENT)
    tone = Tone.PLAIN if field.changed else Tone.MUTED
    return Row(field.name, (sign, Cell(field.name, tone), Cell(field.before, tone), Cell(field.after, tone)))


def _flat(kept: Mapping[str, JsonValue], within: str = "") -> Iterator[tuple[str, str]]:
    for name, value in kept.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{within}{name}.")
        else:
            yield f"{within}{name}", _word(value)


def _word(value: JsonValue) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(_word, value)) or "none"
        case _:
            return str(value)

"""Who changed what and when (+22)."""

from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from mailtui.core.audit import AuditRow, Wanted, parse_wanted
from mailtui.core.errors import BadInput
from mailtui.core.text import clean
from mailtui.operations.audit import audit_lines
from mailtui.store.window import Window
from mailtui.tui.marks import BETWEEN, Mark
from mailtui.tui.screens.change import Change, change_in_words, what_it_was
from mailtui.tui.screens.export_to import Exporting
from mailtui.tui.screens.moments import brief_moment
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import PAGES_KEPT, SEEK, Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

if TYPE_CHECKING:
    from mailtui.operations.context import Context

REMEMBERED: Final = PAGES_KEPT * SEEK
"""Changes that are kept beside the table, so that enter opens what was drawn."""

HOW: Final = "/ finds  by:LOGIN  object:THING  since:DAY  until:DAY  and any words"


class AuditRows:
    """The changes, newest first, of those that the filter wants."""

    def __init__(self, context: "Context", zone: tzinfo) -> None:
        self._context = context
        self._zone = zone
        self._seen: dict[str, AuditRow] = {}
        self._read = ""
        self.wanted = Wanted()
        """What the filter asks for."""
        self.wrong = ""
        """Why a part of the filter is passed over: a day that is not typed to its end."""

    def _want(self, matching: str) -> Wanted:
        if matching != self._read:
            self._read = matching
            try:
                self.wanted, self.wrong = parse_wanted(matching, self._zone), ""
            except BadInput as error:
                rest = " ".join(word for word in matching.split() if not word.startswith(("since:", "until:")))
                self.wanted, self.wrong = parse_wanted(rest, self._zone), str(error)
        return self.wanted

    def count(self, matching: str) -> int:
        """None for a member, as the operations have it."""
        wanted = self._want(matching)
        return self._context.store.audit.count("", wanted) if self._context.actor.is_admin else 0

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        now = self._context.clock()
        found = self._context.store.audit.rows(Window(offset=offset, limit=limit), self._want(matching))
        if len(self._seen) > REMEMBERED:
            self._seen.clear()
        rows = []
        for change in found:
            key = str(change.number)
            self._seen[key] = change
            cells = (
                brief_moment(change.at, now),
                change.by,
                change.action,
                what_it_was(change),
                Cell(change_in_words(change), Tone.MUTED),
            )
            rows.append(Row(key, cells))
        return rows

    def change(self, key: str) -> AuditRow:
        return self._seen[key]


class Audit(Exporting):
    """A table; enter shows one change, before and after side by side."""

    PATH = ("Account management", "Housekeeping", "Who changed what")
    PURPOSE = (
        "Every change of settings, newest first: who made it, when, and what stood there before. Passwords are never in"
        " it. The filter takes by:ana (who did it, or as whom), object:project or object:brand-a, since:2026-11-01,"
        " until:2026-11-30 (that day belongs to it; a time goes behind a T: 2026-11-01T14:30) and any words, all"
        " of them together."
    )
    CSS_PATH = [style("table"), style("sections")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "open", "Open", id="audit.open", tooltip="Before and after, side by side"),
        Binding("b", "by", "By this one", id="audit.by", tooltip="Only what the one did who made the marked change"),
        Binding("t", "thing", "Of this", id="audit.thing", tooltip="Only the changes of the marked change's thing"),
        Binding("x", "export", "Export", id="audit.export",
                tooltip="Write what is found to a file, a JSON document a line"),
    ]  # fmt: skip

    def content(self) -> ComposeResult:
        zone = self.context.clock().astimezone().tzinfo
        assert zone is not None  # noqa: S101 - astimezone() always gives one
        self._source = AuditRows(self.context, zone)
        columns = [
            Column("When", width=12),
            Column("Who", share=2, shows_from=56),
            Column("What", width=16),
            Column("Of", share=4),
            Column("Changed", share=4, shows_from=110),
        ]
        nothing = (
            "Nothing was changed yet." if self.context.actor.is_admin else "Only an admin may read who changed what."
        )
        yield Details(id="looked-for", classes="section")
        yield StoreTable(columns, self._source, empty=nothing, follow=self.show_words)
        yield Details(id="changed")

    @property
    def table(self) -> StoreTable:
        return self.query_one(StoreTable)

    def on_mount(self) -> None:
        self.table.focus()

    @property
    def marked(self) -> AuditRow | None:
        """The change under the cursor."""
        key = self.table.marked
        return self._source.change(key) if key is not None else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"open", "by", "thing"}:
            return self.is_mounted and self.marked is not None
        return self.context.actor.is_admin if action == "export" else True

    def show_words(self) -> None:
        """The filter field by field, or how it is written; and the fields that the marked change is about."""
        self.query_one("#looked-for", Details).show(clean(self._looked_for()))
        self.query_one("#changed", Details).show(clean(change_in_words(self.marked) if self.marked else ""))

    def _looked_for(self) -> str:
        if not self.table.matching:
            return HOW if self.context.actor.is_admin else ""
        wanted = self._source.wanted
        fields = (
            ("by", wanted.by),
            ("object", wanted.object),
            ("since", f"{wanted.since.astimezone():%Y-%m-%d %H:%M}" if wanted.since else ""),
            ("before", f"{wanted.until.astimezone():%Y-%m-%d %H:%M}" if wanted.until else ""),
            ("words", wanted.words),
        )
        said = f"  {BETWEEN}  ".join(f"{field}: {value}" for field, value in fields if value)
        wrong = f"{Mark.FAILING} {self._source.wrong}" if self._source.wrong else ""
        return "   ".join(part for part in (said, wrong) if part)

    async def action_open(self) -> None:
        if (change := self.marked) is not None:
            await self.app.push_screen(Change(change, self.context.clock()))

    def action_by(self) -> None:
        if (change := self.marked) is not None:
            self._narrow("by", change.employee)

    def action_thing(self) -> None:
        """By its name: the words of a filter end at a space."""
        if (change := self.marked) is not None:
            self._narrow("object", change.object.split(" ")[-1])

    def _narrow(self, field: str, value: str) -> None:
        others = [word for word in self.table.matching.split() if not word.startswith(f"{field}:")]
        self.table.filter_by(" ".join([*others, f"{field}:{value}"]))

    def action_export(self) -> None:
        wanted = self._source.wanted
        self.export("the changes that are found", "audit.jsonl", lambda context: audit_lines(context, wanted))

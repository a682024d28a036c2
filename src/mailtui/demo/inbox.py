"""What arrived at the demo's servers: the list, and the marked message below it; it grows while one looks at it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mailtui.demo.conversation import Arrival
from mailtui.demo.letters import Letter, letter
from mailtui.tui.page import Page
from mailtui.tui.styles import style
from mailtui.tui.widgets.rows import Column, Row
from mailtui.tui.widgets.store_table import StoreTable
from mailtui.tui.widgets.table_rows import RowMarked

NOTHING = "Nothing has arrived yet.\n\nWhat is sent in the demo, to whomever, ends here."


class Arrived:
    """The messages, the newest first, as rows that are known by their number of arrival."""

    def __init__(self, arrivals: Sequence[Arrival]) -> None:
        self._arrivals = arrivals

    def count(self, matching: str) -> int:
        return len(self._matching(matching))

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        return self._matching(matching)[offset : offset + limit]

    def read(self, key: str) -> Letter:
        """The message of a row."""
        return letter(self._arrivals[int(key)])

    def _matching(self, matching: str) -> list[Row]:
        rows = [_row(number, arrival) for number, arrival in enumerate(self._arrivals)]
        found = [row for row in rows if any(matching.casefold() in str(cell).casefold() for cell in row.cells)]
        return found[::-1]


def _row(number: int, arrival: Arrival) -> Row:
    read = letter(arrival)
    return Row(str(number), (read.envelope_sender, read.recipients, read.subject))


class Inbox(Page):
    """The list and the marked message."""

    PATH = ("Demo", "What arrived")
    PURPOSE = (
        "Every message that the demo's mail servers took, whomever it was for: they keep it in memory and hand nothing"
        " on. New ones appear by themselves."
    )
    CSS_PATH: ClassVar = [style("table"), style("demo")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "read", "Read", id="inbox.read", tooltip="Read the marked message from top to bottom"),
    ]

    def __init__(self, arrivals: Sequence[Arrival]) -> None:
        super().__init__()
        self._arrived = Arrived(arrivals)

    def content(self) -> ComposeResult:
        columns = [Column("From", share=2), Column("To", share=2), Column("Subject", share=3)]
        yield StoreTable(columns, self._arrived, empty=NOTHING)
        yield Static(id="beginning", markup=False)

    def on_mount(self) -> None:
        self.watch(self.app, "arrived", self._show_new, init=False)

    def _show_new(self) -> None:
        self.query_one(StoreTable).reload()

    @on(RowMarked)
    def _show_marked(self, event: RowMarked) -> None:
        shown = Content() if event.key is None else beginning(self._arrived.read(event.key))
        self.query_one("#beginning", Static).update(shown)

    def action_read(self) -> None:
        marked = self.query_one(StoreTable).marked
        if marked is not None:
            self.app.push_screen(LetterPage(self._arrived.read(marked)))


class LetterPage(Page):
    """One message from top to bottom."""

    PURPOSE = "A message as it arrived: what the contact sees, and how it was handed in."
    CSS_PATH = style("demo")

    def __init__(self, shown: Letter) -> None:
        super().__init__()
        self._letter = shown

    @property
    def path(self) -> tuple[str, ...]:
        return (*Inbox.PATH, self._letter.subject)

    def content(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(whole(self._letter), classes="letter")


def beginning(read: Letter) -> Content:
    """The line that the contact sees first, and the text."""
    return Content("\n").join([Content.styled(read.sender, "bold"), Content(read.text)])


def whole(read: Letter) -> Content:
    """Header fields, how it was handed in, and the text."""
    fields = {
        "From": read.sender,
        "To": read.recipients,
        "Subject": read.subject,
        "Date": read.date,
        "Message-ID": read.message_id,
        "Handed in": f"as {read.envelope_sender}, signed in as {read.signed_in_as or 'nobody'}",
        "Attached": ", ".join(read.attachments),
    }
    width = max(map(len, fields))
    lines = [Content.assemble((name.rjust(width), "$text-muted"), "  ", text) for name, text in fields.items() if text]
    return Content("\n").join([*lines, Content(), Content(read.text)])

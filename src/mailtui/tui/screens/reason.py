"""One reason: what it means, what to do, how it sounds, and which deliveries it hit."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mailtui.core.reasons import Reason, Retry, reason
from mailtui.core.text import clean
from mailtui.tui.marks import BETWEEN
from mailtui.tui.page import Page
from mailtui.tui.screens.delivery_table import DeliveryRows, DeliveryTable
from mailtui.tui.screens.paragraphs import hanging
from mailtui.tui.styles import style

AGAIN = {
    Retry.TEMPORARY: "The delivery is tried again by itself, later each time.",
    Retry.PERMANENT: "The delivery is not tried again.",
    Retry.ACCOUNT: "The delivery waits, and the address is offered to nobody, until its account passes a test.",
}


class ReasonPage(Page):
    """The entry above, the deliveries below."""

    PURPOSE = (
        "What one reason means and what to do, in the order in which it usually helps; below, what it happened to."
    )
    CSS_PATH = [style("table"), style("sections"), style("reason")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "deliveries", "Deliveries", id="reason.deliveries", tooltip="To the deliveries that it hit"),
        Binding("tab", "entry", "Entry", id="reason.entry", tooltip="Back to what it means and what to do"),
    ]

    def __init__(self, name: str) -> None:
        """Raises NotFound for a name that is none."""
        super().__init__()
        self._reason = reason(name)

    @property
    def path(self) -> tuple[str, ...]:
        return ("Account management", "E-mail", "Outgoing messages", "Reasons for refusal", self._reason.title)

    def content(self) -> ComposeResult:
        with VerticalScroll(id="entry"):
            yield Static(id="entry-words")
        yield Static(id="hit-title", classes="section")
        yield DeliveryTable(DeliveryRows(self.context, reason=self._reason.name), empty="No delivery ended like this.")

    @property
    def hit(self) -> DeliveryTable:
        return self.query_one(DeliveryTable)

    @property
    def entry(self) -> VerticalScroll:
        return self.query_one("#entry", VerticalScroll)

    def on_resize(self) -> None:
        self.query_one("#entry-words", Static).update(entry(self._reason, self.app.size.width - 3))

    def on_mount(self) -> None:
        self.entry.focus()
        number = self.hit.count
        words = f"Deliveries whose last attempt ended like this  {BETWEEN} {number or 'none'}"
        self.query_one("#hit-title", Static).update(Content(words))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"deliveries", "entry"} and self.is_mounted:
            return self.entry.has_focus == (action == "deliveries")
        return True

    def action_deliveries(self) -> None:
        self.hit.focus()

    def action_entry(self) -> None:
        self.entry.focus()


def entry(one: Reason, width: int) -> Content:
    """The whole entry as text, in lines of at most `width` cells."""
    steps = [hanging(f" {number}  ", step, width) for number, step in enumerate(one.remedy, start=1)]
    lines = [
        Content(one.meaning),
        Content.assemble((AGAIN[one.retry], "$text-muted")),
        Content(""),
        Content.assemble(("What to do", "bold"), (f"  {BETWEEN} who acts: {one.who}", "$text-muted")),
        *(line for step in steps for line in step),
    ]
    if one.examples:
        lines += [
            Content(""),
            Content.styled("How servers say it", "bold"),
            *(line for words in one.examples for line in hanging("    ", clean(words), width)),
        ]
    return Content("\n").join(lines)

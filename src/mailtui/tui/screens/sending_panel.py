"""What happens while a message is sent, and how it ended for each recipient."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mailtui.core.account_test import StepDone, StepEvent, StepStarted
from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.core.text import clean, clean_lines
from mailtui.tui.form.test_lines import INDENT, step_line
from mailtui.tui.marks import NEXT
from mailtui.tui.screens.delivery_table import SIGNS, outcome, reason_of
from mailtui.tui.screens.paragraphs import hanging

COLOURS: Final = {
    DeliveryState.SENT: "$success",
    DeliveryState.FAILED: "$error",
}
"""Colours of the outcomes that are final; every other one is a warning."""


class SendingPanel(VerticalScroll):
    """The steps as they come; afterwards, in their place, the outcomes. Hidden until something is sent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reason", "Reason", id="sending.reason", tooltip="What the failure means and what to do (S18)"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._reason = ""
        self._lines: list[Content] = []
        self._recipient = ""

    def compose(self) -> ComposeResult:
        yield Static()

    def begin(self) -> None:
        """Nothing has happened yet."""
        self._lines, self._recipient, self._reason = [], "", ""
        self.display = True
        self.border_title = Content("Sending")
        self._show()

    def report(self, recipient: str, event: StepEvent) -> None:
        """A step began or ended, for one recipient, or for all where that is empty."""
        if recipient != self._recipient:
            self._recipient = recipient
            self._lines.append(Content(f"  {NEXT} {clean(recipient)}"))
        match event:
            case StepStarted():
                self._show(Content.styled(f"{INDENT}{event.step.words} ...", "$text-muted"))
            case StepDone():
                self._lines.append(step_line(event, self.app.size.width - 3))
                self._show()

    def end(self, deliveries: Sequence[Delivery]) -> None:
        """How it ended, the failures first; the steps go, since the deliveries keep them."""
        ordered = sorted(deliveries, key=lambda delivery: delivery.state is DeliveryState.SENT)
        sent = sum(delivery.state is DeliveryState.SENT for delivery in deliveries)
        self.border_title = Content("Sent" if sent == len(deliveries) else f"{sent} of {len(deliveries)} sent")
        reasons = [found.name for delivery in ordered if (found := reason_of(delivery)) is not None]
        self._reason = reasons[0] if reasons else ""
        self._lines = [line for delivery in ordered for line in _outcome(delivery, self.app.size.width - 3)]
        self._show()
        self.scroll_home(animate=False)
        self.refresh_bindings()

    def give_up(self) -> None:
        """It did not come to a server."""
        self.display = False

    def stop(self) -> None:
        """The person stopped it; the steps so far stay."""
        self.border_title = Content("Stopped")
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._reason) if action == "reason" else True

    async def action_reason(self) -> None:
        from mailtui.tui.screens.reason import ReasonPage  # Imported when it is first opened, as every page is.

        await self.app.push_screen(ReasonPage(self._reason))

    def _show(self, under_way: Content | None = None) -> None:
        lines = [*self._lines, *([under_way] if under_way else [])]
        self.query_one(Static).update(Content("\n").join(lines))
        self.scroll_end(animate=False)


def _outcome(delivery: Delivery, width: int) -> list[Content]:
    """A line with recipient and outcome, then the server's words, what they mean, and what to do."""
    sign = SIGNS[delivery.state]
    colour = COLOURS.get(delivery.state, "$warning")
    found = reason_of(delivery)
    word = sign.word if found is None else f"{sign.word}: {outcome(delivery)}"
    lines = [Content.assemble((f"  {sign} ", colour), f"{clean(delivery.to)}  ", (word, colour))]
    reply = clean_lines(delivery.last.reply) if delivery.last else ""
    tone = "bold" if found else "$text-muted"
    lines += [line for words in reply.splitlines() for line in hanging(INDENT, words, width, style=tone)]
    if found is not None:
        lines += hanging(INDENT, found.meaning, width)
        lines += [line for step in found.remedy for line in hanging(f"{INDENT}{NEXT} ", step, width)]
    return lines

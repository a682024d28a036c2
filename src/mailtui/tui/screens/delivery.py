"""One delivery: every attempt with the server's words, what they mean, and what to do."""

from typing import TYPE_CHECKING, ClassVar, Self

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mailtui.core.deliveries import Attempt, Delivery, DeliveryState
from mailtui.core.text import clean, clean_lines
from mailtui.operations.deliveries import find_delivery
from mailtui.tui.marks import BETWEEN, NEXT, Mark
from mailtui.tui.page import Page
from mailtui.tui.screens.by_hand import ask_to_cancel, ask_to_send_again, may_be_cancelled, may_be_sent_again
from mailtui.tui.screens.delivery_table import SIGNS, reason_of
from mailtui.tui.screens.following import LOOK_EVERY, Elsewhere
from mailtui.tui.screens.message import MessageText
from mailtui.tui.screens.moments import moment, to_the_second
from mailtui.tui.screens.paragraphs import hanging
from mailtui.tui.screens.reason import ReasonPage
from mailtui.tui.styles import style

if TYPE_CHECKING:
    from mailtui.operations.context import Context

TAKEN = "The server took the message over. Should it come back all the same, the server says so by mail to the sender."

TIME_AND_STEP = 24
"""Cells before the server's words: the time and the step's name."""


class DeliveryPage(Page):
    """Follows the delivery while other processes try it again."""

    PURPOSE = (
        "What happened to one message to one contact: each attempt, what the server said, and what to do about it."
    )
    CSS_PATH = [style("table"), style("sections"), style("delivery")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "again", "Send again", id="delivery.again", tooltip="Send it again now, as it is; asks"),
        Binding("c", "cancel", "Cancel", id="delivery.cancel", tooltip="Do not send it, while it still waits; asks"),
        Binding(
            "r", "reason", "Reason", id="delivery.reason", tooltip="What the failure means, and how often it occurs"
        ),
        Binding("m", "message", "Message", id="delivery.message", tooltip="The text that was sent"),
    ]

    def __init__(self, delivery: Delivery) -> None:
        super().__init__()
        self._delivery = delivery

    @property
    def about(self) -> str:
        return str(self._delivery.id)

    @classmethod
    def about_thing(cls, context: "Context", key: str) -> Self:
        return cls(find_delivery(context, int(key[:18]) if key.isdecimal() else 0))

    @property
    def path(self) -> tuple[str, ...]:
        return ("Account management", "E-mail", "Outgoing messages", "Deliveries", f"To {self._delivery.to}")

    def content(self) -> ComposeResult:
        self._elsewhere = Elsewhere(self.context)
        with VerticalScroll(id="delivery"):
            yield Static(id="delivery-words")

    def on_mount(self) -> None:
        self._show()
        self.set_interval(LOOK_EVERY, self._follow)

    def on_resize(self) -> None:
        self._show()

    @property
    def _width(self) -> int:
        """Cells beside padding and scroll bar."""
        return self.app.size.width - 3

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "reason":
                return reason_of(self._delivery) is not None
            case "again":
                return may_be_sent_again(self._delivery)
            case "cancel":
                return may_be_cancelled(self._delivery)
            case _:
                return True

    def _follow(self) -> None:
        if self.is_current and self._elsewhere.changed():
            self._show()

    def _show(self) -> None:
        self._delivery = self.context.store.deliveries.get(self._delivery.id) or self._delivery
        attempts = self.context.store.deliveries.attempts(self._delivery.id)
        note = hanging("  ", clean(self._delivery.note), self._width) if self._delivery.note else []
        lines = [self._heading(), self._circumstances(), *note, Content(""), *self._story(attempts)]
        self.query_one("#delivery-words", Static).update(Content("\n").join(lines))
        self.refresh_bindings()

    def _heading(self) -> Content:
        delivery, sign = self._delivery, SIGNS[self._delivery.state]
        project = self.context.store.projects.get(delivery.project)
        where = project.name if project else delivery.project
        words = "   ".join(["", f"to {clean(delivery.to)}", f"from {clean(delivery.sender)}", clean(where)])
        return Content.assemble((sign.said, f"${_colour(delivery.state)} bold"), words)

    def _circumstances(self) -> Content:
        delivery, now = self._delivery, self.context.clock()
        attempts = f"{delivery.attempts} attempt" if delivery.attempts == 1 else f"{delivery.attempts} attempts"
        words = [delivery.subject or "no subject", delivery.by, moment(delivery.created_at, now), attempts]
        if delivery.next_attempt_at is not None and delivery.state is DeliveryState.DEFERRED:
            words.append(f"next try {moment(delivery.next_attempt_at, now)}")
        return Content.assemble(("  " + clean(f" {BETWEEN} ".join(words)), "$text-muted"))

    def _story(self, attempts: list[Attempt]) -> list[Content]:
        lines = [line for attempt in attempts for line in self._attempt(attempt)]
        if (found := reason_of(self._delivery)) is not None:
            lines += [Content(""), *hanging("  ", f"{found.title}: {found.meaning}", self._width)]
            lines += [line for step in found.remedy for line in hanging(f"  {NEXT} ", step, self._width)]
        elif self._delivery.state is DeliveryState.SENT:
            lines += [Content(""), *hanging("  ", TAKEN, self._width)]
        return lines

    def _attempt(self, attempt: Attempt) -> list[Content]:
        """A line with time and step, and the server's words beside them, all in one column."""
        step = attempt.step.words if attempt.step else ("taken" if attempt.ok else "rule")
        time = to_the_second(attempt.at, self.context.clock())
        mark = Mark.READY if attempt.ok else Mark.FAILING
        heads = [f"  {mark} {time}  {step}".ljust(TIME_AND_STEP) + "  "]
        said = clean_lines(attempt.reply).splitlines() or [""]
        heads += [" " * cell_len(heads[0])] * (len(said) - 1)
        pairs = zip(heads, said, strict=True)
        return [line for head, words in pairs for line in hanging(head, words, self._width, head_style="$text-muted")]

    async def action_reason(self) -> None:
        if (found := reason_of(self._delivery)) is not None:
            await self.app.push_screen(ReasonPage(found.name))

    async def action_again(self) -> None:
        await ask_to_send_again(self.mailtui, self._delivery, self._show)

    async def action_cancel(self) -> None:
        await ask_to_cancel(self.mailtui, self._delivery, self._show)

    async def action_message(self) -> None:
        await self.app.push_screen(MessageText(self.context.store.deliveries.octets(self._delivery.id)))


def _colour(state: DeliveryState) -> str:
    """The theme's name for the colour of the state's tone."""
    names = {"good": "success", "bad": "error", "warn": "warning", "accent": "accent"}
    return names.get(SIGNS[state].tone, "foreground")

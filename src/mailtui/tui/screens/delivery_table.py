"""A table of deliveries, newest first, for every page that shows some."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual.binding import Binding, BindingType
from textual.content import Content

from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.core.errors import NotFound
from mailtui.core.reasons import Reason, reason
from mailtui.store.window import Window
from mailtui.tui.marks import BETWEEN, NEXT, Mark, Sign
from mailtui.tui.screens.by_hand import ask_to_cancel, ask_to_send_again, may_be_cancelled, may_be_sent_again
from mailtui.tui.screens.moments import brief_moment, moment
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

if TYPE_CHECKING:
    from mailtui.operations.context import Context
    from mailtui.tui.app import MailtuiApp

SIGNS: Final[Mapping[DeliveryState, Sign]] = {
    DeliveryState.QUEUED: Sign("·", ".", "queued", Tone.MUTED),
    DeliveryState.SENDING: Sign(NEXT.unicode, NEXT.ascii[-1], "sending", Tone.ACCENT),
    DeliveryState.SENT: Sign(Mark.READY.value.unicode, Mark.READY.value.ascii, "sent", Tone.GOOD),
    DeliveryState.DEFERRED: Sign("~", "~", "deferred", Tone.WARN),
    DeliveryState.FAILED: Sign(Mark.FAILING.value.unicode, Mark.FAILING.value.ascii, "failed", Tone.BAD),
    DeliveryState.CANCELLED: Sign(Mark.OFF.value.unicode, Mark.OFF.value.ascii, "cancelled", Tone.MUTED),
}
"""The state of a delivery: a sign of one cell, and its word."""

REFUSED: Final = frozenset({DeliveryState.DEFERRED, DeliveryState.FAILED})
"""The last attempt says why it stands so."""

NEVER: Final = 10_000
"""Cells that no table has."""

COLUMNS: Final = (
    Column("", width=1),
    Column("To", share=3),
    Column("From", share=3, shows_from=56),
    Column("Subject", share=3, shows_from=110),
    Column("Project", width=10, shows_from=100),
    Column("When", width=12),
    Column("Tries", width=5, shows_from=90),
    Column("Outcome", share=2),
)

COLUMNS_OF_ONE_PROJECT: Final = tuple(
    replace(column, shows_from=NEVER) if column.title == "Project" else column for column in COLUMNS
)


def seen_by(context: "Context") -> str | None:
    """Whose deliveries are shown: a member's own, and an admin's are everybody's (None)."""
    return None if context.actor.is_admin else context.employee.login


def reason_of(delivery: Delivery) -> Reason | None:
    """The reason of the last attempt; None where it succeeded, or the reason has no entry."""
    if delivery.last is None or not delivery.last.reason:
        return None
    try:
        return reason(delivery.last.reason)
    except NotFound:
        return None  # Stored by another version, which knew it.


def outcome(delivery: Delivery) -> str:
    """The shortest that says how it stands: the reason why it is not sent, or the word of the state."""
    found = reason_of(delivery) if delivery.state in REFUSED else None
    return found.title if found else SIGNS[delivery.state].word


def said(delivery: Delivery, now: datetime) -> str:
    """Two lines about a delivery: how it stands, and what the server said last."""
    words = [SIGNS[delivery.state].said, f"to {delivery.to}", f"from {delivery.sender}", delivery.project]
    if delivery.next_attempt_at is not None and delivery.state is DeliveryState.DEFERRED:
        words.append(f"next try {moment(delivery.next_attempt_at, now)}")
    if delivery.note:
        return f" {BETWEEN} ".join(words) + f"\n{delivery.note}"
    last = delivery.last
    reply = f"{last.step.words}: {last.reply}" if last and last.step else (last.reply if last else delivery.subject)
    return f" {BETWEEN} ".join(words) + f"\n{reply.splitlines()[-1] if reply else ''}"


class DeliveryRows:
    """Deliveries out of the store, of one project or reason where that is given, in one state where that is set."""

    def __init__(self, context: "Context", *, project: str | None = None, reason: str | None = None) -> None:
        self._context = context
        self.project = project
        self.reason = reason
        self.state: DeliveryState | None = None

    def count(self, matching: str) -> int:
        who = seen_by(self._context)
        deliveries = self._context.store.deliveries
        return deliveries.count(matching, project=self.project, state=self.state, by=who, reason=self.reason)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        who, now = seen_by(self._context), self._context.clock()
        window = Window(offset=offset, limit=limit, matching=matching)
        deliveries = self._context.store.deliveries
        found = deliveries.rows(window, project=self.project, state=self.state, by=who, reason=self.reason)
        return [_row(delivery, now) for delivery in found]


class DeliveryTable(StoreTable):
    """The table, with what can be done to the marked delivery."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="deliveries.open", tooltip="Every attempt, and what the server said"),
        Binding("r", "reason", "Reason", id="deliveries.reason", tooltip="What the failure means and what to do"),
        Binding("R", "again", "Send again", id="deliveries.again", tooltip="Send it again now, as it is; asks"),
        Binding("c", "cancel", "Cancel", id="deliveries.cancel", tooltip="Do not send what still waits; asks"),
    ]

    def __init__(self, source: DeliveryRows, *, empty: str, follow: Callable[[], None] | None = None) -> None:
        columns = COLUMNS_OF_ONE_PROJECT if source.project else COLUMNS
        super().__init__(columns, source, empty=empty, follow=lambda: self._marked_anew(follow))
        self._source = source
        self._delivery: Delivery | None = None

    @property
    def mailtui(self) -> "MailtuiApp":
        """The application with its own type."""
        return cast("MailtuiApp", self.app)

    @property
    def delivery(self) -> Delivery | None:
        """The marked one, as it was stored when it was marked or the table read anew."""
        return self._delivery

    def say_when_empty(self, words: str) -> None:
        """From the next reading on."""
        self._empty = Content(words)

    def _marked_anew(self, follow: Callable[[], None] | None) -> None:
        """Read it once for all that is said and can be done about it; the keys change only with what can be done."""
        could = self._can_be_done()
        context = self.mailtui.context
        self._delivery = context.store.deliveries.get(int(self.marked)) if self.marked else None
        if follow is not None:
            follow()
        if self._can_be_done() != could:
            self.refresh_bindings()

    def _can_be_done(self) -> tuple[bool, ...]:
        return tuple(bool(self.check_action(action, ())) for action in ("open", "reason", "again", "cancel"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        delivery = self._delivery
        match action:
            case "open":
                return delivery is not None
            case "reason":
                # On the page of a reason it would lead to where one is.
                return delivery is not None and reason_of(delivery) is not None and self._source.reason is None
            case "again":
                return may_be_sent_again(delivery)
            case "cancel":
                return may_be_cancelled(delivery)
            case _:
                return super().check_action(action, parameters)

    async def action_open(self) -> None:
        from mailtui.tui.screens.delivery import DeliveryPage  # It shows such a table in its turn.

        if (delivery := self.delivery) is not None:
            await self.app.push_screen(DeliveryPage(delivery), lambda _: self.reload())

    async def action_reason(self) -> None:
        from mailtui.tui.screens.reason import ReasonPage  # It shows such a table in its turn.

        if (delivery := self.delivery) is not None and (found := reason_of(delivery)) is not None:
            await self.app.push_screen(ReasonPage(found.name))

    async def action_again(self) -> None:
        if (delivery := self.delivery) is not None:
            await ask_to_send_again(self.mailtui, delivery, self.reload)

    async def action_cancel(self) -> None:
        if (delivery := self.delivery) is not None:
            await ask_to_cancel(self.mailtui, delivery, self.reload)


def _row(delivery: Delivery, now: datetime) -> Row:
    sign = SIGNS[delivery.state]
    cells = (
        Cell(str(sign), sign.tone),
        delivery.to,
        delivery.sender,
        delivery.subject,
        delivery.project,
        brief_moment(delivery.created_at, now),
        str(delivery.attempts),
        Cell(outcome(delivery), sign.tone),
    )
    return Row(str(delivery.id), cells)

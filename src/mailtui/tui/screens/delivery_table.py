"""A table of deliveries, newest first, for every page that shows some."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual.binding import Binding, BindingType

from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.core.errors import NotFound
from mailtui.core.reasons import Reason, reason
from mailtui.store.window import Window
from mailtui.tui.marks import BETWEEN, NEXT, Mark, Sign
from mailtui.tui.screens.moments import moment
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

NEVER: Final = 10_000
"""Cells that no table has."""

COLUMNS: Final = (
    Column("", width=1),
    Column("To", share=3),
    Column("From", share=3),
    Column("Subject", share=3, shows_from=110),
    Column("Project", width=10),
    Column("When", width=15),
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
    """The shortest that says how it stands: the reason, or the word of the state."""
    found = reason_of(delivery)
    return found.title if found else SIGNS[delivery.state].word


def said(delivery: Delivery, now: datetime) -> str:
    """Two lines about a delivery: how it stands, and what the server said last."""
    words = [SIGNS[delivery.state].said, f"to {delivery.to}", f"from {delivery.sender}"]
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
        self._reason = reason
        self.state: DeliveryState | None = None

    def count(self, matching: str) -> int:
        who = seen_by(self._context)
        deliveries = self._context.store.deliveries
        return deliveries.count(matching, project=self.project, state=self.state, by=who, reason=self._reason)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        who, now = seen_by(self._context), self._context.clock()
        window = Window(offset=offset, limit=limit, matching=matching)
        deliveries = self._context.store.deliveries
        found = deliveries.rows(window, project=self.project, state=self.state, by=who, reason=self._reason)
        return [_row(delivery, now) for delivery in found]


class DeliveryTable(StoreTable):
    """The table; enter opens the marked delivery, `r` the reason why it failed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="deliveries.open", tooltip="Every attempt, and what the server said"),
        Binding("r", "reason", "Reason", id="deliveries.reason", tooltip="What the failure means and what to do"),
    ]

    def __init__(self, source: DeliveryRows, *, empty: str) -> None:
        super().__init__(COLUMNS_OF_ONE_PROJECT if source.project else COLUMNS, source, empty=empty)

    @property
    def delivery(self) -> Delivery | None:
        """The marked one, as it is stored now."""
        context = cast("MailtuiApp", self.app).context
        return context.store.deliveries.get(int(self.marked)) if self.marked else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "open":
            return self.marked is not None
        if action == "reason":
            return (delivery := self.delivery) is not None and reason_of(delivery) is not None
        return super().check_action(action, parameters)

    async def action_open(self) -> None:
        from mailtui.tui.screens.delivery import DeliveryPage  # It shows such a table in its turn.

        if (delivery := self.delivery) is not None:
            await self.app.push_screen(DeliveryPage(delivery), lambda _: self.reload())

    async def action_reason(self) -> None:
        from mailtui.tui.screens.reason import ReasonPage  # It shows such a table in its turn.

        if (delivery := self.delivery) is not None and (found := reason_of(delivery)) is not None:
            await self.app.push_screen(ReasonPage(found.name))


def _row(delivery: Delivery, now: datetime) -> Row:
    sign = SIGNS[delivery.state]
    cells = (
        Cell(str(sign), sign.tone),
        delivery.to,
        delivery.sender,
        delivery.subject,
        delivery.project,
        moment(delivery.created_at, now),
        str(delivery.attempts),
        Cell(outcome(delivery), sign.tone),
    )
    return Row(str(delivery.id), cells)

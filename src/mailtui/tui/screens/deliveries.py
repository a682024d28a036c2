"""All deliveries: what was sent, what waits, and what failed and why."""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from mailtui.core.deliveries import DeliveryState
from mailtui.core.text import clean_lines
from mailtui.tui.page import Page
from mailtui.tui.screens.delivery_table import SIGNS, DeliveryRows, DeliveryTable, said
from mailtui.tui.screens.following import LOOK_EVERY, Elsewhere
from mailtui.tui.screens.state_line import StateLine
from mailtui.tui.styles import style
from mailtui.tui.widgets.details import Details

NOTHING: Final = "Nothing was sent yet.\n\nOpen a project and press  a  to write to a contact."

CYCLE: Final = (None, *DeliveryState)
"""Every state, in the order of a key that goes round; None is all of them."""


class Deliveries(Page):
    """A table that follows what other processes send."""

    PATH = ("Account management", "E-mail", "Outgoing messages", "Deliveries")
    PURPOSE = (
        "Every message to every contact, newest first, with how it stands. The list follows what other people and the"
        " outbox do. A member sees what he sent himself."
    )
    CSS_PATH = [style("table"), style("sections")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "state(1)", "State", id="deliveries.state", tooltip="Show one state only: the next one"),
        Binding("S", "state(-1)", "State before", show=False, id="deliveries.state_before", tooltip="The state before"),
    ]

    def content(self) -> ComposeResult:
        self._source = DeliveryRows(self.context)
        self._elsewhere = Elsewhere(self.context)
        yield StateLine()
        yield DeliveryTable(self._source, empty=NOTHING, follow=self.show_details)
        yield Details()

    @property
    def table(self) -> DeliveryTable:
        return self.query_one(DeliveryTable)

    def on_mount(self) -> None:
        self.table.focus()
        self.set_interval(LOOK_EVERY, self._follow)

    def _follow(self) -> None:
        if self.is_current and self._elsewhere.changed():
            self.table.reload()

    def action_state(self, step: int) -> None:
        self._source.state = CYCLE[(CYCLE.index(self._source.state) + step) % len(CYCLE)]
        state = self._source.state
        self.query_one(StateLine).mark(state)
        nothing = f"No delivery is {SIGNS[state].word}.  s  shows the next state." if state else NOTHING
        self.table.say_when_empty(nothing)
        self.table.reload()

    def show_details(self) -> None:
        """How the marked delivery stands, in full."""
        delivery = self.table.delivery
        self.query_one(Details).show(clean_lines(said(delivery, self.context.clock())) if delivery else "")

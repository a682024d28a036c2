"""All deliveries: what was sent, what waits, and what failed and why."""

from datetime import datetime
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from mailtui.core.deliveries import DeliveryState
from mailtui.core.text import clean, clean_lines
from mailtui.operations.deliveries import OldMessages, purge_messages, what_a_purge_takes
from mailtui.tui.confirm import Confirm
from mailtui.tui.outbox import beside_the_screens
from mailtui.tui.page import Page
from mailtui.tui.screens.choose import ChooseProject
from mailtui.tui.screens.delivery_table import SIGNS, DeliveryRows, DeliveryTable, said
from mailtui.tui.screens.following import LOOK_EVERY, Elsewhere
from mailtui.tui.screens.moments import brief_moment
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
        Binding("p", "project", "Project", id="deliveries.project", tooltip="Show one project only, or all again"),
        Binding("S", "state(-1)", "State before", show=False, id="deliveries.state_before", tooltip="The state before"),
        Binding("P", "purge", "Purge", show=False, id="deliveries.purge",
                tooltip="Throw the texts of old messages away; says how many, and asks"),
    ]  # fmt: skip

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.context.actor.is_admin if action == "purge" else super().check_action(action, parameters)

    def action_state(self, step: int) -> None:
        self._source.state = CYCLE[(CYCLE.index(self._source.state) + step) % len(CYCLE)]
        self._show_narrowed()

    @work(exclusive=True, group="purge")
    async def action_purge(self) -> None:
        """Counted and thrown away beside the keys: there may be a million."""
        old = await beside_the_screens(self.context, what_a_purge_takes)
        if not old.messages:
            self.mailtui.say(f"No text to throw away: none of a message that is over is older than {old.days} days.")
            return
        if await self.app.push_screen_wait(_question_about(old, self.context.clock())):
            self.mailtui.say("Throwing them away ...")
            purged = await beside_the_screens(self.context, lambda context: purge_messages(context, old.days))
            self.mailtui.say(f"Threw the {_texts(purged)} away.")
            self.table.reload()

    async def action_project(self) -> None:
        if self._source.project is None:
            await self.app.push_screen(ChooseProject(self.context, "Deliveries of which project?"), self._of_project)
        else:
            self._of_project(None)

    def _of_project(self, project: str | None) -> None:
        self._source.project = project
        self._show_narrowed()

    def _show_narrowed(self) -> None:
        """The deliveries in the state and of the project that were chosen, and above them which those are."""
        state, project = self._source.state, self._source.project
        self.query_one(StateLine).mark(state, project)
        where = f" in {clean(project)}" if project else ""
        other = "  s  shows the next state." * bool(state) + "  p  shows all projects." * bool(project)
        kind = SIGNS[state].word if state else "there"
        self.table.say_when_empty(f"No delivery is {kind}{where}.{other}" if other else NOTHING)
        self.table.reload()

    def show_details(self) -> None:
        """How the marked delivery stands, in full."""
        delivery = self.table.delivery
        self.query_one(Details).show(clean_lines(said(delivery, self.context.clock())) if delivery else "")


def _question_about(old: OldMessages, now: datetime) -> Confirm:
    since = f"; the oldest is of {brief_moment(old.oldest, now)}" if old.oldest else ""
    return Confirm(
        f"Throw the {_texts(old.messages)} away?",
        consequence=[
            f"They are sent, failed or cancelled, and older than {old.days} days{since}.",
            "Who received what, and what servers said, stays. The texts cannot be brought back, nor sent again.",
            "The age is the preference sending.purge_after_days.",
        ],
        key="d", do="Throw away", keep="Keep them",
    )  # fmt: skip


def _texts(messages: int) -> str:
    return "text of one message" if messages == 1 else f"texts of {messages:,} messages"

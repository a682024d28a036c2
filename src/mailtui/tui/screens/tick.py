"""A line with a box that is ticked or not: `[x] Admin`, in signs that no colour is needed for."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from mailtui.tui.marks import NOT_PICKED, PICKED


class Tick(Widget, can_focus=True):
    """Textual's own check box shows the same sign for both states, told apart by colour alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn", "On/off", id="tick.turn", tooltip="Tick the box, or clear it"),
    ]

    value: reactive[bool] = reactive(False)

    class Changed(Message):
        """Ticked or cleared by the person."""

    def __init__(self, label: str, value: bool = False, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = label
        self.set_reactive(Tick.value, value)

    def render(self) -> Content:
        return Content(f"{PICKED if self.value else NOT_PICKED} {self._label}")

    def action_turn(self) -> None:
        self.value = not self.value
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        self.action_turn()

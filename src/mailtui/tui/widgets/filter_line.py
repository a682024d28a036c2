"""The filter above a table: what is typed, and how many rows match."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input, Static

from mailtui.tui.widgets.details import Details


class FilterText(Input):
    """What the rows are filtered by."""

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """The size of the text. Textual's own lays the whole screen out anew at every letter."""

    class Left(Message):
        """The keyboard goes back to the rows; the text stays."""

    class Cleared(Message):
        """The filter is to be emptied and closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "leave", "To the rows", id="filter.leave", tooltip="Go back to the rows found"),
        # For themselves: Textual lists `down` first, which a base class has too, and the footer names the first.
        Binding("down,tab", "leave", "To the rows", show=False, system=True, id="filter.down"),
        Binding("escape", "clear", "Clear filter", id="filter.clear", tooltip="Show all rows again"),
    ]

    def __init__(self, changed: Callable[[str], None]) -> None:
        super().__init__(placeholder="filter", compact=True)
        self._changed = changed

    def watch_value(self, value: str) -> None:
        """At once and not by a message, so that the letter and the rows that it leaves are drawn in one frame."""
        self._changed(value)

    def action_leave(self) -> None:
        self.post_message(self.Left())

    def action_clear(self) -> None:
        self.post_message(self.Cleared())


class FilterLine(Horizontal):
    """One line; hidden until it is opened, and again once it is empty and left."""

    def __init__(self, changed: Callable[[str], None]) -> None:
        """`changed` is called with the text at every change of it."""
        super().__init__(disabled=True)  # what is hidden must not take the focus either
        self.display = False
        self._found = Details(classes="filter--found")
        self._text = FilterText(changed)

    def compose(self) -> ComposeResult:
        yield Static("/", markup=False, classes="filter--slash")
        yield self._text
        yield self._found

    def open(self) -> None:
        self.disabled = False
        self.display = True
        self._text.focus()

    def put(self, text: str) -> None:
        """Show the line with this text in it."""
        self.disabled = False
        self.display = True
        self._text.value = text
        self._text.cursor_position = len(text)

    def open_with(self, text: str) -> None:
        """As if it had been typed; the keyboard stays where it is."""
        self.disabled = False
        self.display = True
        self._text.value = text

    def close(self) -> None:
        self._text.value = ""
        self.display = False
        self.disabled = True

    def show_found(self, text: str) -> None:
        """Say at the right how many rows match."""
        self._found.show(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Nobody else's."""
        event.stop()

"""The bottom line: the keys of the focused thing, the most useful first, none cut in its middle.

Textual's own footer scrolls sideways, cuts a key where the line ends, and builds a widget for each key whenever the
focus moves.
"""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from mailtui.tui.commands import HELP, Command, commands, shown

GAP = 2
"""Cells between two keys."""


def width_of(command: Command) -> int:
    """Cells that a command takes in the line."""
    return cell_len(command.keys[0]) + 1 + cell_len(command.title)


def fitting(ordered: Sequence[Command], width: int) -> list[Command]:
    """The first commands that fit into `width` cells, and always the help, which leads to all the others."""
    last = [command for command in ordered if command.binding.action == HELP.action]
    left = width - sum(width_of(command) + GAP for command in last)
    kept: list[Command] = []
    for command in ordered:
        if command in last:
            continue
        left -= width_of(command) + (GAP if kept else 0)
        if left < 0:
            break
        kept.append(command)
    return kept + last


class FooterLine(Widget):
    """One line that follows the focus of its screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"footer--key", "footer--word"}

    def __init__(self) -> None:
        super().__init__()
        self._commands: list[Command] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self._look(), immediate=True)
        self.call_after_refresh(self._look)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _look(self) -> None:
        if not self.is_attached:
            return
        # What cannot be done now is left out: greyed, it would be told apart by colour alone.
        found = [command for command in shown(commands(self.screen)) if command.enabled]
        if found != self._commands:
            self._commands = found
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        style = self.get_component_rich_style
        segments: list[Segment] = []
        for command in fitting(self._commands, width - 2):
            segments.append(Segment((" " if not segments else " " * GAP) + command.keys[0], style("footer--key")))
            segments.append(Segment(f" {command.title}", style("footer--word")))
        return Strip(segments).adjust_cell_length(width, style("footer--word"))

    def on_click(self, event: events.Click) -> None:
        """A click on a key does what the key does."""
        column = 1
        for command in fitting(self._commands, self.size.width - 2):
            end = column + width_of(command)
            if column <= event.x < end:
                self.app.simulate_key(command.binding.key)
            column = end + GAP

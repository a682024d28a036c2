"""The first and last line of the form: its title with the tabs, and its keys, which say why it cannot be saved yet."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from mailtui.tui.commands import Command, commands, shown
from mailtui.tui.widgets.fit import cut
from mailtui.tui.widgets.footer_line import FooterLine

TITLE_NEEDS: Final = 16
"""Cells of a title beside the tabs that still say what is edited."""


class TitleLine(Widget):
    """`Add external e-mail address ──── f2 Account  f3 Access  f4 Projects`"""

    tab: reactive[int] = reactive(0)
    """Index of the tab that is shown."""

    def __init__(self, title: str, tabs: Sequence[tuple[str, str]]) -> None:
        """`tabs`: the key and the name of each."""
        super().__init__()
        self._title = title
        self._tabs = tabs

    def _named(self) -> Sequence[tuple[str, str]]:
        """The tabs; where the title would get no room beside them, only the one that is shown has its name."""
        if sum(cell_len(f"  {key} {name}") for key, name in self._tabs) + TITLE_NEEDS <= self.size.width:
            return self._tabs
        return [(key, name if index == self.tab else "") for index, (key, name) in enumerate(self._tabs)]

    def render(self) -> Content:
        parts: list[tuple[str, str]] = []
        for index, (key, name) in enumerate(self._named()):
            shown = "$foreground bold underline" if index == self.tab else "$text-muted"
            parts += [(f"  {key} " if name else f"  {key}", "$accent"), (name, shown)]
        width = self.size.width - sum(cell_len(text) for text, _ in parts)
        title = cut(self._title, width - 4)
        rule = "─" * max(1, width - cell_len(title) - 3)
        return Content.assemble((f" {title} ", "bold"), (rule, "$border-blurred"), *parts, " ")

    def on_click(self, event: events.Click) -> None:
        """A click on a tab presses its key."""
        end = self.size.width - 1
        for key, name in reversed(self._named()):
            begin = end - cell_len(f"{key} {name}".rstrip())
            if begin <= event.x < end:
                self.app.simulate_key(key)
            end = begin - 2


class FormKeys(FooterLine):
    """The keys of the focused thing; a command can be called otherwise than by its binding, as things stand."""

    def __init__(self, called: Callable[[str], str], focused_first: Callable[[], bool]) -> None:
        """`called`: the words for an action, empty for those of its binding. `focused_first`: whether the keys of the
        focused thing come before those of the form, and the test last."""
        super().__init__()
        self._called = called
        self._focused_first = focused_first

    def _look(self) -> None:
        if not self.is_attached:
            return
        found = [self._named(command) for command in shown(commands(self.screen))]
        if self._focused_first():
            found.sort(key=lambda command: (command.node is self.screen, command.binding.action == "test"))
        else:  # What a field has of its own must not push out why the form cannot be saved yet.
            found.sort(key=lambda command: command.node is not self.screen)
        if found != self._commands:
            self._commands = found
            self.refresh()

    def _named(self, command: Command) -> Command:
        words = self._called(command.binding.action)
        return replace(command, binding=replace(command.binding, description=words)) if words else command

"""The top line: where I am, who I am, and how many messages wait."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from mailtui.core.text import clean
from mailtui.tui.marks import BETWEEN, CUT, MAIL
from mailtui.tui.standing import Standing
from mailtui.tui.widgets.fit import cut, shorten

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp

SEPARATOR = " / "

WALK = "walk"
"""Name for the program's work of going from page to page."""

LEFT = 1
"""Cells before the path."""

LONGEST_NAME = 40
"""Cells of one name: the longest of ours has 34, and a longer one of a company's would push the head away."""


def head_and_last(path: Sequence[str], width: int) -> tuple[str, str]:
    """The path in at most `width` cells: what stands before the last name, and the last name.

    Names go from the head, with `…` in their place; the last name is cut only when it alone does not fit."""
    names = [cut(name, LONGEST_NAME) for name in path] or [""]
    last = names[-1]
    for gone in range(len(names)):
        kept = ([str(CUT)] if gone else []) + names[gone:-1]
        head = "".join(name + SEPARATOR for name in kept)
        if cell_len(head) + cell_len(last) <= width:
            return head, last
    return "", shorten(last, width)


def who_and_waiting(standing: Standing) -> str:
    """The right end of the line: `ana · admin  ✉2`."""
    who = f" {BETWEEN} ".join(clean(part, 40) for part in (standing.who, standing.role) if part)
    waiting = f"{MAIL}{standing.waiting}" if standing.waiting else ""
    return "  ".join(part for part in (who, waiting) if part)


class PathLine(Widget):
    """One line; redrawn when the path or the standing changes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"path--head", "path--last", "path--who"}

    path: reactive[tuple[str, ...]] = reactive[tuple[str, ...]](())

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__()
        self.set_reactive(PathLine.path, path)

    def on_mount(self) -> None:
        self.watch(self.app, "standing", self._redraw, init=False)

    def _redraw(self) -> None:
        self.refresh()

    def _laid_out(self) -> tuple[str, str, str]:
        """Head, last name and right end."""
        width = self.size.width
        who = shorten(who_and_waiting(cast("MailtuiApp", self.app).standing), width // 2)
        head, last = head_and_last(self.path, width - 2 - (cell_len(who) + 2 if who else 0))
        return head, last, who

    def on_click(self, event: events.Click) -> None:
        """A click on a level goes back to it; one on what was cut, to the highest level that is cut."""
        from mailtui.tui.ways import go_to_level

        head, _, _ = self._laid_out()
        names = head.split(SEPARATOR)[:-1]
        end = LEFT
        for number, name in enumerate(names):
            end += cell_len(name + SEPARATOR)
            if LEFT <= event.x < end:
                gone = len(self.path) - 1 - len(names)
                app = cast("MailtuiApp", self.app)
                app.run_worker(go_to_level(app, self.path, 0 if name == str(CUT) else gone + number), group=WALK)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        head, last, who = self._laid_out()
        space = width - 2 - cell_len(head) - cell_len(last) - cell_len(who)
        style = self.get_component_rich_style
        return Strip(
            [
                Segment(f" {head}", style("path--head")),
                Segment(last, style("path--last")),
                Segment(" " * space + who + " ", style("path--who")),
            ],
            width,
        )

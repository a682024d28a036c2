"""Messages that come and go: they stand where nothing is worked on, above or below."""

from typing import TYPE_CHECKING, Final

from textual.geometry import Region
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.timer import Timer

if TYPE_CHECKING:
    from typing import Any

    from mailtui.tui.app import MailtuiApp

LOOK_EVERY: Final = 0.1
"""Seconds after which a message makes way for what came under it: one sees no delay."""

ABOVE: Final = "-above"
"""Class of messages that stand below the path instead of above the keys."""


class Messages:
    """One message at a time, over whatever screen is shown."""

    def __init__(self, app: "MailtuiApp") -> None:
        self._app = app
        self._watch: Timer | None = None

    def show(self, text: str, seconds: float, severity: SeverityLevel = "information") -> None:
        """`text` is safe already and no markup."""
        self._app.clear_notifications()
        self._app.screen.query("ToastHolder").remove()  # Textual leaves those of messages that are gone, a line each.
        self.make_way()
        self._app.notify(text, timeout=seconds, severity=severity, markup=False)
        if self._watch is None:
            self._watch = self._app.set_interval(LOOK_EVERY, self.make_way)

    def make_way(self) -> None:
        """Stand in the half of the screen in which nothing is worked on."""
        if not self._app.screen_stack:  # The program ends.
            return
        if not len(self._app._notifications) and self._watch is not None:
            self._watch.stop()
            self._watch = None
            return
        screen = self._app.screen
        worked_on = region_of_work(screen)
        above = worked_on is not None and worked_on.y + worked_on.height / 2 > screen.size.height / 2
        screen.query("ToastRack").set_class(above, ABOVE)


def region_of_work(screen: "Screen[Any]") -> Region | None:  # Any: a screen's result does not matter here
    """The line under the cursor, in cells of the screen; the whole of a focused thing that has no cursor; None where
    nothing is focused."""
    from textual.widgets import TextArea, Tree  # The first frame has neither field nor table.

    from mailtui.tui.widgets.table_rows import TableRows

    focused = screen.focused
    if focused is None:
        return None
    region = focused.content_region
    match focused:
        case TableRows():
            line = focused.cursor - round(focused.scroll_y)
        case Tree():
            line = focused.cursor_line - round(focused.scroll_y)
        case TextArea():
            return Region(region.x, focused.cursor_screen_offset.y, region.width, 1)
        case _:
            return focused.region
    return Region(region.x, region.y + line, region.width, 1)

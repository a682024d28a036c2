"""The program's terminal: Textual's driver, except that it sends only what the terminal does not show already."""

from typing import Final, cast

from textual import constants, events
from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from mailtui.tui.repaint import Repaint

ERASE_CELLS: Final = b"\x1b[%p1%dX"

REDRAW: Final = Binding(
    "ctrl+l", "redraw", "Redraw", show=False, id="app.redraw", tooltip="Draw the screen anew, should it be spoilt"
)
"""What only a person can see: that something else wrote on the terminal."""


class SparingApp(App[None]):
    """A program for slow lines too."""

    def __init__(self) -> None:
        super().__init__()
        self.repaint = Repaint()
        """What the terminal shows."""

    def get_driver_class(self) -> type[Driver]:
        """Where none is named in the environment, as that of a browser is."""
        usual = super().get_driver_class()
        return SparingDriver if usual is LinuxDriver and constants.DRIVER is None else usual

    def on_resize(self, event: events.Resize) -> None:
        self.repaint.resized(event.size.width)

    def action_redraw(self) -> None:
        """After something else wrote on the terminal."""
        self.repaint.forget()
        self.refresh()


class SparingDriver(LinuxDriver):
    """The way to the terminal."""

    def __init__(
        self, app: App[None], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._repaint = cast("SparingApp", app).repaint
        self._ask_how_it_erases()

    def _ask_how_it_erases(self) -> None:
        """What the terminfo of its name says; where there is none, it is not taken to erase in colour."""
        try:
            import curses  # Not for browsers and tests; some builds of Python are without it.
        except ImportError:
            return
        try:
            curses.setupterm(fd=self.fileno)
        except curses.error:
            return
        self._repaint.erases_in_colour = curses.tigetflag("bce") == 1
        self._repaint.erases_cells = curses.tigetstr("ech") == ERASE_CELLS

    def write(self, data: str) -> None:
        if sent := self._repaint.shorten(data):
            super().write(sent)

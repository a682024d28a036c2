"""What a slow link carries for a key, in a real terminal (issue 6, section 6); `make bench` measures more of it."""

import os
import signal
import struct
import sys
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ
from typing import Final

import pytest
from terminal import Terminal
from textual import constants
from textual.drivers.linux_driver import LinuxDriver

from mailtui.operations.context import Context
from mailtui.tui.app import MailtuiApp
from mailtui.tui.sparing import SparingDriver
from tests.company import an_address

MAILTUI: Final = (sys.executable, "-m", "mailtui")

ROWS: Final = 60

REST: Final = 0.4
"""Seconds without output after which nothing more is expected of a key."""


class Watched(Terminal):
    """A terminal that can be spoilt, and made larger."""

    def sends(self, key: str, shows: str) -> int:
        """Press a key and wait for what it shows; the bytes that it cost."""
        before = self.octets
        self.press(key, REST)
        self.shows(shows)
        self.rests(REST)
        return self.octets - before

    def spoil(self) -> None:
        """As if another program had cleared it."""
        self._stream.feed(b"\x1b[2J")

    def resize(self, columns: int, lines: int) -> None:
        self._screen.resize(lines, columns)
        ioctl(self._descriptor, TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.kill(self._process.pid, signal.SIGWINCH)


@pytest.fixture
def terminal(context: Context, database: Path, tmp_path: Path) -> Iterator[Watched]:
    """The company's addresses, on the screen."""
    with context.store.transaction():
        for number in range(ROWS):
            context.store.addresses.save(an_address(f"address-{number:02}@brand{number * 7919}.example"))
    environment = {"XDG_STATE_HOME": str(tmp_path / "state"), "MAILTUI_CONFIG": os.devnull, "LC_ALL": "C.UTF-8"}
    with Watched((*MAILTUI, "--db", str(database)), environment) as terminal:
        terminal.shows("refusals? in")
        terminal.sends("enter", "address-00")
        yield terminal


def test_a_key_sends_what_it_changes_and_not_the_screen(terminal: Watched) -> None:
    assert terminal.sends("down", "address-01@brand7919.example is offered") <= 450
    assert terminal.sends("/", "filter") <= 1300
    assert terminal.sends("7", "found") <= 1900
    assert terminal.sends("escape", "address-00") <= 1500
    assert terminal.sends("?", "tested with its real server") <= 3100
    assert terminal.sends("escape", "address-00") <= 3600
    assert terminal.sends("\x10", "Test its account") <= 2400
    assert terminal.sends("b", "Bind") <= 1200


def test_a_key_that_scrolls_the_table_sends_the_row_that_comes_in(terminal: Watched) -> None:
    terminal.sends("\x1b[6~", "address-16")
    assert terminal.sends("down", "address-18") <= 600
    assert terminal.sends("down", "address-19") <= 600


def test_a_spoilt_screen_is_drawn_anew_by_a_key(terminal: Watched) -> None:
    before = terminal.text
    terminal.spoil()
    assert "address" not in terminal.text
    terminal.sends("\x0c", "address-05")
    assert terminal.text == before


def test_after_another_size_the_screen_is_whole(terminal: Watched) -> None:
    terminal.resize(100, 30)
    terminal.shows("address-20")
    terminal.rests(REST)
    terminal.resize(80, 24)
    terminal.spoil()  # Terminals do with what they show what they like.
    terminal.shows("address-05")
    terminal.rests(REST)
    whole = terminal.text
    terminal.spoil()
    terminal.sends("\x0c", "address-05")
    assert terminal.text == whole


def test_another_driver_can_be_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    app = MailtuiApp(None)
    assert app.get_driver_class() is SparingDriver
    monkeypatch.setattr(constants, "DRIVER", "textual.drivers.linux_driver:LinuxDriver")
    assert app.get_driver_class() is LinuxDriver

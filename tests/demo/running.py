"""The demo as a process of its own, as a person or a program runs it."""

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

LIMIT: Final = 20.0
"""Seconds that a start or an end may take on a busy machine."""

GUIDE: Final = "Things to try"


class Home:
    """A person's home directory and a directory for temporary files, both empty."""

    def __init__(self, place: Path) -> None:
        self.home = place / "home"
        self.temporary = place / "tmp"
        self.home.mkdir()
        self.temporary.mkdir()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAILTUI_", "XDG_"))}
        places = {"HOME": str(self.home), "TMPDIR": str(self.temporary)}
        return {**kept, **places, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}

    @property
    def left_behind(self) -> list[Path]:
        return sorted([*self.home.rglob("*"), *self.temporary.rglob("*")])


class Screens:
    """The demo's screens on a terminal of 80x24."""

    def __init__(self, process: "subprocess.Popen[bytes]", terminal: int) -> None:
        self.process = process
        self._terminal = terminal
        self._seen = b""

    def wait_for(self, words: str) -> None:
        """Read what is drawn until `words` are."""
        while words.encode() not in self._seen:
            ready, _, _ = select.select([self._terminal], [], [], LIMIT)
            assert ready, f"{words!r} was not drawn"
            self._seen += os.read(self._terminal, 65536)

    def press(self, octets: bytes) -> None:
        os.write(self._terminal, octets)

    def close(self) -> None:
        """Close the terminal, as a window is closed or a connection is lost."""
        os.close(self._terminal)
        self._terminal = -1

    def ended(self) -> int:
        """The exit code; what is drawn meanwhile is read, or the process could not end."""
        while self._terminal >= 0:
            ready, _, _ = select.select([self._terminal], [], [], LIMIT)
            assert ready, "it did not end"
            try:
                if not os.read(self._terminal, 65536):
                    break
            except OSError:  # What a terminal says on Linux once nobody has it open any more.
                break
        return self.process.wait(LIMIT)


@contextmanager
def screens(home: Home, *command: str) -> Iterator[Screens]:
    """`mailtui demo`, or another Python command, on a terminal; drawn up to the guided text."""
    own, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", TERMINAL, *(command or ("-m", "mailtui", "demo"))],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=home.environment,
        start_new_session=True,
    )
    os.close(theirs)
    shown = Screens(process, own)
    try:
        shown.wait_for(GUIDE)
        yield shown
    finally:
        process.kill()
        process.wait()
        if shown._terminal >= 0:
            shown.close()


TERMINAL: Final = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
"""Makes standard input the controlling terminal, so that closing it hangs up, and becomes the command."""


@contextmanager
def headless(home: Home) -> Iterator[tuple["subprocess.Popen[str]", Any]]:  # Any: a JSON document
    """`mailtui demo --headless` and the document that it printed."""
    command = [sys.executable, "-m", "mailtui", "demo", "--headless"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, stdout=pipe, stderr=pipe, stdin=subprocess.DEVNULL, text=True, env=home.environment
    )
    assert process.stdout is not None
    try:
        lines: list[str] = []
        while not lines or lines[-1] not in ("}\n", ""):
            lines.append(process.stdout.readline())
        yield process, json.loads("".join(lines))
    finally:
        process.kill()
        process.communicate()

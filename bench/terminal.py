"""A program in a pseudo-terminal of its own, seen as a person sees it: what is shown, when, for how many bytes."""

import os
import pty
import re
import select
import struct
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ
from types import TracebackType
from typing import Final, Self

import pyte

COLUMNS: Final = 80
LINES: Final = 24

QUIET: Final = 0.12
"""Seconds without output after which a repaint counts as finished."""

PATIENCE: Final = 20.0
"""Seconds after which a program counts as hanging."""

KEYS: Final = {"down": "\x1b[B", "up": "\x1b[A", "enter": "\r", "escape": "\x1b"}

REPLIES: Final = {
    b"\x1b[6n": b"\x1b[1;1R",  # where the cursor is
    b"\x1b[c": b"\x1b[?62;22c",  # what the terminal is
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # synchronized output: known, off
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # resizes reported in the stream: not known
}
"""What a terminal answers to a program that asks about it."""


@dataclass(frozen=True)
class Repaint:
    """What one key cost."""

    milliseconds: float
    """From the key to the last byte that it caused."""
    octets: int


class Terminal:
    """Runs a command while the `with` block lasts; ends it afterwards. Raises TimeoutError where it hangs."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._command = list(command)
        # The size of another terminal, which programs would believe sooner than their own.
        inherited = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        self._environment = {**inherited, "TERM": "xterm-256color", **(environment or {})}
        self.octets = 0
        """Received so far."""

    def __enter__(self) -> Self:
        self._descriptor, theirs = pty.openpty()
        ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._started = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - the commands stand in the programs that measure
            self._command, env=self._environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._descriptor)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self._screen.display)

    @property
    def memory(self) -> float:
        """Resident memory of the program, MiB."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def shows(self, pattern: str) -> float:
        """Wait until the screen shows `pattern`; the milliseconds since the start."""
        while not re.search(pattern, self.text):
            if time.perf_counter() - self._started > PATIENCE:
                raise TimeoutError(f"{self._command[-1]} does not show {pattern!r}, but:\n{self.text}")
            self._read(0.02)
        return (time.perf_counter() - self._started) * 1000

    def rests(self, quiet: float = QUIET) -> float:
        """Wait for the end of the output, `quiet` seconds without any; when its last byte came, by the performance
        counter."""
        last = time.perf_counter()
        while self._read(quiet):
            last = time.perf_counter()
        return last

    def press(self, key: str, quiet: float = QUIET) -> Repaint:
        """Press a key, by its name in `KEYS` or as it is, and wait for what it causes, `quiet` seconds at least."""
        before, start = self.octets, time.perf_counter()
        os.write(self._descriptor, KEYS.get(key, key).encode())
        last = self.rests(quiet)
        return Repaint((last - start) * 1000, self.octets - before)

    def _read(self, timeout: float) -> bool:
        """Take in what arrives within `timeout` seconds; whether anything did."""
        if not select.select([self._descriptor], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self._descriptor, 65536)
        except OSError:  # Linux says EIO once the program has gone
            return False
        self.octets += len(data)
        self._stream.feed(data)
        for question, answer in REPLIES.items():
            if question in data:
                os.write(self._descriptor, answer)
        return bool(data)

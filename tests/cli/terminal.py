"""`mailtui` in a process of its own, with a person at a terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 60.0
"""Seconds until an answer must have come; opening a vault under a passphrase takes some of them."""


class Terminal:
    """The person's side: reads what is shown, and types."""

    def __init__(self, process: "subprocess.Popen[bytes]", descriptor: int) -> None:
        self.process = process
        self._descriptor = descriptor
        self.shown = ""
        self._ahead = ""
        """Shown already, behind what was waited for last."""

    def wait_for(self, words: str) -> None:
        """Until these words are shown after what was waited for before."""
        seen = self._ahead
        ends = time.monotonic() + PATIENCE
        while words not in seen:
            more = self._read(ends)
            assert more, f"{words!r} was not shown; {seen!r} was"
            seen += more
            self.shown += more
        self._ahead = seen.partition(words)[2]

    def type(self, line: str) -> None:
        os.write(self._descriptor, f"{line}\n".encode())

    def end(self) -> int:
        """Reads to the end; the exit code."""
        ends = time.monotonic() + PATIENCE
        while more := self._read(ends):
            self.shown += more
        return self.process.wait(PATIENCE)

    def _read(self, ends: float) -> str:
        """What comes next; empty at the end, or when it takes too long."""
        ready, _, _ = select.select([self._descriptor], [], [], max(0.0, ends - time.monotonic()))
        try:
            return os.read(self._descriptor, 65536).decode() if ready else ""
        except OSError:  # What Linux says when the other side of a terminal is closed.
            return ""


@contextmanager
def at_a_terminal(*arguments: str, stdin: int | None = None) -> Iterator[Terminal]:
    """`stdin`: a file descriptor for standard input in place of the terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mailtui", *arguments],
        stdin=theirs if stdin is None else stdin,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,  # Without a terminal of its own, questions come to standard input.
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)

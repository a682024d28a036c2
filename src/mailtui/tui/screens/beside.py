"""Long operations of a page, done beside the keys: over a connection of their own, with progress, and to be stopped."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from mailtui.operations.context import Context
from mailtui.operations.import_company import Progress, Report
from mailtui.tui.outbox import beside_the_screens
from mailtui.tui.page import Page
from mailtui.tui.screens.passphrase import with_unlocked

Done = TypeVar("Done")

LOOK_EVERY: Final = 0.2
"""Seconds between two states of the progress that are shown."""


class Stopped(Exception):
    """The person stopped it before anything was written."""


class Beside:
    """What is under way beside one page, one thing at a time."""

    def __init__(self, page: Page, say: Callable[[str], None]) -> None:
        """`say` shows how far it is, in one line."""
        self._page = page
        self._say = say
        self.doing = ""
        """What is under way, by a word of the page's; empty for nothing."""
        self._stop = threading.Event()
        self._progress: Progress | None = None

    @contextmanager
    def begun(self, doing: str) -> Iterator[None]:
        """It is under way within; the page's keys are looked at again before and after."""
        self.doing = doing
        self._page.refresh_bindings()
        try:
            yield
        finally:
            if self.doing == doing:  # The next may have begun by then.
                self.doing = ""
                self._page.refresh_bindings()

    async def run(self, doing: str, words: str, do: Callable[[Context, Report], Done]) -> Done:
        """What `do` returns; it is called in another thread, again where the vault had to be opened first. `words` say
        it to people.

        To be awaited in a worker; where that is cancelled, the thread ends at its next report. Raises Stopped, and
        whatever `do` raises.
        """
        screens, stop = self._page.context, threading.Event()
        self._stop, self._progress = stop, None

        def report(progress: Progress) -> None:
            if stop.is_set():
                raise Stopped
            self._progress = progress

        self._say(f"{words} ...")
        timer = self._page.set_interval(LOOK_EVERY, lambda: self._show(words))
        try:
            with self.begun(doing):
                return await with_unlocked(
                    self._page.mailtui, lambda: beside_the_screens(screens, lambda own: do(own, report))
                )
        finally:
            stop.set()
            timer.stop()

    def stop(self) -> None:
        """At the next report, of which there is one before anything is written for good; else it comes to its end."""
        self._stop.set()
        self._say("Stopping ...")

    def _show(self, words: str) -> None:
        if (progress := self._progress) is not None and not self._stop.is_set():
            self._say(f"{words}: {progress.stage} {progress.done:,} of {progress.total:,}")

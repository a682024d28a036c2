"""The signals that ask a program to end, turned into an orderly end: what was made is then cleared away."""

import asyncio
import signal
from types import FrameType
from typing import Final, Self

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""By the keyboard, by another program, by the terminal that is closed, by the keyboard again."""


class Ending:
    """Within `with`, no signal ends the process by itself; `wait` returns when the first has come."""

    def __init__(self) -> None:
        self.signal = 0
        """Number of the first signal that came; 0 for none."""
        self._before: dict[int, object] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._came = asyncio.Event()

    def __enter__(self) -> Self:
        for number in SIGNALS:
            # What was started with nohup keeps running when the terminal is closed.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)  # type: ignore[arg-type]  # what signal.signal itself returned

    async def wait(self) -> int:
        """The number of the signal, which may have come before this was called."""
        self._loop = asyncio.get_running_loop()
        try:
            if not self.signal:
                await self._came.wait()
            return self.signal
        finally:
            self._loop = None

    def _note(self, number: int, frame: FrameType | None) -> None:
        """Python runs this in the main thread between two steps of whatever runs there; raising would leave that half
        done."""
        self.signal = self.signal or number
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._came.set)

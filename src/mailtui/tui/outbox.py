"""The outbox while the screens are open: what waits is sent, and every page sees it as it sees other processes."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from mailtui.operations.context import Context
from mailtui.operations.outbox import keep_sending
from mailtui.store import Store

if TYPE_CHECKING:
    from mailtui.secrets import Secrets

AT_ONCE: Final = 0.2
"""Seconds in which it ends where no message is under way."""

LONGEST_END: Final = 6.0
"""Seconds for a message that is under way; after them it is cut off, and sent again once its lease has run out."""


class BesideTheScreens(Context):
    """The screens' own work over another connection, since SQLite tells only of what others wrote; the passwords are
    those that the person unlocks on the screens."""

    def __init__(self, screens: Context) -> None:
        super().__init__(Store(screens.store.path), screens.actor, screens.configuration, screens.clock)
        self._screens = screens

    @property
    def secrets(self) -> "Secrets":
        return self._screens.secrets


class ScreensOutbox:
    """One worker, which ends with the program."""

    def __init__(self, screens: Context) -> None:
        self._screens = screens
        self._stop = asyncio.Event()
        self._over = asyncio.Event()

    async def run(self) -> None:
        """Until `end`. Raises CannotCreate where the database cannot be written."""
        beside = BesideTheScreens(self._screens)
        try:
            await keep_sending(beside, self._stop)
        finally:
            beside.store.close()
            self._over.set()

    async def end(self, wait_for_a_message: Callable[[], None]) -> None:
        """Let a message that is under way come to its end; `wait_for_a_message` is called where there is one."""
        self._stop.set()
        for seconds, otherwise in ((AT_ONCE, wait_for_a_message), (LONGEST_END, lambda: None)):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._over.wait()
                    return
            otherwise()

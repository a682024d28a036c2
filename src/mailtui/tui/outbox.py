"""The outbox while the screens are open: what waits is sent, and every page sees it as it sees other processes."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from mailtui.operations.context import Context
from mailtui.operations.outbox import keep_sending
from mailtui.store import Store

if TYPE_CHECKING:
    from mailtui.secrets import Secrets

Done = TypeVar("Done")

AT_ONCE: Final = 0.2
"""Seconds in which it ends where no message is under way."""

LONGEST_END: Final = 6.0
"""Seconds for a message that is under way; after them it is cut off, and sent again once its lease has run out."""


class BesideTheScreens(Context):
    """The screens' own work over another connection, since SQLite tells only of what others wrote; the passwords are
    those that the person unlocks on the screens."""

    def __init__(self, screens: Context) -> None:
        super().__init__(
            Store(screens.store.path), screens.actor, screens.configuration, screens.clock,
            identity_file=screens._identity_file,
        )  # fmt: skip
        self._screens = screens

    @property
    def secrets(self) -> "Secrets":
        """Chosen over this connection where nobody needed any yet: that of the screens is their thread's."""
        if self._screens._secrets is None:
            self._screens._secrets = super().secrets
        return self._screens._secrets


async def beside_the_screens(screens: Context, operation: Callable[[Context], Done]) -> Done:
    """What the operation returns or raises; it runs in another thread, and the keys go on."""

    def run() -> Done:
        beside = BesideTheScreens(screens)
        try:
            return operation(beside)
        finally:
            beside.store.close()

    return await asyncio.to_thread(run)


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

"""One process at a time: a refresh token that two use at once is worthless at providers that rotate it."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from mailtui.core.errors import CannotCreate, TryAgain

WAIT: Final = 60.0
"""Seconds to wait for the others; each holds it for the seconds of one answer."""

POLL: Final = 0.05
"""Seconds between two tries: flock has no time limit of its own, and must not hold the event loop."""


@asynccontextmanager
async def alone(path: Path, wait: float = WAIT) -> AsyncIterator[None]:
    """Hold the lock file; the system lets go of it when the process ends, however that happens.

    Raises TryAgain after `wait` seconds, CannotCreate where there can be no such file.
    """
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotCreate(f"{path} cannot be made ({error.strerror}): look at the rights there") from error
    try:
        await _take(lock, path, wait)
        yield
    finally:
        os.close(lock)  # Which also gives the lock back.


async def _take(lock: int, path: Path, wait: float) -> None:
    ends = asyncio.get_running_loop().time() + wait
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if asyncio.get_running_loop().time() > ends:
                raise TryAgain(f"another mailtui has held {path} for {wait:g} s: try again, or end that one") from None
            await asyncio.sleep(POLL)
        else:
            return

"""One process at a time, and nobody for ever."""

import asyncio
import multiprocessing
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from mailtui.core.errors import TryAgain
from mailtui.signin.lock import alone


async def test_two_refreshes_come_one_after_the_other(tmp_path: Path) -> None:
    inside = most = 0

    async def refresh() -> None:
        nonlocal inside, most
        async with alone(tmp_path / "lock"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(refresh() for _ in range(5)))
    assert most == 1


def hold(path: Path, held: Event) -> None:
    async def holding() -> None:
        async with alone(path):
            held.set()
            await asyncio.Event().wait()

    asyncio.run(holding())


async def test_another_process_is_waited_for_and_its_end_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    spawn = multiprocessing.get_context("spawn")
    held = spawn.Event()
    other = spawn.Process(target=hold, args=(path, held))
    other.start()
    assert await asyncio.to_thread(held.wait, 20)
    with pytest.raises(TryAgain):
        async with alone(path, wait=0.1):
            pass
    other.kill()
    async with alone(path, wait=20):
        assert path.stat().st_mode & 0o777 == 0o600
    other.join()
    other.close()

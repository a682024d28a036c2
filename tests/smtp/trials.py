"""Trying an account against a server of the demo, and seeing that nothing is left open."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from mailtui.core.account_test import AccountTest, StepEvent
from mailtui.demo.servers import RunningServer
from mailtui.smtp.probe import RealMessage, probe
from mailtui.smtp.sign_in import Credential
from mailtui.smtp.steps import Deadlines

SHORT = Deadlines(step=0.8, total=4.0)
"""For servers that do not answer."""


def credential_of(server: RunningServer, *, password: str | None = None) -> Credential:
    return Credential(username=server.username, secret=server.password if password is None else SecretStr(password))


async def tried(
    server: RunningServer,
    *,
    deadlines: Deadlines | None = None,
    events: list[StepEvent] | None = None,
    real_message: RealMessage | None = None,
    password: str | None = None,
    **account: object,
) -> AccountTest:
    """The account test of a server's own address, with some of its settings changed."""
    return await probe(
        server.username,
        server.account().model_copy(update=account),
        credential_of(server, password=password),
        report=(events if events is not None else []).append,
        deadlines=deadlines,
        real_message=real_message,
    )


@asynccontextmanager
async def nothing_left_open() -> AsyncIterator[None]:
    """Fails where a task or a file descriptor that was not there before is there after."""
    tasks, descriptors = asyncio.all_tasks(), _descriptors()
    yield
    gc.collect()
    assert asyncio.all_tasks() == tasks
    assert _descriptors() <= descriptors


def _descriptors() -> set[str]:
    return {f"{entry.name} {_target(entry)}" for entry in Path("/proc/self/fd").iterdir()}


def _target(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except FileNotFoundError:
        return ""

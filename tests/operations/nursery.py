"""Workers that can be had fast and killed at any moment: forks of a process that has imported everything."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from mailtui.operations.configuration import Configuration, SendingLimits
from mailtui.operations.context import open_context
from mailtui.operations.outbox import run_outbox

LEASE = 3.0
"""Seconds: long enough for a busy machine to renew it, short enough to wait for."""

CONFIGURATION = Configuration(
    keyring="vault",
    sending=SendingLimits(lease_seconds=LEASE, connections=2, connections_per_account=2, recipient_messages=0),
)


def work(database: Path, *, once: bool) -> None:
    """A worker in this process, until it is killed or has nothing to do."""
    context = open_context(database, configuration=CONFIGURATION)
    asyncio.run(run_outbox(context, asyncio.Event(), once=once))


class Nursery:
    """`with Nursery(database) as nursery`: workers on one database."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(self._database)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate()

    def worker(self) -> int:
        """The process id of a new one."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("\n")
        return int(self._process.stdout.readline())


def kill(worker: int) -> None:
    os.kill(worker, signal.SIGKILL)


def main() -> None:
    import aiosmtplib  # noqa: F401 - the children find it imported
    import keyring  # noqa: F401 - and this

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # The system buries the children.
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            work(Path(sys.argv[1]), once=False)
        print(child, flush=True)  # noqa: T201 - what the other side reads


if __name__ == "__main__":
    main()

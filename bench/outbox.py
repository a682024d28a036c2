"""How fast what is accepted is sent, beside a Postfix that accepts and relays as many messages in the same run.

Each message is committed before it counts as accepted, and so is each outcome. Prints each figure with its limit; the
exit code says whether all were kept.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from typing import IO, Final

import postfix
from accept import BODY, SENDER

from mailtui.core.addresses import ExternalAddress, LastTest, Security, SignIn, SmtpAccount
from mailtui.core.deliveries import Delivery
from mailtui.core.projects import Project
from mailtui.operations.context import Context, open_context

HERE: Final = Path(__file__).parent

ON_A_DISK: Final = "/var/tmp"  # noqa: S108 - what is made there has a name of its own
"""Where commits cost what they cost: other temporary directories may be in memory."""

MESSAGES: Final = 2_000
ACCEPTING: Final = 2
"""Processes that accept an equal share of the messages at once, each message in a commit of its own."""
RUNS: Final = 3

FEW: Final = 1_000
MANY: Final = 100_000
"""Queued, for the memory of the worker, which sends the first `FEW` of them."""

LIMIT_SPEED: Final = 1.0
LIMIT_MEMORY: Final = 1.2


@contextmanager
def sink(messages: int) -> Iterator[tuple[int, IO[str]]]:
    """Its port, and where it says when it took the last message."""
    called = [sys.executable, str(HERE / "sink.py"), str(messages)]
    with Popen(called, stdout=PIPE, text=True) as process:  # noqa: S603 - the commands stand in this file
        assert process.stdout  # noqa: S101 - it is a pipe
        try:
            yield int(process.stdout.readline()), process.stdout
        finally:
            process.terminate()


@contextmanager
def worker(database: Path) -> Iterator[int]:
    """Its process id; ended as a service is."""
    called = [sys.executable, "-m", "mailtui", "--db", str(database), "outbox", "run", "--json"]
    with Popen(called, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - as above
        try:
            yield process.pid
        finally:
            process.terminate()


def a_company(database: Path, port: int) -> Context:
    """One address, whose account is the sink."""
    context = open_context(database)
    account = SmtpAccount(host="127.0.0.1", port=port, security=Security.NONE, signin=SignIn.NONE)
    address = ExternalAddress(address=SENDER, account=account)
    tested = LastTest(fingerprint=address.fingerprint, ok=True, at=datetime.now(UTC))
    with context.store.transaction():
        context.store.projects.save(Project(key="bench", name="Bench"))
        context.store.addresses.save(address.model_copy(update={"last_test": tested}))
    return context


def ours() -> float:
    """Messages a second, from the first that is accepted to the last that is taken."""
    with tempfile.TemporaryDirectory(prefix="mailtui-bench-", dir=ON_A_DISK) as name, sink(MESSAGES) as (port, said):
        context = a_company(Path(name) / "bench.db", port)
        with worker(context.store.path), ExitStack() as stack:
            share = MESSAGES // ACCEPTING
            called = [[sys.executable, str(HERE / "accept.py"), str(context.store.path), str(share)]] * ACCEPTING
            people = [
                stack.enter_context(Popen(one, stdin=PIPE, stdout=PIPE, text=True))  # noqa: S603 - as above
                for one in called
            ]
            for person in people:
                assert person.stdout  # noqa: S101 - it is a pipe
                person.stdout.readline()
            began = time.monotonic()
            for person in people:
                assert person.stdin  # noqa: S101 - it is a pipe
                person.stdin.close()
            ended = float(said.readline())
        context.store.close()
    return MESSAGES / (ended - began)


def theirs() -> float:
    """The same, accepted over ten connections at once."""
    with sink(MESSAGES) as (port, said), postfix.relaying_to(port) as accepting:
        began = time.monotonic()
        options = {"-s": 10, "-m": MESSAGES, "-l": len(BODY), "-f": SENDER, "-t": "c@elsewhere.example"}
        pairs = [str(word) for pair in options.items() for word in pair]
        subprocess.run(["smtp-source", *pairs, f"127.0.0.1:{accepting}"], check=True)  # noqa: S603, S607 - as above
        return MESSAGES / (float(said.readline()) - began)


def memory(queued: int) -> float:
    """MiB that the worker takes at most while it sends the first `FEW` of what is queued."""
    with tempfile.TemporaryDirectory(prefix="mailtui-bench-", dir=ON_A_DISK) as name, sink(FEW) as (port, said):
        context, now = a_company(Path(name) / "bench.db", port), datetime.now(UTC)
        with context.store.transaction():
            for number in range(queued):
                delivery = Delivery(
                    message_id=f"<{number}@bench.example>", project="bench", sender=SENDER, by=context.employee.login,
                    to=f"c{number}@elsewhere.example", subject="Bench", created_at=now, next_attempt_at=now,
                )  # fmt: skip
                context.store.deliveries.accept(delivery, BODY.replace("\n", "\r\n").encode())
        context.store.close()
        with worker(context.store.path) as process:
            said.readline()
            status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found  # noqa: S101 - proc(5)
    return int(found.group(1)) / 1024


def figure(what: str, ours: float, theirs: float, unit: str, limit: str, *, kept: bool) -> bool:
    """Print one line; whether the limit was kept."""
    words = "kept" if kept else "MISSED"
    say(f"{what:<34} {ours:>8.0f} {theirs:>8.0f} {unit:<4} {ours / theirs:>5.2f}x of {limit}  {words}")
    return kept


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - printing is what this program is for


def main() -> int:
    verdicts = []
    if postfix.usable():
        pairs = [(ours(), theirs()) for _ in range(RUNS)]
        mine, other = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        say(f"{'':<34} {'mailtui':>8} {'Postfix':>8}")
        kept = mine >= LIMIT_SPEED * other
        verdicts.append(figure("accepted to sent", mine, other, "/s", f"{LIMIT_SPEED}x at least", kept=kept))
    else:
        mine = median(ours() for _ in range(RUNS))
        say(f"accepted to sent: {mine:.0f} /s; to compare it with Postfix, install that and run this as root")
    if Path("/proc/self/status").exists():
        many, few = memory(MANY), memory(FEW)
        say(f"{'':<34} {MANY:>8,} {FEW:>8,} queued")
        kept = many <= LIMIT_MEMORY * few
        verdicts.append(figure("memory of the worker", many, few, "MiB", f"{LIMIT_MEMORY}x at most", kept=kept))
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Everything within a transaction is written, or nothing, whoever else is at work and whatever dies."""

import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from mailtui.core.audit import Author
from mailtui.core.deliveries import Attempt, Delivery
from mailtui.core.errors import TryAgain
from mailtui.store import Store, database
from mailtui.store.window import Window
from tests.company import NOW, a_group, a_project, an_address, an_employee, everything_in
from tests.store.processes import TIMEOUT, outcome, python


class Interrupted(Exception):
    """Something goes wrong in the middle."""


def a_delivery(message_id: str = "<1@corp.example>") -> Delivery:
    return Delivery(
        message_id=message_id, project="brand-a", sender="help@corp.example", to="x@elsewhere.example",
        by="ana", subject="Hello", created_at=NOW,
    )  # fmt: skip


WRITES: dict[str, Callable[[Store], object]] = {
    "a fact": lambda store: store.meta.set("installation", "x"),
    "a group": lambda store: store.groups.save(a_group("night")),
    "an employee": lambda store: store.employees.save(an_employee("eve", groups={"support"})),
    "a project": lambda store: store.projects.save(a_project("brand-b")),
    "an address": lambda store: store.addresses.save(an_address("new@corp.example", projects={"brand-a"})),
    "a secret's id": lambda store: store.secret_ids.add("s1", NOW),
    "an audit row": lambda store: store.audit.record(
        NOW, Author(login="ana", employee="ana"), "add", "thing", None, {"a": 1}
    ),
    "a delivery": lambda store: store.deliveries.accept(a_delivery(), b"octets"),
    "an attempt": lambda store: store.deliveries.record(
        store.deliveries.rows(Window())[0].model_copy(update={"attempts": 1}), Attempt(at=NOW, ok=True)
    ),
    "a removed group": lambda store: store.groups.remove("support"),
    "a removed employee": lambda store: store.employees.remove("ana"),
    "a removed project": lambda store: store.projects.remove("brand-a"),
    "a removed address": lambda store: store.addresses.remove(1),
    "a removed id": lambda store: store.secret_ids.remove("s0"),
}


def content(store: Store) -> list[str]:
    return everything_in(store)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.transaction():
        store.groups.save(a_group("support"))
        store.employees.save(an_employee("ana", groups={"support"}))
        store.projects.save(a_project("brand-a"))
        store.addresses.save(an_address("help@corp.example", projects={"brand-a"}))
        store.secret_ids.add("s0", NOW)
        store.deliveries.accept(a_delivery("<0@corp.example>"), b"octets")
    return store


@pytest.mark.parametrize("write", WRITES)
def test_what_was_written_in_a_transaction_that_fails_is_not_there(filled: Store, write: str) -> None:
    before = content(filled)
    with pytest.raises(Interrupted), filled.transaction():
        WRITES[write](filled)
        assert content(filled) != before
        raise Interrupted
    assert content(filled) == before


def test_an_inner_transaction_is_undone_with_the_outer_one(filled: Store) -> None:
    before = content(filled)
    with pytest.raises(Interrupted), filled.transaction():
        with filled.transaction():
            filled.groups.save(a_group("night"))
        raise Interrupted
    assert content(filled) == before


WRITING = """
from mailtui.core.projects import Project
for number in range({first}, {first} + 40):
    with store.transaction():
        store.projects.save(Project(key=f"p{{number}}", name="x"))
        store.meta.set("counter", str(int(store.meta.get("counter") or 0) + 1))
"""


def test_two_processes_that_write_at_once_lose_nothing(database: Path) -> None:
    processes = [python(WRITING.format(first=first), database) for first in (0, 100, 200)]
    for process in processes:
        outcome(process)
    store = Store(database)
    assert store.projects.count() == 120
    assert store.meta.get("counter") == "120"
    store.close()


DYING = """
import sys
from mailtui.core.projects import Project
with store.transaction():
    for number in range(2_000):
        store.projects.save(Project(key=f"p{number}", name="x" * 2_000))
    print("in the middle", flush=True)
    sys.stdin.read()
"""


def test_a_process_that_is_killed_within_a_transaction_leaves_nothing_half(filled: Store, database: Path) -> None:
    before = content(filled)
    process = python(DYING, database)
    assert process.stdout is not None
    assert process.stdout.readline() == "in the middle\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=TIMEOUT)
    assert process.returncode == -signal.SIGKILL
    assert content(filled) == before
    assert filled.meta.integrity() == "ok"
    with filled.transaction():
        filled.projects.save(a_project("brand-b"))


def test_readers_see_the_state_before_while_another_process_writes(filled: Store, database: Path) -> None:
    process = python(DYING, database)
    assert process.stdout is not None
    process.stdout.readline()
    assert filled.projects.count() == 1
    outcome(process)
    assert filled.projects.count() == 2_001


def test_who_waits_too_long_for_another_process_is_told_to_try_again(
    filled: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled._db.conn.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TryAgain, match="another process"), filled.transaction():
        filled.groups.save(a_group("night"))
    other.execute("ROLLBACK")
    other.close()
    with filled.transaction():
        filled.groups.save(a_group("night"))


def test_a_wait_of_seconds_for_another_process_is_the_default(store: Store) -> None:
    assert store._db.conn.execute("PRAGMA busy_timeout").fetchone() == (database.BUSY_TIMEOUT_MS,)

"""A company as large as a real one, or as small as an example: `python company.py DATABASE big|small`.

Written straight into the tables and the same at every call, apart from the time, which everything is counted back from.
What the first employee is offered in the first project is the same in both companies.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from mailtui.core.addresses import ExternalAddress, LastTest, Security, SmtpAccount
from mailtui.core.audit import Author
from mailtui.core.people import AccessList
from mailtui.operations.context import open_context
from mailtui.store.words import FOLD


@dataclass(frozen=True)
class Size:
    """How many there are of each."""

    addresses: int
    employees: int
    groups: int
    projects: int
    deliveries: int


BIG: Final = Size(addresses=100_000, employees=10_000, groups=500, projects=5_000, deliveries=1_000_000)
SMALL: Final = Size(addresses=20, employees=20, groups=20, projects=20, deliveries=20)
SIZES: Final = {"big": BIG, "small": SMALL}

OFFERED: Final = 12
"""Addresses that the first employee is offered in the first project; these are the first."""

HOSTS: Final = 40
DAYS: Final = 400
"""Over so many days the deliveries are spread."""

WORDS: Final = ("order", "invoice", "offer", "delivery", "appointment", "reply", "thanks", "reminder", "contract")
FIRST_NAMES: Final = ("Ana", "Ion", "Ștefan", "Maria", "Andrei", "Elena", "Radu", "Ioana", "Mihai", "Țivilica")
LAST_NAMES: Final = ("Pop", "Ionescu", "Müller", "Stan", "Dumitru", "Șerban", "Nagy", "Rusu", "Marin", "Bălan", "Lungu")
REFUSALS: Final = (
    ("recipient", 550, "5.1.1", "550 5.1.1 No such user here", "recipient-unknown", "permanent"),
    ("recipient", 452, "4.2.2", "452 4.2.2 The mailbox is over quota", "mailbox-full", "temporary"),
    ("message", 554, "5.7.1", "554 5.7.1 Message refused as spam", "spam-suspected", "permanent"),
    ("connect", None, "", "the host does not answer", "host-unreachable", "temporary"),
)
"""Step, code, enhanced code, words, reason and kind of what some of them were refused for."""


def login(number: int) -> str:
    return f"employee{number:05}"


def group(number: int) -> str:
    return f"group{number:03}"


def project(number: int) -> str:
    return f"project{number:04}"


def person(number: int) -> str:
    return f"{FIRST_NAMES[number % 10]} {LAST_NAMES[number // 10 % 11]} {number:05}"


def an_address(number: int, size: Size, tested_at: datetime) -> ExternalAddress:
    """The first dozen is what is offered; the others are bound to other projects, restricted or somebody's own."""
    host = f"smtp{number % HOSTS}.brand.example"
    address = f"address-{number:05}@{('desk', 'brand', 'shop')[number % 3]}{number % 977}.example"
    account = SmtpAccount(host=host, port=587, security=Security.STARTTLS, username=address)
    projects: frozenset[str] | None = None
    access: AccessList | None = None
    owner: str | None = None
    if number < OFFERED:
        projects = frozenset({project(0)}) if number % 3 else None
    elif number % 5 == 0:
        owner = login(1 + number // 5 % (size.employees - 1))
    else:
        projects = frozenset({project(1 + number % (size.projects - 1))})
        if number % 4 == 0:
            who = frozenset({login(number % size.employees)})
            access = AccessList(employees=who, groups=frozenset({group(number % size.groups)}))
    made = ExternalAddress(
        address=address, name=f"Brand {number % 977} {WORDS[number % 9]}", account=account, access=access,
        projects=projects, owner=owner, enabled=number < OFFERED or number % 41 != 0,
    )  # fmt: skip
    if number >= OFFERED and number % 37 == 0:
        return made
    ok = number < OFFERED or number % 53 != 0
    told = {} if ok else {"step": "sign_in", "reason": "wrong-password", "reply": "535 5.7.8 authentication failed"}
    return made.model_copy(update={"last_test": LastTest(fingerprint=made.fingerprint, ok=ok, at=tested_at, **told)})


def fill(path: Path, size: Size) -> None:
    """Make the database and everything in it."""
    context = open_context(path)
    now, store = datetime.now(UTC), context.store
    connection = sqlite3.connect(path, isolation_level=None)
    connection.create_function(FOLD, 1, str.casefold, deterministic=True)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    connection.execute("BEGIN")
    _insert(connection, "groups", ("key", "name", "version"), (
        (group(number), f"Team {number:03} {WORDS[number % 9]}", 1) for number in range(size.groups)))  # fmt: skip
    _insert(connection, "employees", ("login", "name", "email", "role", "version"), (
        (login(number), person(number), f"{login(number)}@corp.example", "admin" if number < 3 else "member", 1)
        for number in range(size.employees)))  # fmt: skip
    _insert(connection, "memberships", ("login", "group_key"), (
        (login(number), group(number % size.groups)) for number in range(size.employees)))  # fmt: skip
    _insert(connection, "projects", ("key", "name", "strict", "archived", "version"), (
        (project(number), f"Brand {number:04} {WORDS[number % 9]}", int(number % 10 == 9), int(number % 20 == 19), 1)
        for number in range(size.projects)))  # fmt: skip
    connection.execute("COMMIT")
    with store.transaction():
        store.meta.set("bench", "a company for measuring")
        for number in range(size.addresses):
            store.addresses.save(an_address(number, size, now - timedelta(hours=number % 900)))
    connection.execute("BEGIN")
    _deliveries(connection, size, now)
    connection.execute("COMMIT")
    with store.transaction():
        while store.deliveries._words.advance(size.deliveries):
            pass
        for number in range(size.addresses):
            at, by = now - timedelta(seconds=30 * (size.addresses - number)), login(number % 3)
            after = {"address": f"address-{number:05}@brand.example", "host": f"smtp{number % HOSTS}.brand.example"}
            author = Author(login=by, employee=by, uid=1000 + number % 3)
            store.audit.record_many(at, author, [("import", f"address {after['address']}", None, after)])
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    store.close()


def _insert(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    holes = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holes})", rows)  # noqa: S608 - our own


DELIVERY: Final = (
    "id", "message_id", "project", "sender", "recipient", "recipient_key", "by", "subject", "state", "attempts",
    "created_at", "next_attempt_at", "note", "sent_at", "reason",
)  # fmt: skip
ATTEMPT: Final = ("delivery", "at", "ok", "step", "code", "enhanced", "reply", "reason", "retry")


def _deliveries(connection: sqlite3.Connection, size: Size, now: datetime) -> None:
    """Nine of ten are sent; of the others most failed, and the newest wait for another try in three hours. The very
    newest are the first project's."""
    attempts: list[tuple[object, ...]] = []

    def rows() -> Iterator[tuple[object, ...]]:
        apart = timedelta(days=DAYS) / size.deliveries
        for number in range(size.deliveries):
            at = (now - apart * (size.deliveries - number)).isoformat()
            refused = number % 10 == 3
            waits = refused and size.deliveries - number < 300
            state = "deferred" if waits else "failed" if refused else "sent"
            to = f"contact{number * 7919 % 600_011:06}@client{number * 31 % 4_001}.example"
            first = number * 13 % size.addresses
            due = (now + timedelta(hours=3)).isoformat() if waits else None
            told = REFUSALS[number // 10 % len(REFUSALS)]
            if refused:
                attempts.append((number + 1, at, 0, *told))
            else:
                attempts.append((number + 1, at, 1, None, 250, "2.0.0", f"250 2.0.0 queued as {number:X}", "", None))
            newest = size.deliveries - number <= SMALL.deliveries
            yield (
                number + 1, f"<{number:08x}@corp.example>", project(0 if newest else number * 17 % size.projects),
                f"address-{first:05}@{('desk', 'brand', 'shop')[first % 3]}{first % 977}.example", to, to,
                login(number * 11 % size.employees), f"Your {WORDS[number % 9]} {number * 3 % 99_991}", state, 1, at,
                due, "", None if refused else at, told[4] if refused else "",
            )  # fmt: skip

    _insert(connection, "deliveries", DELIVERY, rows())
    _insert(connection, "attempts", ATTEMPT, attempts)


def main(path: Path, size: Size) -> None:
    began = time.monotonic()
    fill(path, size)
    print(json.dumps({"seconds": round(time.monotonic() - began, 1), "octets": path.stat().st_size}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), SIZES[sys.argv[2]])

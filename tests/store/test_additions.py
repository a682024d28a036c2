"""Very many new addresses are made ready while others write, and arrive as if saved one by one (issue 6, section 5)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.core.addresses import ExternalAddress
from mailtui.core.audit import Author
from mailtui.core.counts import AtLeast
from mailtui.core.people import AccessList
from mailtui.store import Store
from mailtui.store.audit import Change
from mailtui.store.window import Window
from mailtui.store.words import BATCH, MOST_AT_ONCE
from tests.company import NOW, a_group, a_project, an_address, an_employee

ANA = Author(login="ana", employee="ana", uid=1000)

NEW = (
    an_address("Zoe@corp.example", name="Ștefan", owner="ana"),
    an_address(
        "sales@brand-a.example",
        access=AccessList(employees=frozenset({"ana"}), groups=frozenset({"support"})),
        projects={"brand-a"},
    ),
    an_address("nobody@brand-a.example", access=AccessList()),
)
CHANGES: tuple[Change, ...] = tuple(("import address", f"address {one.address}", None, {"a": 1}) for one in NEW)


@pytest.fixture
def office(store: Store) -> Store:
    with store.transaction():
        store.groups.save(a_group("support"))
        store.employees.save(an_employee("ana", groups={"support"}))
        store.projects.save(a_project("brand-a"))
        store.addresses.save(an_address("old@corp.example"))
        store.audit.record(NOW, ANA, "add address", "address old@corp.example", None, {"a": 0})
    return store


@pytest.fixture
def colleague(office: Store) -> Iterator[Store]:
    other = Store(office.path)
    yield other
    other.close()


def arrived(store: Store) -> tuple[list[ExternalAddress], list[object]]:
    rows = store.audit.rows(Window())
    return store.addresses.all(), [row.model_dump() for row in rows]


def move_in(store: Store) -> None:
    with store.additions(store.audit.end()) as ready:
        ready.add(NOW, ANA, NEW, CHANGES)
        with store.transaction():
            ready.move()


def test_what_was_made_ready_is_stored_as_if_it_was_saved_one_by_one(office: Store, tmp_path: Path) -> None:
    directory = tmp_path / "twin"
    directory.mkdir(mode=0o700)
    (directory / "mailtui.db").touch(mode=0o600)
    office._db.conn.execute("VACUUM INTO ?", [str(directory / "mailtui.db")])
    twin = Store(directory / "mailtui.db")
    with twin.transaction():
        for one in NEW:
            twin.addresses.save(one)
        twin.audit.record_many(NOW, ANA, CHANGES)

    move_in(office)

    assert arrived(office) == arrived(twin)
    assert office.audit.examined() == twin.audit.examined()
    assert office.audit.examined()[1] == []
    twin.close()


def test_filters_find_what_was_moved_in(office: Store) -> None:
    move_in(office)
    assert office.addresses.keys("ștefan") == ["Zoe@corp.example"]
    assert office.audit.count("brand-a") == 2


def test_others_see_nothing_and_write_while_it_is_made_ready(office: Store, colleague: Store) -> None:
    seen = office.audit.end()
    with office.additions(seen) as ready:
        ready.add(NOW, ANA, NEW, CHANGES)
        assert colleague.addresses.count() == 1
        colleague.audit.record(NOW, ANA, "edit", "thing", None, {"a": 2})
    assert office.audit.end().number == seen.number + 1
    assert office.addresses.count() == 1


def test_a_transaction_that_fails_takes_everything_back(office: Store) -> None:
    before = arrived(office)
    with (
        pytest.raises(ZeroDivisionError),
        office.additions(office.audit.end()) as ready,
        office.transaction(),
    ):
        ready.move()
        raise ZeroDivisionError
    assert arrived(office) == before
    move_in(office)
    assert office.addresses.count() == 1 + len(NEW)


def counted_to_the_end(store: Store, matching: str) -> int:
    """A count looks for a moment alone; on a busy machine it finds less in it."""
    while isinstance(found := store.audit.count(matching), AtLeast) and not found.rests:
        pass
    return found


def test_the_index_of_very_many_rows_is_made_in_parts_and_finds_them_all(office: Store) -> None:
    many = 2 * MOST_AT_ONCE + BATCH
    with office.additions(office.audit.end()) as ready:
        ready.add(NOW, ANA, [], [("edit", f"thing-{number}", None, None) for number in range(many)])
        with office.transaction():
            ready.move()
    assert counted_to_the_end(office, "thing-77") == 111  # By reading: none of these has its parts in the index yet.
    transactions: list[str] = []
    office._db.conn.set_trace_callback(lambda sql: transactions.append(sql) if sql == "COMMIT" else None)

    office.audit.catch_up()

    office._db.conn.set_trace_callback(None)
    assert len(transactions) == 3
    assert office.audit._words.covered()[0] > many - BATCH
    assert counted_to_the_end(office, "thing-77") == 111

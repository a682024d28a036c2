"""Every table is read through a window, in a fixed order, narrowed by words taken literally."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.audit import Author
from mailtui.core.deliveries import Attempt, DeliveryState
from mailtui.store import Store
from mailtui.store.addresses import Owner
from mailtui.store.window import Window
from tests.company import NOW, a_group, a_project, a_test, an_address, an_employee, names
from tests.store.test_transactions import a_delivery

PEOPLE = ("Ștefan Müller", "100% Sales", "under_score", "back\\slash", "Ana Pop", "ana pop", "ÖZLEM")


@pytest.fixture
def people(store: Store) -> Store:
    with store.transaction():
        for number, name in enumerate(PEOPLE):
            store.employees.save(an_employee(f"u{number}").model_copy(update={"name": name}))
    return store


def found(store: Store, words: str) -> list[str]:
    names_found = [row.employee.name for row in store.employees.rows(Window(matching=words))]
    assert store.employees.count(words) == len(names_found)
    return names_found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("%", ["100% Sales"]),
        ("_", ["under_score"]),
        ("\\", ["back\\slash"]),
        ("'", []),
        ("pop ANA", ["Ana Pop", "ana pop"]),
        ("müller", ["Ștefan Müller"]),
        ("MÜLLER", ["Ștefan Müller"]),
        ("ștefan", ["Ștefan Müller"]),
        ("özlem", ["ÖZLEM"]),
        ("sales 101", []),
        ("u5", ["ana pop"]),
    ],
)
def test_words_are_looked_for_literally_in_any_order_and_without_regard_to_case(
    people: Store, words: str, expected: list[str]
) -> None:
    assert found(people, words) == expected


@pytest.mark.parametrize("words", ["a " * 3_000, "x" * 100_000, "\0", "%_\\" * 1_000])
def test_whatever_is_typed_into_a_filter_is_answered(people: Store, words: str) -> None:
    found(people, words)


@given(offset=st.integers(0, 12), limit=st.integers(0, 12))
def test_a_window_is_that_stretch_of_the_whole_table(offset: int, limit: int) -> None:
    projects = [row.project.key for row in FILLED.projects.rows(Window(offset=offset, limit=limit))]
    assert projects == [project.key for project in FILLED.projects.all()][offset : offset + limit]


# hypothesis calls a test many times, and a database a call would be slow.
@pytest.fixture(scope="module", autouse=True)
def _filled(tmp_path_factory: pytest.TempPathFactory) -> object:
    global FILLED
    directory = tmp_path_factory.mktemp("listings")
    directory.chmod(0o700)
    FILLED = Store(directory / "mailtui.db")
    with FILLED.transaction():
        for number in range(10):
            FILLED.projects.save(a_project(f"p{number}", archived=number % 3 == 0))
    yield
    FILLED.close()


FILLED: Store


def test_every_listing_has_one_order_that_does_not_change_with_the_window(store: Store) -> None:
    with store.transaction():
        for number in range(9):
            name = {"name": "Same name"}
            store.employees.save(an_employee(f"u{number}").model_copy(update=name))
            store.groups.save(a_group(f"g{number}").model_copy(update=name))
            store.projects.save(a_project(f"p{number}").model_copy(update=name))
            store.addresses.save(an_address(f"a{number}@corp.example", name="Same name"))
            store.deliveries.accept(a_delivery(f"<{number}@corp.example>"), b"")
            store.audit.record(NOW, Author(login="ana", employee="ana"), "edit", f"thing {number}", None, None)
    listings: Sequence[Callable[[Window], Sequence[object]]] = (
        store.employees.rows, store.groups.rows, store.projects.rows, store.addresses.rows, store.deliveries.rows,
        store.audit.rows,
    )  # fmt: skip
    for rows in listings:
        whole = rows(Window())
        assert len(whole) == 9
        assert [rows(Window(offset=place, limit=1))[0] for place in range(9)] == whole


def test_active_projects_come_before_archived_ones(store: Store) -> None:
    with store.transaction():
        store.projects.save(a_project("a", archived=True))
        store.projects.save(a_project("b"))
    assert [project.key for project in store.projects.all()] == ["b", "a"]


def test_addresses_are_told_apart_by_whose_they_are(store: Store) -> None:
    with store.transaction():
        for login in ("ana", "bob", "any"):
            store.employees.save(an_employee(login))
        store.addresses.save(an_address("help@corp.example"))
        store.addresses.save(an_address("ana@corp.example", owner="ana"))
        store.addresses.save(an_address("any@corp.example", owner="any", tested="failed"))

    def seen(whose: Owner | str) -> list[str]:
        rows = [a.address.split("@")[0] for a in store.addresses.rows(Window(), whose)]
        assert store.addresses.count(whose=whose) == len(rows)
        return rows

    assert seen(Owner.ANY) == ["ana", "any", "help"]
    assert seen(Owner.COMPANY) == ["help"]
    assert seen(Owner.EMPLOYEES) == ["ana", "any"]
    assert seen("ana") == ["ana"]
    assert seen("any") == ["any"]
    assert seen("nobody") == []
    assert store.addresses.count_failing(Owner.ANY) == store.addresses.count_failing("any") == 1
    assert store.addresses.count_failing(Owner.COMPANY) == 0


def test_an_address_is_read_as_it_was_written(store: Store) -> None:
    with store.transaction():
        store.employees.save(an_employee("ana"))
        store.groups.save(a_group("support"))
        store.projects.save(a_project("brand-a"))
        for written in (
            an_address("all@corp.example"),
            an_address("nobody@corp.example", access=names(), projects=()),
            an_address("few@corp.example", owner="ana", access=names("ana", "@support"), projects={"brand-a"}),
            an_address("failed@corp.example", tested="failed", enabled=False, secret_id="s1"),
            an_address("never@corp.example", tested="never", name="Ștefan"),
        ):
            saved = store.addresses.save(written)
            assert saved == written.model_copy(update={"id": saved.id, "version": 1})
            assert store.addresses.get(written.address) == store.addresses.by_id(saved.id) == saved


def test_a_table_of_addresses_can_be_filtered_by_state_and_reason(store: Store) -> None:
    with store.transaction():
        store.addresses.save(an_address("a@corp.example", tested="failed"))
        store.addresses.save(an_address("b@corp.example", tested="never"))
    assert [a.address for a in store.addresses.rows(Window(matching="failing"))] == ["a@corp.example"]
    assert [a.address for a in store.addresses.rows(Window(matching="wrong-password"))] == ["a@corp.example"]


def test_deliveries_are_newest_first_with_the_last_attempt_and_can_be_narrowed(store: Store) -> None:
    with store.transaction():
        for number in range(3):
            accepted = store.deliveries.accept(a_delivery(f"<{number}@corp.example>"), b"octets")
        for words in ("451 later", "250 taken"):
            ok = words.startswith("250")
            state = DeliveryState.SENT if ok else DeliveryState.DEFERRED
            store.deliveries.record(
                accepted.model_copy(update={"state": state}), Attempt(at=NOW, ok=ok, reply=words, reason="")
            )
    newest, *others = store.deliveries.rows(Window())
    assert newest.id == accepted.id
    assert newest.last is not None and newest.last.reply == "250 taken"
    assert [attempt.reply for attempt in store.deliveries.attempts(newest.id)] == ["451 later", "250 taken"]
    assert [delivery.last for delivery in others] == [None, None]
    assert store.deliveries.count(state=DeliveryState.SENT) == 1
    assert store.deliveries.count(project="brand-b") == store.deliveries.count(by="bob") == 0
    assert store.deliveries.octets(newest.id) == b"octets"


def test_a_test_that_failed_is_kept_with_the_servers_words(store: Store) -> None:
    address = an_address("help@corp.example", tested="never")
    failed = a_test(address, ok=False)
    with store.transaction():
        store.addresses.save(address.model_copy(update={"last_test": failed}))
    kept = store.addresses.get("help@corp.example")
    assert kept is not None and kept.last_test == failed

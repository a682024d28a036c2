"""Windows and filters of tables of many rows say what reading everything would say (issue 6, section 5)."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailtui.core.audit import Author
from mailtui.core.counts import AtLeast
from mailtui.core.deliveries import Attempt, Delivery, DeliveryState
from mailtui.store import Store
from mailtui.store.addresses import Owner
from mailtui.store.search import ENOUGH
from mailtui.store.window import ALL, Window
from mailtui.store.words import BATCH
from tests.company import NOW, a_project, a_test, an_address, an_employee

DELIVERIES = 3 * BATCH + 137
"""More than are looked for at once, three batches of the index, and a few that it does not have yet."""

ADDRESSES = 3_200

WORDS = (
    "order", "invoice", "Ștefan", "STRASSE", "straße", "ß", "100%", "under_score", 'quo"te', "back\\slash", "*", "a b",
    "İstanbul", "ﬁle", "Ångström", "o'clock", "-", "AND", "NOT",
)  # fmt: skip
REASONS = ("mailbox-full", "recipient-unknown", "wrong-password")

TYPED = (
    *WORDS, "e", "or", "rd", "zq", "q", "ord inv", "sent", "fail", "defer", "mailbox", "ailbox-fu", "brand-1", "u1",
    "ANA", "contact-17", "contact-1799", "STRASS", "ss", "ştefan", "stefan", "ș", "file", "NEAR", "order fail", "\0",
    "x" * 300,
    "host-3", "wrong", "ready", "untested", "import thing-12", '"before"', "client", "1", "17", "",
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    directory = tmp_path_factory.mktemp("windows")
    directory.chmod(0o700)
    store, chance = Store(directory / "mailtui.db"), random.Random(6)  # noqa: S311 - the same rows every time
    with store.transaction():
        store.employees.save(an_employee("ana"))
        for number in range(DELIVERIES):
            a_sent_one(store, chance, number)
        for number in range(ADDRESSES):
            store.addresses.save(
                an_address(
                    f"a{chance.randrange(100_000)}.{number}@host-{number % 7}.example",
                    name=chance.choice(WORDS),
                    owner="ana" if number % 9 == 0 else None,
                    tested=chance.choice(("passed", "passed", "failed", "never")),
                )
            )
        author = Author(login="ana", employee="ana")
        store.audit.record_many(
            NOW, author, [("import", f"thing-{n}", {"name": chance.choice(WORDS)}, None) for n in range(2 * BATCH + 60)]
        )
    yield store
    store.close()


def a_sent_one(store: Store, chance: random.Random, number: int) -> Delivery:
    to = f"contact-{chance.randrange(4_000)}@client.example"
    state = chance.choice((*[DeliveryState.SENT] * 6, DeliveryState.FAILED, DeliveryState.DEFERRED))
    accepted = store.deliveries.accept(
        Delivery(
            message_id=f"<{number}@corp.example>", project=f"brand-{number % 3}", sender="help@corp.example", to=to,
            by=f"u{number % 5}", subject=f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number}", created_at=NOW,
        ),
        b"",
    )  # fmt: skip
    reason = "" if state is DeliveryState.SENT else chance.choice(REASONS)
    attempt = Attempt(at=NOW, ok=not reason, reply="words", reason=reason)
    store.deliveries.record(accepted.model_copy(update={"state": state}), attempt)
    return accepted


def by_reading_everything(store: Store, table: str, typed: str, where: str, order: str) -> list[int]:
    """The numbers of the rows that each word is in, as a plain comparison of every row finds them."""
    columns = {
        "deliveries": ("recipient", "sender", "subject", "by", "project", "state", "reason"),
        "addresses": ("address", "name", "host", "ifnull(owner, '')", "state", "ifnull(test_reason, '')"),
        "audit": ("by", "action", "object", "ifnull(before, '')", "ifnull(after, '')"),
    }[table]
    words = [word.casefold() for word in typed[:200].split()]
    conditions, parameters = [where], list[str]()
    for word in words:
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        texts = columns if word.isascii() else [f"casefold({column})" for column in columns]
        conditions.append("(" + " OR ".join(f"{text} LIKE ? ESCAPE '\\'" for text in texts) + ")")
        parameters += [f"%{escaped}%"] * len(columns)
    sql = f"SELECT id FROM {table} WHERE {' AND '.join(conditions)} ORDER BY {order}"  # noqa: S608 - our own words
    return [id for (id,) in store._db.conn.execute(sql, parameters)]


Rows = Callable[[Window], Sequence[int]]
Count = Callable[[str], int]


def tables(store: Store) -> dict[str, tuple[str, str, str, Rows, Count]]:
    """Each with its part of a table, its order, its windows as numbers, and its count."""
    deliveries, addresses, audit = store.deliveries, store.addresses, store.audit
    failed, one, company = DeliveryState.FAILED, "brand-1", Owner.COMPANY
    return {
        "deliveries": ("deliveries", "1", "id DESC", lambda w: [d.id for d in deliveries.rows(w)], deliveries.count),
        "failed": (
            "deliveries", "state = 'failed'", "id DESC", lambda w: [d.id for d in deliveries.rows(w, state=failed)],
            lambda m: deliveries.count(m, state=failed),
        ),
        "of a project": (
            "deliveries", "project = 'brand-1'", "id DESC", lambda w: [d.id for d in deliveries.rows(w, project=one)],
            lambda m: deliveries.count(m, project=one),
        ),
        "for a reason": (
            "deliveries", "reason = 'mailbox-full'", "id DESC",
            lambda w: [d.id for d in deliveries.rows(w, reason="mailbox-full")],
            lambda m: deliveries.count(m, reason="mailbox-full"),
        ),
        "addresses": ("addresses", "1", "address_key", lambda w: [a.id for a in addresses.rows(w)], addresses.count),
        "company": (
            "addresses", "owner IS NULL", "address_key", lambda w: [a.id for a in addresses.rows(w, company)],
            lambda m: addresses.count(m, company),
        ),
        "audit": ("audit", "1", "id DESC", lambda w: [r.number for r in audit.rows(w)], audit.count),
    }  # fmt: skip


NAMES = ("deliveries", "failed", "of a project", "for a reason", "addresses", "company", "audit")


def counted_to_the_end(rows: Rows, count: Count, typed: str) -> int:
    """As a table does it whose last row is gone to."""
    while isinstance(found := count(typed), AtLeast):
        if found.rests:
            assert found == ENOUGH
            rows(Window(offset=found, limit=1, matching=typed))  # Somebody goes beyond what is known.
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("typed", TYPED)
def test_a_filter_finds_what_reading_everything_finds_in_the_same_order(filled: Store, name: str, typed: str) -> None:
    table, where, order, rows, count = tables(filled)[name]
    expected = by_reading_everything(filled, table, typed, where, order)
    assert rows(Window(matching=typed)) == expected
    assert rows(Window(matching=typed, limit=5)) == expected[:5]
    assert counted_to_the_end(rows, count, typed) == len(expected)
    for offset in (0, len(expected) // 2, max(0, len(expected) - 3)):
        assert rows(Window(matching=typed, offset=offset, limit=64)) == expected[offset : offset + 64]


@settings(max_examples=60)
@given(st.data())
def test_any_piece_of_what_is_there_is_found(filled: Store, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    table, where, order, rows, count = tables(filled)[name]
    column = {"deliveries": "subject", "addresses": "name || address", "audit": "object || ifnull(before, '')"}[table]
    number = data.draw(st.integers(1, 2_000))
    sql = f"SELECT {column} FROM {table} WHERE id = ?"  # noqa: S608 - our own words
    text = str(filled._db.conn.execute(sql, [number]).fetchone()[0])
    start = data.draw(st.integers(0, len(text)))
    typed = text[start : start + data.draw(st.integers(1, 12))]
    expected = by_reading_everything(filled, table, typed, where, order)
    assert counted_to_the_end(rows, count, typed) == len(expected)
    assert rows(Window(matching=typed, limit=20_000)) == expected


@settings(max_examples=150)
@given(st.sampled_from(NAMES), st.integers(0, DELIVERIES + 10), st.integers(0, 200))
def test_a_window_at_any_place_is_that_stretch_of_everything(filled: Store, name: str, offset: int, limit: int) -> None:
    _, _, _, rows, count = tables(filled)[name]
    everything = rows(Window(limit=ALL))
    assert count("") == len(everything)
    assert rows(Window(offset=offset, limit=limit)) == everything[offset : offset + limit]


@pytest.mark.parametrize("order", ["", "-", "server", "-server", "tested", "-tested", "state", "-state"])
@pytest.mark.parametrize("typed", ["", "order", "1"])
def test_every_order_is_read_from_the_nearer_end_and_filtered_alike(filled: Store, order: str, typed: str) -> None:
    addresses = filled.addresses
    everything = [a.id for a in addresses.rows(Window(matching=typed, order=order))]
    addresses.count(typed)
    for offset in (0, 1_100, len(everything) - 70, len(everything) - 1):
        window = Window(offset=max(0, offset), limit=64, matching=typed, order=order)
        addresses.rows(window)  # Beyond what was looked for at first.
        assert [a.id for a in addresses.rows(window)] == everything[window.offset : window.offset + 64]


def test_the_place_of_an_address_is_where_its_window_has_it(filled: Store) -> None:
    for order in ("", "server"):
        for offset in (0, 1_234, 2_500):
            window = Window(offset=offset, limit=1, order=order)
            there = filled.addresses.rows(window, Owner.COMPANY)[0].address
            assert filled.addresses.place(there, window, Owner.COMPANY) == offset
    assert filled.addresses.place("nobody@host.example", Window()) is None


def test_the_place_of_an_employee_and_of_a_project_is_where_its_window_has_it(store: Store) -> None:
    with store.transaction():
        for number, name in enumerate(("Zoe", "ana", "Bob", "ana", "élan")):
            store.employees.save(an_employee(f"u{number}").model_copy(update={"name": name}))
            store.projects.save(a_project(f"p{number}", archived=number % 2 == 0).model_copy(update={"name": name}))
    everybody = [row.employee.login for row in store.employees.rows(Window())]
    assert [store.employees.place(login, Window()) for login in everybody] == [*range(5)]
    projects = [project.key for project in store.projects.all()]
    assert [store.projects.place(key, Window()) for key in projects] == [*range(5)]
    assert store.employees.place("nobody", Window()) is None


def test_a_filter_that_many_rows_match_is_looked_for_only_as_far_as_somebody_goes(filled: Store) -> None:
    store = Store(filled.path)  # Which remembers nothing of what others asked for.
    found = store.deliveries.count("client")
    while isinstance(found, AtLeast) and not found.rests:
        found = store.deliveries.count("client")
    assert isinstance(found, AtLeast) and found == ENOUGH
    store.close()


def test_what_is_written_is_found_when_it_is_asked_for_again(store: Store) -> None:
    with store.transaction():
        saved = [store.addresses.save(an_address(f"a{number}@corp.example")) for number in range(5)]
    assert store.addresses.count("a3") == 1
    with store.transaction():
        store.addresses.save(saved[0].model_copy(update={"name": "also a3"}))
        store.addresses.remove(saved[3].id)
        store.addresses.record_test(saved[4], a_test(saved[4], ok=False))
    assert store.addresses.count("a3") == 1
    assert [a.address for a in store.addresses.rows(Window(limit=9, matching="a3"))] == ["a0@corp.example"]
    assert store.addresses.count("wrong-password") == 1


def test_a_new_reason_is_found_and_the_former_one_is_not(store: Store) -> None:
    chance = random.Random(1)  # noqa: S311 - as above
    with store.transaction():
        accepted = a_sent_one(store, chance, 0)
        for reason in ("mailbox-full", "greylisted"):
            attempt = Attempt(at=NOW + timedelta(minutes=1), ok=False, reply="no", reason=reason)
            store.deliveries.record(accepted.model_copy(update={"state": DeliveryState.DEFERRED}), attempt)
    assert store.deliveries.count("greylisted") == store.deliveries.count(reason="greylisted") == 1
    assert store.deliveries.count("mailbox-full") == store.deliveries.count(reason="mailbox-full") == 0


def test_no_window_that_is_drawn_reads_a_table_from_end_to_end(filled: Store) -> None:
    """Nor sorts one: each statement is answered by an index, or by the numbers of the rows."""
    seen: list[str] = []
    filled._db.conn.set_trace_callback(seen.append)
    try:
        for _, _, _, rows, _ in tables(filled).values():
            for offset in (0, 1_500):
                rows(Window(offset=offset, limit=64))
        for order in ("server", "-tested", "state"):
            filled.addresses.rows(Window(limit=64, order=order), Owner.COMPANY)
        filled.deliveries.reasons_since(NOW)
        filled.deliveries.failed_since(NOW)
        filled.addresses.count_failing(Owner.COMPANY)
    finally:
        filled._db.conn.set_trace_callback(None)
    windows = [sql for sql in seen if "LIMIT" in sql or "count(*)" in sql or "attempts" in sql]
    assert len(windows) > 15
    for sql in windows:
        plan = [str(row[3]) for row in filled._db.conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
        # The numbers of a growing table are its order: it is read from that end only as far as the window goes.
        read = [step for step in plan if step.startswith("SCAN") and step not in ("SCAN d", "SCAN audit")]
        assert [step for step in read if "INDEX" not in step and "CONSTANT" not in step] == [], sql


def test_the_index_of_words_is_behind_by_less_than_a_batch(filled: Store) -> None:
    covered, rows = filled.deliveries._words.covered()
    assert covered == rows
    assert 0 <= DELIVERIES - covered < BATCH

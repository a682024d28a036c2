"""The audit is tied by hashes: what is done to it behind mailtui's back is found and named (issue 6, section 4)."""

import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from mailtui.core.audit import Wanted
from mailtui.core.errors import BadInput, NotAllowed
from mailtui.operations.audit import audit_head, changes
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context, open_context
from mailtui.operations.doctor import examine
from mailtui.operations.people import save_employee
from mailtui.operations.projects import archive_project
from tests.company import NOW, a_company, an_employee
from tests.store.processes import outcome, python


@pytest.fixture
def company(context: Context) -> Context:
    a_company(context)
    return context


def behind_its_back(context: Context, *statements: str) -> None:
    """What somebody with another program does to the file."""
    with sqlite3.connect(context.store.path) as other:
        for statement in statements:
            assert other.execute(statement).rowcount
    other.close()


def trail(context: Context, noted: str = "") -> tuple[bool, str]:
    """What the examination says of it."""
    found = [check for check in examine(context, audit_head=noted).checks if check.name == "audit trail"]
    assert len(found) == 1 and found[0].ok is not bool(found[0].fix)
    return found[0].ok, found[0].detail


def test_a_trail_that_nobody_touched_is_whole_and_says_its_last_hash(company: Context) -> None:
    ok, detail = trail(company)
    head = audit_head(company)
    assert ok and head.hash in detail
    assert detail.startswith(f"{company.store.audit.count()} rows, each follows from the one before")


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE audit SET by = 'eve' WHERE id = 3"], "row 3 is not what"),
        (["UPDATE audit SET login = 'eve' WHERE id = 3"], "row 3 is not what was written there after row 2"),
        (["UPDATE audit SET after = replace(after, 'Ana', 'Eve') WHERE id = 4"], "row 4 is not what"),
        (["UPDATE audit SET at = '2026-03-02T10:00:01+00:00' WHERE id = 1"], "row 1 is not what was written there"),
        (["DELETE FROM audit WHERE id = 3"], "row 3 is missing"),
        (["DELETE FROM audit WHERE id BETWEEN 3 AND 5"], "rows 3 to 5 are missing"),
        (["DELETE FROM audit WHERE id = 8"], "row 8 is missing from the end"),
        (["DELETE FROM audit WHERE id > 6"], "rows 7 to 8 are missing from the end"),
        (["DELETE FROM audit WHERE id = 3", "UPDATE audit SET id = id - 1 WHERE id > 3"], "row 3 is not what"),
        (["UPDATE audit SET id = 99 WHERE id = 3", "UPDATE audit SET id = 3 WHERE id = 4",
          "UPDATE audit SET id = 4 WHERE id = 99"], "row 3 is not what"),
        (["DELETE FROM audit"], "rows 1 to 8 are missing from the end"),
        (["DELETE FROM meta WHERE key = 'audit head'"], "the note of the last row is missing"),
        (["DELETE FROM audit WHERE id = 8", "UPDATE meta SET value = (SELECT '7 ' || hash FROM audit WHERE id = 7)"
          " WHERE key = 'audit head'"], None),
    ],
)  # fmt: skip
def test_what_was_done_to_it_is_found_and_named(company: Context, statements: list[str], said: str | None) -> None:
    assert company.store.audit.count() == 8
    noted = audit_head(company).hash
    behind_its_back(company, *statements)
    ok, detail = trail(company)
    if said is None:
        # An end that was cut off and noted anew is shown by nothing here, only by a hash that was noted elsewhere.
        assert ok and not trail(company, noted)[0]
    else:
        assert not ok and said in detail


def test_rows_written_after_others_were_cut_off_do_not_close_the_gap(company: Context) -> None:
    behind_its_back(company, "DELETE FROM audit WHERE id = 8")
    save_employee(company, an_employee("eve"))
    assert trail(company) == (False, "row 8 is missing")


def test_a_hash_that_was_noted_elsewhere_must_be_in_it(company: Context) -> None:
    noted = audit_head(company).hash
    save_employee(company, an_employee("eve"))
    ok, detail = trail(company, noted.upper())
    assert ok and "the noted hash is among them" in detail
    ok, detail = trail(company, "0" * 64)
    assert not ok and "no row has the hash that you noted" in detail
    with pytest.raises(BadInput, match="no hash of the audit"):
        examine(company, audit_head="0" * 63)


def test_what_was_taken_back_leaves_no_gap(company: Context) -> None:
    with pytest.raises(RuntimeError), company.store.transaction():
        company.record("edit", "thing", None, {"a": 1})
        raise RuntimeError
    company.record("edit", "thing", None, {"a": 2})
    assert trail(company)[0]


def test_several_processes_write_one_chain(company: Context) -> None:
    code = (
        "from datetime import UTC, datetime; from mailtui.core.audit import Author\n"
        "author = Author(login='ana', employee='ana')\n"
        "for number in range(50):\n"
        "    store.audit.record(datetime.now(UTC), author, 'edit', f'thing {number}', None, None)\n"
    )
    for process in [python(code, company.store.path) for _ in range(3)]:
        assert outcome(process) == ""
    assert trail(company)[0] and company.store.audit.count() == 8 + 150


def test_many_rows_are_written_as_one_by_one(company: Context) -> None:
    with company.store.transaction():
        company.record_many(("edit", f"thing {number}", None, {"number": number}) for number in range(3))
    rows = list(changes(company, Wanted(), limit=3))
    assert [row.object for row in rows] == ["thing 2", "thing 1", "thing 0"]
    assert [row.number for row in rows] == [11, 10, 9] and trail(company)[0]


def test_login_user_and_employee_are_kept_apart(database: Path, company: Context) -> None:
    other = open_context(database, act_as="ana", configuration=Configuration(keyring="vault"), clock=lambda: NOW)
    with pytest.raises(NotAllowed):
        archive_project(other, "brand-a", archived=True)
    with other.store.transaction():
        other.record("send", "message", None, None)
    other.store.close()
    [row] = changes(company, Wanted(), limit=1)
    login = company.actor.login
    assert (row.by, row.login, row.employee, row.uid) == (f"{login} as ana", login, "ana", os.getuid())


def recorded(context: Context, **fields: object) -> list[str]:
    return [row.object for row in changes(context, Wanted(**fields))]


def test_changes_are_found_by_person_thing_time_and_words(company: Context) -> None:
    assert "employee ana" in recorded(company, object="employee")
    assert set(recorded(company, object="BRAND-A")) == {"project brand-a"}
    assert recorded(company, object="rand-a") == []
    assert len(recorded(company, by=company.actor.login.upper())) == 8
    assert recorded(company, by="an") == []
    assert len(recorded(company, since=NOW)) + len(recorded(company, until=NOW)) == 8
    assert recorded(company, since=NOW + timedelta(seconds=1)) == []
    assert recorded(company, words="strict closed") == ["project closed"]
    assert company.store.audit.count("closed", Wanted(object="project")) == 1


@pytest.mark.parametrize("read", [lambda c: changes(c, Wanted()), audit_head])
def test_a_member_reads_none_of_it(company: Context, read: Callable[[Context], object]) -> None:
    ana = Context(company.store, company.actor.model_copy(update={"employee": an_employee("ana")}), Configuration())
    with pytest.raises(NotAllowed, match="read who changed what"):
        read(ana)


def test_rows_beyond_one_reading_come_once_and_in_order(company: Context) -> None:
    with company.store.transaction():
        company.record_many(("edit", f"thing {number}", None, None) for number in range(4_500))
    numbers = [row.number for row in changes(company, Wanted())]
    assert numbers == list(range(4_508, 0, -1)), len(numbers)
    assert [row.number for row in changes(company, Wanted(), limit=2_001)] == numbers[:2_001]

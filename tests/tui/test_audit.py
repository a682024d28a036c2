"""Who changed what: the list, and one change side by side."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from mailtui.core.audit import AuditRow
from mailtui.core.people import Role
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context
from mailtui.operations.identity import Actor
from mailtui.operations.people import save_employee
from mailtui.operations.projects import archive_project
from mailtui.store import Store
from mailtui.tui.screens.audit import Audit
from mailtui.tui.screens.change import Change, fields, what_it_was
from tests.company import NOW
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, Compare, as_employee, looks_as_before, on_page, typed, until, words

SNAPSHOTS = st.none() | st.dictionaries(
    st.sampled_from(["name", "host", "groups"]), st.none() | st.booleans() | st.integers() | st.text(max_size=5)
)


def two_changes(store: Store) -> None:
    """Eve was given an address and a group; then a brand was archived."""
    ana = as_employee(store, ANA)
    eve = store.employees.get("eve")
    assert eve is not None
    save_employee(ana, eve.model_copy(update={"email": "eve@corp.example", "groups": frozenset({"press"})}))
    archive_project(ana, "brand-b", archived=True)


async def test_the_newest_change_comes_first(company: Store) -> None:
    two_changes(company)
    async with on_page(as_employee(company, ANA), Audit) as pilot:
        assert "archive project" in lines(pilot)[3]
        assert "edit employee" in lines(pilot)[4]
        await until(pilot, lambda: "archived no → yes" in shown(pilot))


async def test_a_change_is_found_by_its_object(company: Store) -> None:
    two_changes(company)
    async with on_page(as_employee(company, ANA), Audit) as pilot:
        await pilot.press("slash")
        await typed(pilot, "eve")
        await until(pilot, lambda: "1 found" in shown(pilot))


async def test_the_filter_takes_person_thing_and_time_and_says_what_it_took(company: Store) -> None:
    two_changes(company)
    archive_project(as_employee(company, BOB, role=Role.ADMIN), "brand-b", archived=False)
    async with on_page(as_employee(company, ANA), Audit) as pilot:
        assert "/ finds by:LOGIN object:THING since:DAY until:DAY and any words" in words(pilot)
        await pilot.press("slash")
        await typed(pilot, "by:ana")
        await until(pilot, lambda: "2 found" in shown(pilot))
        await typed(pilot, " object:project since:2026-03-0")
        await until(pilot, lambda: "1 found" in shown(pilot))
        assert "by: ana · object: project ✗ '2026-03-0' is no day or time" in words(pilot)
        await typed(pilot, "3")
        await until(pilot, lambda: "0 found" in shown(pilot))
        assert "by: ana · object: project · since: 2026-03-03 00:00" in words(pilot)


async def test_person_and_thing_of_the_marked_change_are_a_key_away(company: Store) -> None:
    two_changes(company)
    archive_project(as_employee(company, BOB, role=Role.ADMIN), "brand-b", archived=False)
    async with on_page(as_employee(company, ANA), Audit) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: "object: brand-b" in words(pilot) and "2 found" in shown(pilot))
        await pilot.press("b")
        await until(pilot, lambda: "by: bob · object: brand-b" in words(pilot) and "1 found" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "edit employee" in shown(pilot))


async def test_what_is_found_is_written_as_json_lines(company: Store, tmp_path: Path) -> None:
    two_changes(company)
    file = tmp_path / "changes.jsonl"
    async with on_page(as_employee(company, ANA), Audit) as pilot:
        await pilot.press("t", "x")
        await until(pilot, lambda: "Write the changes that are found" in shown(pilot))
        await pilot.press("end", "ctrl+u")
        await typed(pilot, str(file))
        await pilot.press("enter")
        await until(pilot, lambda: "Wrote 1 line to" in words(pilot))
    [line] = file.read_text().splitlines()
    document = json.loads(line)
    assert (document["object"], document["login"], document["after"]["archived"]) == ("project brand-b", "ana", True)


async def test_a_change_names_login_and_user_apart_from_the_employee(company: Store) -> None:
    actor = Actor(employee=ANA, login="root", uid=0)
    archive_project(Context(company, actor, Configuration(keyring="vault"), lambda: NOW), "brand-b", archived=True)
    async with on_page(as_employee(company, ANA), Audit) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "root as ana" in words(pilot) and "login root (uid 0), number" in words(pilot))


@pytest.mark.parametrize(
    ("action", "thing", "said"),
    [
        ("test address", "address ana@corp.example", "ana@corp.example"),
        ("retry delivery", "delivery 7", "7"),
        ("purge messages", "messages before 2026-03-02", "before 2026-03-02"),
        ("install", "employee root", "employee root"),
    ],
)
def test_a_column_does_not_repeat_the_noun_of_the_action(action: str, thing: str, said: str) -> None:
    assert what_it_was(AuditRow(at=NOW, by="ana", action=action, object=thing)) == said


async def test_enter_shows_before_and_after_side_by_side(company: Store) -> None:
    two_changes(company)
    async with on_page(as_employee(company, ANA), Audit) as pilot:
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Change))
        row = next(line for line in lines(pilot) if "groups" in line)
        assert row.replace("│", " ").split() == ["→", "groups", "none", "press"]


async def test_a_member_reads_no_changes(company: Store) -> None:
    two_changes(company)
    async with on_page(as_employee(company, BOB), Audit) as pilot:
        await until(pilot, lambda: "Only an admin may read" in shown(pilot))
        assert "brand-b" not in shown(pilot)


@given(before=SNAPSHOTS, after=SNAPSHOTS)
def test_every_field_is_shown_once_and_the_changed_ones_first(
    before: dict[str, JsonValue] | None, after: dict[str, JsonValue] | None
) -> None:
    change = AuditRow(at=NOW, by="ana", action="edit", object="it", before=before, after=after)
    found = fields(change)
    assert sorted(field.name for field in found) == sorted({**(before or {}), **(after or {})})
    assert sorted((field.changed for field in found), reverse=True) == [field.changed for field in found]


def test_the_list_looks_as_before(snap_compare: Compare, company: Store) -> None:
    two_changes(company)
    assert looks_as_before(snap_compare, as_employee(company, ANA), Audit, seen="archived no")


def test_a_change_looks_as_before(snap_compare: Compare, company: Store) -> None:
    two_changes(company)
    assert looks_as_before(snap_compare, as_employee(company, ANA), Audit, "down", "enter", seen="Before")

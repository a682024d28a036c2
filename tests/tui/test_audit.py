"""Who changed what: the list, and one change side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from mailtui.operations.people import save_employee
from mailtui.operations.projects import archive_project
from mailtui.store import Store
from mailtui.store.audit import AuditRow
from mailtui.tui.screens.audit import Audit
from mailtui.tui.screens.change import Change, fields, what_it_was
from tests.company import NOW
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, Compare, as_employee, looks_as_before, on_page, typed, until

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
        assert "archive project" in lines(pilot)[2]
        assert "edit employee" in lines(pilot)[3]
        await until(pilot, lambda: "archived no → yes" in shown(pilot))


async def test_a_change_is_found_by_its_object(company: Store) -> None:
    two_changes(company)
    async with on_page(as_employee(company, ANA), Audit) as pilot:
        await pilot.press("slash")
        await typed(pilot, "eve")
        await until(pilot, lambda: "1 found" in shown(pilot))


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

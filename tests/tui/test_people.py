"""Employees and groups: two tables and their forms, by keys alone."""

from mailtui.core.people import Role
from mailtui.operations.people import save_employee
from mailtui.store import Store
from mailtui.tui.screens.people import People
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, Compare, as_employee, looks_as_before, on_page, typed, until, words


async def test_an_employee_is_added_with_role_and_groups(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("a")
        await typed(pilot, "ion")
        await pilot.press("tab")
        await typed(pilot, "Ion Dinu")
        await pilot.press("tab", "tab", "space", "tab", "down", "space", "ctrl+s")
        await until(pilot, lambda: "Ion Dinu" in shown(pilot) and "Saved" in shown(pilot))
    ion = company.employees.get("ion")
    assert ion is not None
    assert (ion.name, ion.role, ion.groups) == ("Ion Dinu", Role.ADMIN, frozenset({"support"}))


async def test_a_refused_field_says_why_and_keeps_what_was_typed(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("a")
        await typed(pilot, "a b")
        await pilot.press("tab")
        await typed(pilot, "Ion")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is no login name" in shown(pilot))
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "login"
        assert "a b" in shown(pilot)
        assert "Ion" in shown(pilot)


async def test_leaving_a_form_asks_only_when_something_would_be_lost(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("enter", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, People))
        await pilot.press("enter", "x", "escape")
        await until(pilot, lambda: "Throw away what you typed?" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Edit Ana Pop" in shown(pilot))
        await pilot.press("escape", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, People))
    assert company.employees.get("ana") == as_employee(company, ANA).employee


async def test_the_second_who_saves_is_told_who_was_first(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with on_page(ana, People) as pilot:
        await pilot.press("down", "enter", "x")
        save_employee(ana, as_employee(company, BOB).employee.model_copy(update={"email": "new@corp.example"}))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "was changed by ana" in shown(pilot))
        assert "Edit Bob Ionescu" in shown(pilot)


async def test_an_employee_who_owns_addresses_is_not_removed(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("down", "d")
        await until(pilot, lambda: "Delete Bob Ionescu?" in shown(pilot))
        await pilot.press("d")
        await until(pilot, lambda: "Bob Ionescu owns an external" in shown(pilot))
    assert company.employees.get("bob") is not None


async def test_removing_an_employee_is_asked_first(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("down", "down", "d", "escape")
        assert company.employees.get("eve") is not None
        await pilot.press("d", "d")
        await until(pilot, lambda: "Deleted Eve Marin" in shown(pilot))
    assert company.employees.get("eve") is None


async def test_a_group_gets_its_members(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("tab", "a")
        await typed(pilot, "night")
        await pilot.press("tab")
        await typed(pilot, "Night shift")
        await pilot.press("tab", "space", "down", "down", "space", "ctrl+s")
        await until(pilot, lambda: "Saved Night shift" in shown(pilot))
    assert {member.login for member in company.employees.members("night")} == {"ana", "eve"}


async def test_a_group_that_exists_already_keeps_the_form_open(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("tab", "a")
        await typed(pilot, "press")
        await pilot.press("tab", "P", "ctrl+s")
        await until(pilot, lambda: "exists already" in shown(pilot))
    group = company.groups.get("press")
    assert group is not None
    assert group.name == "Press"


async def test_removing_a_group_says_what_is_lost_and_opens_nothing(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("tab", "d")
        await until(pilot, lambda: "Through it they lose press@corp.example" in shown(pilot))
        assert "Nobody is left on the access list of press@corp.example" in words(pilot)
        await pilot.press("d")
        await until(pilot, lambda: "Deleted the group Press" in shown(pilot))
    press = company.addresses.get("press@corp.example")
    assert press is not None
    assert press.access is not None
    assert not press.access.groups


async def test_a_member_has_no_key_that_changes_people(company: Store) -> None:
    async with on_page(as_employee(company, BOB), People) as pilot:
        assert "Add" not in lines(pilot)[-1]
        await pilot.press("a", "d", "enter")
        assert isinstance(pilot.app.screen, People)


async def test_only_the_table_that_has_the_keys_bears_the_full_cursor(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await until(pilot, lambda: "▌Ana Pop" in shown(pilot) and "▏Press" in shown(pilot))
        await pilot.press("tab")
        await until(pilot, lambda: "▏Ana Pop" in shown(pilot) and "▌Press" in shown(pilot))


async def test_the_keys_of_the_focused_table_come_first(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await until(pilot, lambda: lines(pilot)[-1].startswith(" a Add employee  enter Edit  d Delete"))


async def test_the_line_below_says_who_is_in_the_marked_group(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("tab", "down")
        await until(pilot, lambda: "Ana Pop, Bob Ionescu" in shown(pilot))


def test_the_page_looks_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(snap_compare, as_employee(company, ANA), People, seen="in press, support")


def test_the_form_looks_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(snap_compare, as_employee(company, ANA), People, "enter", seen="Edit Ana Pop")


def test_the_question_looks_as_before(snap_compare: Compare, company: Store) -> None:
    keys = ("tab", "down", "d")
    assert looks_as_before(snap_compare, as_employee(company, ANA), People, *keys, seen="Delete the group Support?")

"""Employees and groups: two tables and their forms, by keys alone."""

from mailtui.core.people import Role
from mailtui.operations.people import remove_employee, save_employee
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
        await pilot.press("e", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, People))
        await pilot.press("e", "x", "escape")
        await until(pilot, lambda: "Throw away what you typed?" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Edit Ana Pop" in shown(pilot))
        await pilot.press("escape", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, People))
    assert company.employees.get("ana") == as_employee(company, ANA).employee


async def test_the_second_who_saves_is_told_who_was_first(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with on_page(ana, People) as pilot:
        await pilot.press("down", "e", "x")
        save_employee(ana, as_employee(company, BOB).employee.model_copy(update={"email": "new@corp.example"}))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "was changed by ana" in shown(pilot))
        assert "Edit Bob Ionescu" in shown(pilot)


async def test_deleting_an_employee_says_what_it_takes_away_and_his_addresses_stay_off(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("down", "d")
        await until(pilot, lambda: "Delete Bob Ionescu?" in shown(pilot))
        assert "Own addresses, switched off and given to nobody: bob@corp.example Leaves: Support" in words(pilot)
        await pilot.press("escape")
        assert company.employees.get("bob") is not None
        await pilot.press("d", "d")
        await until(pilot, lambda: "1 deleted" in shown(pilot))
        assert "takes it back" not in shown(pilot)
    address = company.addresses.get("bob@corp.example")
    assert address is not None
    assert (address.owner, address.enabled) == ("bob", False)
    assert company.employees.get("bob") is None


async def test_several_employees_are_put_into_a_group_and_that_is_taken_back(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("down", "m", "m")
        await until(pilot, lambda: "2 marked" in shown(pilot))
        assert "e Edit" not in lines(pilot)[-1]
        await pilot.press("plus")
        await until(pilot, lambda: "Into which group? 2 employees" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "2 put into Press · ctrl+z takes it back" in words(pilot))
        assert "marked" not in shown(pilot)
        assert {member.login for member in company.employees.members("press")} == {"ana", "bob", "eve"}
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "2 taken back" in shown(pilot))
        assert "Take back" not in lines(pilot)[-1], "once"
    assert {member.login for member in company.employees.members("press")} == {"ana"}


async def test_employees_are_taken_out_of_a_group(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("asterisk", "minus")
        await until(pilot, lambda: "Out of which group? 3 employees" in shown(pilot))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "2 taken out of Support" in words(pilot))
    assert company.employees.members("support") == []


async def test_several_groups_are_deleted_at_once(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("tab", "asterisk", "d")
        await until(pilot, lambda: "Delete 2 groups?" in shown(pilot))
        assert "Deleted: Press, Support" in words(pilot)
        assert "Lose the group, and stay employees: Ana Pop, Bob Ionescu" in words(pilot)
        await pilot.press("d")
        await until(pilot, lambda: "2 deleted" in shown(pilot))
    assert company.groups.count() == 0


async def test_what_another_changed_meanwhile_is_not_taken_back(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with on_page(ana, People) as pilot:
        await pilot.press("down", "plus", "enter")
        await until(pilot, lambda: "1 put into Press" in words(pilot))
        bob = company.employees.get("bob")
        assert bob is not None
        save_employee(ana, bob.model_copy(update={"email": "new@corp.example"}))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "employee bob was changed by ana" in words(pilot))
    assert {member.login for member in company.employees.members("press")} == {"ana", "bob"}


async def test_a_group_gets_its_members(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("tab", "a")
        await typed(pilot, "night")
        await pilot.press("tab")
        await typed(pilot, "Night shift")
        await pilot.press("tab", "space", "down", "down", "space", "ctrl+s")
        await until(pilot, lambda: "Saved Night shift" in shown(pilot))
    assert {member.login for member in company.employees.members("night")} == {"ana", "eve"}


async def test_a_group_is_not_kept_where_its_members_are_refused(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with on_page(ana, People) as pilot:
        await pilot.press("tab", "a")
        await typed(pilot, "night")
        await pilot.press("tab", "N", "tab", "down", "down", "space")
        remove_employee(ana, "eve")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "there is no employee 'eve'" in shown(pilot))
        assert company.groups.get("night") is None
        await pilot.press("space", "down", "space", "ctrl+s")
        await until(pilot, lambda: "Saved N" in shown(pilot))
    assert company.groups.get("night") is not None


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
        await until(pilot, lambda: "Off the access list of: press@corp.example" in words(pilot))
        assert "Nobody is left on the access list of: press@corp.example" in words(pilot)
        await pilot.press("d")
        await until(pilot, lambda: "1 deleted" in shown(pilot))
    press = company.addresses.get("press@corp.example")
    assert press is not None
    assert press.access is not None
    assert not press.access.groups


async def test_a_member_has_no_key_that_changes_people(company: Store) -> None:
    async with on_page(as_employee(company, BOB), People) as pilot:
        assert "Add" not in lines(pilot)[-1]
        await pilot.press("a", "d", "e", "m", "plus")
        assert isinstance(pilot.app.screen, People)


async def test_only_the_table_that_has_the_keys_bears_the_full_cursor(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await until(pilot, lambda: "▌Ana Pop" in shown(pilot) and "▏Press" in shown(pilot))
        await pilot.press("tab")
        await until(pilot, lambda: "▏Ana Pop" in shown(pilot) and "▌Press" in shown(pilot))


async def test_the_keys_of_the_focused_table_come_first(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await until(pilot, lambda: lines(pilot)[-1].startswith(" enter Open  a Add  e Edit  d Delete"))


async def test_the_line_below_says_who_is_in_the_marked_group(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("tab", "down")
        await until(pilot, lambda: "Ana Pop, Bob Ionescu" in shown(pilot))


def test_the_page_looks_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(snap_compare, as_employee(company, ANA), People, seen="in press, support")


def test_the_form_looks_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(snap_compare, as_employee(company, ANA), People, "e", seen="Edit Ana Pop")


def test_the_question_looks_as_before(snap_compare: Compare, company: Store) -> None:
    keys = ("tab", "down", "d")
    assert looks_as_before(snap_compare, as_employee(company, ANA), People, *keys, seen="Delete the group Support?")

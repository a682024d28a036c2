"""The employees' own addresses: who has how many, and the list of one of them (S8)."""

from mailtui.store import Store
from mailtui.tui.screens.employee_addresses import AddressesOf, EmployeeAddresses
from tests.tui.filling import says
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, EVE, Compare, as_employee, looks_as_before, on_page, until


async def test_each_employee_stands_there_with_the_number_of_his_addresses(company: Store) -> None:
    async with on_page(as_employee(company, ANA), EmployeeAddresses) as pilot:
        rows = ["  ".join(line.split()) for line in lines(pilot)[2:5]]
        assert rows == ["▌Ana  Pop  ana  1", "Bob  Ionescu  bob  1", "Eve  Marin  eve  none  yet"]


async def test_enter_opens_the_addresses_of_one(company: Store) -> None:
    async with on_page(as_employee(company, ANA), EmployeeAddresses) as pilot:
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AddressesOf))
        await says(pilot, "Bob Ionescu")
        await says(pilot, "bob@corp.example")
        assert "ana@corp.example" not in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, EmployeeAddresses))
        assert lines(pilot)[3].startswith("▌Bob")


async def test_who_has_none_is_told_what_to_press(company: Store) -> None:
    async with on_page(as_employee(company, ANA), EmployeeAddresses) as pilot:
        await pilot.press("G", "enter")
        await says(pilot, "Eve Marin writes only from the company's addresses so far.")
        await pilot.press("a")
        await says(pilot, "Add address of Eve Marin")


async def test_a_member_sees_only_himself_and_changes_nothing(company: Store) -> None:
    async with on_page(as_employee(company, BOB), EmployeeAddresses) as pilot:
        assert "Bob Ionescu" in shown(pilot)
        assert "Ana Pop" not in shown(pilot)
        await pilot.press("enter")
        await says(pilot, "bob@corp.example")
        await pilot.press("a", "enter", "d")
        assert isinstance(pilot.app.screen, AddressesOf)


def test_the_employees_look_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(snap_compare, as_employee(company, ANA), EmployeeAddresses, seen="none yet")


def test_the_list_of_one_looks_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(snap_compare, as_employee(company, ANA), lambda: AddressesOf(EVE), seen="so far")

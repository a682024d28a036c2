"""One employee and one group: what they may use and why, and access lists from their end (issue 6, section 3)."""

from mailtui.operations.people import remove_employee, save_employee
from mailtui.store import Store
from mailtui.store.window import Window
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.screens.employee import EmployeePage
from mailtui.tui.screens.employee_addresses import AddressesOf, EmployeeAddresses
from mailtui.tui.screens.group import GroupPage
from mailtui.tui.screens.people import People
from tests.company import an_address, names
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, Compare, as_employee, looks_as_before, on_page, typed, until, words


def access_of(store: Store, address: str) -> object:
    found = store.addresses.get(address)
    assert found is not None
    return found.access


async def test_what_he_may_use_is_said_with_by_what_and_where(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: EmployeePage("bob")) as pilot:
        rows = ["  ".join(line.split()) for line in lines(pilot)[3:7]]
        assert rows == [
            "▌✓  bob@corp.example  his  own  all",
            "✓  hello@corp.example  everybody  all",
            "✓  help@brand-a.example  through  Support  brand-a",
            "?  new@brand-b.example  everybody  brand-b",
        ]
        assert "May use 4 · member · in Support" in words(pilot)
        await pilot.press("down", "down")
        await until(pilot, lambda: "✓ help@brand-a.example: only in Brand A" in words(pilot))
        await pilot.press("down")
        await until(
            pilot, lambda: "is offered to Bob Ionescu nowhere: its settings were not tested since" in words(pilot)
        )


async def test_what_is_closed_to_him_has_the_rules_own_sentence(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: EmployeePage("bob")) as pilot:
        await pilot.press("tab")
        await until(
            pilot,
            lambda: (
                "press@corp.example is offered to Bob Ionescu nowhere: its access list names neither bob nor one of his"
                " groups. (rule 4)" in words(pilot)
            ),
        )


async def test_his_access_lists_are_edited_from_his_page_and_taken_back(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: EmployeePage("bob")) as pilot:
        await pilot.press("w")
        await until(pilot, lambda: "On which access lists is Bob Ionescu?" in shown(pilot))
        assert "hello@corp.example" not in lines(pilot)[9], "what is open to everybody is not among them"
        await pilot.press("space", "down", "space", "ctrl+s")
        await until(pilot, lambda: "2 access lists changed" in words(pilot))
        await until(pilot, lambda: "May not use 0" in shown(pilot))
        assert access_of(company, "press@corp.example") == names("bob", "@press")
        assert access_of(company, "help@brand-a.example") == names("bob", "@support")
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "May not use 1" in shown(pilot))
    assert access_of(company, "press@corp.example") == names("@press")


async def test_before_a_list_is_left_empty_it_is_asked(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: GroupPage("press")) as pilot:
        await pilot.press("w", "down", "space", "ctrl+s")
        await until(pilot, lambda: "Nobody is left on the access list of press@corp.example." in words(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, GroupPage))
        assert access_of(company, "press@corp.example") == names("@press")
        await pilot.press("w", "down", "space", "ctrl+s")
        await until(pilot, lambda: "Nobody is left" in words(pilot))
        await pilot.press("t")
        await until(pilot, lambda: "1 access list changed" in words(pilot))
    assert access_of(company, "press@corp.example") == names()


async def test_enter_opens_the_address_and_e_the_employee(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: EmployeePage("bob")) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AddressForm))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, EmployeePage))
        await pilot.press("e")
        await until(pilot, lambda: "Edit Bob Ionescu" in shown(pilot))
        await pilot.press("tab", "end")
        await typed(pilot, "x")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, EmployeePage))
    bob = company.employees.get("bob")
    assert bob is not None
    assert bob.email == "bob@corp.examplex"


async def test_an_employee_opens_from_the_list_and_escape_leads_back_to_him(company: Store) -> None:
    async with on_page(as_employee(company, ANA), People) as pilot:
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EmployeePage) and "May use 4" in shown(pilot))
        assert lines(pilot)[0].split("ana ·")[0].rstrip().endswith("Employees and groups / Bob Ionescu")
        await pilot.press("escape")
        await until(pilot, lambda: "▌Bob Ionescu" in shown(pilot))


async def test_a_member_sees_his_own_page_and_no_other(company: Store) -> None:
    async with on_page(as_employee(company, BOB), People) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "only an admin may look at what others may use" in words(pilot))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "May use 4" in shown(pilot))
        keys = lines(pilot)[-1]
        assert not any(word in keys for word in ("Edit", "Access lists", "Open"))
        await pilot.press("e", "w", "enter")
        assert isinstance(pilot.app.screen, EmployeePage)


async def test_the_page_of_somebody_who_is_removed_elsewhere_closes_and_says_so(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: EmployeePage("eve")) as pilot:
        await until(pilot, lambda: "in no group" in shown(pilot))
        other = Store(company.path)
        remove_employee(as_employee(other, ANA), "eve")
        other.close()
        await until(pilot, lambda: "there is no employee 'eve'" in words(pilot))
        assert not isinstance(pilot.app.screen, EmployeePage)


async def test_members_are_added_dropped_and_found(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: GroupPage("support")) as pilot:
        await until(pilot, lambda: "Members 2" in shown(pilot))
        await pilot.press("a", "down", "down", "space", "ctrl+s")
        await until(pilot, lambda: "1 put into Support" in words(pilot) and "Members 3" in shown(pilot))
        await pilot.press("slash")
        await typed(pilot, "eve")
        await until(pilot, lambda: "1 found" in shown(pilot))
        await pilot.press("enter", "d")
        await until(pilot, lambda: "1 taken out of Support" in words(pilot) and "Members 0" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Bob Ionescu" in shown(pilot))
        await pilot.press("asterisk", "d")
        await until(pilot, lambda: "2 taken out of Support" in words(pilot))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "Members 2" in shown(pilot))
    assert {member.login for member in company.employees.members("support")} == {"ana", "bob"}


async def test_a_group_shows_the_addresses_that_it_opens(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: GroupPage("support")) as pilot:
        await pilot.press("tab")
        await until(pilot, lambda: "▌✓ help@brand-a.example" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AddressForm))
        await pilot.press("escape", "tab", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EmployeePage))


async def test_an_empty_group_says_what_to_press(company: Store) -> None:
    with company.transaction():
        company.groups.save(company.groups.all()[0].model_copy(update={"key": "night", "name": "Night", "version": 0}))
    async with on_page(as_employee(company, ANA), lambda: GroupPage("night")) as pilot:
        await until(pilot, lambda: "a chooses who" in words(pilot) and "w chooses addresses" in words(pilot))


async def test_what_a_former_employee_left_is_listed_as_such_and_stays_off(company: Store) -> None:
    ana = as_employee(company, ANA)
    remove_employee(ana, "bob")
    async with on_page(ana, EmployeeAddresses) as pilot:
        await until(pilot, lambda: "was removed bob 1 off" in words(pilot))
        await pilot.press("G", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AddressesOf))
        await until(pilot, lambda: "is off: its owner, bob, is no employee any more" in words(pilot))
        assert "a Add" not in lines(pilot)[-1], "nobody can be given one who is no employee"
        await pilot.press("space")
        await until(pilot, lambda: "bob@corp.example stays off" in words(pilot))
        save_employee(ana, BOB)
        await pilot.press("escape")
        await until(pilot, lambda: "was removed" not in shown(pilot) and "Bob Ionescu" in shown(pilot))
    address = company.addresses.get("bob@corp.example")
    assert address is not None
    assert not address.enabled


async def test_thousands_of_addresses_are_read_by_the_window(company: Store) -> None:
    with company.transaction():
        for number in range(500):
            company.addresses.save(
                an_address(f"a{number:04}@corp.example", access=names("eve") if number % 2 else None)
            )
    async with on_page(as_employee(company, ANA), lambda: EmployeePage("bob")) as pilot:
        await until(pilot, lambda: "May use 254" in shown(pilot) and "May not use 251" in shown(pilot))
        await pilot.press("G")
        await until(pilot, lambda: "▌? new@brand-b.example" in shown(pilot))
        page = pilot.app.screen
        assert isinstance(page, EmployeePage)
        whole = page._used_rows.window(0, 1000, "")
        assert [row.key for row in whole[1:]] == [
            a.address for a in company.addresses.usable(company.employees.get("bob") or BOB, Window())
        ]
        assert page._used_rows.window(0, 3, "") + page._used_rows.window(3, 3, "") == whole[:6]


def test_the_page_of_an_employee_looks_as_before(snap_compare: Compare, company: Store) -> None:
    page = lambda: EmployeePage("bob")  # noqa: E731 - short, and named for the line below
    assert looks_as_before(snap_compare, as_employee(company, ANA), page, "down", "down", seen="only in Brand A")


def test_the_page_of_a_group_looks_as_before(snap_compare: Compare, company: Store) -> None:
    page = lambda: GroupPage("support")  # noqa: E731 - as above
    assert looks_as_before(snap_compare, as_employee(company, ANA), page, "m", seen="1 marked")


def test_access_lists_from_the_persons_end_look_as_before(snap_compare: Compare, company: Store) -> None:
    page = lambda: EmployeePage("eve")  # noqa: E731 - as above
    assert looks_as_before(snap_compare, as_employee(company, ANA), page, "w", "space", seen="1 picked")

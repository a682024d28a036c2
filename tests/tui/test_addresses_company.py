"""The company's addresses: the table, what stands below it, and what can be done to one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.addresses import AddressState
from mailtui.core.people import AccessList
from mailtui.demo.plans import GOOD, SILENT, WRONG_PASSWORD
from mailtui.demo.servers import LoopbackServers, in_thread
from mailtui.operations.bulk import remove_addresses
from mailtui.store import Store
from mailtui.store.addresses import Owner
from mailtui.store.window import Window
from mailtui.tui.addresses.words import age, who
from mailtui.tui.screens.company_addresses import CompanyAddresses
from mailtui.tui.screens.employee_addresses import EmployeeAddresses
from mailtui.tui.widgets.details import Details
from tests.company import NOW, an_address, names
from tests.tui.filling import a_stored_address, fill, run_the_test, says
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, Compare, as_employee, looks_as_before, on_page, typed, until

ADMIN_KEYS = ("a Add", "enter Edit", "t Test", "space Off/on", "d Delete")


TO_FAILING = ("down",) * 3


@pytest.fixture(scope="module")
def servers() -> Iterator[LoopbackServers]:
    with in_thread((GOOD, WRONG_PASSWORD, SILENT)) as running:
        yield running


@pytest.fixture
def failing(company: Store) -> Store:
    with company.transaction():
        company.addresses.save(
            an_address(
                "ops@brand-a.example", tested="failed", access=names("ana", "bob", "@press"), projects={"brand-a"}
            )
        )
        company.addresses.save(an_address("zzz@brand-a.example", enabled=False, access=names(), projects={"old"}))
    return company


async def test_the_table_says_server_access_projects_and_test(failing: Store) -> None:
    async with on_page(as_employee(failing, ANA), CompanyAddresses) as pilot:
        rows = ["  ".join(line.split()) for line in lines(pilot)[2:8]]
        assert rows == [
            "▌✓  hello@corp.example  127.0.0.1  everybody  all  now",
            "✓  help@brand-a.example  127.0.0.1  Support  brand-a  now",
            "?  new@brand-b.example  127.0.0.1  everybody  brand-b  never",
            "✗  ops@brand-a.example  127.0.0.1  2  +  Press  brand-a  now",
            "✓  press@corp.example  127.0.0.1  Press  all  now",
            "–  zzz@brand-a.example  127.0.0.1  nobody  old  off",
        ]


async def test_below_stands_why_the_marked_one_is_not_offered(failing: Store) -> None:
    async with on_page(as_employee(failing, ANA), CompanyAddresses) as pilot:
        await says(pilot, "✓ hello@corp.example is offered · tested just now")
        await pilot.press(*TO_FAILING)
        await says(pilot, "✗ ops@brand-a.example is not offered since today 10:00: Wrong password sign in: 535 no")
        await pilot.press("up")
        await says(pilot, "? new@brand-b.example is not offered: not tested as it stands")
        await says(pilot, "t tests it")
        await pilot.press("G")
        await says(pilot, "– zzz@brand-a.example is off: nobody is offered it")


async def test_what_belongs_to_the_marked_row_is_drawn_in_the_frame_of_its_mark(failing: Store) -> None:
    async with on_page(as_employee(failing, ANA), CompanyAddresses) as pilot:
        page = pilot.app.screen
        assert isinstance(page, CompanyAddresses)
        page.table.rows.move_to(3)
        assert page.query_one(Details).text.startswith("✗ ops@brand-a.example")
        await until(pilot, lambda: "r Reason" in lines(pilot)[-1])


async def test_what_works_and_reaches_nobody_says_so(failing: Store) -> None:
    with failing.transaction():
        failing.addresses.save(an_address("aaa@corp.example", tested="passed", access=names()))
        failing.addresses.save(an_address("aab@corp.example", tested="passed", projects=set()))
    async with on_page(as_employee(failing, ANA), CompanyAddresses) as pilot:
        await says(pilot, "✓ aaa@corp.example works, but nobody is on its access list")
        await pilot.press("down")
        await says(pilot, "✓ aab@corp.example works, but is bound to no project any more")


async def test_an_address_that_another_process_removes_leaves_the_list(failing: Store) -> None:
    async with on_page(as_employee(failing, ANA), CompanyAddresses) as pilot:
        await until(pilot, lambda: "new@brand-b.example" in shown(pilot))
        elsewhere = Store(failing.path)
        remove_addresses(as_employee(elsewhere, ANA), ["new@brand-b.example"])
        elsewhere.close()
        await until(pilot, lambda: "new@brand-b.example" not in shown(pilot))


async def test_a_narrow_terminal_keeps_the_addresses_whole(failing: Store) -> None:
    async with on_page(as_employee(failing, BOB), CompanyAddresses, size=(44, 14)) as pilot:
        assert "ops@brand-a.example" in shown(pilot)


async def test_a_new_company_is_told_what_to_press(store: Store, identity_file: object) -> None:
    async with on_page(as_employee(store, ANA), CompanyAddresses) as pilot:
        await says(pilot, "a Add external e-mail address")
        await pilot.press("E")
        await until(pilot, lambda: isinstance(pilot.app.screen, EmployeeAddresses))


async def test_a_member_of_a_new_company_is_told_who_adds_addresses(store: Store, identity_file: object) -> None:
    async with on_page(as_employee(store, BOB), CompanyAddresses) as pilot:
        await says(pilot, "There are no addresses here yet: an administrator adds them.")
        assert "a Add" not in shown(pilot)


async def test_what_is_added_is_marked_in_the_table(company: Store, servers: LoopbackServers) -> None:
    async with on_page(as_employee(company, ANA), CompanyAddresses) as pilot:
        await pilot.press("a")
        await says(pilot, "Shown as")
        await fill(pilot, servers["good"])
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await says(pilot, "sales@demo.example is saved.")
        await until(pilot, lambda: any(line.startswith("▌✓ sales@demo.example") for line in lines(pilot)))


async def test_space_switches_an_address_off_and_on_in_its_place(company: Store) -> None:
    async with on_page(as_employee(company, ANA), CompanyAddresses) as pilot:
        await pilot.press("down", "space")
        await until(pilot, lambda: lines(pilot)[3].startswith("▌– help@brand-a.example"))
        stored = company.addresses.get("help@brand-a.example")
        assert stored is not None and not stored.enabled
        await pilot.press("space")
        await until(pilot, lambda: lines(pilot)[3].startswith("▌✓ help@brand-a.example"))


async def test_deleting_says_which_project_loses_its_sender_and_asks(company: Store) -> None:
    with company.transaction():
        found = company.addresses.get("ana@corp.example")
        assert found is not None
        company.addresses.remove(found.id)
    async with on_page(as_employee(company, ANA), CompanyAddresses) as pilot:
        await pilot.press("down", "d")
        await says(pilot, "Delete help@brand-a.example?")
        await says(pilot, "Left without a sender of their own: Brand A")
        await pilot.press("escape")
        assert company.addresses.get("help@brand-a.example") is not None
        await pilot.press("d")
        await says(pilot, "Delete help@brand-a.example?")
        await pilot.press("d")
        await until(pilot, lambda: company.addresses.get("help@brand-a.example") is None)
        await until(pilot, lambda: lines(pilot)[3].startswith("▌? new@brand-b.example"))


async def test_several_addresses_are_switched_off_at_once_and_that_is_taken_back(company: Store) -> None:
    async with on_page(as_employee(company, ANA), CompanyAddresses) as pilot:
        await pilot.press("asterisk", "space")
        await says(pilot, "4 switched off · ctrl+z takes it back")
        assert not any(address.enabled for address in company.addresses.rows(Window(), Owner.COMPANY))
        await pilot.press("ctrl+z")
        await says(pilot, "4 taken back")
    assert all(address.enabled for address in company.addresses.rows(Window(), Owner.COMPANY))


async def test_several_addresses_are_bound_and_it_is_asked_where_that_narrows(company: Store) -> None:
    async with on_page(as_employee(company, ANA), CompanyAddresses) as pilot:
        await pilot.press("m", "m", "b")
        await says(pilot, "Bind to which project? 2 addresses")
        await pilot.press("down", "enter")
        await says(pilot, "For every project so far, and only for Brand B then: hello@corp.example.")
        await pilot.press("b")
        await says(pilot, "2 bound to Brand B")
    projects = {address.address: address.projects for address in company.addresses.all()}
    assert projects["hello@corp.example"] == frozenset({"brand-b"})
    assert projects["help@brand-a.example"] == frozenset({"brand-a", "brand-b"})


async def test_people_and_groups_are_let_in_and_what_is_open_stays_open(company: Store) -> None:
    async with on_page(as_employee(company, ANA), CompanyAddresses) as pilot:
        await pilot.press("asterisk", "w")
        await says(pilot, "Who may use 4 addresses too?")
        await pilot.press("slash", "e", "v", "e", "enter", "space", "ctrl+s")
        await says(pilot, "2 let them in")
    access = {address.address: address.access for address in company.addresses.all()}
    assert access["hello@corp.example"] is None
    assert access["help@brand-a.example"] == names("eve", "@support")
    assert access["press@corp.example"] == names("eve", "@press")


async def test_several_addresses_are_deleted_after_one_question_and_not_taken_back(company: Store) -> None:
    async with on_page(as_employee(company, ANA), CompanyAddresses) as pilot:
        await pilot.press("m", "m", "d")
        await says(pilot, "Delete 2 addresses?")
        await says(pilot, "A deletion cannot be taken back.")
        await pilot.press("d")
        await says(pilot, "2 deleted")
        await pilot.press("ctrl+z")
    assert [address.address for address in company.addresses.rows(Window(), Owner.COMPANY)] == [
        "new@brand-b.example", "press@corp.example"
    ]  # fmt: skip


async def test_the_addresses_are_ordered_by_server_test_and_state(failing: Store) -> None:
    async with on_page(as_employee(failing, ANA), CompanyAddresses) as pilot:
        await until(pilot, lambda: "Address ▲" in shown(pilot))
        await pilot.press("o")
        await until(pilot, lambda: "Server ▲" in shown(pilot))
        await pilot.press("o")
        await until(pilot, lambda: "Test ▲" in shown(pilot) and "▌? new@brand-b.example" in shown(pilot))
        await pilot.press("o")
        await until(pilot, lambda: "▌✗ ops@brand-a.example" in shown(pilot))
        await says(pilot, "✗ ops@brand-a.example is not offered since")
        await pilot.press("O")
        await until(pilot, lambda: "▌– zzz@brand-a.example" in shown(pilot))


async def test_a_stored_address_is_tested_as_it_stands(company: Store, servers: LoopbackServers) -> None:
    context = as_employee(company, ANA)
    a_stored_address(context, servers["wrong-password"], "aaa@demo.example")
    async with on_page(context, CompanyAddresses) as pilot:
        await says(pilot, "▌✓ aaa@demo.example")
        await pilot.press("t")
        await says(pilot, "✗ sign in Wrong password")
        await pilot.press("r")
        await says(pilot, "What to do, the most likely first")
        await pilot.press("escape", "escape")
        await says(pilot, "▌✗ aaa@demo.example")
        await pilot.press("r")
        await says(pilot, "✗ Wrong password, at the step: sign in")
    stored = company.addresses.get("aaa@demo.example")
    assert stored is not None and stored.state is AddressState.FAILING


async def test_escape_stops_the_test_of_a_stored_address_and_then_closes(
    company: Store, servers: LoopbackServers
) -> None:
    context = as_employee(company, ANA)
    a_stored_address(context, servers["silent"], "aaa@demo.example")
    async with on_page(context, CompanyAddresses) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: servers.open_connections == 1)
        await pilot.press("escape")
        await says(pilot, "stopped")
        assert "esc Close" in lines(pilot)[-1]
        await until(pilot, lambda: servers.open_connections == 0)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompanyAddresses))


async def test_a_reason_is_shown_only_where_there_is_a_failure(failing: Store) -> None:
    async with on_page(as_employee(failing, ANA), CompanyAddresses) as pilot:
        assert "r Reason" not in lines(pilot)[-1]
        await pilot.press(*TO_FAILING)
        await until(pilot, lambda: "r Reason" in lines(pilot)[-1])


async def test_a_member_sees_the_table_without_the_keys_that_change_it(failing: Store) -> None:
    async with on_page(as_employee(failing, BOB), CompanyAddresses) as pilot:
        assert "hello@corp.example" in shown(pilot)
        assert not any(key in lines(pilot)[-1] for key in ADMIN_KEYS)
        await pilot.press("a", "enter", "t", "space", "d", "m", "b", "w", "ctrl+z")
        assert isinstance(pilot.app.screen, CompanyAddresses)
        await pilot.press(*TO_FAILING, "r")
        await says(pilot, "What to do, the most likely first")


async def test_the_filter_narrows_the_table(company: Store) -> None:
    async with on_page(as_employee(company, ANA), CompanyAddresses) as pilot:
        await pilot.press("slash")
        await typed(pilot, "brand-b")
        await until(pilot, lambda: "hello@" not in shown(pilot) and "new@brand-b" in shown(pilot))


@given(st.integers(0, 10**8))
def test_an_age_is_short_and_never_in_the_future(seconds: int) -> None:
    written = age(NOW - timedelta(seconds=seconds), NOW)
    assert len(written) <= 6
    assert written == age(NOW, NOW) if seconds < 60 else written[0].isdigit()


@pytest.mark.parametrize(
    ("access", "words"),
    [
        (None, "everybody"),
        (AccessList(), "nobody"),
        (names("ana"), "ana"),
        (names("ana", "bob"), "2 people"),
        (names("@press"), "PRESS"),
        (names("@press", "@support"), "2 groups"),
        (names("ana", "bob", "@press"), "2 + PRESS"),
    ],
)
def test_access_in_few_words(access: AccessList | None, words: str) -> None:
    assert who(access, str.upper) == words


def test_the_list_looks_as_before(snap_compare: Compare, failing: Store) -> None:
    assert looks_as_before(
        snap_compare, as_employee(failing, ANA), CompanyAddresses, *TO_FAILING, seen="Wrong password"
    )


def test_the_empty_list_looks_as_before(snap_compare: Compare, store: Store, identity_file: object) -> None:
    assert looks_as_before(snap_compare, as_employee(store, ANA), CompanyAddresses, seen="Should each person")


def test_the_question_before_deleting_looks_as_before(snap_compare: Compare, failing: Store) -> None:
    assert looks_as_before(
        snap_compare, as_employee(failing, ANA), CompanyAddresses, *TO_FAILING, "d", seen="Delete ops"
    )

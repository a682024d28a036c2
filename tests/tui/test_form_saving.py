"""What can be saved, and what keeps something from being saved (S6)."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from mailtui.core.addresses import AddressState
from mailtui.core.people import AccessList, Role
from mailtui.demo.plans import GOOD, SILENT, WRONG_PASSWORD
from mailtui.demo.servers import LoopbackServers, in_thread
from mailtui.operations.addresses import draft_of, save_address
from mailtui.operations.bulk import remove_addresses
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context
from mailtui.operations.identity import Actor
from mailtui.store import Store
from tests.company import NOW
from tests.tui.filling import (
    SALES,
    TO_PASSWORD,
    a_stored_address,
    fill,
    focused,
    form,
    is_closed,
    open_form,
    pasted,
    run_the_test,
    says,
    to_address,
)
from tests.tui.pages import ANA, BOB, as_employee, typed, until


@pytest.fixture(scope="module")
def servers() -> Iterator[LoopbackServers]:
    with in_thread((GOOD, WRONG_PASSWORD, SILENT)) as running:
        yield running


@pytest.fixture
def ana(company: Store) -> Context:
    return as_employee(company, ANA)


async def test_nothing_is_saved_before_a_test(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"])
        await pilot.press("ctrl+s")
        await says(pilot, "Not saved: test the account first")
        await says(pilot, "ctrl+s Save: needs a successful test")
    assert ana.store.addresses.get(SALES) is None


async def test_settings_that_passed_their_test_are_saved(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"])
        await run_the_test(pilot)
        await says(pilot, "Tested just now: may be saved")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None
    assert (saved.state, saved.account.username) == (AddressState.READY, SALES)
    assert ana.secrets.get(saved.secret_id) == servers["good"].password


async def test_a_failed_test_does_not_allow_saving(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["wrong-password"])
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await says(pilot, "Not saved: the test of the account failed")
    assert ana.store.addresses.get(SALES) is None


@pytest.mark.parametrize(
    ("tabs", "field", "instead"),
    [
        (0, "address", "other@demo.example"),
        (3, "server", "localhost"),
        (4, "port", "2525"),
        (7, "user name", "somebody"),
        (8, "password", "another"),
    ],
)
async def test_a_change_of_what_was_tested_takes_saving_away(
    ana: Context, servers: LoopbackServers, tabs: int, field: str, instead: str
) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"])
        await run_the_test(pilot)
        await to_address(pilot)
        await pilot.press(*("tab",) * tabs)
        await pasted(pilot, instead)
        await says(pilot, f"Changed since the test: {field}")
        await says(pilot, "ctrl+s Save: changed since the test")
        await pilot.press("ctrl+s")
        await says(pilot, "Not saved: ")
        assert not is_closed(pilot)


async def test_a_change_that_is_taken_back_may_be_saved(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"])
        await run_the_test(pilot)
        await pilot.press("shift+tab", "shift+tab", "end", "x")
        await says(pilot, "Changed since the test: password")
        await pilot.press("backspace")
        await says(pilot, "Tested just now: may be saved")


async def test_name_access_and_projects_change_without_a_new_test(ana: Context, servers: LoopbackServers) -> None:
    stored = a_stored_address(ana, servers["good"])
    async with open_form(ana, stored) as pilot:
        await pilot.press("tab")
        await typed(pilot, "Sales")
        await pilot.press("f3", "space", "tab", "space")
        await pilot.press("f4", "space", "tab", "space")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None
    assert (saved.name, saved.access, saved.projects) == (
        "Sales",
        AccessList(groups=frozenset({"press"})),
        frozenset({"brand-a"}),
    )
    assert (saved.state, saved.secret_id) == (AddressState.READY, stored.secret_id)


async def test_marks_that_do_not_count_are_not_lost(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        await pilot.press("f3", "space", "tab", "space", "shift+tab", "space")
        assert form(pilot).draft().access is None
        await pilot.press("space")
        assert form(pilot).draft().access == AccessList(groups=frozenset({"press"}))


async def test_an_access_list_without_a_name_says_that_nobody_may_use_it(
    ana: Context, servers: LoopbackServers
) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        await pilot.press("f3", "space")
        await says(pilot, "nobody may use it")
        assert form(pilot).draft().access == AccessList()


async def test_no_marked_project_is_refused_where_they_are_marked(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        await pilot.press("f4", "space", "f2")
        await says(pilot, "Save: choose a project")
        await pilot.press("ctrl+s")
        await says(pilot, "✗ choose at least one project, or all projects")
        assert form(pilot).shown_tab == 2


async def test_the_stored_password_is_kept_until_another_is_typed(ana: Context, servers: LoopbackServers) -> None:
    stored = a_stored_address(ana, servers["good"], username="somebody")
    async with open_form(ana, stored) as pilot:
        await says(pilot, "(kept)")
        await says(pilot, "Tested just now: may be saved")
        await pilot.press(*TO_PASSWORD)
        await pasted(pilot, SALES)
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None
    assert (saved.account.username, saved.secret_id) == (SALES, stored.secret_id)


async def test_an_address_that_exists_is_refused_at_its_field(ana: Context, servers: LoopbackServers) -> None:
    a_stored_address(ana, servers["good"])
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"], address=SALES.upper())
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await says(pilot, f"✗ {SALES} exists already: edit that one")
        assert focused(pilot) == "address"


async def test_saving_waits_for_the_test_that_is_under_way(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["silent"])
        await pilot.press("ctrl+t")
        await says(pilot, "ctrl+s Save: after the test")
        await pilot.press("ctrl+s")
        await says(pilot, "Not saved: test the account first")
        await pilot.press("escape")
        await until(pilot, lambda: not form(pilot).panel.running)


def renamed_by_bob(store: Store) -> None:
    """Another administrator saves the same address under another name."""
    bob = Actor(employee=BOB.model_copy(update={"role": Role.ADMIN}), login="bob")
    stored = store.addresses.get(SALES)
    assert stored is not None
    context = Context(store, bob, Configuration(keyring="vault"), lambda: NOW)
    save_address(context, draft_of(stored).model_copy(update={"name": "From Bob"}))


async def test_who_was_first_is_named_and_what_was_typed_is_kept(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        await pilot.press("tab")
        await typed(pilot, "Mine")
        renamed_by_bob(ana.store)
        await pilot.press("ctrl+s")
        await says(pilot, "was changed by bob")
        await says(pilot, "[x] Mine [ ] From Bob")
        await pilot.press("enter")
        await says(pilot, "The form holds what you chose")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None and saved.name == "Mine"


async def test_what_somebody_else_saved_can_be_taken(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        await pilot.press("tab")
        await typed(pilot, "Mine")
        renamed_by_bob(ana.store)
        await pilot.press("ctrl+s")
        await says(pilot, "was changed by bob")
        await pilot.press("t", "enter")
        await until(pilot, lambda: form(pilot).account.display_name.value == "From Bob")
        await pilot.press("escape")
        await until(pilot, lambda: is_closed(pilot))


async def test_a_test_noted_with_the_address_meanwhile_is_no_conflict(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        await pilot.press("tab")
        await typed(pilot, "Mine")
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None and saved.name == "Mine"


async def test_what_was_removed_meanwhile_can_be_added_again(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        remove_addresses(ana, [SALES])
        await pilot.press("ctrl+s")
        await says(pilot, "was removed meanwhile")
        await pilot.press(*("tab",) * 8)
        await pasted(pilot, servers["good"].password.get_secret_value())
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    assert ana.store.addresses.get(SALES) is not None


async def test_leaving_asks_when_something_typed_would_be_lost(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "sales")
        await pilot.press("escape")
        await says(pilot, "Close without saving?")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form(pilot))
        assert form(pilot).account.address.value == "sales"
        await pilot.press("escape", "d")
        await until(pilot, lambda: is_closed(pilot))


async def test_leaving_does_not_ask_when_nothing_was_typed(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press("escape")
        await until(pilot, lambda: is_closed(pilot))


async def test_an_employee_address_belongs_to_its_employee(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana, owner=BOB) as pilot:
        await says(pilot, "Add address of Bob Ionescu")
        await fill(pilot, servers["good"])
        await pilot.press("f3")
        await says(pilot, "Only Bob Ionescu may use it")
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None and (saved.owner, saved.access) == ("bob", None)


async def test_the_password_is_nowhere_on_the_screen_or_in_the_draft(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press(*("tab",) * 8)
        await pasted(pilot, "hunter2secret")
        assert focused(pilot) == "password"
        assert "hunter2secret" not in pilot.app.export_screenshot()
        assert form(pilot).account.secret == SecretStr("hunter2secret")
        await pilot.press("f8")
        await says(pilot, "hunter2secret")
        await pilot.press("tab")
        await until(pilot, lambda: "hunter2secret" not in pilot.app.export_screenshot())

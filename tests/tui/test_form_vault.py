"""The vault's passphrase, asked for when an operation needs it; the operation then goes on by itself."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot

from mailtui.core.addresses import AddressState
from mailtui.core.people import Role
from mailtui.demo.plans import GOOD
from mailtui.demo.servers import LoopbackServers, in_thread
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.help import Help
from mailtui.tui.screens.passphrase import TRIES, Passphrase
from tests.tui.filling import (
    SALES,
    a_stored_address,
    fill,
    focused,
    form,
    is_closed,
    open_form,
    pasted,
    run_the_test,
    says,
)
from tests.tui.frame import shown
from tests.tui.pages import ANA, a_working_company, as_employee, on_page, until

PASSPHRASE = SecretStr("correct horse")


@pytest.fixture(scope="module")
def servers() -> Iterator[LoopbackServers]:
    with in_thread((GOOD,)) as running:
        yield running


@pytest.fixture
def ana(store: Store, monkeypatch: pytest.MonkeyPatch) -> Context:
    """No identity file: the vault has a passphrase, or is not there yet."""
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE", raising=False)
    monkeypatch.delenv("MAILTUI_PASSPHRASE_FILE", raising=False)
    a_working_company(store)
    return as_employee(store, ANA)


async def test_the_first_password_makes_a_vault_whose_passphrase_is_typed_twice(
    ana: Context, servers: LoopbackServers
) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"])
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await says(pilot, "Choose a passphrase")
        await pilot.press("enter")
        await says(pilot, "✗ the passphrase is empty")
        await pasted(pilot, "correct horse")
        await pilot.press("enter")
        await pasted(pilot, "correct house")
        await pilot.press("enter")
        await says(pilot, "✗ the two are not the same")
        await pasted(pilot, "correct horse")
        await pilot.press("enter")
        await pasted(pilot, "correct horse")
        await pilot.press("enter")
        await says(pilot, "unlocking")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None and saved.state is AddressState.READY
    assert ana.secrets.get(saved.secret_id) == servers["good"].password


async def test_a_stored_password_is_unlocked_and_the_test_goes_on(ana: Context, servers: LoopbackServers) -> None:
    ana.secrets.create(PASSPHRASE)
    stored = a_stored_address(ana, servers["good"])
    later = as_employee(ana.store, ANA)  # Another process, whose vault is locked.
    async with open_form(later, stored) as pilot:
        await pilot.press("ctrl+t")
        await says(pilot, "Unlock the passwords")
        await pasted(pilot, "wrong")
        await pilot.press("enter")
        await says(pilot, "✗ ")
        assert "wrong" not in shown(pilot).replace("wrong passphrase", "").replace("is wrong", "")
        await pasted(pilot, "correct horse")
        await pilot.press("enter")
        await says(pilot, "Tested just now: may be saved")
        assert form(pilot).panel.result is not None


async def test_who_gives_up_has_lost_nothing(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"])
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await says(pilot, "Choose a passphrase")
        await pilot.press("escape")
        await says(pilot, "Not saved: the password has no place to be kept in yet.")
        assert not is_closed(pilot)
        assert form(pilot).account.address.value == SALES
    assert ana.store.addresses.get(SALES) is None


async def wrong_three_times(pilot: Pilot[None]) -> None:
    """Until the dialog says what can be done."""
    dialog = pilot.app.screen
    for _ in range(TRIES):
        await pasted(pilot, "wrong")
        await pilot.press("enter")
        await until(pilot, lambda: not dialog.query_one("#passphrase").disabled)


async def test_after_three_wrong_passphrases_it_says_what_can_be_done_and_what_it_costs(
    ana: Context, servers: LoopbackServers
) -> None:
    ana.secrets.create(PASSPHRASE)
    stored = a_stored_address(ana, servers["good"])
    later = as_employee(ana.store, ANA)
    async with open_form(later, stored) as pilot:
        await pilot.press("ctrl+t")
        await says(pilot, "Unlock the passwords")
        await wrong_three_times(pilot)
        await says(pilot, "Is the passphrase forgotten?")
        await says(pilot, "The password of one address is typed again")
        await says(pilot, "Nothing else is lost")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Passphrase))
        await pasted(pilot, "correct horse")
        await pilot.press("enter")
        await says(pilot, "Tested just now: may be saved")


async def test_a_new_vault_is_started_where_the_passphrase_is_forgotten_and_the_password_typed_again(
    ana: Context, servers: LoopbackServers
) -> None:
    ana.secrets.create(PASSPHRASE)
    stored = a_stored_address(ana, servers["good"])
    later = as_employee(ana.store, ANA)
    async with open_form(later, stored) as pilot:
        await pilot.press("ctrl+t")
        await says(pilot, "Unlock the passwords")
        await pilot.press("ctrl+n")
        await says(pilot, "Is the passphrase forgotten?")
        await pilot.press("n")
        await says(pilot, "the password is missing")
        assert focused(pilot) == "password"
        await pasted(pilot, servers["good"].password.get_secret_value())
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await says(pilot, "Choose a passphrase")
        await pasted(pilot, "another one")
        await pilot.press("enter")
        await pasted(pilot, "another one")
        await pilot.press("enter")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None and saved.state is AddressState.READY
    assert later.secrets.get(saved.secret_id) == servers["good"].password


async def test_a_member_cannot_start_a_new_vault(ana: Context) -> None:
    ana.secrets.create(PASSPHRASE)
    member = as_employee(ana.store, ANA, role=Role.MEMBER)
    async with on_page(member, lambda: Passphrase(member, new=False)) as pilot:
        await pilot.press("ctrl+n")
        assert isinstance(pilot.app.screen, Passphrase)
        await wrong_three_times(pilot)
        await says(pilot, "an admin can start a new vault")


async def test_who_closes_the_dialog_goes_on_working_while_the_vault_is_unlocked(ana: Context) -> None:
    ana.secrets.create(PASSPHRASE)
    later = as_employee(ana.store, ANA)
    async with on_page(later, lambda: Passphrase(later, new=False)) as pilot:
        await pasted(pilot, "correct horse")
        await pilot.press("enter")
        await says(pilot, "esc goes on meanwhile")
        await pilot.press("escape")
        assert later.secrets.locked
        await pilot.press("down")
        await says(pilot, "The passwords are unlocked.")
    assert not later.secrets.locked


async def test_the_dialog_closes_when_the_help_over_it_is_closed(ana: Context) -> None:
    ana.secrets.create(PASSPHRASE)
    later = as_employee(ana.store, ANA)
    async with on_page(later, lambda: Passphrase(later, new=False)) as pilot:
        await pasted(pilot, "correct horse")
        await pilot.press("enter", "f1")
        await until(pilot, lambda: not later.secrets.locked)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Passphrase | Help))

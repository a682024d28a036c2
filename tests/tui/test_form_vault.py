"""The vault's passphrase, asked for when an operation needs it; the operation then goes on by itself."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from mailtui.core.addresses import AddressState
from mailtui.demo.plans import GOOD
from mailtui.demo.servers import LoopbackServers, in_thread
from mailtui.operations.context import Context
from mailtui.store import Store
from tests.tui.filling import (
    SALES,
    a_stored_address,
    fill,
    form,
    is_closed,
    open_form,
    pasted,
    run_the_test,
    says,
)
from tests.tui.frame import shown
from tests.tui.pages import ANA, a_working_company, as_employee, until

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

"""The page of OAuth providers, and their form."""

import pytest

from mailtui.core.people import Role
from mailtui.core.providers import Flow
from mailtui.demo.provider import CLIENT, OAuthProvider
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.screens.providers import Providers
from tests.company import an_address
from tests.operations.signing_in import oauth_company
from tests.signin.person import POST
from tests.tui.filling import pasted, says
from tests.tui.pages import ANA, BOB, Compare, a_working_company, as_employee, looks_as_before, on_page, typed, until


@pytest.fixture
def ana(store: Store, identity_file: object) -> Context:
    a_working_company(store)
    return as_employee(store, ANA)


async def test_an_empty_page_says_what_a_provider_is_for_and_what_to_press(ana: Context) -> None:
    async with on_page(ana, Providers) as pilot:
        await says(pilot, "Google, Microsoft and Yahoo are described")
        await says(pilot, "a Add an OAuth provider")


async def test_a_known_provider_is_added_along_its_steps_and_its_secret_goes_into_the_keyring(ana: Context) -> None:
    async with on_page(ana, Providers) as pilot:
        await pilot.press("a")
        await typed(pilot, "google")
        await says(pilot, "1. In the Google Cloud console make a project")
        await pilot.press("tab", "tab")
        await pasted(pilot, "c.example")
        await pilot.press("tab")
        await pasted(pilot, "s3cret")
        await pilot.press("ctrl+s")
        await says(pilot, "google https://accounts.google.com in a browser kept")
    provider = ana.store.providers.get("google")
    assert provider is not None
    assert ana.secrets.get(provider.client_secret_id).get_secret_value() == "s3cret"


async def test_a_provider_of_ones_own_is_asked_for_its_endpoints(ana: Context) -> None:
    async with OAuthProvider(interval=0.01) as provider, on_page(ana, Providers) as pilot:
        await pilot.press("a")
        await typed(pilot, "own")
        await pilot.press("tab")
        await pasted(pilot, provider.issuer)
        await pilot.press("tab")
        await pasted(pilot, CLIENT)
        await pilot.press("ctrl+s")
        await says(pilot, f"own {provider.issuer} by a code none")


async def test_an_issuer_that_does_not_answer_is_told_and_nothing_typed_is_lost(ana: Context) -> None:
    async with on_page(ana, Providers) as pilot:
        await pilot.press("a")
        await typed(pilot, "own")
        await pilot.press("tab")
        await pasted(pilot, "http://127.0.0.1:9")
        await pilot.press("tab")
        await pasted(pilot, "c")
        await pilot.press("ctrl+s")
        await says(pilot, "✗")
        await says(pilot, "http://127.0.0.1:9")


async def test_a_secret_is_given_again_while_addresses_sign_in_there(ana: Context) -> None:
    """As after a vault that was started anew."""
    async with oauth_company(ana, flow=Flow.DEVICE) as company:
        with ana.store.transaction():
            ana.store.addresses.save(an_address(POST, account=company.account, tested="never"))
        async with on_page(ana, Providers) as pilot:
            await says(pilot, f"{POST} signs in there.")
            await pilot.press("e", "tab")
            await pasted(pilot, "again")
            await pilot.press("ctrl+s")
            await says(pilot, "by a code kept")


async def test_one_that_addresses_use_is_not_deleted_and_another_is_after_a_question(ana: Context) -> None:
    async with oauth_company(ana, flow=Flow.DEVICE) as company:
        with ana.store.transaction():
            used = ana.store.addresses.save(an_address(POST, account=company.account, tested="never"))
        async with on_page(ana, Providers) as pilot:
            await pilot.press("d", "d")
            await says(pilot, f"{POST} sign in with loopback")
            with ana.store.transaction():
                ana.store.addresses.remove(used.id)
            await pilot.press("d", "d")
            await until(pilot, lambda: ana.store.providers.get("loopback") is None)


async def test_a_member_looks_and_changes_nothing(store: Store, ana: Context) -> None:
    async with oauth_company(ana, flow=Flow.DEVICE), on_page(as_employee(store, BOB, role=Role.MEMBER), Providers) as p:
        await says(p, "loopback")
        await p.press("a", "e", "d")
        assert isinstance(p.app.screen, Providers)


def test_the_form_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    keys = ("a", *"microsoft", "tab", "tab")
    assert looks_as_before(snap_compare, ana, Providers, *keys, seen="ctrl+y Copy the link")

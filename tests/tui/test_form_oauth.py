"""Signing in with OAuth in the form: the flow over it, what it shows, and what comes of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import pytest
from textual.pilot import Pilot

from mailtui.core.addresses import AddressState, ExternalAddress
from mailtui.core.providers import Flow
from mailtui.operations.context import Context
from mailtui.operations.sign_in import Prompt
from mailtui.store import Store
from mailtui.tui.form.oauth_flow import OAuthFlow
from tests.company import NOW, an_address
from tests.operations.signing_in import OAuthCompany, oauth_company
from tests.signin.person import POST, answer, visit
from tests.tui.filling import choose, fill, focused, form, is_closed, open_form, pasted, run_the_test, says
from tests.tui.frame import SIZE
from tests.tui.pages import ANA, Compare, OnPage, a_working_company, as_employee, until, words

TO_SIGN_IN: Final = 4
"""Tabs back from the CA file."""


@pytest.fixture
def ana(store: Store, identity_file: object) -> Context:
    a_working_company(store)
    return as_employee(store, ANA)


async def fill_in(pilot: Pilot[None], company: OAuthCompany) -> None:
    """Everything that the server wants; then OAuth and the provider."""
    await fill(pilot, company.servers["oauth"], address=POST, password="")
    while focused(pilot) != "signin":
        await pilot.press("shift+tab")
    await choose(pilot, "OAuth")
    await pilot.press("tab", "tab")
    assert focused(pilot) == "provider"
    await pasted(pilot, "loopback")


def flow(pilot: Pilot[None]) -> OAuthFlow:
    screen = pilot.app.screen
    assert isinstance(screen, OAuthFlow)
    return screen


def prompt_url(pilot: Pilot[None]) -> str:
    prompt = flow(pilot)._prompt
    assert prompt is not None
    return prompt.quick_url


def imported(ana: Context, company: OAuthCompany) -> ExternalAddress:
    """As an import leaves it."""
    with ana.store.transaction():
        return ana.store.addresses.save(an_address(POST, account=company.account, tested="never"))


@asynccontextmanager
async def at_the_flow(ana: Context, kind: Flow) -> AsyncIterator[tuple[Pilot[None], OAuthCompany]]:
    """The form of an address for which nobody has signed in yet, and the flow that its test opens."""
    async with oauth_company(ana, flow=kind) as company, open_form(ana, imported(ana, company)) as pilot:
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(pilot.app.screen, OAuthFlow) and flow(pilot)._prompt)
        yield pilot, company


def ended(pilot: Pilot[None]) -> Callable[[], object]:
    return lambda: form(pilot).panel.result is not None and not form(pilot).panel.running


async def test_a_test_asks_to_sign_in_first_and_a_yes_on_the_page_goes_on_by_itself(ana: Context) -> None:
    async with oauth_company(ana) as company, open_form(ana) as pilot:
        await fill_in(pilot, company)
        await pilot.press("ctrl+t")
        await says(pilot, "Open this page on any device, type the code")
        await says(pilot, "left")
        await says(pilot, f"{company.provider.issuer}/device")
        await answer(prompt_url(pilot))
        await until(pilot, ended(pilot))
        await says(pilot, "may be saved")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
        saved = ana.store.addresses.get(POST)
    assert saved is not None
    assert (saved.state, saved.account.provider) == (AddressState.READY, "loopback")


async def test_over_ssh_the_address_of_the_last_page_is_pasted(ana: Context) -> None:
    async with at_the_flow(ana, Flow.BROWSER) as (pilot, _):
        back = await answer(prompt_url(pilot))
        await pasted(pilot, "https://elsewhere.example/?code=1")
        await pilot.press("enter")
        await says(pilot, "✗ this is not the address")
        await pasted(pilot, back)
        await pilot.press("enter")
        await until(pilot, ended(pilot))
        await says(pilot, "may be saved")


async def test_a_browser_on_this_host_needs_no_pasting(ana: Context) -> None:
    async with at_the_flow(ana, Flow.BROWSER) as (pilot, _):
        await visit(await answer(prompt_url(pilot)))
        await until(pilot, ended(pilot))
        await says(pilot, "may be saved")


async def test_a_no_is_told_and_one_key_starts_again(ana: Context) -> None:
    async with at_the_flow(ana, Flow.DEVICE) as (pilot, _):
        before = prompt_url(pilot)
        await answer(before, yes=False)
        await says(pilot, "somebody said no")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: flow(pilot)._prompt)
        assert prompt_url(pilot) != before


async def test_who_cancels_has_lost_nothing_and_leaves_nothing_running(ana: Context) -> None:
    async with at_the_flow(ana, Flow.BROWSER) as (pilot, _):
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, OAuthFlow))
        assert form(pilot).account.address.value == POST
        assert form(pilot).panel.result is None
        await until(pilot, lambda: not [t for t in asyncio.all_tasks() if "sign_in" in repr(t.get_coro())])


async def test_the_page_is_shown_as_a_code_for_a_phone(ana: Context) -> None:
    async with at_the_flow(ana, Flow.DEVICE) as (pilot, _):
        await pilot.press("ctrl+g")
        await says(pilot, "█")
        await pilot.press("escape")
        await says(pilot, "Open this page on any device")


async def test_a_sign_in_of_another_account_or_provider_does_not_count(ana: Context) -> None:
    async with at_the_flow(ana, Flow.DEVICE) as (pilot, _):
        await answer(prompt_url(pilot))
        await until(pilot, ended(pilot))
        account = form(pilot).account
        assert account.secret is not None
        account.username.value = "bob@corp.example"
        assert account.secret is None


async def test_a_revoked_sign_in_is_made_again_with_one_key(ana: Context) -> None:
    async with oauth_company(ana) as company:
        stored = await company.address()
        company.provider.revoke()
        async with open_form(ana, stored) as pilot:
            await run_the_test(pilot)
            await says(pilot, "Sign-in has expired")
            await pilot.press("f9")
            await until(pilot, lambda: isinstance(pilot.app.screen, OAuthFlow) and flow(pilot)._prompt)
            await answer(prompt_url(pilot))
            await until(pilot, lambda: (result := form(pilot).panel.result) is not None and result.ok)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: is_closed(pilot))
        again = ana.store.addresses.get(POST)
        assert again is not None and again.state is AddressState.READY
        assert again.secret_id != stored.secret_id


async def test_a_provider_that_was_not_added_says_how(ana: Context) -> None:
    async with oauth_company(ana) as company, open_form(ana) as pilot:
        await fill_in(pilot, company)
        await pasted(pilot, "elsewhere")
        await pilot.press("ctrl+t")
        await says(pilot, "mailtui provider add")


async def test_gmail_with_oauth_names_its_provider(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pasted(pilot, "ana@gmail.com")
        await pilot.press("ctrl+f")
        while focused(pilot) != "signin":
            await pilot.press("tab")
        await choose(pilot, "OAuth")
        await until(pilot, lambda: form(pilot).account.provider.value == "google")


@pytest.mark.parametrize("kind", list(Flow))
def test_the_flow_looks_as_before(snap_compare: Compare, ana: Context, kind: Flow) -> None:
    """What a provider gives is another thing each time: this picture has one that stays."""
    prompt = Prompt(
        provider="corp",
        flow=kind,
        url="https://login.corp.example/device",
        quick_url="https://login.corp.example/device?user_code=WRBT-PGFK",
        code="WRBT-PGFK" if kind is Flow.DEVICE else "",
        until=NOW + timedelta(minutes=10),
    )
    app = OnPage(ana, lambda: OAuthFlow("corp", POST))

    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.page_is_open and "there is no OAuth provider" in words(pilot))
        flow(pilot)._said.display = False
        flow(pilot)._show(prompt)
        await until(pilot, lambda: "10:00 left" in words(pilot))

    assert snap_compare(app, terminal_size=SIZE, run_before=ready)

"""Accounts are tested against their real servers, and what a test shows counts at once (S6, +20)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from mailtui.core.account_test import Step, StepDone, StepEvent
from mailtui.core.addresses import AddressState, SmtpAccount
from mailtui.core.errors import BadInput, NotAllowed
from mailtui.demo.plans import GOOD, SILENT, WRONG_PASSWORD
from mailtui.demo.servers import LoopbackServers
from mailtui.operations.addresses import Draft, draft_of, find_address, save_address
from mailtui.operations.bulk import remove_addresses
from mailtui.operations.company_text import parse_company_file
from mailtui.operations.context import Context
from mailtui.operations.import_company import import_company
from mailtui.operations.offers import explained_addresses, offered_addresses
from mailtui.operations.test_account import test_account as try_account
from mailtui.operations.test_account import test_stored_account as try_stored_account
from mailtui.store.window import Window
from tests.company import a_company

HELP = "help@brand-a.example"


@pytest.fixture
async def servers() -> AsyncIterator[LoopbackServers]:
    async with LoopbackServers([GOOD, WRONG_PASSWORD, SILENT]) as servers:
        yield servers


@pytest.fixture
def company(context: Context) -> Context:
    a_company(context)
    return context


def account(servers: LoopbackServers, server: str = "good") -> SmtpAccount:
    return servers[server].account(HELP)


def a_draft(servers: LoopbackServers, server: str = "good", secret: SecretStr | None = None) -> Draft:
    return Draft(address=HELP, account=account(servers, server), secret=secret or servers[server].password)


def quiet(event: StepEvent) -> None:
    """Nobody watches."""


async def test_a_new_address_is_tested_saved_and_then_offered(company: Context, servers: LoopbackServers) -> None:
    events: list[StepEvent] = []
    result = await try_account(company, a_draft(servers), events.append)
    assert result.ok, result
    assert [event.step for event in events if isinstance(event, StepDone)] == [
        Step.RESOLVE, Step.CONNECT, Step.ENCRYPT, Step.GREET, Step.SIGN_IN, Step.SENDER, Step.RECIPIENT,
    ]  # fmt: skip
    assert save_address(company, a_draft(servers)).state is AddressState.READY
    assert [offer.address for offer in offered_addresses(company, "ana", "brand-a").offered] == [HELP]
    assert servers.arrivals == []


async def test_a_wrong_password_blocks_saving_until_the_right_one_was_tested(
    company: Context, servers: LoopbackServers
) -> None:
    wrong = a_draft(servers, secret=SecretStr("wrong"))
    result = await try_account(company, wrong, quiet)
    assert (result.ok, result.failed_step, result.reason) == (False, Step.SIGN_IN, "wrong-password")
    with pytest.raises(NotAllowed, match="failed"):
        save_address(company, wrong)
    with pytest.raises(NotAllowed, match="test the account first"):
        save_address(company, a_draft(servers))
    assert (await try_account(company, a_draft(servers), quiet)).ok
    save_address(company, a_draft(servers))
    with pytest.raises(NotAllowed, match="failed"):
        save_address(company, wrong.model_copy(update={"id": 1, "version": 1}))


async def test_an_imported_address_is_offered_once_its_test_succeeded(
    company: Context, servers: LoopbackServers
) -> None:
    good = servers["good"]
    secret = good.ca_file.with_name("secret")
    secret.touch(mode=0o600)
    secret.write_text(good.password.get_secret_value())
    text = (
        f'[[addresses]]\naddress = "{HELP}"\nhost = "{good.host}"\nport = {good.port}\nsecurity = "starttls"\n'
        f'ca_file = "{good.ca_file}"\nsecret_file = "{secret}"\n'
    )
    file = parse_company_file(text, "company.toml")
    import_company(company, file)
    [refusal] = explained_addresses(company, "ana", "brand-a").refused
    assert (refusal.address, refusal.rule) == (HELP, 1)
    assert (await try_stored_account(company, "HELP@brand-a.example", quiet)).ok
    assert [offer.address for offer in offered_addresses(company, "ana", "brand-a").offered] == [HELP]
    assert import_company(company, file).unchanged.addresses == 1
    assert find_address(company, HELP).state is AddressState.READY


async def test_an_address_whose_sign_in_begins_to_fail_is_marked_and_not_offered(
    company: Context, servers: LoopbackServers
) -> None:
    await try_account(company, a_draft(servers), quiet)
    saved = save_address(company, a_draft(servers))
    company.secrets.put(saved.secret_id, SecretStr("no longer right"))
    rows = company.store.audit.count()
    assert not (await try_stored_account(company, HELP, quiet)).ok
    failing = find_address(company, HELP)
    assert failing.state is AddressState.FAILING
    assert failing.last_test is not None and failing.last_test.reply.startswith("535")
    assert offered_addresses(company, "ana", "brand-a").offered == ()
    newest = company.store.audit.rows(Window(limit=1))[0]
    assert company.store.audit.count() == rows + 1
    assert (newest.action, newest.before) == ("test address", {"state": "ready"})
    await try_stored_account(company, HELP, quiet)
    assert company.store.audit.count() == rows + 1, "a test that shows what was known is no change"
    company.secrets.put(saved.secret_id, servers["good"].password)
    assert (await try_stored_account(company, HELP, quiet)).ok
    assert find_address(company, HELP).state is AddressState.READY


async def test_a_failed_test_of_other_settings_says_nothing_about_the_stored_ones(
    company: Context, servers: LoopbackServers
) -> None:
    await try_account(company, a_draft(servers), quiet)
    saved = save_address(company, a_draft(servers))
    tried = draft_of(saved).model_copy(update={"account": account(servers, "wrong-password")})
    assert not (await try_account(company, tried, quiet)).ok
    assert find_address(company, HELP) == saved


async def test_a_test_that_is_cancelled_counts_for_nothing_and_closes_its_connection(
    company: Context, servers: LoopbackServers
) -> None:
    connecting = asyncio.Event()

    def report(event: StepEvent) -> None:
        if event.step is Step.CONNECT:
            connecting.set()

    trial = asyncio.create_task(try_account(company, a_draft(servers, "silent"), report))
    await connecting.wait()
    trial.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trial
    assert company.tests == {}
    async with asyncio.timeout(10):
        await servers.all_closed()


async def test_an_address_that_is_removed_during_its_test_stays_removed(
    company: Context, servers: LoopbackServers
) -> None:
    await try_account(company, a_draft(servers), quiet)
    save_address(company, a_draft(servers))

    def remove_it(event: StepEvent) -> None:
        if event.step is Step.SENDER and company.store.addresses.count():
            remove_addresses(company, [HELP])

    result = await try_stored_account(company, HELP, remove_it)
    assert result.ok
    assert company.store.addresses.all() == []


async def test_a_test_without_a_password_asks_for_it(company: Context, servers: LoopbackServers) -> None:
    draft = a_draft(servers).model_copy(update={"secret": None})
    with pytest.raises(BadInput, match="password is missing") as refusal:
        await try_account(company, draft, quiet)
    assert refusal.value.field == "password"


async def test_one_real_message_is_sent_where_that_is_asked_for(company: Context, servers: LoopbackServers) -> None:
    result = await try_account(company, a_draft(servers), quiet, message_to="Boss@Elsewhere.example")
    assert result.ok
    [arrival] = servers.arrivals
    assert "Boss@elsewhere.example" in repr(arrival)

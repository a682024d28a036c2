"""Signing in with OAuth, and tokens that are renewed by one process at a time and never shown."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailtui.core.account_test import Step
from mailtui.core.addresses import AddressState, SignIn
from mailtui.core.deliveries import DeliveryState
from mailtui.core.errors import BadInput, NotAllowed, NotFound
from mailtui.core.providers import Flow
from mailtui.operations.access_tokens import stored_token
from mailtui.operations.addresses import Draft, candidate, draft_of, save_address
from mailtui.operations.context import Context
from mailtui.operations.providers import remove_provider
from mailtui.operations.sign_in import PasteRefused, sign_in
from mailtui.operations.test_account import test_account as go_through_draft
from mailtui.operations.test_account import test_stored_account as go_through
from mailtui.signin.refused import SignInRefused
from mailtui.signin.tokens import tokens_in
from tests.company import NOW
from tests.operations.office import Office
from tests.operations.signing_in import Answering, oauth_company
from tests.signin.person import POST


def silently(event: object) -> None:
    pass


async def test_an_address_that_signed_in_by_a_code_is_tested_saved_and_ready(context: Context) -> None:
    async with oauth_company(context) as company:
        saved = await company.address()
        assert saved.state is AddressState.READY
        assert (await go_through(context, POST, silently)).ok


async def test_the_browser_comes_back_to_the_listener(context: Context) -> None:
    async with oauth_company(context, flow=Flow.BROWSER) as company:
        assert tokens_in(await company.signed_in())


async def test_over_ssh_the_redirected_address_is_pasted(context: Context) -> None:
    async with oauth_company(context, flow=Flow.BROWSER):
        pasted: asyncio.Queue[SecretStr] = asyncio.Queue()
        person = Answering(pasting=pasted)
        assert tokens_in(await sign_in(context, "loopback", POST, person, pasted))
        assert [type(said) for said in person.shown[1:]] == [PasteRefused]


@pytest.mark.parametrize("flow", list(Flow))
async def test_a_no_at_the_provider_is_told(context: Context, flow: Flow) -> None:
    async with oauth_company(context, flow=flow) as company:
        with pytest.raises(SignInRefused, match="somebody said no"):
            await company.signed_in(yes=False)


async def test_a_cancelled_sign_in_leaves_nothing_running(context: Context) -> None:
    async with oauth_company(context, flow=Flow.BROWSER):
        before = asyncio.all_tasks()
        shown: asyncio.Queue[object] = asyncio.Queue()
        signing_in = asyncio.ensure_future(sign_in(context, "loopback", POST, shown.put_nowait, asyncio.Queue()))
        await shown.get()
        signing_in.cancel()
        with pytest.raises(asyncio.CancelledError):
            await signing_in
        assert asyncio.all_tasks() <= before


async def test_a_token_that_runs_out_is_refreshed_and_the_test_still_counts(context: Context) -> None:
    async with oauth_company(context) as company:
        saved = await company.address()
        before = tokens_in(context.secrets.get(saved.secret_id))
        context.clock = lambda: NOW + timedelta(hours=2)
        assert (await go_through(context, POST, silently)).ok
        after = tokens_in(context.secrets.get(saved.secret_id))
        assert after.refresh_token != before.refresh_token
        stored = context.store.addresses.get(POST)
        assert stored is not None
        assert (stored.fingerprint, stored.state) == (saved.fingerprint, AddressState.READY)


async def test_a_refused_token_is_refreshed_once(context: Context) -> None:
    async with oauth_company(context) as company:
        await company.address()
        company.provider.revoke_access()
        assert (await go_through(context, POST, silently)).ok
        assert company.provider.refreshes == 1


async def test_a_revoked_sign_in_marks_the_address_as_expired(context: Context) -> None:
    async with oauth_company(context) as company:
        await company.address()
        company.provider.revoke()
        result = await go_through(context, POST, silently)
        stored = context.store.addresses.get(POST)
    assert (result.failed_step, result.reason, result.field) == (Step.SIGN_IN, "token-expired", "signin")
    assert "invalid_grant" in result.reply
    assert stored is not None and stored.state is AddressState.FAILING


async def test_a_provider_that_is_away_is_a_passing_obstacle_and_no_harm_while_the_token_is_good(
    context: Context,
) -> None:
    async with oauth_company(context) as company:
        await company.address()
        await company.provider.__aexit__()
        context.clock = lambda: NOW + timedelta(minutes=59)
        assert (await go_through(context, POST, silently)).ok
        context.clock = lambda: NOW + timedelta(hours=2)
        result = await go_through(context, POST, silently)
    assert (result.failed_step, result.reason) == (Step.SIGN_IN, "host-unreachable")
    assert "provider loopback cannot be asked" in result.reply


async def test_a_token_of_another_account_is_told_by_the_server(context: Context) -> None:
    async with oauth_company(context) as company:
        with pytest.raises(AssertionError):
            await company.address(account="bob@corp.example")
        [test] = context.tests.values()
    assert (test.step, test.reason) == ("sign_in", "token-expired")
    assert "token refused" in test.reply


async def test_many_who_need_a_token_at_once_use_the_refresh_token_once(context: Context) -> None:
    async with oauth_company(context) as company:
        saved = await company.address()
        context.clock = lambda: NOW + timedelta(hours=2)
        company.provider.revoke_access()
        tokens = await asyncio.gather(*(stored_token(context, saved) for _ in range(6)))
    assert company.provider.refreshes == 1
    assert len({token.secret.get_secret_value() for token in tokens}) == 1


async def test_who_gives_up_waiting_does_not_lose_the_rotated_refresh_token(context: Context) -> None:
    async with oauth_company(context) as company:
        saved = await company.address()
        context.clock = lambda: NOW + timedelta(hours=2)
        waiting = asyncio.ensure_future(stored_token(context, saved))
        while not company.provider.refreshes:  # noqa: ASYNC110 - a count, and no event
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await go_through(context, POST, silently)).ok


async def test_a_password_is_never_shown_as_a_token_nor_a_token_as_a_password(context: Context) -> None:
    async with oauth_company(context) as company:
        saved = await company.address()
    draft = draft_of(saved)
    as_password = draft.model_copy(update={"account": draft.account.model_copy(update={"signin": SignIn.PASSWORD})})
    elsewhere = draft.model_copy(update={"account": draft.account.model_copy(update={"provider": "other"})})
    assert candidate(context, as_password).secret_id == ""
    assert candidate(context, elsewhere).secret_id == ""
    assert candidate(context, draft).secret_id == saved.secret_id


async def test_a_sign_in_that_was_never_made_is_asked_for(context: Context) -> None:
    async with oauth_company(context) as company:
        with pytest.raises(BadInput, match="sign in first"):
            await go_through_draft(context, Draft(address=POST, account=company.account), silently)


async def test_a_provider_stays_while_addresses_sign_in_there(context: Context) -> None:
    async with oauth_company(context) as company:
        await company.address()
        with pytest.raises(NotAllowed, match=POST):
            remove_provider(context, "loopback")
    with pytest.raises(NotFound, match="provider add"):
        remove_provider(context, "elsewhere")


async def test_several_processes_share_one_sign_in_whose_refresh_token_is_good_once(
    context: Context, tmp_path: Path
) -> None:
    """Each finds that the access token runs out; the provider revokes a sign-in whose refresh token comes twice."""
    configuration = tmp_path / "config.toml"
    configuration.write_text('keyring = "vault"\n')
    context.clock = lambda: datetime.now(UTC)
    async with oauth_company(context, token_life=30) as company:
        await company.address()
        command = (sys.executable, "-m", "mailtui", "--db", str(context.store.path), "address", "test", POST, "--json")
        environment = {**os.environ, "MAILTUI_CONFIG": str(configuration)}
        processes = [
            await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=PIPE) for _ in range(4)
        ]
        said = await asyncio.gather(*(process.communicate() for process in processes))
    assert [process.returncode for process in processes] == [0] * 4, said
    assert company.provider.refreshes >= 1


async def test_a_revoked_sign_in_holds_the_queue_until_somebody_signs_in_again(office: Office) -> None:
    """S7 and +20: the messages of the account wait, and go out once its test succeeds."""
    context = office.context
    async with oauth_company(context) as company:
        await company.address()
        first, second = office.queued("ion@client.example", "eva@client.example", sender=POST)
        company.provider.revoke()
        assert (await office.runs()).sent == 0
        held = [office.get(id) for id in (first, second)]
        assert {delivery.state for delivery in held} <= {DeliveryState.DEFERRED, DeliveryState.QUEUED}
        assert [delivery.next_attempt_at for delivery in held] == [None, None]
        stored = context.store.addresses.get(POST)
        assert stored is not None and stored.last_test is not None
        assert (stored.state, stored.last_test.reason) == (AddressState.FAILING, "token-expired")

        again = draft_of(stored).model_copy(update={"secret": await company.signed_in()})
        assert (await go_through_draft(context, again, silently)).ok
        save_address(context, again)
        assert (await office.runs()).sent == 2


async def test_no_token_is_in_the_database_or_the_audit(context: Context) -> None:
    async with oauth_company(context) as company:
        saved = await company.address()
        context.clock = lambda: NOW + timedelta(hours=2)
        await go_through(context, POST, silently)
    tokens = tokens_in(context.secrets.get(saved.secret_id))
    octets = b"".join(path.read_bytes() for path in context.store.path.parent.rglob("*") if path.is_file())
    for token in (tokens.access_token, tokens.refresh_token):
        assert token.get_secret_value().encode() not in octets

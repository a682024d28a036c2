"""Testing an account, stored or about to be saved, against its real server (S6)."""

import asyncio
import secrets
from typing import TYPE_CHECKING

from pydantic import JsonValue, SecretStr

from mailtui.core.account_test import AccountTest, Report
from mailtui.core.addresses import ExternalAddress, LastTest, SignIn, parse_address
from mailtui.core.errors import BadInput
from mailtui.operations.access_tokens import AccessToken, stored_token, typed_token
from mailtui.operations.addresses import Draft, candidate, draft_of, find_address, stored_address
from mailtui.operations.context import Context

if TYPE_CHECKING:
    from mailtui.smtp.probe import RealMessage
    from mailtui.smtp.sign_in import Credential
    from mailtui.smtp.steps import Deadlines


Shown = SecretStr | AccessToken
"""What a server is shown to prove who sends."""

TEST_BODY = "This message shows that the account sends. Nobody needs to answer it.\n"


async def test_account(context: Context, draft: Draft, report: Report, *, message_to: str = "") -> AccountTest:
    """Go through the steps of the test with exactly what the draft holds, telling `report` of each as it happens.

    `message_to` asks for one real message to that recipient. The result is remembered for saving the draft, and where
    the draft's settings are those of a stored address, kept with it: a failure there takes the address out of every
    offer. Raises BadInput for a field, NotFound, Misconfigured where the secret cannot be read; whatever the server
    does is a result. Can be cancelled at any moment.
    """
    from mailtui.smtp.probe import probe  # aiosmtplib takes 100 ms to import; only tests and sending need it.

    context.require_admin("test accounts")
    wanted = candidate(context, draft)
    secret = await _secret(context, draft, wanted)
    result = await probe(
        wanted.address,
        wanted.account,
        credential(wanted, secret),
        report=report,
        deadlines=deadlines(context),
        real_message=_real_message(context, wanted, message_to) if message_to else None,
    )
    test = LastTest(
        fingerprint=wanted.fingerprint,
        ok=result.ok,
        at=context.clock(),
        step=result.failed_step or "",
        reason=result.reason,
        reply=result.reply,
    )
    context.tests[wanted.fingerprint] = test
    if (stored := context.store.addresses.by_id(draft.id)) is not None:
        record_test(context, stored, test)
    return result


def _real_message(context: Context, sender: ExternalAddress, to: str) -> "RealMessage":
    from mailtui.core.messages import Draft as MessageDraft
    from mailtui.core.messages import build
    from mailtui.smtp.probe import RealMessage

    recipient = parse_address(to)
    draft = MessageDraft(
        sender=sender.address, name=sender.name, recipient=recipient, subject="Test message", body=TEST_BODY
    )
    return RealMessage(recipient=recipient, content=build(draft, context.clock(), secrets.token_hex(12)))


async def test_stored_account(context: Context, address: str, report: Report, *, message_to: str = "") -> AccountTest:
    """Test a stored address as it stands. Raises NotFound."""
    return await test_account(context, draft_of(find_address(context, address)), report, message_to=message_to)


def record_test(context: Context, stored: ExternalAddress, test: LastTest) -> None:
    """Keep the newest finding about an address's account with it (+20), unless its settings were changed since."""
    with context.store.transaction():
        before = context.store.addresses.by_id(stored.id)
        if before is None or before.fingerprint != test.fingerprint:
            return
        after = context.store.addresses.record_test(before, test.after(before.last_test))
        if after.state is not before.state:
            found: dict[str, JsonValue] = {"state": after.state.value, "reason": test.reason}
            context.record("test address", f"address {after.address}", {"state": before.state.value}, found)


def deadlines(context: Context) -> "Deadlines":
    from mailtui.smtp.steps import Deadlines

    limits = context.configuration.test
    return Deadlines(step=limits.step_seconds, total=limits.total_seconds)


def credential(address: ExternalAddress, secret: Shown | None) -> "Credential | None":
    from mailtui.smtp.sign_in import Credential

    if isinstance(secret, AccessToken):
        return Credential(
            username=address.account.username, secret=secret.secret, renew=secret.renew, missing=secret.missing
        )
    return Credential(username=address.account.username, secret=secret) if secret is not None else None


async def stored_secret(context: Context, address: ExternalAddress) -> Shown | None:
    """What the address signs in with, an access token refreshed where it runs out; None where it signs in without.

    Raises what the keyring raises. It may unlock the vault, which takes seconds, and so runs beside the event loop.
    """
    if address.account.signin is SignIn.NONE:
        return None
    if address.account.signin is SignIn.OAUTH:
        return await stored_token(context, address)
    return await asyncio.to_thread(context.secrets.get, address.secret_id)


async def _secret(context: Context, draft: Draft, wanted: ExternalAddress) -> Shown | None:
    oauth = wanted.account.signin is SignIn.OAUTH
    if draft.secret is not None and wanted.account.signin is not SignIn.NONE:
        return typed_token(context, draft.secret) if oauth else draft.secret
    if oauth and not wanted.secret_id:
        raise BadInput("nobody has signed in for this address yet: sign in first", field="signin")
    if wanted.account.signin is not SignIn.NONE and not wanted.secret_id:
        stored = stored_address(context, draft)
        before = stored.account.host if stored and stored.secret_id else wanted.account.host
        elsewhere = f" for {wanted.account.host}: the stored one is shown to {before} alone"
        raise BadInput(f"the password is missing{elsewhere * (before != wanted.account.host)}", field="password")
    return await stored_secret(context, wanted)

"""Access tokens for sessions: refreshed before they run out and once when refused, by one process at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from mailtui.core.addresses import ExternalAddress
from mailtui.core.errors import BadInput, MailtuiError, Unavailable
from mailtui.operations.context import Context
from mailtui.operations.providers import client_secret, find_provider

if TYPE_CHECKING:
    from mailtui.signin.tokens import Tokens
    from mailtui.smtp.failures import Refusal


@dataclass(frozen=True)
class AccessToken:
    """What a session signs in with, and how to get another one."""

    secret: SecretStr
    renew: Callable[[], Awaitable[SecretStr]] | None
    """Raises the session's own Refusal, with its reason. None for a sign-in that is not stored yet."""
    missing: "Refusal | None" = None
    """Why there is no token that could work."""


async def stored_token(context: Context, address: ExternalAddress) -> AccessToken:
    """The access token of a stored address, refreshed where it is about to run out.

    What a provider does wrong is kept for the step of signing in, where it gets its place and reason. Raises what the
    keyring raises, Locked included.
    """
    from mailtui.signin.tokens import tokens_in

    tokens = tokens_in(await asyncio.to_thread(context.secrets.get, address.secret_id))

    async def renew() -> SecretStr:
        return await _told(_renewed(context, address, tokens))

    if not tokens.runs_out(context.clock()):
        return AccessToken(tokens.access_token, renew)
    from mailtui.smtp.failures import Refusal

    try:
        renewed = await renew()
    except Refusal as refusal:
        if refusal.reason == "host-unreachable" and not tokens.has_run_out(context.clock()):
            return AccessToken(tokens.access_token, renew)  # It is good for a while yet.
        return AccessToken(tokens.access_token, None, missing=refusal)
    return AccessToken(renewed, lambda: _told(_renewed(context, address, tokens, unlike=renewed)))


def typed_token(context: Context, secret: SecretStr) -> AccessToken:
    """The access token of a sign-in that was just made, before it is stored. Raises BadInput where it ran out."""
    from mailtui.signin.tokens import tokens_in

    tokens = tokens_in(secret)
    if tokens.has_run_out(context.clock()):
        raise BadInput("the sign-in was made too long ago: sign in again", field="signin")
    return AccessToken(tokens.access_token, None)


async def _renewed(
    context: Context, address: ExternalAddress, before: "Tokens", *, unlike: SecretStr | None = None
) -> SecretStr:
    """Another access token than the one before, or than `unlike`. The rotated refresh token is in the keyring before
    it is returned, also when whoever waits for it is cancelled: it is good once only."""
    return await asyncio.shield(asyncio.ensure_future(_refreshed(context, address, unlike or before.access_token)))


async def _refreshed(context: Context, address: ExternalAddress, refused: SecretStr) -> SecretStr:
    from mailtui.signin.client import opened
    from mailtui.signin.lock import alone
    from mailtui.signin.tokens import refresh, tokens_in

    provider = find_provider(context, address.account.provider)
    secret = await client_secret(context, provider)
    async with alone(lock_path(context.store.path, provider.id)):
        tokens = tokens_in(await asyncio.to_thread(context.secrets.get, address.secret_id))
        if tokens.access_token != refused:
            return tokens.access_token  # Another process was first.
        async with opened(provider, secret) as client:
            tokens = await refresh(client, tokens, context.clock())
        # Under the same id: it is the same sign-in, and what was tested with it counts.
        await asyncio.to_thread(context.secrets.put, address.secret_id, tokens.as_secret())
    return tokens.access_token


async def _told(refreshing: Awaitable[SecretStr]) -> SecretStr:
    """Its result; a failure becomes the session's own. What is wrong with our installation is raised as it is."""
    from mailtui.signin.refused import SignInRefused
    from mailtui.smtp.failures import Refusal

    refusal: Refusal
    try:
        return await refreshing
    except SignInRefused as error:
        refusal = Refusal("token-expired", str(error))
    except Unavailable as error:
        refusal = Refusal("host-unreachable", str(error), field="signin")
    except MailtuiError:
        raise
    raise refusal


def lock_path(database: Path, provider: str) -> Path:
    """A lock a provider: where one does not answer, the addresses of the others need not wait."""
    return database.with_name(f"{database.stem}.{provider}.lock")

"""Signing in at a provider: shows what the person has to do, waits, and gives what the keyring is to keep (S7)."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr

from mailtui.core.frozen import Frozen
from mailtui.core.providers import Flow
from mailtui.operations.context import Context
from mailtui.operations.providers import client_secret, find_provider

if TYPE_CHECKING:
    from mailtui.signin.client import Client

BROWSER_TIME = timedelta(minutes=10)
"""How long an answer of the browser is waited for; the codes in it are good for that long (RFC 6749 section 4.1.2)."""


class Prompt(Frozen):
    """What the person has to do; all of it is safe for a terminal."""

    provider: str
    flow: Flow
    url: str
    """The page to open."""
    code: str = ""
    """What to type there; empty in the browser flow."""
    quick_url: str
    """The page with the code filled in where the provider has one, for a QR code."""
    until: datetime
    """UTC; when it is too late."""


class PasteRefused(Frozen):
    """The address that was pasted is not the one that is waited for."""

    why: str


Show = Callable[[Prompt | PasteRefused], None]
"""Is told what the person has to do, and what was wrong with what he pasted."""

Pasted = asyncio.Queue[SecretStr]
"""Redirected addresses that the person pastes, where the browser runs on another host than this program."""


async def sign_in(context: Context, provider_id: str, username: str, show: Show, pasted: Pasted) -> SecretStr:
    """The tokens of the account that signed in, as the secret of a draft.

    Raises NotFound for a provider that was not added, SignInRefused where it or the person says no or the time is
    over, Unavailable where it does not answer, and what the keyring raises. Can be cancelled at any moment.
    """
    from mailtui.signin.client import opened
    from mailtui.signin.tokens import tokens_of

    context.require_admin("sign in for addresses")
    provider = find_provider(context, provider_id)
    secret = await client_secret(context, provider)
    async with opened(provider, secret) as client:
        if provider.flow is Flow.DEVICE:
            answer = await _by_code(context, client, show)
        else:
            answer = await _by_browser(context, client, username, show, pasted)
        return tokens_of(answer, context.clock(), client).as_secret()


async def _by_code(context: Context, client: "Client", show: Show) -> dict[str, object]:
    from mailtui.signin.device import ask_for_code, wait_for_tokens

    code = await ask_for_code(client)
    show(
        Prompt(
            provider=client.provider.id,
            flow=Flow.DEVICE,
            url=code.url,
            code=code.user_code,
            quick_url=code.url_with_code or code.url,
            until=context.clock() + timedelta(seconds=code.seconds),
        )
    )
    return await wait_for_tokens(client, code)


async def _by_browser(
    context: Context, client: "Client", username: str, show: Show, pasted: Pasted
) -> dict[str, object]:
    from mailtui.signin.browser import NotOurs, begin, finish, judged
    from mailtui.signin.listener import listening
    from mailtui.signin.refused import refused

    came: Pasted = asyncio.Queue()
    async with listening() as listener:
        request = begin(client, client.provider.redirect.format(port=listener.port), username)
        listener.expect(request.redirect_uri, lambda answer: judged(client, request, answer, came.put_nowait))
        show(
            Prompt(
                provider=client.provider.id,
                flow=Flow.BROWSER,
                url=request.url,
                quick_url=request.url,
                until=context.clock() + BROWSER_TIME,
            )
        )
        try:
            async with asyncio.timeout(BROWSER_TIME.total_seconds()):
                while True:
                    try:
                        return await finish(client, request, await _first(came, pasted))
                    except NotOurs as error:
                        show(PasteRefused(why=str(error)))
        except TimeoutError:
            pass
    raise refused(client.provider.id, "expired_token")


async def _first(*queues: Pasted) -> SecretStr:
    """What comes first from any of them."""
    waiting = [asyncio.ensure_future(queue.get()) for queue in queues]
    try:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for one in waiting:
            one.cancel()

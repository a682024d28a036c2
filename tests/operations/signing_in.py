"""Signing in at the demo's provider, and an address that did."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from mailtui.core.addresses import ExternalAddress, SmtpAccount
from mailtui.core.providers import Flow
from mailtui.demo.plans import OAUTH
from mailtui.demo.provider import CLIENT, OAuthProvider
from mailtui.demo.servers import LoopbackServers
from mailtui.operations.addresses import Draft, save_address
from mailtui.operations.context import Context
from mailtui.operations.providers import ProviderDraft, add_provider
from mailtui.operations.sign_in import Pasted, PasteRefused, Prompt, sign_in
from mailtui.operations.test_account import test_account as go_through
from tests.signin.person import POST, answer


@dataclass
class OAuthCompany:
    """A company whose provider and mail server are on the loopback."""

    context: Context
    provider: OAuthProvider
    servers: LoopbackServers

    @property
    def account(self) -> SmtpAccount:
        return self.servers["oauth"].account(POST).model_copy(update={"provider": "loopback"})

    async def signed_in(self, *, yes: bool = True, account: str = POST) -> SecretStr:
        """What a person's sign-in leaves, by a code."""
        return await sign_in(self.context, "loopback", account, _answering(yes, account), asyncio.Queue())

    async def address(self, *, account: str = POST) -> ExternalAddress:
        """Ana's address, tested and saved."""
        draft = Draft(address=POST, account=self.account, secret=await self.signed_in(account=account))
        assert (await go_through(self.context, draft, lambda event: None)).ok
        return save_address(self.context, draft)


def _answering(yes: bool, account: str) -> "Answering":
    return Answering(yes=yes, account=account)


class Answering:
    """Opens the page that is shown and answers there."""

    def __init__(self, *, yes: bool = True, account: str = POST, pasting: Pasted | None = None) -> None:
        self._yes, self._account, self._pasting = yes, account, pasting
        self.shown: list[Prompt | PasteRefused] = []
        self._tasks: list[asyncio.Task[None]] = []

    def __call__(self, said: Prompt | PasteRefused) -> None:
        self.shown.append(said)
        if isinstance(said, Prompt):
            self._tasks.append(asyncio.ensure_future(self._answer(said)))

    async def _answer(self, prompt: Prompt) -> None:
        """Like a browser it follows to where it is sent, unless that is to be pasted."""
        from tests.signin.person import visit

        back = await answer(prompt.quick_url, yes=self._yes, account=self._account)
        if self._pasting is not None:
            self._pasting.put_nowait(SecretStr("https://evil.example/?code=1"))
            self._pasting.put_nowait(SecretStr(back))
        elif back:
            await visit(back)


@asynccontextmanager
async def oauth_company(
    context: Context, *, flow: Flow = Flow.DEVICE, token_life: int = 3600
) -> AsyncIterator[OAuthCompany]:
    async with (
        OAuthProvider(token_life=token_life, interval=0.01) as provider,
        LoopbackServers([OAUTH], account_of=provider.account) as servers,
    ):
        draft = ProviderDraft(id="loopback", issuer=provider.issuer, client_id=CLIENT, flow=flow)
        await add_provider(context, draft)
        yield OAuthCompany(context, provider, servers)

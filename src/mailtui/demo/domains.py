"""The demo's domains whose settings a look-up finds, and what its name server says about them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Self

from pydantic import SecretStr

from mailtui.demo.conversation import Arrival
from mailtui.demo.name_server import NameServer
from mailtui.demo.plans import GOOD, ServerPlan
from mailtui.demo.provider import OAuthProvider
from mailtui.demo.servers import LoopbackServers
from mailtui.operations.configuration import LookUpSettings

RECORDS: Final = """\
brand-c.example.                  300 IN MX  10 mx.brand-c.example.
_submission._tcp.brand-c.example. 300 IN SRV 0 1 {port} localhost.
brand-d.example.                  300 IN MX  1 aspmx.l.google.com.
corp.example.                     300 IN MX  10 mx.corp.example.
"""
"""One domain names the good server, one is at a mail service, and one says nothing of use."""


class SampleServers(LoopbackServers):
    """The mail servers, and beside them the name server and the OAuth provider; nobody else is asked in the demo."""

    look_up: LookUpSettings
    """Whom a look-up asks, once entered."""

    def __init__(
        self,
        plans: Sequence[ServerPlan],
        on_arrival: Callable[[Arrival], None] | None = None,
        *,
        password: SecretStr,
        directory: Path,
    ) -> None:
        self.provider = OAuthProvider()
        super().__init__(plans, on_arrival, password=password, account_of=self.provider.account, directory=directory)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        await self._stack.enter_async_context(self.provider)
        names = await self._stack.enter_async_context(NameServer(RECORDS.format(port=self[GOOD.name].port)))
        self.look_up = LookUpSettings(name_server=self[GOOD.name].host, port=names.port)
        return self

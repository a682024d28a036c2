"""Real mail servers on the loopback, with TLS and sign-in, which keep in memory what arrives."""

import asyncio
import errno
import logging
import secrets
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Final, Self

from pydantic import SecretStr

from mailtui.core.addresses import Security, SignIn, SmtpAccount
from mailtui.core.frozen import Frozen
from mailtui.demo.authority import Authority
from mailtui.demo.conversation import AccountOf, Arrival, Connections, protocol_of
from mailtui.demo.plans import ServerPlan

HOST: Final = "127.0.0.1"


class RunningServer(Frozen):
    """A server that listens, and what one needs to use it."""

    plan: ServerPlan
    host: str
    port: int
    username: str
    """Any name signs in with the password; this one is a suggestion."""
    password: SecretStr
    ca_file: Path
    """PEM file with the authority that the server's certificate comes from, unless the plan says otherwise."""

    def account(self, username: str | None = None) -> SmtpAccount:
        """Settings with which an address can send through this server."""
        return SmtpAccount(
            host=self.host,
            port=self.port,
            security=self.plan.security,
            signin=SignIn.OAUTH if "XOAUTH2" in self.plan.mechanisms else SignIn.PASSWORD,
            username=username or self.username,
            ca_file="" if self.plan.security is Security.NONE else str(self.ca_file),
        )


class LoopbackServers:
    """Servers after plans, on the event loop that enters them: `async with LoopbackServers(PLANS) as servers`.

    They listen on 127.0.0.1. `on_arrival` is told of each message that one takes. `password` signs in at all of them;
    without it each has its own. `account_of` knows the tokens. ca.pem is written into `directory`, or one that is gone
    afterwards.
    """

    def __init__(
        self,
        plans: Sequence[ServerPlan],
        on_arrival: Callable[[Arrival], None] | None = None,
        *,
        password: SecretStr | None = None,
        account_of: AccountOf = lambda token: "",
        directory: Path | None = None,
    ) -> None:
        self._plans = plans
        self._on_arrival = on_arrival
        self._password = password
        self._account_of = account_of
        self._directory = directory
        self._running: dict[str, RunningServer] = {}
        self._connections = Connections()
        self._stack = AsyncExitStack()
        self.arrivals: list[Arrival] = []
        """What arrived, the oldest first."""

    def __getitem__(self, name: str) -> RunningServer:
        return self._running[name]

    def __iter__(self) -> Iterator[RunningServer]:
        return iter(self._running.values())

    @property
    def open_connections(self) -> int:
        """How many clients are connected."""
        return len(self._connections)

    async def all_closed(self) -> None:
        """Waits until no client is connected."""
        await self._connections.all_closed()

    async def __aenter__(self) -> Self:
        # The library logs to standard error what its clients do wrong, which here is the point.
        logging.getLogger("mail.log").addHandler(logging.NullHandler())
        async with AsyncExitStack() as stack:
            own = self._directory or stack.enter_context(tempfile.TemporaryDirectory(prefix="mailtui-servers-"))
            ca_file = Path(own) / "ca.pem"
            authority = Authority()
            authority.write(ca_file)
            stack.push_async_callback(self._connections.abort)
            for plan in self._plans:
                await self._start(plan, authority, ca_file, stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _start(self, plan: ServerPlan, authority: Authority, ca_file: Path, stack: AsyncExitStack) -> None:
        password = self._password or SecretStr(secrets.token_urlsafe(12))
        context = None if plan.security is Security.NONE else authority.context(plan.shows)
        protocol, tls = protocol_of(plan, password, self._account_of, context, self._connections, self._arrived)
        server = await _listen(protocol, plan.port, tls)
        stack.callback(server.close)
        port = server.sockets[0].getsockname()[1]
        self._running[plan.name] = RunningServer(
            plan=plan, host=HOST, port=port, username=f"{plan.name}@demo.example", password=password, ca_file=ca_file
        )

    def _arrived(self, arrival: Arrival) -> None:
        self.arrivals.append(arrival)
        if self._on_arrival is not None:
            self._on_arrival(arrival)


async def _listen(
    protocol: Callable[[], asyncio.BaseProtocol], port: int, tls: ssl.SSLContext | None
) -> asyncio.Server:
    """At the port that is wanted, or at another where somebody else has it."""
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(protocol, HOST, port, ssl=tls)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        return await loop.create_server(protocol, HOST, 0, ssl=tls)


@contextmanager
def in_thread(
    plans: Sequence[ServerPlan], on_arrival: Callable[[Arrival], None] | None = None
) -> Iterator[LoopbackServers]:
    """The same on an event loop in a thread of its own, for callers that have none or that block theirs.

    `on_arrival` is called in that thread.
    """
    servers = LoopbackServers(plans, on_arrival)
    started = threading.Event()
    failed: list[Exception] = []
    stop: list[Callable[[], object]] = []

    async def serve() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(ended.set))
        async with servers:
            started.set()
            await ended.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:
            failed.append(error)
            started.set()

    thread = threading.Thread(target=run, name="loopback mail servers", daemon=True)
    thread.start()
    started.wait()
    try:
        if failed:
            raise failed[0]
        yield servers
    finally:
        if not failed:
            stop[0]()
        thread.join()

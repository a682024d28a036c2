"""What a server of the demo says, step by step, after its plan."""

import asyncio
import base64
import hmac
import secrets
import ssl
from collections.abc import Callable
from typing import Final

from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from mailtui.core.account_test import Step
from mailtui.core.addresses import Security
from mailtui.core.frozen import Frozen
from mailtui.demo.plans import Fault, ServerPlan

NAME: Final = "mail.demo.example"
"""What the servers call themselves."""

ALL_MECHANISMS: Final = frozenset({"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"})

AccountOf = Callable[[str], str]
"""Who signed in for an access token; empty where it is not good."""


class Arrival(Frozen):
    """A message that a server took."""

    server: str
    """The plan's name."""
    username: str
    """Who had signed in; empty where nobody had."""
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    smtputf8: bool


class Connections:
    """The clients that are connected, so that they can be ended and waited for."""

    def __init__(self) -> None:
        self._transports: dict[int, asyncio.WriteTransport] = {}
        self._none = asyncio.Event()
        self._none.set()

    def __len__(self) -> int:
        return len(self._transports)

    def opened(self, protocol: asyncio.BaseProtocol, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - so is every connection's
        self._transports.setdefault(id(protocol), transport)
        self._none.clear()

    def closed(self, protocol: asyncio.BaseProtocol) -> None:
        self._transports.pop(id(protocol), None)
        if not self._transports:
            self._none.set()

    async def all_closed(self) -> None:
        await self._none.wait()

    async def abort(self) -> None:
        """Ends every connection at once."""
        for transport in tuple(self._transports.values()):
            transport.abort()
        await self.all_closed()


class Conversation(SMTP):
    """aiosmtpd's server, counted among the connections."""

    connections: Connections
    """To be set before a client connects."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.connections.opened(self, transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        if self._handler_coroutine is not None:
            # A client that leaves in the middle of an answer is nothing to report.
            self._handler_coroutine.add_done_callback(lambda task: task.cancelled() or task.exception())
        self.connections.closed(self)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802 - the command's name
        await super().smtp_STARTTLS(arg)
        began, session = self._original_transport, self.session
        if began is not None and began.is_closing() and session is not None and session.ssl is None:
            # asyncio tells nobody of a connection that is ended within the handshake, and it would count for ever.
            self.connection_lost(None)


class Refuser(asyncio.Protocol):
    """Takes a connection and does not go on to speak SMTP: says one reply, says nothing, or hangs up."""

    def __init__(self, plan: ServerPlan, connections: Connections) -> None:
        self._plan = plan
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - so is every connection's
        self._connections.opened(self, transport)
        if self._plan.fault is Fault.REPLY:
            transport.write(f"{self._plan.reply}\r\n".encode())
        if self._plan.fault is not Fault.SILENCE:
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._connections.closed(self)


class Handler:
    """The plan as aiosmtpd's hooks. A hook answers MISSING for what the library does by itself."""

    def __init__(
        self, plan: ServerPlan, password: SecretStr, account_of: AccountOf, arrived: Callable[[Arrival], None]
    ) -> None:
        self._plan = plan
        self._password = password
        self._account_of = account_of
        self._arrived = arrived

    def sign_in(self, username: bytes, password: bytes) -> AuthResult:
        right = hmac.compare_digest(password, self._password.get_secret_value().encode())
        return AuthResult(success=right, handled=False, auth_data=LoginPassword(username, b""))

    async def auth_CRAM__MD5(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - a hook's name
        """RFC 2195."""
        challenge = f"<{secrets.token_hex(8)}@{NAME}>".encode()
        answer = await server.challenge_auth(challenge)
        if answer is MISSING:
            return AuthResult(success=False)
        username, _, shown = answer.rpartition(b" ")
        wanted = hmac.new(self._password.get_secret_value().encode(), challenge, "md5").hexdigest().encode()
        right = hmac.compare_digest(shown, wanted)
        return AuthResult(success=right, handled=False, auth_data=LoginPassword(username, b""))

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - a hook's name
        return await self._by_token(server, args, "user=")

    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - a hook's name
        """RFC 7628."""
        return await self._by_token(server, args, "n,a=")

    async def _by_token(self, server: SMTP, args: list[str], before: str) -> AuthResult:
        """Both mechanisms say a name and a token; a token of another account is no good (section 3.2.3)."""
        first, _, rest = base64.b64decode(args[1]).decode().partition("\x01")
        name = first.removeprefix(before).rstrip(",")
        token = rest.rstrip("\x01").rpartition("auth=Bearer ")[2]
        if name and self._account_of(token) == name:
            return AuthResult(success=True, auth_data=LoginPassword(name.encode(), b""))
        await server.challenge_auth('{"status":"invalid_token","schemes":"bearer"}')
        return AuthResult(success=False, handled=False, message="535 5.7.8 Error: authentication failed: token refused")

    async def handle_EHLO(  # noqa: N802 - a hook's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        encrypted = self._plan.security is not Security.STARTTLS or session.ssl is not None
        refusal = await self._at(Step.GREET if encrypted else Step.ENCRYPT, server)
        if refusal:
            return [refusal]
        session.host_name = hostname
        return responses

    async def handle_AUTH(self, server: SMTP, session: Session, envelope: Envelope, args: list[str]) -> object:  # noqa: N802 - a hook's name
        return await self._at(Step.SIGN_IN, server) or MISSING

    async def handle_MAIL(  # noqa: N802 - a hook's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> object:
        if self._plan.mechanisms and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if refusal := await self._at(Step.SENDER, server):
            return refusal
        username = _username(session)
        if self._plan.own_sender_only and "@" in username and address.casefold() != username.casefold():
            return f"553 5.7.1 <{address}>: Sender address rejected: not owned by user {username}"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802 - a hook's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> object:
        if refusal := await self._at(Step.RECIPIENT, server) or dict(self._plan.refuses).get(address, ""):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - a hook's name
        if refusal := await self._at(Step.MESSAGE, server):
            return refusal
        self._arrived(
            Arrival(
                server=self._plan.name,
                username=_username(session),
                sender=envelope.mail_from,
                recipients=tuple(envelope.rcpt_tos),
                content=envelope.content,
                smtputf8=bool(envelope.smtp_utf8),
            )
        )
        return f"250 2.0.0 Ok: queued as {secrets.token_hex(5).upper()}"

    async def handle_exception(self, error: Exception) -> str:
        return "421 4.3.0 The server has a fault and closes the connection"

    async def _at(self, step: Step, server: SMTP) -> str:
        """The plan's reply where it fails at this step, else an empty string; or silence, or the end."""
        if self._plan.fails_at is not step or not (self._plan.reply or self._plan.fault is not Fault.REPLY):
            return ""
        if self._plan.fault is Fault.REPLY:
            return self._plan.reply
        if self._plan.fault is Fault.HANG_UP and server.transport is not None:
            server.transport.close()
        # Ends when the connection does: the library cancels it then.
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


Made = tuple[Callable[[], asyncio.BaseProtocol], ssl.SSLContext | None]


def protocol_of(
    plan: ServerPlan,
    password: SecretStr,
    account_of: AccountOf,
    context: ssl.SSLContext | None,
    connections: Connections,
    arrived: Callable[[Arrival], None],
) -> Made:
    """What makes the protocol of one connection, and the TLS that comes before it, if any."""
    at_once = plan.security is Security.TLS and plan.fails_at is Step.ENCRYPT and plan.fault is not Fault.REPLY
    if plan.fails_at is Step.CONNECT or at_once:
        return lambda: Refuser(plan, connections), None
    starttls = plan.security is Security.STARTTLS and plan.starttls
    handler = Handler(plan, password, account_of, arrived)

    def conversation() -> Conversation:
        made = Conversation(
            handler,
            hostname=NAME,
            ident="ESMTP demo",
            data_size_limit=plan.size_limit,
            enable_SMTPUTF8=plan.smtputf8,
            tls_context=context if starttls else None,
            require_starttls=starttls,
            auth_require_tls=starttls,
            auth_exclude_mechanism=ALL_MECHANISMS - plan.mechanisms,
            authenticator=lambda server, session, envelope, mechanism, given: handler.sign_in(*given),
            loop=asyncio.get_running_loop(),
        )
        made.connections = connections
        return made

    return conversation, context if plan.security is Security.TLS else None


def _username(session: Session) -> str:
    signed_in = session.auth_data
    return signed_in.login.decode(errors="replace") if session.authenticated and signed_in else ""

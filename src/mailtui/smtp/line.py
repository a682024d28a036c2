"""A connection to a mail server with the SMTP client on it: connecting, the server's first reply, TLS, and the end."""

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import aiohappyeyeballs
import aiosmtplib
from aiohappyeyeballs import AddrInfoType
from aiosmtplib.protocol import SMTPProtocol

from mailtui.core.account_test import Certificate
from mailtui.core.addresses import Security
from mailtui.smtp.failures import Refusal
from mailtui.smtp.trust import read_certificate, unverified_context

NEXT_ADDRESS_AFTER: Final = 0.25
"""Seconds until the next address of a host is tried beside one that has not answered: RFC 8305 section 8."""


async def resolve(host: str, port: int) -> list[AddrInfoType]:
    """The addresses of a host, as the system orders them. Raises OSError or UnicodeError where it has none.

    A thread of its own asks the system, which cannot be interrupted: the event loop's threads are waited for at the end
    of the program, and a name server that does not answer would hold it up long after the deadline.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[AddrInfoType]] = loop.create_future()

    def tell(found: list[AddrInfoType], error: OSError | UnicodeError | None) -> None:
        if answer.cancelled():
            return
        if error is None:
            answer.set_result(found)
        else:
            answer.set_exception(error)

    def ask() -> None:
        found: list[AddrInfoType] = []
        failed: OSError | UnicodeError | None = None
        try:
            found = list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed = error
        with suppress(RuntimeError):  # The loop has ended, and nobody waits any more.
            loop.call_soon_threadsafe(tell, found, failed)

    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    return await answer


class Line:
    """A connection to `host`. Everything raises aiosmtplib's exceptions or OSError; whoever made it closes it."""

    def __init__(self, host: str, local_hostname: str | None = None) -> None:
        self.client = aiosmtplib.SMTP(hostname=host, timeout=None)
        self.peer = ""
        """IP address that was connected to."""
        self.encrypted = False
        self._host = host
        self._local_hostname = local_hostname
        self._socket: socket.socket | None = None
        self._transport: asyncio.Transport | None = None

    async def connect(self, found: Sequence[AddrInfoType]) -> None:
        """Connects to the address that answers first (RFC 8305)."""
        self._socket = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=NEXT_ADDRESS_AFTER)
        self.peer = self._socket.getpeername()[0]

    async def banner(self) -> None:
        """Waits for the server's first reply: RFC 5321 section 3.1."""
        if self._transport is None:
            await self._attach()
        assert self.client.protocol is not None  # noqa: S101 - attaching sets it
        response = await self.client.protocol.read_response()
        if response.code != aiosmtplib.SMTPStatus.ready:
            raise aiosmtplib.SMTPConnectResponseError(response.code, response.message)

    async def start_tls(self, security: Security, context: ssl.SSLContext) -> None:
        """Encrypts, from the first octet or by STARTTLS. Raises Refusal where the server offers no STARTTLS."""
        if security is Security.TLS:
            await self._attach(context)
        else:
            await self.client.ehlo()
            if not self.client.supports_extension("starttls"):
                raise Refusal("encryption-required", "the server offers no STARTTLS, and the form asks for it")
            # Octets that came in the clear behind the server's "220" are thrown away by the client, and so is all
            # that the server said of itself before (RFC 3207 section 4.2).
            await self.client.starttls(tls_context=context)
        self.encrypted = True

    def tls(self) -> ssl.SSLObject:
        """The TLS session of an encrypted line."""
        found = self.client.get_transport_info("ssl_object")
        assert isinstance(found, ssl.SSLObject)  # noqa: S101 - what asyncio documents for an encrypted transport
        return found

    def close(self) -> None:
        """Ends the connection at once. A TLS farewell would keep it open for as long as the server likes."""
        if self._transport is not None:
            self._transport.abort()
        elif self._socket is not None:
            self._socket.close()

    async def _attach(self, context: ssl.SSLContext | None = None) -> None:
        """Puts the client on the socket. Its own connect() would do TLS and the first reply in one, which are two
        steps here."""
        assert self._socket is not None  # noqa: S101 - connecting comes first
        loop = asyncio.get_running_loop()
        protocol = SMTPProtocol(loop)
        self._transport, _ = await loop.create_connection(
            lambda: protocol, sock=self._socket, ssl=context, server_hostname=self._host if context else None
        )
        self.client.protocol, self.client.transport = protocol, self._transport
        self.client.local_hostname = self._local_hostname or _literal(self._socket.getsockname()[0])


async def shown_certificate(found: AddrInfoType, host: str, security: Security) -> Certificate | None:
    """The certificate that a server shows, believed or not, looked at over a connection of its own on which nothing
    but the way into TLS is said; None where that does not succeed."""
    line = Line(host)
    try:
        await line.connect([found])
        if security is Security.STARTTLS:
            await line.banner()
        await line.start_tls(security, unverified_context())
        return read_certificate(line.tls().getpeercert(binary_form=True) or b"")
    except (aiosmtplib.SMTPException, OSError, Refusal):
        return None
    finally:
        line.close()


def _literal(ip: str) -> str:
    """Our name in the greeting: an address literal (RFC 5321 section 4.1.3), since the host's own name often means
    nothing outside, and looking it up can take long."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"

"""A small Internet on the loopback: name servers that say what a test writes down, and HTTPS that shows a file."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

import trustme

from mailtui.core.addresses import Security
from mailtui.demo.name_server import NameServer
from mailtui.lookup.dns import Dns
from mailtui.lookup.web import Web
from mailtui.operations.look_up import Outside

HOST: Final = "127.0.0.1"

Answers = Callable[[str, str], bytes]
"""From the host that was asked and the target to everything that the server says; PORT in it becomes its own."""


def page(body: bytes, *, status: str = "200 OK", headers: Sequence[str] = ()) -> bytes:
    """An answer of HTTP/1.1 after which the server hangs up."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def redirect(to: str) -> bytes:
    return page(b"", status="302 Found", headers=[f"Location: {to}"])


NOTHING_THERE: Final = page(b"nothing", status="404 Not Found")


class HttpsServer:
    """Shows a certificate for the names that a test wants, and what the test answers."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.port = 0
        self.asked: list[str] = []
        """Host and target of each request."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            target = head.split(" ")[1]
            host = next(line for line in head.split("\r\n") if line.lower().startswith("host:"))[5:].strip()
            host = host.partition(":")[0]
            self.asked.append(host + target)
            writer.write(self._answers(host, target).replace(b"PORT", str(self.port).encode()))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # A client may leave when it has seen enough.
        finally:
            writer.transport.abort() if writer.is_closing() else writer.close()


@asynccontextmanager
async def https(authority: trustme.CA, names: Sequence[str], answers: Answers) -> AsyncIterator[HttpsServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    server = HttpsServer(answers)
    listening = await asyncio.start_server(server.serve, HOST, 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server


@asynccontextmanager
async def internet(
    records: str = "", *, https_port: int = 9, ports: tuple[tuple[int, Security], ...] = ()
) -> AsyncIterator[tuple[NameServer, Outside]]:
    """The name server and what a look-up asks. Port 9 is where nobody listens."""
    async with NameServer(records) as names:
        dns = Dns(HOST, names.port)
        yield names, Outside(dns, Web(dns, https_port), ports)

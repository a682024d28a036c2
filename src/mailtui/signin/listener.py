"""A listener on the loopback that the browser is sent back to (RFC 8252 section 7.3)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from pydantic import SecretStr

from mailtui.core.errors import BadInput

HOST: Final = "127.0.0.1"

MAX_REQUEST: Final = 16_384
"""Octets of a request's line and headers; browsers send some hundred."""

PATIENCE: Final = 5.0
"""Seconds that a browser has for its request."""

PAGE: Final = """\
HTTP/1.1 {status}\r
Content-Type: text/html; charset=utf-8\r
Content-Length: {length}\r
Cache-Control: no-store\r
Referrer-Policy: no-referrer\r
Content-Security-Policy: default-src 'none'\r
Connection: close\r
\r
"""

ANSWERED: Final = "<!doctype html><title>mailtui</title><p>The sign-in goes on in mailtui. Close this page.</p>\n"
NOT_ANSWERED: Final = "<!doctype html><title>mailtui</title><p>This is not the answer that mailtui waits for.</p>\n"

Takes = Callable[[SecretStr], bool]
"""Whether the redirected address is the answer that is waited for."""


class Listener:
    """Takes the answers of browsers."""

    def __init__(self) -> None:
        self._redirect_uri = ""
        self._takes: Takes = lambda redirected: False
        self.port = 0

    def expect(self, redirect_uri: str, takes: Takes) -> None:
        """Answers are judged by `takes`, as addresses that begin as `redirect_uri` does."""
        self._redirect_uri, self._takes = redirect_uri, takes

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of a browser."""
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
                taken = self._judge(head)
                page = (ANSWERED if taken else NOT_ANSWERED).encode()
                status = "200 OK" if taken else "404 Not Found"
                writer.write(PAGE.format(status=status, length=len(page)).encode() + page)
                await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    def _judge(self, head: bytes) -> bool:
        words = head.split(b"\r\n", 1)[0].decode("ascii", "replace").split(" ")
        if len(words) != 3 or words[0] != "GET" or not words[1].startswith("/"):
            return False
        # Only the path is the browser's; host and port are where it reached us.
        scheme, _, rest = self._redirect_uri.partition("://")
        place = rest.partition("/")[0]
        return self._takes(SecretStr(f"{scheme}://{place}{words[1]}"))


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """A listener on a free port of the loopback. Raises BadInput where none can be had."""
    listener = Listener()
    try:
        server = await asyncio.start_server(listener.answer, HOST, 0, limit=MAX_REQUEST)
    except OSError as error:
        raise BadInput(f"no port of the loopback can be listened on ({error.strerror}): paste the address") from error
    async with server:
        listener.port = server.sockets[0].getsockname()[1]
        yield listener

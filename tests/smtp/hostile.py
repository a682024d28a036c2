"""Servers that do not keep to the protocol: a socket on the loopback and a script of what it says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from mailtui.core.addresses import Security, SmtpAccount

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def hostile_server(script: Script, security: Security = Security.NONE) -> AsyncIterator[SmtpAccount]:
    """Settings for a server that says what `script` writes; it ends with the block."""
    conversations: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        conversations.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await script(reader, writer)
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield SmtpAccount(host="127.0.0.1", port=port, security=security, username="ana@corp.example")
    finally:
        server.close()
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


def in_turn(*replies: bytes, then: Script | None = None) -> Script:
    """Says the first reply at once and each further one after a line of the client, then `then`, then keeps silent."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for turn, reply in enumerate(replies):
            if turn:
                await reader.readuntil(b"\n")
            writer.write(reply)
            await writer.drain()
        if then is not None:
            await then(reader, writer)
        while await reader.read(4096):
            pass

    return script


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Closes after the client's next line."""
    await reader.readuntil(b"\n")
    writer.transport.abort()


async def hang_up_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Closes without waiting for anything."""
    writer.transport.abort()


def endlessly(octets: bytes) -> Script:
    """Says the same for as long as anybody listens."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(octets)
            await writer.drain()

    return script


BANNER = b"220 mail.demo.example ESMTP\r\n"
EHLO = b"250-mail.demo.example\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN\r\n"
SIGNED_IN = b"235 2.7.0 Authentication successful\r\n"
OK = b"250 2.1.0 Ok\r\n"

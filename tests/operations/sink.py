"""A mail server on the loopback that takes everything, counts, and answers what it is told to."""

import asyncio
import re
from contextlib import suppress
from typing import Self

from mailtui.core.addresses import Security, SignIn, SmtpAccount

MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)\r$", re.MULTILINE | re.IGNORECASE)

TAKEN = "250 2.0.0 Ok"


class Sink:
    """`async with Sink() as sink`; it speaks without TLS or sign-in."""

    def __init__(self) -> None:
        self.connections = 0
        """How many there were."""
        self.most_at_once = 0
        self.message_ids: list[str] = []
        """Of what it took, in that order."""
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        """The reply to a command (EHLO, MAIL, RCPT) or to the end of a message (END) where it is not the good one."""
        self.may_answer = asyncio.Event()
        """While it is not set, the end of a message gets no answer."""
        self.may_answer.set()
        self.asked = asyncio.Event()
        """A message has come to its end."""
        self.two_are_open = asyncio.Event()
        """A second connection has come while the first was open."""
        self._open: set[asyncio.StreamWriter] = set()
        self._talks: set[asyncio.Task[None]] = set()

    def account(self) -> SmtpAccount:
        return SmtpAccount(host="127.0.0.1", port=self.port, security=Security.NONE, signin=SignIn.NONE)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.may_answer.set()
        self._server.close()
        for writer in tuple(self._open):
            writer.close()
        await asyncio.gather(*self._talks)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)
        self.connections += 1
        self._open.add(writer)
        self.most_at_once = max(self.most_at_once, len(self._open))
        if len(self._open) > 1:
            self.two_are_open.set()
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._say(writer, "220 sink ready")
            while (line := (await reader.readuntil(b"\r\n")).decode().strip()) != "QUIT":
                verb = line[:4].upper()
                reply = self.answers.get(verb, "354 go on" if verb == "DATA" else "250 Ok")
                await self._say(writer, reply)
                if verb == "RCPT":
                    recipient = line.partition("<")[2].partition(">")[0]
                if reply.startswith("354"):
                    await self._take(await reader.readuntil(b"\r\n.\r\n"), recipient, writer)
        self._open.discard(writer)
        writer.close()

    async def _take(self, message: bytes, recipient: str, writer: asyncio.StreamWriter) -> None:
        self.asked.set()
        await self.may_answer.wait()
        reply = self.answers.get("END", TAKEN)
        if reply.startswith("2"):
            found = MESSAGE_ID.search(message)
            assert found
            self.message_ids.append(found.group(1).decode())
            self.recipients.append(recipient)
        await self._say(writer, reply)

    async def _say(self, writer: asyncio.StreamWriter, reply: str) -> None:
        writer.write(f"{reply}\r\n".encode())
        await writer.drain()

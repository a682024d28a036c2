"""A name server on the loopback that knows one zone file and nothing else: a look-up never leaves this machine."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self, cast

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.zone

from mailtui.demo.servers import HOST


class NameServer:
    """Answers on the event loop that enters it: `async with NameServer(records) as names`, over UDP at 127.0.0.1."""

    def __init__(self, records: str) -> None:
        """`records`: lines of a zone file (RFC 1035 section 5) with absolute names."""
        self._zone = dns.zone.from_text(records, origin=".", relativize=False, check_origin=False)
        self._transport: asyncio.DatagramTransport | None = None
        self.asked: list[str] = []
        """The questions so far, as `name type`."""

    @property
    def port(self) -> int:
        assert self._transport is not None  # noqa: S101 - to be entered first
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Conversation(self), local_addr=(HOST, 0))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._transport is not None:
            self._transport.close()
            await asyncio.sleep(0)  # The event loop closes the socket in its next turn.

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        """What the zone holds; there is no such name (RFC 1035 section 4.1.1) for everything outside it."""
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        question = query.question[0]
        name, kind = question.name, question.rdtype
        self.asked.append(f"{name.to_text(omit_final_dot=True)} {dns.rdatatype.to_text(kind)}")
        if not any(known.is_subdomain(name) for known in self._zone.nodes):
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif (found := self._zone.get_rrset(name, kind)) is not None:
            response.answer.append(found)
        return response


class _Conversation(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not by isinstance: asyncio's own transports are no subclass of it before Python 3.12.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            query = dns.message.from_wire(data)
        except (dns.exception.DNSException, ValueError):
            return  # No question, and so no answer.
        if query.question:
            self._transport.sendto(self._server.answer(query).to_wire(), addr)


@contextmanager
def in_thread(records: str) -> Iterator[NameServer]:
    """The same on an event loop in a thread of its own, for callers that have none or that block theirs."""
    server = NameServer(records)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="loopback name server", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
        yield server
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

"""A mail server that takes what it is given and keeps nothing: `python sink.py MESSAGES`.

Prints its port, and after so many messages the time of the last one, in seconds of the monotonic clock.
"""

import asyncio
import sys
import time

ABILITIES = b"250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n"
REPLIES = {b"EHLO": ABILITIES, b"DATA": b"354 Go on\r\n", b"QUIT": b"221 2.0.0 Bye\r\n"}
OK = b"250 2.0.0 Ok\r\n"


class Sink(asyncio.Protocol):
    """One connection."""

    left: int
    """Messages until the end, of all connections."""
    ended: asyncio.Event

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP has full transports
        self._transport = transport
        self._waiting = bytearray()
        self._in_message = False
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (found := self._waiting.find(end := b"\r\n.\r\n" if self._in_message else b"\r\n")) >= 0:
            verb = bytes(self._waiting[:4]).upper()
            del self._waiting[: found + len(end)]
            if self._in_message:
                self._transport.write(OK)
                Sink.left -= 1
                if Sink.left == 0:
                    print(time.monotonic(), flush=True)  # noqa: T201 - what the other side reads
                    Sink.ended.set()
            else:
                self._transport.write(REPLIES.get(verb, OK))
            self._in_message = not self._in_message and verb == b"DATA"


async def main(messages: int) -> None:
    Sink.left, Sink.ended = messages, asyncio.Event()
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - what the other side reads
    await Sink.ended.wait()
    await asyncio.sleep(1)  # Clients say good-bye.


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

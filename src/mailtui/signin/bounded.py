"""HTTP answers of a bounded size, over TLS that is always verified."""

import ssl
from collections.abc import AsyncIterator

import httpx2


class _Bounded(httpx2.AsyncByteStream):
    """The answer's body up to a limit."""

    def __init__(self, body: httpx2.AsyncByteStream, limit: int) -> None:
        self._body = body
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._limit
        async for piece in self._body:
            left -= len(piece)
            if left < 0:
                raise httpx2.ReadError(f"the answer is longer than {self._limit} octets")
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


class BoundedTransport(httpx2.AsyncHTTPTransport):
    """Ends an answer that does not end. Nothing compressed is asked for, which could grow behind the limit."""

    def __init__(self, context: ssl.SSLContext, limit: int) -> None:
        """`limit`: octets of a body."""
        super().__init__(verify=context, trust_env=False)
        self._limit = limit

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"
        answer = await super().handle_async_request(request)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            await answer.aclose()
            raise httpx2.ReadError("the answer is compressed, which was not asked for")
        assert isinstance(answer.stream, httpx2.AsyncByteStream)  # noqa: S101 - so is every one of an async transport
        answer.stream = _Bounded(answer.stream, self._limit)
        return answer

"""Fetching one small file over HTTPS: certificates verified, size and time bounded, redirects looked at one by one."""

import asyncio
import ipaddress
import ssl
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpcore2

from mailtui.core.errors import BadInput, Unavailable
from mailtui.core.look_up import is_within
from mailtui.core.names import parse_host
from mailtui.core.text import clean
from mailtui.lookup.dns import Dns

HTTPS_PORT: Final = 443

TRY: Final = 3.0
"""Seconds for each connecting, writing and reading."""

LIFETIME: Final = 6.0
"""Seconds for a file in all, redirects included."""

MAX_OCTETS: Final = 64 * 1024
"""Of a file: real ones have two or three thousand."""

MAX_REDIRECTS: Final = 3

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

HEADERS: Final[Sequence[tuple[bytes | str, bytes | str]]] = (
    ("User-Agent", "mailtui"),
    ("Accept", "application/xml, text/xml"),
    ("Accept-Encoding", "identity"),  # What is not unpacked cannot grow.
)

MAX_URL: Final = 2000
"""Characters of a redirect's target."""

ADDRESSES_TRIED: Final = 2
"""Of a host that has many."""


class NotFetched(Exception):
    """There is no such file, or it cannot be believed; the text says why and is safe for a terminal."""


class Web:
    """HTTPS to hosts that a domain names."""

    def __init__(self, dns: Dns, port: int = HTTPS_PORT) -> None:
        self._dns = dns
        self._port = port

    async def fetch(self, host: str, target: str, *, domain: str) -> bytes:
        """The file at `https://host/target`. Raises NotFetched.

        A redirect is followed within `domain`, and elsewhere only to public addresses: a file of a stranger must not
        make this machine ask inside its own network.
        """
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            async with (
                asyncio.timeout(LIFETIME),
                httpcore2.AsyncConnectionPool(
                    ssl_context=context, max_connections=1, network_backend=_Network(self._dns, domain)
                ) as pool,
            ):
                return await self._follow(pool, self._url(host, target))
        except (TimeoutError, httpcore2.TimeoutException) as error:
            raise NotFetched(f"{host} does not answer") from error
        except httpcore2.ConnectError as error:
            raise NotFetched(_connect_words(error, host)) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise NotFetched(f"{host} does not speak HTTP: {clean(str(error), 80)}") from error
        except Unavailable as error:
            raise NotFetched(clean(str(error))) from error

    async def _follow(self, pool: httpcore2.AsyncConnectionPool, url: httpcore2.URL) -> bytes:
        limits = {"connect": TRY, "read": TRY, "write": TRY, "pool": TRY}
        for _ in range(MAX_REDIRECTS + 1):
            async with pool.stream("GET", url, headers=HEADERS, extensions={"timeout": limits}) as response:
                if response.status in REDIRECTS:
                    location = next((value for name, value in response.headers if name.lower() == b"location"), b"")
                    url = self._redirected(url, location)
                elif response.status == 200:
                    return await _bounded(response, _host_of(url))
                else:
                    raise NotFetched(f"{_host_of(url)} answers {response.status}")
        raise NotFetched(f"{_host_of(url)} redirects without end")

    def _url(self, host: str, target: str) -> httpcore2.URL:
        port = None if self._port == HTTPS_PORT else self._port
        return httpcore2.URL(scheme=b"https", host=host.encode(), port=port, target=target.encode())

    def _redirected(self, url: httpcore2.URL, location: bytes) -> httpcore2.URL:
        """Raises NotFetched for anything but HTTPS at its usual port."""
        said = location.decode("ascii", errors="replace")
        try:
            whole = urlsplit(urljoin(bytes(url).decode(), said))
            host, port = parse_host(whole.hostname or ""), whole.port or HTTPS_PORT
        except (BadInput, ValueError):
            host, port = "", 0
        target = f"{whole.path or '/'}?{whole.query}" if host and whole.query else whole.path or "/" if host else ""
        plain = target.isascii() and target.isprintable() and " " not in target
        if not host or not plain or whole.scheme != "https" or port != self._port or len(said) > MAX_URL:
            raise NotFetched(f"{_host_of(url)} redirects to {clean(said, 80)!r}, where nothing is fetched")
        return self._url(host, target)


class _Network(httpcore2.AsyncNetworkBackend):
    """Connects to the addresses that our own name servers give, each looked at first: looking at one answer and
    connecting by another would let a name change in between."""

    def __init__(self, dns: Dns, domain: str) -> None:
        self._dns = dns
        self._domain = domain
        self._below = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface's own
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await self._allowed(host)
        for address in addresses[:-1]:
            try:
                return await self._below.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._below.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def _allowed(self, host: str) -> list[str]:
        try:
            addresses = [str(ipaddress.ip_address(host))]
        except ValueError:
            addresses = await self._dns.addresses(host)
        if not addresses:
            raise NotFetched(f"there is no host {host}")
        if not is_within(host, self._domain) and not all(ipaddress.ip_address(one).is_global for one in addresses):
            raise NotFetched(f"a redirect leads to {host}, which is not on the public Internet")
        return addresses[:ADDRESSES_TRIED]


async def _bounded(response: httpcore2.Response, host: str) -> bytes:
    found = bytearray()
    async for part in response.aiter_stream():
        found += part
        if len(found) > MAX_OCTETS:
            raise NotFetched(f"{host} sends more than {MAX_OCTETS // 1024} KiB, which no such file has")
    return bytes(found)


def _host_of(url: httpcore2.URL) -> str:
    return url.host.decode()


def _connect_words(error: httpcore2.ConnectError, host: str) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"{host} shows a certificate that is not valid: {clean(cause.verify_message, 80)}"
        cause = cause.__cause__ or cause.__context__
    return f"{host} takes no HTTPS"

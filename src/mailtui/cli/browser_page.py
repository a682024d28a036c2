"""The screens in a browser: textual-serve's server, which asks nobody who he is, kept to this host and to one page."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

from mailtui.core.errors import Unavailable
from mailtui.demo.ending import Ending

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
"""Hosts that nothing outside this machine reaches."""

FONT: Final = (
    "<style>@font-face { font-family: 'Roboto Mono'; font-display: block; font-weight: 100 700;"
    " src: url('/static/fonts/RobotoMono-VariableFont_wght.ttf'); }</style>"
)
"""The font that textual-serve brings and yet asks another host for."""

OTHER_HOSTS_FONT: Final = re.compile(r"<link[^>]*https://[^>]*>")

NOTHING_FROM_ELSEWHERE: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)
"""Content-Security-Policy: the page needs no other host, and no other page may hold it in a frame."""

LONGEST_END: Final = 10.0
"""Seconds for the screens to end in once the server is to; a message under way takes some of them."""


class BrowserPage(Server):
    """Each connection runs a process of its own, and ends it when the page is closed."""

    def __init__(self, command: str, host: str, port: int) -> None:
        """`command` is for a shell. On a loopback `host` only its own names are answered."""
        super().__init__(command, host=host, port=port, title="mailtui")
        self._open: set[asyncio.Task[Any]] = set()  # Any: what a handler returns does not matter here

    async def run(self, listening: Callable[[str], None]) -> None:
        """Serve until a signal asks for the end; `listening` is told the URL. Raises Unavailable where the port is
        taken or the host is none of this machine's."""
        runner = web.AppRunner(await self._make_app(), handle_signals=False, access_log=None)
        await runner.setup()
        with Ending() as ending:
            try:
                site = web.TCPSite(runner, self.host, self.port)
                try:
                    await site.start()
                except OSError as error:
                    raise Unavailable(
                        f"cannot listen on {self.host} port {self.port}: {error.strerror}; choose another with --port"
                    ) from error
                listening(urls(runner)[0])
                await ending.wait()
            finally:
                await runner.cleanup()

    async def _make_app(self) -> web.Application:
        application = await super()._make_app()
        application.middlewares.append(self._from_this_page)
        return application

    @web.middleware
    async def _from_this_page(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Any page that the browser shows may open a web socket to this host (RFC 6455, section 10.2), and a name may
        be led here by its owner's DNS: both are refused, or they would press keys as the administrator."""
        named = urlsplit(f"//{request.host}")
        if self.host in LOOPBACK and named.hostname not in LOOPBACK:
            raise web.HTTPForbidden(text=f"mailtui is served as http://{self.host}:{self.port} alone\n")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != named.netloc:
            raise web.HTTPForbidden(text="another page asked for the screens of mailtui\n")
        return await handler(request)

    async def handle_index(self, request: web.Request) -> web.Response:
        self.public_url = f"http://{request.host}"
        page = cast("web.Response", await super().handle_index(request))
        page.text = OTHER_HOSTS_FONT.sub(FONT, page.text or "")
        page.headers["Content-Security-Policy"] = NOTHING_FROM_ELSEWHERE
        return page

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler always runs in one
        self._open.add(task)
        try:
            return await super().handle_websocket(request)
        except ConnectionError:  # The page was closed while something was being drawn.
            return web.WebSocketResponse()
        finally:
            self._open.discard(task)

    async def on_startup(self, app: web.Application) -> None:
        """In place of a banner."""

    async def on_shutdown(self, app: web.Application) -> None:
        """Let every process end before the server does."""
        for task in self._open:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_END):
                await asyncio.gather(*self._open, return_exceptions=True)


def urls(runner: web.AppRunner) -> list[str]:
    """Where a server listens, with the port that the system chose where none was wanted."""
    found = []
    for address in runner.addresses:
        host, port = address[:2]
        found.append(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/")
    return found

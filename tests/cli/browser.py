"""A browser without a window, told what to do over the Chrome DevTools Protocol."""

import asyncio
import base64
import contextlib
import itertools
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse

CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The browser of this machine; None where it has none."""

LIMIT: Final = 60.0
"""Seconds that anything may take on a busy machine."""

OPTIONS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--window-size=1000,640", "--remote-debugging-port=0",
)  # fmt: skip

SCREEN: Final = (200, 60)
"""Columns and lines that hold whatever the page draws."""


class Browser:
    """One page of the browser."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._screen = pyte.Screen(*SCREEN)
        self._stream = pyte.ByteStream(self._screen)
        self.asked_for: list[str] = []
        """The URLs that the page has asked for."""

    async def tell(self, method: str, **parameters: object) -> Any:  # Any: what the protocol answers
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while (heard := await self._hear()).get("id") != number:
            pass
        return heard.get("result")

    async def open(self, url: str) -> None:
        for domain in ("Network", "Page", "Runtime"):
            await self.tell(f"{domain}.enable")
        await self.tell("Page.navigate", url=url)

    async def shows(self, words: str) -> None:
        """Wait until the terminal on the page has been sent `words`."""
        async with asyncio.timeout(LIMIT):
            while words not in "\n".join(self._screen.display):
                await self._hear()

    async def press(self, key: str) -> None:
        """Press a key with a letter on it."""
        await self.tell("Runtime.evaluate", expression="document.querySelector('textarea').focus()")
        await self.tell("Input.dispatchKeyEvent", type="keyDown", text=key, key=key)
        await self.tell("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def picture(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode((await self.tell("Page.captureScreenshot"))["data"])

    async def _hear(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads((await self._socket.receive()).data)
        match heard:
            case {"method": "Network.requestWillBeSent", "params": {"request": {"url": url}}}:
                self.asked_for.append(url)
            case {"method": "Network.webSocketCreated", "params": {"url": url}}:
                self.asked_for.append(url)
            case {
                "method": "Network.webSocketFrameReceived",
                "params": {"response": {"opcode": 2, "payloadData": data}},
            }:
                self._stream.feed(base64.b64decode(data))
        return heard


@contextlib.asynccontextmanager
async def browser(place: Path) -> AsyncIterator[Browser]:
    """The browser of this machine with an empty profile in `place`; it is gone afterwards."""
    assert CHROMIUM is not None
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *OPTIONS,
        f"--user-data-dir={place}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(LIMIT):
            while not (found := re.search(rb"DevTools listening on ws://([^/]*)/", await process.stderr.readline())):
                pass
        async with ClientSession() as session:
            async with session.get(f"http://{found[1].decode()}/json") as answer:
                pages = [page for page in await answer.json() if page["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Browser(socket)
    finally:
        process.terminate()
        await process.communicate()

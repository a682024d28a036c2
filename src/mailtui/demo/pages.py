"""A small web server on the loopback for the demo's pages: one request a connection, GET and forms."""

import asyncio
import contextlib
import html
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from mailtui.core.frozen import Frozen

MAX_REQUEST: Final = 32_768
"""Octets of the head and of the form, each."""

PATIENCE: Final = 5.0
"""Seconds for one request."""

STYLE: Final = "body{font:16px sans-serif;max-width:30em;margin:3em auto}button{font:inherit;margin-right:1em}"


class Asked(Frozen):
    """A request."""

    method: str
    path: str
    fields: Mapping[str, str]
    """Of the query and of the form."""
    authorization: str = ""
    """The header of that name."""


class Answer(Frozen):
    """What is sent back."""

    body: str = ""
    status: str = "200 OK"
    kind: str = "text/html; charset=utf-8"
    location: str = ""
    """Where the browser is sent; empty for nowhere."""


Answers = Callable[[Asked], Answer]


def page(title: str, *parts: str) -> Answer:
    """A page; `parts` are HTML already, see `text`."""
    head = f"<!doctype html><meta charset=utf-8><title>{text(title)}</title><style>{STYLE}</style>"
    return Answer(body=f"{head}<h1>{text(title)}</h1>{''.join(parts)}")


def text(words: str) -> str:
    """Words as HTML."""
    return html.escape(words)


async def serve(answers: Answers, host: str, port: int = 0) -> asyncio.Server:
    """A server that listens on `port`; 0 for any."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
        with contextlib.suppress(*ends):
            async with asyncio.timeout(PATIENCE):
                writer.write(_written(answers(await _asked(reader))))
                await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    return await asyncio.start_server(converse, host, port, limit=MAX_REQUEST)


async def _asked(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    length = int(headers.get("content-length", "0"))
    if length > MAX_REQUEST:
        raise ValueError("a form of that size is none of ours")
    form = (await reader.readexactly(length)).decode()
    parts = urlsplit(target)
    fields = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(parse_qsl(form, keep_blank_values=True))
    return Asked(method=method, path=parts.path, fields=fields, authorization=headers.get("authorization", ""))


def _written(answer: Answer) -> bytes:
    body = answer.body.encode()
    status = "302 Found" if answer.location else answer.status
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {answer.kind}",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "Connection: close",
        *([f"Location: {answer.location}"] if answer.location else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body

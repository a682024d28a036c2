"""Signing in with OAuth from the command line: what to open and type, and the redirected address that is pasted."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import click
from pydantic import SecretStr

from mailtui.cli.output import tell
from mailtui.operations.context import Context
from mailtui.operations.sign_in import Pasted, PasteRefused, Prompt, sign_in

MAX_LINE: Final = 16_384
"""Octets of a pasted address."""


async def signed_in(context: Context, provider: str, username: str) -> SecretStr:
    """The secret of the sign-in. Raises what `sign_in` raises."""
    pasted: Pasted = asyncio.Queue()
    with ExitStack() as stack:

        def show(said: Prompt | PasteRefused) -> None:
            match said:
                case PasteRefused():
                    tell(said.why)
                case Prompt(code=code) if code:
                    _open(said.url, f" and enter {code}")
                case Prompt():
                    _open(said.url)
                    tell("If the browser cannot reach this host, paste the address that it ends on here:")
                    stack.enter_context(_lines_into(pasted))

        return await sign_in(context, provider, username, show, pasted)


def _open(url: str, then: str = "") -> None:
    """A link is shown whole, however long: it is safe already."""
    click.echo(f"open {url}{then}", err=True)


@contextmanager
def _lines_into(pasted: Pasted) -> Iterator[None]:
    """Hands over what is typed or piped in, line by line, as long as it is waited for and no longer: the next question
    may be for a passphrase."""
    kept = b""

    def read() -> bool:
        nonlocal kept
        octets = os.read(descriptor, MAX_LINE)
        *lines, kept = (kept + octets).split(b"\n") if octets else (kept, b"")
        for line in lines:
            if text := line.decode(errors="replace").strip():
                pasted.put_nowait(SecretStr(text))
        more = bool(octets) and len(kept) < MAX_LINE
        if not more:
            loop.remove_reader(descriptor)
        return more

    loop = asyncio.get_running_loop()
    try:
        descriptor = sys.stdin.fileno()
    except (ValueError, OSError):  # There is none, or it is no file.
        yield
        return
    try:
        loop.add_reader(descriptor, read)
    except PermissionError:  # A plain file, or /dev/null, which is read at once.
        while read():
            pass
    try:
        yield
    finally:
        loop.remove_reader(descriptor)

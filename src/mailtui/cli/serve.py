"""`mailtui serve`: the screens in a browser, for a demonstration."""

import asyncio
import importlib.util
import os
import shlex
import sys
from typing import Final

import click

from mailtui.cli.caller import Caller
from mailtui.cli.output import json_option, print_json, say, tell
from mailtui.core.errors import Misconfigured

PORT: Final = 8088

NO_SIGN_IN: Final = "There is no sign-in: whoever reaches this port works on the screens as you."


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@click.option("--demo", is_flag=True, help="Serve the demo, a sample company for each page that is opened.")
@click.option("--without-sign-in", is_flag=True, help="Needed for a host that others reach.")
@json_option
@click.pass_obj
def serve(caller: Caller, host: str, port: int, demo: bool, without_sign_in: bool, as_json: bool) -> int:
    """Show the screens in a browser, until ended with ctrl+c.

    It has no sign-in of its own: it listens on this machine alone, and whoever
    can reach the port works as you. Needs mailtui[serve].

    \b
    Example: mailtui serve --demo
    """
    if importlib.util.find_spec("textual_serve") is None:
        raise Misconfigured(
            "the browser needs textual-serve, which is not installed: pip install 'mailtui[serve]', then try again"
        )
    from mailtui.cli.browser_page import LOOPBACK, BrowserPage  # A web server, which nothing else needs.

    if host not in LOOPBACK and not without_sign_in:
        raise click.UsageError(
            f"{host} may be reached by others, and there is no sign-in: whoever opens the page works as you."
            " Add --without-sign-in if that is wanted"
        )
    tell(NO_SIGN_IN)

    def listening(url: str) -> None:
        if as_json:
            print_json({"url": url})
        else:
            say(f"mailtui is at {url} until ctrl+c")
        sys.stdout.flush()

    asyncio.run(BrowserPage(command(caller, demo), host, port).run(listening))
    return os.EX_OK


def command(caller: Caller, demo: bool) -> str:
    """What a connection runs, for a shell."""
    this = [sys.executable, "-m", "mailtui"]
    company = ["--db", str(caller.database.absolute()), *(["--as", caller.act_as] if caller.act_as else [])]
    return shlex.join([*this, "demo"] if demo else [*this, *company])

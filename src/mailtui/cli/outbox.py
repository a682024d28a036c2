"""`mailtui outbox`: the worker that sends what waits, and throwing old texts away."""

import asyncio
import signal
from typing import TYPE_CHECKING

import click

from mailtui.cli.caller import Caller
from mailtui.cli.documents import moment
from mailtui.cli.output import json_option, print_json, say
from mailtui.cli.secret_input import unlocked
from mailtui.operations.deliveries import OldMessages, purge_messages, what_a_purge_takes
from mailtui.operations.outbox import Tally, run_outbox

if TYPE_CHECKING:
    from mailtui.operations.context import Context


@click.group()
def outbox() -> None:
    """Send what waits; throw old texts away."""


@outbox.command()
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 200),
    metavar="N",
    help="Connections at once; the configuration's by default.",
)
@json_option
@click.pass_obj
def run(caller: Caller, once: bool, concurrency: int | None, as_json: bool) -> None:
    """Send what is due, from all addresses at once, until it is ended.

    Several may run on one database. SIGTERM or ctrl+c ends it after the
    messages under way; a second one cuts them off.

    \b
    Example: mailtui outbox run --once
    """
    context = caller.open_company()
    tally = unlocked(context, lambda: asyncio.run(_until_told(context, once=once, concurrency=concurrency)))
    if as_json:
        print_json(tally.model_dump())
    else:
        say(f"sent {tally.sent}, deferred {tally.deferred}, failed {tally.failed}")


@outbox.command()
@click.option(
    "--older-than",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Days since they were accepted; 90 unless configured.",
)
@click.option("--dry-run", is_flag=True, help="Say how many there are, and throw none away.")
@json_option
@click.pass_obj
def purge(caller: Caller, older_than: int | None, dry_run: bool, as_json: bool) -> None:
    """Throw the texts of old messages away.

    Only of those that are over: sent, failed or cancelled. What became of
    them stays in the deliveries.

    \b
    Example: mailtui outbox purge --older-than 30
    """
    context = caller.open_company()
    if dry_run:
        _print_old(what_a_purge_takes(context, older_than), as_json=as_json)
        return
    purged = purge_messages(context, older_than)
    if as_json:
        print_json({"purged": purged})
    else:
        say(f"purged {purged} messages")


def _print_old(old: OldMessages, *, as_json: bool) -> None:
    if as_json:
        print_json(old.model_dump(mode="json"))
        return
    oldest = f", the oldest of {moment(old.oldest)}" if old.oldest else ""
    say(f"{old.messages} messages that are over are older than {old.days} days{oldest}")


async def _until_told(context: "Context", *, once: bool, concurrency: int | None) -> Tally:
    """The worker; the first signal asks it to end, the second one ends it."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    work = asyncio.ensure_future(run_outbox(context, stop, once=once, connections=concurrency))

    def told() -> None:
        if stop.is_set():
            work.cancel()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
    try:
        return await work
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

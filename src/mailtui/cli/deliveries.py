"""`mailtui deliveries`: what became of the messages."""

from collections.abc import Sequence

import click

from mailtui.cli.caller import Caller
from mailtui.cli.documents import Document, delivery_document
from mailtui.cli.output import json_option, marked, print_json, print_table
from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.operations.deliveries import cancel_delivery, retry_delivery
from mailtui.operations.listings import list_deliveries
from mailtui.tui.marks import Mark

MARKS = {DeliveryState.SENT: Mark.READY, DeliveryState.FAILED: Mark.FAILING, DeliveryState.CANCELLED: Mark.OFF}
"""Every other state is on its way."""


@click.group(invoke_without_command=True)
@click.option("--state", type=click.Choice([one.value for one in DeliveryState]))
@click.option("--project", metavar="KEY")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, metavar="N")
@json_option
@click.pass_context
def deliveries(click_context: click.Context, state: str | None, project: str | None, limit: int, as_json: bool) -> None:
    """List the deliveries, newest first, with the server's words.

    \b
    Example: mailtui deliveries --state failed --limit 20
    """
    if click_context.invoked_subcommand is not None:
        return
    wanted, caller = DeliveryState(state) if state else None, click_context.find_object(Caller)
    assert caller is not None  # noqa: S101 - `mailtui` itself puts it there
    found = list_deliveries(caller.open_company(), limit=limit, project=project, state=wanted)
    if as_json:
        print_json([_document(delivery) for delivery in found])
    else:
        print_deliveries(found)


@deliveries.command()
@click.argument("id", type=click.IntRange(min=1))
@json_option
@click.pass_obj
def cancel(caller: Caller, id: int, as_json: bool) -> None:
    """Do not send one that waits.

    \b
    Example: mailtui deliveries cancel 17
    """
    _print_one(cancel_delivery(caller.open_company(), id), as_json=as_json)


@deliveries.command()
@click.argument("id", type=click.IntRange(min=1))
@json_option
@click.pass_obj
def retry(caller: Caller, id: int, as_json: bool) -> None:
    """Try one again now: one that waits, or one that failed or was cancelled.

    \b
    Example: mailtui deliveries retry 17
    """
    _print_one(retry_delivery(caller.open_company(), id), as_json=as_json)


def _print_one(delivery: Delivery, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(delivery))
    else:
        print_deliveries([delivery])


def _document(delivery: Delivery) -> Document:
    return {**delivery_document(delivery), "note": delivery.note}


def print_deliveries(found: Sequence[Delivery]) -> None:
    """A row each, with why it waits, or else the words of its last attempt."""
    print_table(
        ("Id", "State", "To", "From", "Subject", "Answer"),
        (
            (
                marked(MARKS.get(delivery.state, Mark.UNTESTED)),
                str(delivery.id),
                delivery.state,
                delivery.to,
                delivery.sender,
                delivery.subject,
                delivery.note or (delivery.last.reply if delivery.last else ""),
            )
            for delivery in found
        ),
        empty="Nothing was sent.",
    )

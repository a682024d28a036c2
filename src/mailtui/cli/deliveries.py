"""`mailtui deliveries`: what became of the messages."""

from collections.abc import Sequence

import click

from mailtui.cli.caller import Caller
from mailtui.cli.documents import delivery_document
from mailtui.cli.output import json_option, marked, print_json, print_table
from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.operations.listings import list_deliveries
from mailtui.tui.marks import Mark

MARKS = {DeliveryState.SENT: Mark.READY, DeliveryState.FAILED: Mark.FAILING, DeliveryState.CANCELLED: Mark.OFF}
"""Every other state is on its way."""


@click.command()
@click.option("--state", type=click.Choice([one.value for one in DeliveryState]))
@click.option("--project", metavar="KEY")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, metavar="N")
@json_option
@click.pass_obj
def deliveries(caller: Caller, state: str | None, project: str | None, limit: int, as_json: bool) -> None:
    """List the deliveries, newest first, with the server's words.

    \b
    Example: mailtui deliveries --state failed --limit 20
    """
    wanted = DeliveryState(state) if state else None
    found = list_deliveries(caller.open_company(), limit=limit, project=project, state=wanted)
    if as_json:
        print_json([delivery_document(delivery) for delivery in found])
    else:
        print_deliveries(found)


def print_deliveries(found: Sequence[Delivery]) -> None:
    """A row each, with the words of its last attempt."""
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
                delivery.last.reply if delivery.last else "",
            )
            for delivery in found
        ),
        empty="Nothing was sent.",
    )

"""`mailtui deliveries`: what became of the messages."""

from collections.abc import Sequence
from typing import Final

import click
from pydantic import JsonValue

from mailtui.cli.caller import Caller
from mailtui.cli.documents import Document, delivery_document, moment
from mailtui.cli.named import PROJECT, REASON
from mailtui.cli.output import json_option, mark_of, marked, print_json, print_table, say
from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.core.reasons import reason
from mailtui.core.shown_message import ShownMessage, shown_message
from mailtui.core.text import clean
from mailtui.operations.deliveries import cancel_delivery, find_delivery, retry_delivery
from mailtui.operations.listings import list_deliveries
from mailtui.tui.marks import Mark

LIMIT: Final = 100
"""Deliveries that are listed unless more are asked for."""

MARKS = {DeliveryState.SENT: Mark.READY, DeliveryState.FAILED: Mark.FAILING, DeliveryState.CANCELLED: Mark.OFF}
"""Every other state is on its way."""


@click.group(invoke_without_command=True)
@click.option("--state", type=click.Choice([one.value for one in DeliveryState]), help="Only those in this state.")
@click.option("--project", type=PROJECT, help="Only those of this project.")
@click.option("--reason", "why", type=REASON, help="Only those whose last attempt failed for this reason.")
@click.option("--match", "matching", default="", metavar="WORDS", help="Only those with these words.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the newest; 100 unless given.")
@json_option
@click.pass_context
def deliveries(
    click_context: click.Context, state: str | None, project: str | None, why: str | None, matching: str,
    limit: int | None, as_json: bool,
) -> None:  # fmt: skip
    """List the deliveries, newest first, with the server's words.

    \b
    Example: mailtui deliveries --state failed --limit 20
    """
    if click_context.invoked_subcommand is not None:
        narrowed = {"--state": state, "--project": project, "--reason": why, "--match": matching, "--limit": limit}
        if not_theirs := [option for option, value in narrowed.items() if value]:
            raise click.UsageError(f"{not_theirs[0]} narrows the list, and {click_context.invoked_subcommand} has none")
        return
    wanted, caller = DeliveryState(state) if state else None, click_context.find_object(Caller)
    assert caller is not None  # noqa: S101 - `mailtui` itself puts it there
    found = list_deliveries(
        caller.open_company(), limit=limit or LIMIT, project=project, state=wanted, why=why, matching=matching
    )
    if as_json:
        print_json([_document(delivery) for delivery in found])
    else:
        print_deliveries(found)


@deliveries.command()
@click.argument("id", type=click.IntRange(min=1))
@click.option("--message", "with_message", is_flag=True, help="The text that was sent, too.")
@json_option
@click.pass_obj
def show(caller: Caller, id: int, with_message: bool, as_json: bool) -> None:
    """Tell of every attempt at one delivery what the server said.

    \b
    Example: mailtui deliveries show 17 --message
    """
    context = caller.open_company()
    delivery = find_delivery(context, id)
    attempts = context.store.deliveries.attempts(id)
    message = shown_message(context.store.deliveries.octets(id)) if with_message else None
    if as_json:
        history: list[JsonValue] = [attempt.model_dump(mode="json") for attempt in attempts]
        shown = {"message": message.model_dump(mode="json") if message else None} if with_message else {}
        print_json({**_document(delivery), "history": history, **shown})
        return
    print_deliveries([delivery])
    for attempt in attempts:
        step = attempt.step.words if attempt.step else ("taken" if attempt.ok else "rule")
        say(f"{mark_of(attempt.ok)} {moment(attempt.at)}  {step}  {clean(attempt.reply)}")
    if attempts and attempts[-1].reason:
        found = reason(attempts[-1].reason)
        say(f"{found.title}: {found.meaning}")
        for remedy in found.remedy:
            say(f"- {remedy}")
    if with_message:
        say()
        _print_message(message)


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


def _print_message(message: ShownMessage | None) -> None:
    if message is None:
        say("The message is not kept any more; its delivery and the attempts are.")
        return
    for name, said in message.fields.items():
        say(f"{name}: {said}")
    say()
    say(message.text)
    if message.files:
        say(f"Files: {', '.join(message.files)}")


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

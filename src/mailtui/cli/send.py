"""`mailtui send`: a message from a project to one or more contacts."""

import asyncio
from functools import partial
from pathlib import Path

import click

from mailtui.cli import exit_codes
from mailtui.cli.caller import Caller
from mailtui.cli.deliveries import print_deliveries
from mailtui.cli.documents import delivery_document
from mailtui.cli.input_files import STANDARD_INPUT, read_file, read_text
from mailtui.cli.named import ADDRESS, PROJECT
from mailtui.cli.output import json_option, print_json
from mailtui.cli.secret_input import unlocked
from mailtui.cli.step_lines import StepLines
from mailtui.core.messages import Attachment
from mailtui.operations.send import SendRequest, accept
from mailtui.operations.send import send as send_message

SHOWN = ("id", "to", "state", "reply", "reason")


@click.command()
@click.option("--project", required=True, type=PROJECT, help="In which project.")
@click.option("--to", "recipients", required=True, multiple=True, metavar="ADDRESS", help="A contact; repeat it.")
@click.option("--subject", required=True, metavar="SUBJECT", help="One line.")
@click.option(
    "--from",
    "sender",
    default="",
    type=ADDRESS,
    help="The default of the offered ones unless given.",
)
@click.option("--body-file", type=click.Path(path_type=Path), metavar="FILE", help="The text; - is standard input.")
@click.option(
    "--attach", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="A file to attach; repeat it."
)
@click.option("--wait", is_flag=True, help="Send it at once, and wait for the server's answer.")
@json_option
@click.pass_obj
def send(
    caller: Caller, project: str, recipients: tuple[str, ...], subject: str, sender: str, body_file: Path | None,
    attach: tuple[Path, ...], wait: bool, as_json: bool,
) -> int:  # fmt: skip
    """Send a message, one delivery to each contact.

    It is put into the outbox, from where `mailtui outbox run` or open screens
    send it; with --wait it is sent at once. An address that is not offered is
    refused (77). Exit codes with --wait: 0 all sent, 75 some wait for another
    try, 69 some refused for good, 77 account refused.

    \b
    Example: mailtui send --project brand-a --to ion@client.example \\
               --subject Offer --body-file offer.txt --wait
    """
    if STANDARD_INPUT in attach:
        raise click.UsageError("an attachment needs a name: give --attach a file, not standard input")
    request = SendRequest(
        project=project,
        to=recipients,
        subject=subject,
        body=read_text(body_file) if body_file else "",
        sender=sender,
        attachments=tuple(Attachment(name=path.name, content=read_file(path)) for path in attach),
    )
    context, report = caller.open_company(), StepLines.unless_json(as_json)
    if wait:
        sending = partial(send_message, context, request, lambda _, event: report(event))
        deliveries = unlocked(context, lambda: asyncio.run(sending()))
    else:
        deliveries = accept(context, request)
    if as_json:
        documents = (delivery_document(delivery) for delivery in deliveries)
        print_json({"deliveries": [{name: document[name] for name in SHOWN} for document in documents]})
    else:
        print_deliveries(deliveries)
    return exit_codes.of_deliveries(deliveries) if wait else 0

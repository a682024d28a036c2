"""`mailtui offered`: what an employee may send from in a project, and why not others."""

import click

from mailtui.cli.caller import Caller
from mailtui.cli.documents import Document
from mailtui.cli.named import ADDRESS, LOGIN, PROJECT
from mailtui.cli.output import json_option, marked, print_json, print_table, say
from mailtui.operations.offers import Choice, explained_addresses, offered_addresses
from mailtui.tui.marks import Mark


@click.command()
@click.option("--employee", type=LOGIN, help="Yourself unless given.")
@click.option("--project", required=True, type=PROJECT, help="In which project.")
@click.option("--why", is_flag=True, help="Say of every other address why it is not offered.")
@click.option("--address", default="", type=ADDRESS, help="Say it of this one alone.")
@json_option
@click.pass_obj
def offered(caller: Caller, employee: str | None, project: str, why: bool, address: str, as_json: bool) -> None:
    """List the addresses offered in a project, the default first.

    \b
    Example: mailtui offered --employee ana --project brand-a --why
    """
    context = caller.open_company()
    who = employee or context.employee.login
    asked_why = why or bool(address)
    choice = (
        explained_addresses(context, who, project, address) if asked_why else offered_addresses(context, who, project)
    )
    if as_json:
        print_json(_document(choice, with_refused=asked_why))
    else:
        _print(choice, with_refused=asked_why)


def _document(choice: Choice, *, with_refused: bool) -> Document:
    document: Document = {"offered": [offer.model_dump(mode="json") for offer in choice.offered]}
    if with_refused:
        document["refused"] = [refusal.model_dump(mode="json") for refusal in choice.refused]
    return document


def _print(choice: Choice, *, with_refused: bool) -> None:
    print_table(
        ("Offered", "Whose", "Bound to this project"),
        (
            (marked(Mark.READY), offer.address, offer.kind, _bound(offer.bound, default=offer.default))
            for offer in choice.offered
        ),
        empty="Nothing is offered." + ("" if with_refused else " --why says why."),
    )
    if with_refused and choice.refused:
        say()
        print_table(
            ("Not offered", "Rule", "Why"),
            ((marked(Mark.FAILING), refusal.address, str(refusal.rule), refusal.why) for refusal in choice.refused),
            empty="",
        )


def _bound(bound: bool, *, default: bool) -> str:
    return ("yes" if bound else "no") + (", the default" if default else "")

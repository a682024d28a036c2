"""`mailtui address`: the external addresses."""

import asyncio
from collections.abc import Sequence

import click

from mailtui.cli import exit_codes
from mailtui.cli.address_edit import add, edit
from mailtui.cli.address_scope import access, access_words, find_each, projects, projects_words
from mailtui.cli.caller import Caller
from mailtui.cli.documents import address_document
from mailtui.cli.named import ADDRESS, LOGIN
from mailtui.cli.output import json_option, marked, print_json, print_table
from mailtui.cli.removal import agreed, removal_options
from mailtui.cli.secret_input import unlocked
from mailtui.cli.several import print_each, several
from mailtui.cli.step_lines import StepLines
from mailtui.cli.test_words import print_test
from mailtui.core.addresses import AddressState, ExternalAddress, parse_address
from mailtui.operations.bulk import remove_addresses, switch_addresses
from mailtui.operations.listings import list_addresses
from mailtui.operations.losses import losses_of_addresses
from mailtui.operations.test_account import test_stored_account
from mailtui.store.addresses import Owner
from mailtui.tui.marks import Mark

MARKS = {AddressState.READY: Mark.READY, AddressState.UNTESTED: Mark.UNTESTED, AddressState.FAILING: Mark.FAILING}


@click.group()
def address() -> None:
    """External addresses: what the company, or one employee, sends from."""


address.add_command(add)
address.add_command(edit)
address.add_command(access)
address.add_command(projects)


@address.command("list")
@click.option("--owner", type=LOGIN, help="Only this employee's own.")
@click.option("--company", is_flag=True, help="Only company addresses.")
@click.option("--match", "matching", default="", metavar="WORDS", help="Only those with these words in a column.")
@json_option
@click.pass_obj
def list_(caller: Caller, owner: str | None, company: bool, matching: str, as_json: bool) -> None:
    """List the addresses and the state of each.

    \b
    Example: mailtui address list --match brand-a
    """
    if owner and company:
        raise click.UsageError("use one of --owner and --company")
    whose = owner or (Owner.COMPANY if company else Owner.ANY)
    found = list_addresses(caller.open_company(), matching=matching, whose=whose)
    if as_json:
        print_json([address_document(one) for one in found])
        return
    print_table(
        ("Address", "Owner", "Server", "Who may use", "Projects", "State"),
        map(_row, found),
        empty="No addresses. Add one with: mailtui address add ADDRESS --service ID",
    )


@address.command()
@click.argument("address", type=ADDRESS)
@click.option("--message-to", default="", metavar="ADDRESS", help="Send one real message to this address, too.")
@json_option
@click.pass_obj
def test(caller: Caller, address: str, message_to: str, as_json: bool) -> int:
    """Test a stored address against its server, step by step.

    Exit codes: 0 ok, 75 it may pass, 77 sign-in or sender refused, 69 server
    not reached, 76 anything else.

    \b
    Example: mailtui address test sales@brand-a.example
    """
    context, report = caller.open_company(), StepLines.unless_json(as_json)
    result = unlocked(
        context, lambda: asyncio.run(test_stored_account(context, address, report, message_to=message_to))
    )
    if as_json:
        print_json(result.model_dump(mode="json"))
    else:
        print_test(result)
    return exit_codes.of_test(result)


@address.command()
@several(ADDRESS)
@json_option
@click.pass_obj
def enable(caller: Caller, names: tuple[str, ...], as_json: bool) -> None:
    """Offer addresses again, all or none.

    --json prints one address, or a list of several.

    \b
    Example: mailtui address enable sales@brand-a.example
    """
    _switch(caller, names, enabled=True, as_json=as_json)


@address.command()
@several(ADDRESS)
@json_option
@click.pass_obj
def disable(caller: Caller, names: tuple[str, ...], as_json: bool) -> None:
    """Offer addresses to nobody, and keep their settings; all or none.

    --json prints one address, or a list of several.

    \b
    Example: mailtui address disable sales@brand-a.example old@brand-b.example
    """
    _switch(caller, names, enabled=False, as_json=as_json)


@address.command()
@several(ADDRESS)
@removal_options
@json_option
@click.pass_obj
def remove(caller: Caller, names: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool) -> None:
    """Remove addresses and their passwords, all or none.

    What was sent from them stays listed. --json prints one address, or a
    list of several.

    \b
    Example: mailtui address remove old@brand-b.example
    """
    context = caller.open_company()
    going = find_each(context, names)
    texts = [one.address for one in going]
    if agreed(losses_of_addresses(context, texts), dry_run=dry_run, yes=yes, as_json=as_json):
        remove_addresses(context, texts)
        _print(going, "removed", as_json)


def _switch(caller: Caller, names: tuple[str, ...], *, enabled: bool, as_json: bool) -> None:
    context = caller.open_company()
    switch_addresses(context, [parse_address(name) for name in names], enabled=enabled)
    _print(find_each(context, names), "enabled" if enabled else "disabled", as_json)


def _print(addresses: Sequence[ExternalAddress], what: str, as_json: bool) -> None:
    print_each(addresses, address_document, lambda one: f"{one.address} is {what}.", as_json=as_json)


def _row(address: ExternalAddress) -> tuple[str, ...]:
    mark = MARKS[address.state] if address.enabled else Mark.OFF
    account, test = address.account, address.last_test
    return (
        marked(mark),
        address.address,
        address.owner or "",
        account.service or f"{account.host}:{account.port}",
        access_words(address),
        projects_words(address),
        f"failing: {test.reason}" if mark is Mark.FAILING and test else mark.word,
    )

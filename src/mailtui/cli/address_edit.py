"""`mailtui address add` and `edit`: the account is tested first, and saved only when the test succeeds (S6)."""

import asyncio
from pathlib import Path

import click

from mailtui.cli import exit_codes
from mailtui.cli.address_options import Given, address_options
from mailtui.cli.caller import Caller
from mailtui.cli.documents import address_document
from mailtui.cli.look_up import looked_up_account
from mailtui.cli.named import ADDRESS
from mailtui.cli.oauth_words import signed_in
from mailtui.cli.output import json_option, print_json, say
from mailtui.cli.secret_input import a_person_answers, asked_secret, given_secret, secret_options, unlocked
from mailtui.cli.step_lines import StepLines
from mailtui.cli.test_words import print_test
from mailtui.core.account_test import AccountTest
from mailtui.core.addresses import ExternalAddress, SignIn
from mailtui.operations.addresses import (
    Draft,
    candidate,
    check_draft,
    draft_of,
    find_address,
    save_address,
    why_draft_not_saved,
)
from mailtui.operations.context import Context
from mailtui.operations.test_account import test_account

message_option = click.option(
    "--message-to", default="", metavar="ADDRESS", help="Let the test send one real message to this address."
)


@click.command()
@click.argument("address")
@click.option("--lookup", is_flag=True, help="Find the server instead of naming it; see mailtui services --lookup.")
@address_options
@secret_options
@message_option
@json_option
@click.pass_obj
def add(
    caller: Caller, /, address: str, lookup: bool, secret_stdin: bool, secret_file: Path | None, message_to: str,
    as_json: bool, **options: object,
) -> int:  # fmt: skip
    """Test a new address and save it where the test succeeds.

    The password is asked for, or comes from --secret-stdin or --secret-file.
    With --signin oauth one signs in at the provider, and nothing is typed here.
    Exit codes are those of mailtui address test.

    \b
    Example: mailtui address add sales@brand-a.example --service fastmail \\
               --project brand-a --allow @support --allow ana
    """
    given = Given.model_validate(options)
    account = looked_up_account(address, given, as_json=as_json) if lookup else given.new_account(address)
    draft = Draft(
        address=address,
        name=given.name or "",
        owner=given.owner or None,
        account=account,
        access=given.access(None),
        projects=given.projects(None),
        secret=given_secret(secret_stdin, secret_file),
    )
    context = caller.open_company()
    check_draft(context, draft)
    draft = _with_secret(context, draft)
    test, saved = _tested_and_saved(context, draft, message_to, as_json)
    if as_json:
        print_json({**test.model_dump(mode="json"), "saved": saved is not None})
    else:
        print_test(test, saved=saved is not None)
    return exit_codes.of_test(test)


@click.command()
@click.argument("address", type=ADDRESS)
@click.option("--address", "new_address", metavar="NEW", help="Change the address itself.")
@click.option("--company", is_flag=True, help="Make it a company address.")
@address_options
@secret_options
@message_option
@json_option
@click.pass_obj
def edit(
    caller: Caller, /, address: str, new_address: str | None, company: bool, secret_stdin: bool,
    secret_file: Path | None, message_to: str, as_json: bool, **options: object,
) -> int:  # fmt: skip
    """Change an address; what is not named stays.

    A change of the account is tested first and saved only where the test
    succeeds. Name, owner, access and projects are saved without a test.
    With --signin oauth one signs in anew.

    \b
    Example: mailtui address edit sales@brand-a.example --secret-stdin < file
    """
    given = Given.model_validate(options)
    if company and given.owner:
        raise click.UsageError("use one of --owner and --company")
    secret = given_secret(secret_stdin, secret_file)
    context = caller.open_company()
    stored = find_address(context, address)
    draft = draft_of(stored).model_copy(
        update={
            "address": new_address or stored.address,
            "name": stored.name if given.name is None else given.name,
            "owner": None if company else given.owner or stored.owner,
            "account": given.changed_account(stored.account, new_address or stored.address),
            "access": given.access(stored.access),
            "projects": given.projects(stored.projects),
            "secret": secret,
        }
    )
    if draft == draft_of(stored) and not message_to and not given.signs_in_anew:
        raise click.UsageError("nothing to change: give an option, or use mailtui address test")
    check_draft(context, draft)
    if given.signs_in_anew:
        draft = _with_secret(context, draft)
    test = None
    if why_draft_not_saved(context, draft) is None and not message_to:
        saved: ExternalAddress | None = save_address(context, draft)
    else:
        draft = draft if candidate(context, draft).secret_id else _with_secret(context, draft)
        test, saved = _tested_and_saved(context, draft, message_to, as_json)
    if as_json:
        tested = test.model_dump(mode="json") if test else None
        print_json({**address_document(saved or stored), "saved": saved is not None, "test": tested})
    elif test is not None:
        print_test(test, saved=saved is not None)
    else:
        say(f"{draft.address} is saved.")
    return exit_codes.of_test(test) if test else 0


def _with_secret(context: Context, draft: Draft) -> Draft:
    """The draft with what its sign-in needs: the password, asked for where a person answers, or an OAuth sign-in."""
    account = draft.account
    if account.signin is SignIn.OAUTH:
        if draft.secret is not None:
            raise click.UsageError("--signin oauth takes no password: one signs in at the provider")
        tokens = unlocked(context, lambda: asyncio.run(signed_in(context, account.provider, account.username)))
        return draft.model_copy(update={"secret": tokens})
    if draft.secret is not None or account.signin is SignIn.NONE:
        return draft
    if not a_person_answers():
        raise click.UsageError(f"{draft.address} signs in: give the password with --secret-stdin or --secret-file")
    return draft.model_copy(update={"secret": asked_secret(f"Password of {draft.account.username}")})


def _tested_and_saved(
    context: Context, draft: Draft, message_to: str, as_json: bool
) -> tuple[AccountTest, ExternalAddress | None]:
    report = StepLines.unless_json(as_json)
    test = unlocked(context, lambda: asyncio.run(test_account(context, draft, report, message_to=message_to)))
    if not test.ok:
        return test, None
    return test, unlocked(context, lambda: save_address(context, draft))

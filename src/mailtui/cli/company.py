"""`mailtui import` and `export`: the whole company as a file."""

import asyncio
import os
import sys
from pathlib import Path

import click
from pydantic import SecretStr

from mailtui.cli.caller import Caller
from mailtui.cli.import_words import (
    ProgressLine,
    TestedLines,
    document,
    exit_code,
    print_plan,
    print_tests,
)
from mailtui.cli.input_files import STANDARD_INPUT, read_text
from mailtui.cli.output import json_option, print_json, tell
from mailtui.cli.secret_input import a_person_answers, asked_secret, unlocked
from mailtui.core.addresses import address_key
from mailtui.core.errors import BadInput
from mailtui.core.text import clean
from mailtui.operations.company_file import CompanyFile
from mailtui.operations.company_text import located
from mailtui.operations.company_toml import to_toml
from mailtui.operations.export_company import export_company, to_document
from mailtui.operations.import_company import import_company, read_company
from mailtui.operations.import_secrets import parse_handed
from mailtui.operations.test_accounts import addresses_to_test, test_accounts
from mailtui.operations.wrong_entries import WrongEntries


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show the plan, and change nothing.")
@click.option("--prune", is_flag=True, help="Remove what the file does not name, of each kind that it lists.")
@click.option("--test", "tests", is_flag=True, help="Then test its addresses that are not ready, several at once.")
@click.option("--secrets-stdin", is_flag=True, help="Read lines ADDRESS<tab>SECRET from standard input.")
@json_option
@click.pass_obj
def import_(
    caller: Caller, file: Path, dry_run: bool, prune: bool, tests: bool, secrets_stdin: bool, as_json: bool
) -> int:
    """Bring in a company from a TOML or JSON file; - is standard input.

    All or nothing. What the file does not name stays, unless --prune is
    given. New addresses, and those whose account changed, are offered only
    after a test.

    No password stands in the file. An address names where its own is read:
    secret_file = "PATH" of mode 0600, secret_env = "VARIABLE", or
    secret_stdin = true for a line of --secrets-stdin. A file is read again
    when it changed, a variable when another one is named.

    Exit codes: 65 for a wrong file, with the line of everything that is wrong
    in it; with --test those of mailtui address test.

    \b
    Example: mailtui import company.toml --dry-run
    """
    if tests and dry_run:
        raise click.UsageError("use one of --dry-run and --test")
    if secrets_stdin and file == STANDARD_INPUT:
        raise click.UsageError("standard input holds the file or the secrets, not both: name the file")
    name = "standard input" if file == STANDARD_INPUT else str(file)
    text, line = read_text(file), ProgressLine()
    context = caller.open_company()
    line.show(f"read {clean(name)}", last=True)
    try:
        with located(text, name):
            company = read_company(context, text, name)
            handed = _handed(company) if secrets_stdin else {}
            outcome = unlocked(
                context,
                lambda: import_company(context, company, dry_run=dry_run, prune=prune, handed=handed, report=line),
            )
    except WrongEntries as error:
        line.clear()
        _tell_what_is_wrong(error, name)
        return os.EX_DATAERR
    line.clear()
    if not as_json:
        print_plan(outcome, dry_run=dry_run, to_be_tested=tests)
    if not tests:
        if as_json:
            print_json(document(outcome, None))
        return os.EX_OK
    addresses = addresses_to_test(context, [entry.address for entry in company.addresses])
    report = TestedLines(line, as_json=as_json)
    found = unlocked(context, lambda: asyncio.run(test_accounts(context, addresses, report)))
    line.clear()
    if as_json:
        print_json(document(outcome, found))
    else:
        print_tests(found)
    return exit_code(found)


@click.command()
@json_option
@click.pass_obj
def export(caller: Caller, as_json: bool) -> None:
    """Print the whole company as TOML, without any password.

    The same company is always the same text, sorted, with a line for each
    thing, so that two exports can be compared. Importing it again changes
    nothing.

    \b
    Example: mailtui export > company.toml
    """
    company = to_document(export_company(caller.open_company()))
    if as_json:
        print_json(company)  # type: ignore[arg-type]  # made by pydantic's JSON mode, which types it as object
        return
    click.echo("".join(to_toml(company)).encode(), nl=False)


def _handed(company: CompanyFile) -> dict[str, SecretStr]:
    """The secrets that standard input holds; a person at a terminal is asked for each."""
    if not a_person_answers():
        return parse_handed(SecretStr(_piped()), company.addresses)
    named = [entry.address for entry in company.addresses if entry.secret_stdin]
    return {address_key(address): asked_secret(f"Password of {clean(address)}") for address in named}


def _piped() -> str:
    octets = sys.stdin.buffer.read()
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        pass  # Raised below, since the error that is caught holds the secrets.
    raise BadInput("the secrets on standard input are not UTF-8 text")


def _tell_what_is_wrong(error: WrongEntries, name: str) -> None:
    for wrong in error.lines:
        tell(wrong)
    count = len(error.problems)
    tell(f"mailtui: {clean(name)} has {count:,} {'error' if count == 1 else 'errors'}: nothing was imported")

"""`mailtui import` and `export`: the whole company as a file."""

import unicodedata
from pathlib import Path

import click
import tomli_w

from mailtui.cli.caller import Caller
from mailtui.cli.input_files import STANDARD_INPUT, read_text
from mailtui.cli.output import json_option, print_json, print_table
from mailtui.cli.secret_input import unlocked
from mailtui.core.text import UNSAFE_CATEGORIES
from mailtui.operations.company_file import parse_company_file
from mailtui.operations.export_company import export_company, to_document
from mailtui.operations.import_company import Counts, import_company


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@json_option
@click.pass_obj
def import_(caller: Caller, file: Path, dry_run: bool, as_json: bool) -> None:
    """Bring in a company from a TOML or JSON file; - is standard input.

    All or nothing. What the file does not name stays. New and changed
    addresses are offered only after a test.

    \b
    Example: mailtui import company.toml --dry-run
    """
    name = "standard input" if file == STANDARD_INPUT else str(file)
    company = parse_company_file(read_text(file), name)
    context = caller.open_company()
    outcome = unlocked(context, lambda: import_company(context, company, dry_run=dry_run))
    if as_json:
        print_json(outcome.model_dump(mode="json"))
        return
    print_table(
        ("Would be" if dry_run else "", "Added", "Changed", "Unchanged"),
        (
            ("", kind, *(str(getattr(counts, kind)) for counts in (outcome.added, outcome.changed, outcome.unchanged)))
            for kind in Counts.model_fields
        ),
        empty="",
    )


@click.command()
@json_option
@click.pass_obj
def export(caller: Caller, as_json: bool) -> None:
    """Print the whole company as TOML, without any password.

    Importing it again changes nothing.

    \b
    Example: mailtui export > company.toml
    """
    document = to_document(export_company(caller.open_company()))
    if as_json:
        print_json(document)  # type: ignore[arg-type]  # made by pydantic's JSON mode, which types it as object
    else:
        click.echo(to_toml(document).encode(), nl=False)


def to_toml(document: dict[str, object]) -> str:
    """TOML in which what a terminal could obey is escaped, as a basic string allows it (TOML 1.0, String)."""
    return "".join(map(_escaped, tomli_w.dumps(document)))


def _escaped(character: str) -> str:
    unsafe = character != "\n" and unicodedata.category(character) in UNSAFE_CATEGORIES
    return f"\\U{ord(character):08X}" if unsafe else character

"""`mailtui audit`: who changed what and when (+22)."""

import click

from mailtui.cli.caller import Caller
from mailtui.cli.documents import audit_document
from mailtui.cli.output import json_option, print_json, print_table
from mailtui.operations.listings import list_audit


@click.command()
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the newest.")
@click.option("--match", "matching", default="", metavar="WORDS", help="Only those with these words.")
@json_option
@click.pass_obj
def audit(caller: Caller, limit: int | None, matching: str, as_json: bool) -> None:
    """List who changed what and when, newest first.

    \b
    Example: mailtui audit --match sales@brand-a.example --limit 10
    """
    context = caller.open_company()
    rows = (
        list_audit(context, matching=matching) if limit is None else list_audit(context, matching=matching, limit=limit)
    )
    if as_json:
        print_json([audit_document(row) for row in rows])
        return
    print_table(
        ("When (UTC)", "Who", "What", "Of"),
        (("", f"{row.at:%Y-%m-%d %H:%M:%S}", row.by, row.action, row.object) for row in rows),
        empty="Nothing was changed yet.",
    )

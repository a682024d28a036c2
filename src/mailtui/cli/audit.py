"""`mailtui audit`: who changed what and when (+22)."""

from datetime import UTC

import click

from mailtui.cli.caller import Caller
from mailtui.cli.named import LOGIN
from mailtui.cli.output import json_option, print_json, print_table, say
from mailtui.core.audit import Wanted, parse_moment
from mailtui.operations.audit import audit_head, audit_lines, changes, document_of
from mailtui.store.window import ALL


@click.command()
@click.option("--by", default="", type=LOGIN, help="Only what this one did, or others as him.")
@click.option("--object", "thing", default="", metavar="THING", help="Only about this: project, brand-a, ...")
@click.option("--since", default="", metavar="DAY", help="From this day or time on, UTC.")
@click.option("--until", default="", metavar="DAY", help="Up to this day, which belongs to it, or time, UTC.")
@click.option("--match", "words", default="", metavar="WORDS", help="Only those with these words.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the newest.")
@click.option("--lines", is_flag=True, help="Print one JSON document a line, as they are read.")
@click.option("--head", is_flag=True, help="Print number and hash of the newest, to be noted elsewhere.")
@json_option
@click.pass_obj
def audit(
    caller: Caller,
    by: str,
    thing: str,
    since: str,
    until: str,
    words: str,
    limit: int | None,
    lines: bool,
    head: bool,
    as_json: bool,
) -> None:
    """List who changed what and when, newest first.

    \b
    Example: mailtui audit --by ana --object project --since 2026-11-01 --lines
    """
    context = caller.open_company()
    if head:
        newest = audit_head(context)
        if as_json:
            print_json({"number": newest.number, "hash": newest.hash})
        else:
            say(f"{newest.number} {newest.hash}")
        return
    wanted = Wanted(
        by=by.strip(),
        object=thing.strip(),
        since=parse_moment(since, UTC) if since else None,
        until=parse_moment(until, UTC, ends=True) if until else None,
        words=words,
    )
    most = ALL if limit is None else limit
    if lines:
        for line in audit_lines(context, wanted, limit=most):
            click.echo(line, nl=False)
        return
    found = changes(context, wanted, limit=most)
    if as_json:
        print_json([document_of(row) for row in found])
    else:
        print_table(
            ("When (UTC)", "Who", "What", "Of"),
            (("", f"{row.at:%Y-%m-%d %H:%M:%S}", row.by, row.action, row.object) for row in found),
            empty="Nothing of this kind was changed." if wanted != Wanted() else "Nothing was changed yet.",
        )

"""`mailtui doctor`: what is out of step, each with its fix."""

import os

import click

from mailtui.cli.caller import Caller
from mailtui.cli.output import json_option, mark_of, print_json, say, tell
from mailtui.core.text import clean
from mailtui.operations.doctor import examine
from mailtui.operations.doctor import repair as repair_secrets


@click.command()
@click.option("--repair", is_flag=True, help="Take passwords that no address uses out of the keyring.")
@click.option("--audit-head", default="", metavar="HASH", help="A hash of the audit, noted earlier, must be in it.")
@json_option
@click.pass_obj
def doctor(caller: Caller, repair: bool, audit_head: str, as_json: bool) -> int:
    """Look at modes, database, keyring, passwords and audit.

    Exit codes: 0 all is well, 78 something is to be done.

    \b
    Example: mailtui doctor --repair
    """
    context = caller.open_company()
    repaired = repair_secrets(context) if repair else ()
    found = examine(context, audit_head=audit_head)
    if as_json:
        document = found.model_dump(mode="json")
        print_json({**document, "repaired": [*repaired]} if repair else document)
        return os.EX_OK if found.ok else os.EX_CONFIG
    if repair:
        tell(f"Taken out of the keyring: {', '.join(repaired) or 'nothing'}")
    for check in found.checks:
        say(f"{mark_of(check.ok)} {check.name}: {clean(check.detail)}")
        if check.fix:
            say(f"  to do: {clean(check.fix)}")
    return os.EX_OK if found.ok else os.EX_CONFIG

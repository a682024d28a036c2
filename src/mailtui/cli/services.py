"""`mailtui services`: the mail services that an address can be added with."""

import click

from mailtui.cli.output import json_option, print_json, print_table
from mailtui.core.services import service_for
from mailtui.core.services import services as all_services


@click.command()
@click.option("--match", "address", metavar="ADDRESS", help="Only the one that serves this address.")
@json_option
def services(address: str | None, as_json: bool) -> None:
    """List the mail services that fill in server, port and security.

    \b
    Example: mailtui services --match ana@gmail.com
    """
    found = all_services()
    if address is not None:
        known = service_for(address)
        found = (known,) if known else ()
    if as_json:
        print_json([service.model_dump(mode="json") for service in found])
        return
    print_table(
        ("Id", "Name", "Server", "Security", "Sign-in"),
        (("", s.id, s.name, f"{s.host}:{s.port}", s.security, ", ".join(s.signin)) for s in found),
        empty="No service is known for it: give --host instead of --service.",
    )

"""`mailtui services`: the mail services that an address can be added with."""

import click

from mailtui.cli.output import json_option, print_json, print_table
from mailtui.core.services import service_for
from mailtui.core.services import services as all_services


@click.command()
@click.option("--match", "address", metavar="ADDRESS", help="Only the one that serves this address.")
@click.option("--lookup", is_flag=True, help="Ask name servers, the domain's own file and usual hosts for it.")
@json_option
def services(address: str | None, lookup: bool, as_json: bool) -> None:
    """List the mail services that fill in server, port and security.

    With --lookup the network is asked, and one document is the answer.

    \b
    Example: mailtui services --match ana@gmail.com
             mailtui services --match ana@brand-a.example --lookup
    """
    if lookup:
        _look_up(address, as_json)
        return
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


def _look_up(address: str | None, as_json: bool) -> None:
    from mailtui.cli.look_up import looked_up, print_looked_up  # The list itself needs no event loop.

    if address is None:
        raise click.UsageError("--lookup looks for one address: give --match ADDRESS, too")
    found = looked_up(address, as_json=as_json)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_looked_up(found)

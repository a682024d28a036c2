"""`mailtui provider`: where addresses sign in with OAuth 2.0."""

import asyncio
from pathlib import Path

import click
from pydantic import JsonValue

from mailtui.cli.caller import Caller
from mailtui.cli.named import PROVIDER
from mailtui.cli.output import json_option, print_json, print_table, say, tell
from mailtui.cli.secret_input import unlocked
from mailtui.core.providers import Flow, Provider, known_provider, known_providers
from mailtui.operations.providers import (
    ProviderDraft,
    add_provider,
    edit_provider,
    find_provider,
    list_providers,
    remove_provider,
)
from mailtui.operations.secret_files import read_secret_file


@click.group()
def provider() -> None:
    """OAuth providers: where an account's owner signs in, in place of a password."""


@provider.command("list")
@click.option("--known", is_flag=True, help="Those that mailtui describes, with how to register a client there.")
@json_option
@click.pass_obj
def list_(caller: Caller, known: bool, as_json: bool) -> None:
    """List the providers that were added, or all that are known.

    \b
    Example: mailtui provider list --known
    """
    if known:
        _print_known(as_json)
        return
    found = list_providers(caller.open_company())
    if as_json:
        print_json([document(one) for one in found])
        return
    print_table(
        ("Id", "Issuer", "Client id", "Flow", "Scopes"),
        (("", one.id, one.issuer, one.client_id, one.flow, " ".join(one.scopes)) for one in found),
        empty="No providers. See mailtui provider list --known, and mailtui provider add --help.",
    )


@provider.command()
@click.argument("id")
@click.option("--issuer", default="", metavar="URL", help="Left out for a known provider.")
@click.option("--client-id", required=True, metavar="C", help="Of the client that you registered there.")
@click.option("--client-secret-file", type=click.Path(path_type=Path), help="A file of mode 0600; none if it has none.")
@click.option("--scope", "scopes", multiple=True, metavar="S", help="What to ask for; repeat it.")
@click.option("--flow", type=click.Choice([one.value for one in Flow]), help="A code to type, or a browser.")
@click.option("--ca-file", type=click.Path(path_type=Path), help="The only authorities to trust, in PEM.")
@json_option
@click.pass_obj
def add(
    caller: Caller, id: str, issuer: str, client_id: str, client_secret_file: Path | None, scopes: tuple[str, ...],
    flow: str | None, ca_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Add a provider. Its endpoints come from the issuer's own description.

    \b
    Example: mailtui provider add microsoft --client-id 3f0c...
    """
    draft = ProviderDraft(
        id=id,
        issuer=issuer,
        client_id=client_id,
        client_secret=read_secret_file(client_secret_file) if client_secret_file else None,
        scopes=scopes,
        flow=Flow(flow) if flow else None,
        ca_file=str(ca_file.absolute()) if ca_file else "",
    )
    context = caller.open_company()
    added = unlocked(context, lambda: asyncio.run(add_provider(context, draft)))
    if as_json:
        print_json(document(added))
    else:
        say(f"{added.id} is added, with the {added.flow} flow.")
        if (known := known_provider(added.id)) is not None and not added.client_secret_id:
            tell(f"If {known.name} gave the client a secret, add the provider with --client-secret-file.")


@provider.command()
@click.argument("id", type=PROVIDER)
@click.option("--client-id", metavar="C", help="Of the client that you registered there.")
@click.option("--client-secret-file", type=click.Path(path_type=Path), help="A file of mode 0600 with its new secret.")
@click.option("--scope", "scopes", multiple=True, metavar="S", help="What to ask for, all of it; repeat it.")
@click.option("--flow", type=click.Choice([one.value for one in Flow]), help="A code to type, or a browser.")
@click.option("--ca-file", type=click.Path(path_type=Path), help="The only authorities to trust, in PEM.")
@json_option
@click.pass_obj
def edit(
    caller: Caller, id: str, client_id: str | None, client_secret_file: Path | None, scopes: tuple[str, ...],
    flow: str | None, ca_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Change a provider; what is not named stays. Its addresses keep signing in there.

    \b
    Example: mailtui provider edit google --client-secret-file google.secret
    """
    context = caller.open_company()
    given = {
        "client_id": client_id, "scopes": scopes, "flow": Flow(flow) if flow else None,
        "ca_file": str(ca_file.absolute()) if ca_file else None,
    }  # fmt: skip
    changed = find_provider(context, id).model_copy(update={name: value for name, value in given.items() if value})
    secret = read_secret_file(client_secret_file) if client_secret_file else None
    edited = unlocked(context, lambda: edit_provider(context, changed, secret))
    if as_json:
        print_json(document(edited))
    else:
        say(f"{edited.id} is changed.")


@provider.command()
@click.argument("id", type=PROVIDER)
@json_option
@click.pass_obj
def remove(caller: Caller, id: str, as_json: bool) -> None:
    """Remove a provider that no address uses.

    \b
    Example: mailtui provider remove microsoft
    """
    removed = remove_provider(caller.open_company(), id)
    if as_json:
        print_json(document(removed))
    else:
        say(f"{removed.id} is removed.")


def document(provider: Provider) -> dict[str, JsonValue]:
    """A provider as a row of `provider list`: no secret, and not where it is."""
    shown = provider.model_dump(mode="json", exclude={"version", "client_secret_id"})
    return {**shown, "has_client_secret": bool(provider.client_secret_id)}


def _print_known(as_json: bool) -> None:
    if as_json:
        print_json([one.model_dump(mode="json") for one in known_providers()])
        return
    for number, known in enumerate(known_providers()):
        say(("\n" if number else "") + f"{known.id}: {known.name}, {known.link}")
        for step, words in enumerate(known.steps, start=1):
            say(f"  {step}. {words}")

"""`mailtui` itself: the options that every command shares, and the commands, each imported when it is called."""

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

import click

from mailtui import __version__
from mailtui.cli import locations
from mailtui.cli.caller import Caller
from mailtui.cli.named import LOGIN

ROWS: Final[tuple[tuple[Mapping[str, str], str], ...]] = (
    ({"demo": "demo:demo", "serve": "serve:serve"}, "a sample company; the screens in a browser"),
    (
        {"address": "address:address", "provider": "provider:provider"},
        "external addresses; where OAuth signs in",
    ),
    (
        {"employee": "employees:employee", "group": "groups:group", "project": "projects:project"},
        "list, add, edit, remove; project: archive, too",
    ),
    (
        {"offered": "offered:offered", "offers": "offers:offers"},
        "what is offered to whom and where, and why not",
    ),
    (
        {"send": "send:send", "deliveries": "deliveries:deliveries", "outbox": "outbox:outbox"},
        "send a message; what became of them; what waits",
    ),
    (
        {"import": "company:import_", "export": "company:export"},
        "the company from and to a file, without secrets",
    ),
    (
        {"services": "services:services", "explain": "reasons:explain", "reasons": "reasons:reasons"},
        "known mail services; what a refusal means",
    ),
    (
        {"audit": "audit:audit", "doctor": "doctor:doctor", "vault": "vault:vault"},
        "who changed what; what is out of step; passwords",
    ),
    (
        {"settings": "settings:settings", "completion": "completion:completion"},
        "limits, colours, keys; the tab key of your shell",
    ),
)
"""The commands, with where each is, as the help lists them: a row for those that belong together."""

PLACES: Final = {name: place for commands, _ in ROWS for name, place in commands.items()}


class Commands(click.Group):
    """A group whose help needs none of its commands, and whose commands do not need each other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(PLACES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in PLACES:
            return None
        module, _, attribute = PLACES[name].partition(":")
        return cast("click.Command", getattr(importlib.import_module(f"mailtui.cli.{module}"), attribute))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(", ".join(commands), words) for commands, words in ROWS], col_max=34)


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="mailtui %(version)s")
@click.option(
    "--db",
    "database",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="MAILTUI_DB",
    metavar="PATH",
    help="The company's database; made if it is not there.",
)
@click.option("--as", "act_as", envvar="MAILTUI_AS", default="", type=LOGIN, help="Act as another employee.")
@click.pass_context
def mailtui(context: click.Context, database: Path | None, act_as: str) -> int | None:
    """Decide from which e-mail addresses your company writes.

    Without a command the settings screens open. Every command takes --json
    after it, and tells its own options and an example with --help.
    """
    if os.environ.get("NO_COLOR"):
        context.color = False
    context.obj = Caller(database=database or locations.default_database(), act_as=act_as)
    if context.invoked_subcommand is not None:
        return None
    from mailtui.cli.screens import open_screens

    return open_screens(context.obj)

"""`mailtui project`: what addresses can be bound to."""

from collections.abc import Sequence

import click

from mailtui.cli.caller import Caller
from mailtui.cli.named import PROJECT
from mailtui.cli.output import json_option, print_json, print_table
from mailtui.cli.removal import agreed, removal_options
from mailtui.cli.several import print_each, several
from mailtui.core.projects import Project
from mailtui.operations.bulk import archive_projects, remove_projects
from mailtui.operations.company_file import entry_of
from mailtui.operations.losses import losses_of_projects
from mailtui.operations.projects import find_project, save_project
from mailtui.store.window import Window


@click.group()
def project() -> None:
    """Projects: brands, clients, pieces of work."""


@project.command("list")
@click.option("--match", "matching", default="", metavar="WORDS", help="Only those with these words.")
@json_option
@click.pass_obj
def list_(caller: Caller, matching: str, as_json: bool) -> None:
    """List the projects, active ones first, with how many addresses are bound to each.

    \b
    Example: mailtui project list
    """
    rows = caller.open_company().store.projects.rows(Window(matching=matching))
    if as_json:
        print_json([{**entry_of(row.project).model_dump(mode="json"), "addresses": row.addresses} for row in rows])
        return
    print_table(
        ("Key", "Name", "State", "Addresses bound"),
        (("", row.project.key, row.project.name, _state(row.project), str(row.addresses)) for row in rows),
        empty="No projects. Add one with: mailtui project add KEY --name NAME",
    )


@project.command()
@click.argument("key")
@click.option("--name", required=True, help="As people read it.")
@click.option("--strict", is_flag=True, help="Only addresses bound to it are offered in it.")
@json_option
@click.pass_obj
def add(caller: Caller, key: str, name: str, strict: bool, as_json: bool) -> None:
    """Add a project.

    \b
    Example: mailtui project add brand-a --name "Brand A" --strict
    """
    _print([save_project(caller.open_company(), Project(key=key, name=name, strict=strict))], "added", as_json)


@project.command()
@click.argument("key", type=PROJECT)
@click.option("--name", help="As people read it.")
@click.option("--strict/--no-strict", default=None, help="Whether only addresses bound to it are offered in it.")
@json_option
@click.pass_obj
def edit(caller: Caller, key: str, name: str | None, strict: bool | None, as_json: bool) -> None:
    """Change a project; what is not named stays.

    \b
    Example: mailtui project edit brand-a --no-strict
    """
    context = caller.open_company()
    stored = find_project(context, key)
    wanted = stored.model_copy(
        update={
            "name": stored.name if name is None else name,
            "strict": stored.strict if strict is None else strict,
        }
    )
    _print([save_project(context, wanted)], "saved", as_json)


@project.command()
@several(PROJECT)
@json_option
@click.pass_obj
def archive(caller: Caller, names: tuple[str, ...], as_json: bool) -> None:
    """Archive projects, all or none: nothing is sent from them any more.

    --json prints one project, or a list of several.

    \b
    Example: mailtui project archive brand-b brand-c
    """
    _archive(caller, names, archived=True, as_json=as_json)


@project.command()
@several(PROJECT)
@json_option
@click.pass_obj
def restore(caller: Caller, names: tuple[str, ...], as_json: bool) -> None:
    """Make archived projects active again, all or none.

    --json prints one project, or a list of several.

    \b
    Example: mailtui project restore brand-b
    """
    _archive(caller, names, archived=False, as_json=as_json)


@project.command()
@several(PROJECT)
@removal_options
@json_option
@click.pass_obj
def remove(caller: Caller, names: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool) -> None:
    """Remove archived projects, all or none.

    Addresses bound to nothing else are then offered nowhere. --json prints
    one project, or a list of several.

    \b
    Example: mailtui project remove brand-b brand-c --dry-run
    """
    context = caller.open_company()
    losses = losses_of_projects(context, names)
    if agreed(losses, dry_run=dry_run, yes=yes, as_json=as_json):
        going = [find_project(context, key) for key in names]
        remove_projects(context, names)
        _print(going, "removed", as_json)


def _archive(caller: Caller, keys: tuple[str, ...], *, archived: bool, as_json: bool) -> None:
    context = caller.open_company()
    archive_projects(context, keys, archived=archived)
    _print([find_project(context, key) for key in keys], "archived" if archived else "active", as_json)


def _print(changed: Sequence[Project], what: str, as_json: bool) -> None:
    print_each(
        changed, lambda one: entry_of(one).model_dump(mode="json"), lambda one: f"{one.key} is {what}.", as_json=as_json
    )


def _state(project: Project) -> str:
    return "archived" if project.archived else "strict" if project.strict else "active"

"""`mailtui group`: employees under one name."""

import click

from mailtui.cli.access_from_here import of_group
from mailtui.cli.caller import Caller
from mailtui.cli.documents import Document
from mailtui.cli.named import GROUP, LOGIN
from mailtui.cli.output import json_option, print_json, print_table, say
from mailtui.cli.removal import agreed, removal_options
from mailtui.cli.several import print_each, several
from mailtui.core.people import Group
from mailtui.operations.bulk import remove_groups
from mailtui.operations.context import Context
from mailtui.operations.losses import losses_of_groups
from mailtui.operations.people import change_members, find_employee, find_group, save_group_and_members
from mailtui.store.window import Window


@click.group()
def group() -> None:
    """Groups of employees; access is given to them as @KEY."""


group.add_command(of_group)


@group.command("list")
@click.option("--match", "matching", default="", metavar="WORDS", help="Only those with these words.")
@json_option
@click.pass_obj
def list_(caller: Caller, matching: str, as_json: bool) -> None:
    """List the groups and who is in them.

    \b
    Example: mailtui group list
    """
    context = caller.open_company()
    groups = [row.group for row in context.store.groups.rows(Window(matching=matching))]
    if as_json:
        print_json([_document(found, _members(context, found.key)) for found in groups])
        return
    print_table(
        ("Key", "Name", "Members"),
        (("", found.key, found.name, ", ".join(_members(context, found.key))) for found in groups),
        empty="No groups.",
    )


@group.command()
@click.argument("key")
@click.option("--name", required=True, help="As people read it.")
@click.option("--member", "members", multiple=True, type=LOGIN, help="Is in it; repeat it.")
@json_option
@click.pass_obj
def add(caller: Caller, key: str, name: str, members: tuple[str, ...], as_json: bool) -> None:
    """Add a group.

    \b
    Example: mailtui group add support --name Support --member ana
    """
    context = caller.open_company()
    saved = save_group_and_members(context, key, Group(key=key, name=name), frozenset(members))
    _print(context, saved, "added", as_json)


@group.command()
@click.argument("key", type=GROUP)
@click.option("--name", help="As people read it.")
@click.option(
    "--member",
    "members",
    multiple=True,
    type=LOGIN,
    help="Exactly these are in it; repeat it.",
)
@click.option("--no-members", is_flag=True, help="Nobody is in it any more.")
@json_option
@click.pass_obj
def edit(caller: Caller, key: str, name: str | None, members: tuple[str, ...], no_members: bool, as_json: bool) -> None:
    """Change a group; what is not named stays.

    \b
    Example: mailtui group edit support --member ana --member ion
    """
    if members and no_members:
        raise click.UsageError("use one of --member and --no-members")
    context = caller.open_company()
    renamed = None if name is None else find_group(context, key).model_copy(update={"name": name})
    exactly = frozenset(members) if members or no_members else None
    _print(context, save_group_and_members(context, key, renamed, exactly), "saved", as_json)


@group.command()
@click.argument("key", type=GROUP)
@click.option("--add", "added", multiple=True, type=LOGIN, help="Put him in; repeat it.")
@click.option("--remove", "removed", multiple=True, type=LOGIN, help="Take him out; repeat it.")
@json_option
@click.pass_obj
def members(caller: Caller, key: str, added: tuple[str, ...], removed: tuple[str, ...], as_json: bool) -> None:
    """List who is in a group, or put employees in and take them out.

    \b
    Example: mailtui group members support --add ana --remove ion
    """
    if both := sorted({*added} & {*removed}):
        raise click.UsageError(f"{both[0]} cannot be put in and taken out at once")
    context = caller.open_company()
    found = find_group(context, key)
    if added or removed:
        change_members(context, found.key, frozenset(added), frozenset(removed))
    logins = _members(context, found.key)
    if as_json:
        print_json(_document(found, logins))
        return
    employees = (find_employee(context, login) for login in logins)
    print_table(("Login", "Name"), (("", one.login, one.name) for one in employees), empty="Nobody is in it.")


@group.command()
@several(GROUP)
@removal_options
@json_option
@click.pass_obj
def remove(caller: Caller, names: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool) -> None:
    """Remove groups, all or none.

    Addresses that only they could use are then open to nobody. --json prints
    one group, or a list of several.

    \b
    Example: mailtui group remove interns
    """
    context = caller.open_company()
    losses = losses_of_groups(context, names)
    if agreed(losses, dry_run=dry_run, yes=yes, as_json=as_json):
        going = [(find_group(context, key), _members(context, key)) for key in names]
        remove_groups(context, names)
        print_each(going, lambda one: _document(*one), lambda one: f"{one[0].key} is removed.", as_json=as_json)


def _print(context: Context, changed: Group, what: str, as_json: bool) -> None:
    if as_json:
        print_json(_document(changed, _members(context, changed.key)))
    else:
        say(f"{changed.key} is {what}.")


def _document(group: Group, members: list[str]) -> Document:
    return {"key": group.key, "name": group.name, "members": [*members]}


def _members(context: Context, key: str) -> list[str]:
    return sorted(employee.login for employee in context.store.employees.members(key))

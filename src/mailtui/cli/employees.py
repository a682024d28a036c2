"""`mailtui employee`: who may write."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from mailtui.cli.access_from_here import of_employee
from mailtui.cli.caller import Caller
from mailtui.cli.named import GROUP, LOGIN
from mailtui.cli.output import json_option, print_json, print_table
from mailtui.cli.removal import agreed, removal_options
from mailtui.cli.several import print_each, several
from mailtui.core.people import Employee, Role
from mailtui.operations.bulk import remove_employees
from mailtui.operations.company_file import entry_of
from mailtui.operations.losses import losses_of_employees
from mailtui.operations.people import find_employee, save_employee
from mailtui.store.window import Window

Function = TypeVar("Function", bound=Callable[..., object])


def employee_options(command: Function) -> Function:
    options = (
        click.option("--email", help="His address within the company."),
        click.option(
            "--role",
            type=click.Choice([one.value for one in Role]),
            help="An admin changes settings; a member uses them.",
        ),
        click.option("--group", "groups", multiple=True, type=GROUP, help="In this group; repeat it."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def employee() -> None:
    """Employees, each known by his login on this host."""


employee.add_command(of_employee)


@employee.command("list")
@click.option("--match", "matching", default="", metavar="WORDS", help="Only those with these words.")
@json_option
@click.pass_obj
def list_(caller: Caller, matching: str, as_json: bool) -> None:
    """List the employees, with the number of their own addresses.

    \b
    Example: mailtui employee list
    """
    rows = caller.open_company().store.employees.rows(Window(matching=matching))
    if as_json:
        print_json([{**entry_of(row.employee).model_dump(mode="json"), "addresses": row.addresses} for row in rows])
        return
    print_table(
        ("Login", "Name", "E-mail", "Role", "Groups", "Own addresses"),
        (
            ("", e.login, e.name, e.email, e.role, ", ".join(sorted(e.groups)), str(row.addresses))
            for row in rows
            for e in (row.employee,)
        ),
        empty="No employees.",
    )


@employee.command()
@click.argument("login")
@click.option("--name", required=True, help="As colleagues know him.")
@employee_options
@json_option
@click.pass_obj
def add(
    caller: Caller, login: str, name: str, email: str | None, role: str | None, groups: tuple[str, ...], as_json: bool
) -> None:
    """Add an employee; a member unless --role says otherwise.

    \b
    Example: mailtui employee add ana --name "Ana Pop" --group support
    """
    wanted = Employee(
        login=login, name=name, email=email or "", role=Role(role or Role.MEMBER), groups=frozenset(groups)
    )
    _print([save_employee(caller.open_company(), wanted)], "added", as_json)


@employee.command()
@click.argument("login", type=LOGIN)
@click.option("--name", help="As colleagues know him.")
@employee_options
@click.option("--no-groups", is_flag=True, help="In no group any more.")
@json_option
@click.pass_obj
def edit(
    caller: Caller, login: str, name: str | None, email: str | None, role: str | None, groups: tuple[str, ...],
    no_groups: bool, as_json: bool,
) -> None:  # fmt: skip
    """Change an employee; what is not named stays.

    \b
    Example: mailtui employee edit ana --role admin
    """
    if groups and no_groups:
        raise click.UsageError("use one of --group and --no-groups")
    context = caller.open_company()
    stored = find_employee(context, login)
    wanted = Employee(
        login=stored.login,
        name=stored.name if name is None else name,
        email=stored.email if email is None else email,
        role=Role(role or stored.role),
        groups=frozenset(groups) if groups or no_groups else stored.groups,
        version=stored.version,
    )
    _print([save_employee(context, wanted)], "saved", as_json)


@employee.command()
@several(LOGIN)
@removal_options
@json_option
@click.pass_obj
def remove(caller: Caller, names: tuple[str, ...], dry_run: bool, yes: bool, as_json: bool) -> None:
    """Remove employees, all or none.

    Their own addresses stay, switched off, and become nobody else's. --json
    prints one employee, or a list of several.

    \b
    Example: mailtui employee remove ion eva
    """
    context = caller.open_company()
    losses = losses_of_employees(context, names)
    if agreed(losses, dry_run=dry_run, yes=yes, as_json=as_json):
        going = [find_employee(context, login) for login in names]
        remove_employees(context, names)
        _print(going, "removed", as_json)


def _print(changed: Sequence[Employee], what: str, as_json: bool) -> None:
    print_each(
        changed,
        lambda one: entry_of(one).model_dump(mode="json"),
        lambda one: f"{one.login} is {what}.",
        as_json=as_json,
    )

"""`mailtui employee access` and `group access`: access lists from the other end, from people to addresses (S5)."""

import click
from pydantic import JsonValue

from mailtui.cli.address_scope import projects_words
from mailtui.cli.caller import Caller
from mailtui.cli.documents import Document
from mailtui.cli.named import ADDRESS, GROUP, LOGIN
from mailtui.cli.output import json_option, print_json, print_table, say
from mailtui.core.addresses import ExternalAddress
from mailtui.core.people import AccessList, Employee
from mailtui.core.use import by_what, why_nowhere
from mailtui.operations.bulk import change_access
from mailtui.operations.context import Context
from mailtui.operations.people import employee_seen_by, find_group
from mailtui.store.window import Window

give_option = click.option("--give", multiple=True, type=ADDRESS, help="Put on the list of this one; repeat it.")
take_option = click.option("--take", multiple=True, type=ADDRESS, help="Take off the list of this one; repeat it.")


@click.command("access")
@click.argument("login", type=LOGIN)
@give_option
@take_option
@click.option("--closed", is_flag=True, help="Tell of every other address of the company why not.")
@json_option
@click.pass_obj
def of_employee(
    caller: Caller, login: str, give: tuple[str, ...], take: tuple[str, ...], closed: bool, as_json: bool
) -> None:
    """Show what an employee may use, and by what; or change the access lists that name him.

    All lists are changed, or none. A list that loses its last name lets
    nobody in, and one that is open to everybody stays so.

    \b
    Example: mailtui employee access ana --give sales@brand-a.example
    """
    context = caller.open_company()
    employee = employee_seen_by(context, login)
    if give or take:
        _change(context, AccessList(employees=frozenset({employee.login})), give, take)
    store = context.store.addresses
    used = [*store.rows(Window(), employee.login), *store.usable(employee, Window())]
    others = store.closed_to(employee, Window()) if closed else []
    if as_json:
        uses: list[JsonValue] = [_use(context, employee, address) for address in used]
        refused: list[JsonValue] = [{"address": one.address, "why": _why(employee, one)} for one in others]
        print_json({"login": employee.login, "uses": uses, **({"closed": refused} if closed else {})})
        return
    rows = (("", one.address, _by(context, employee, one), projects_words(one)) for one in used)
    print_table(("May use", "By what", "Projects"), rows, empty="He may use no address.")
    if closed:
        say()
        rows_of_others = (("", one.address, _why(employee, one)) for one in others)
        print_table(("May not use", "Why"), rows_of_others, empty="No address of the company is closed to him.")


@click.command("access")
@click.argument("key", type=GROUP)
@give_option
@take_option
@json_option
@click.pass_obj
def of_group(caller: Caller, key: str, give: tuple[str, ...], take: tuple[str, ...], as_json: bool) -> None:
    """Show the addresses whose access lists name a group, or put it on lists and take it off.

    \b
    Example: mailtui group access support --take press@brand-a.example
    """
    context = caller.open_company()
    context.require_admin("look at what others may use")
    group = find_group(context, key)
    if give or take:
        _change(context, AccessList(groups=frozenset({group.key})), give, take)
    named = context.store.addresses.group_rows(group.key, Window())
    if as_json:
        print_json({"key": group.key, "addresses": [one.address for one in named]})
        return
    print_table(
        ("Lets it in", "Projects"),
        (("", one.address, projects_words(one)) for one in named),
        empty="No access list names it.",
    )


def _change(context: Context, who: AccessList, give: tuple[str, ...], take: tuple[str, ...]) -> None:
    if both := sorted({*give} & {*take}):
        raise click.UsageError(f"{both[0]} cannot be given and taken at once")
    change_access(context, who, given=give, taken=take)


def _use(context: Context, employee: Employee, address: ExternalAddress) -> Document:
    projects: JsonValue = None if address.projects is None else [*sorted(address.projects)]
    return {"address": address.address, "by": _by(context, employee, address), "projects": projects}


def _by(context: Context, employee: Employee, address: ExternalAddress) -> str:
    def name(key: str) -> str:
        group = context.store.groups.get(key)
        return group.name if group else key

    return by_what(employee, address, name) or ""


def _why(employee: Employee, address: ExternalAddress) -> str:
    refusal = why_nowhere(employee, address)
    return refusal.why if refusal else ""

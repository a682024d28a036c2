"""`mailtui address access` and `projects`: who may use an address, and where (S5). Neither needs a test."""

from collections.abc import Callable, Iterable

import click

from mailtui.cli.caller import Caller
from mailtui.cli.documents import Document, access_document
from mailtui.cli.named import ADDRESS, LOGIN_OR_GROUP, PROJECT
from mailtui.cli.output import json_option, tell
from mailtui.cli.several import print_each, several
from mailtui.core.addresses import ExternalAddress
from mailtui.core.errors import BadInput
from mailtui.core.people import AccessList
from mailtui.operations.addresses import draft_of, find_address, save_addresses
from mailtui.operations.context import Context


@click.command()
@several(ADDRESS)
@click.option("--everybody", is_flag=True, help="Open it to everybody.")
@click.option("--nobody", is_flag=True, help="Begin with an empty list, to which --allow adds.")
@click.option(
    "--allow",
    multiple=True,
    type=LOGIN_OR_GROUP,
    help="Put them on its list; repeat it.",
)
@click.option(
    "--deny",
    multiple=True,
    type=LOGIN_OR_GROUP,
    help="Take them off its list; repeat it.",
)
@json_option
@click.pass_obj
def access(
    caller: Caller, names: tuple[str, ...], everybody: bool, nobody: bool, allow: tuple[str, ...],
    deny: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Show or change who may use addresses, all of them or none.

    An address that is open to everybody has no list to add to: --nobody
    begins one, and --nobody --allow ana opens it to her alone. --json prints
    one document, or a list for several addresses.

    \b
    Example: mailtui address access sales@brand-a.example --allow @press
    """
    if everybody and (nobody or allow or deny):
        raise click.UsageError("--everybody needs no list: use it alone")
    if both := sorted({*allow} & {*deny}):
        raise click.UsageError(f"{both[0]} cannot be allowed and denied at once")

    def wanted(stored: ExternalAddress) -> AccessList | None:
        if not (nobody or allow or deny):
            return None if everybody else stored.access
        if stored.access is None and not nobody:
            raise BadInput(
                f"{stored.address} is open to everybody and has no list to change: begin one with --nobody", "access"
            )
        return _changed(AccessList() if nobody else stored.access or AccessList(), allow, deny)

    context = caller.open_company()
    saved = _saved(context, names, lambda one: {"access": wanted(one)})
    print_each(
        saved,
        lambda one: {"address": one.address, "access": access_document(one.access)},
        lambda one: f"{one.address} may be used by {access_words(one)}.",
        as_json=as_json,
    )
    for one in saved:
        _tell_who_still_may(context, one, deny)


@click.command()
@several(ADDRESS)
@click.option("--all", "everywhere", is_flag=True, help="For every project.")
@click.option("--add", "added", multiple=True, type=PROJECT, help="For this one, too; repeat it.")
@click.option(
    "--remove",
    "removed",
    multiple=True,
    type=PROJECT,
    help="No longer for this one; repeat it.",
)
@click.option("--only", multiple=True, type=PROJECT, help="For exactly these; repeat it.")
@json_option
@click.pass_obj
def projects(
    caller: Caller, names: tuple[str, ...], everywhere: bool, added: tuple[str, ...], removed: tuple[str, ...],
    only: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Show or change the projects that addresses are for, of all or of none.

    The last project cannot be removed: that would leave one nowhere, and
    must not open it everywhere. --all does that, where it is meant. --json
    prints one document, or a list for several addresses.

    \b
    Example: mailtui address projects sales@brand-a.example --add brand-b
    """
    if bool(everywhere) + bool(only) + bool(added or removed) > 1:
        raise click.UsageError("use one of --all, --only, or --add with --remove")

    def wanted(stored: ExternalAddress) -> frozenset[str] | None:
        if added or removed:
            return _rebound(stored, frozenset(added), frozenset(removed))
        return None if everywhere else frozenset(only) or stored.projects

    context = caller.open_company()
    saved = _saved(context, names, lambda one: {"projects": wanted(one)})
    print_each(
        saved, _projects_document, lambda one: f"{one.address} is for {projects_words(one, every='every project')}.",
        as_json=as_json,
    )  # fmt: skip


def find_each(context: Context, names: Iterable[str]) -> list[ExternalAddress]:
    """The stored addresses, each once however it is written. Raises NotFound."""
    found = (find_address(context, name) for name in names)
    return list({address.id: address for address in found}.values())


def access_words(address: ExternalAddress) -> str:
    """Who may use it, as tables and sentences say it."""
    if address.access is None:
        return "everybody"
    named = [*sorted(address.access.employees), *(f"@{key}" for key in sorted(address.access.groups))]
    return ", ".join(named) or "nobody"


def projects_words(address: ExternalAddress, *, every: str = "all") -> str:
    """What it is for, as tables and sentences say it."""
    return every if address.projects is None else ", ".join(sorted(address.projects)) or "none"


def _projects_document(address: ExternalAddress) -> Document:
    return {"address": address.address, "projects": None if address.projects is None else [*sorted(address.projects)]}


def _saved(
    context: Context, names: Iterable[str], change: Callable[[ExternalAddress], dict[str, object]]
) -> list[ExternalAddress]:
    """The addresses as they are stored now; who changes nothing need be no admin."""
    found = find_each(context, names)
    drafts = [draft_of(one).model_copy(update=change(one)) for one in found]
    changed = [draft for draft, one in zip(drafts, found, strict=True) if draft != draft_of(one)]
    saved = {one.id: one for one in save_addresses(context, changed)} if changed else {}
    return [saved.get(one.id, one) for one in found]


def _changed(access: AccessList, allow: tuple[str, ...], deny: tuple[str, ...]) -> AccessList:
    (more, more_groups), (fewer, fewer_groups) = _named(allow), _named(deny)
    return AccessList(employees=(access.employees | more) - fewer, groups=(access.groups | more_groups) - fewer_groups)


def _named(names: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Logins, and keys of groups, which are written behind an `@`."""
    groups = frozenset(name[1:] for name in names if name.startswith("@"))
    return frozenset(name for name in names if not name.startswith("@")), groups


def _rebound(stored: ExternalAddress, added: frozenset[str], removed: frozenset[str]) -> frozenset[str]:
    if stored.projects is None:
        raise BadInput(f"{stored.address} is for every project: bind it with --only KEY first", "projects")
    if strange := sorted(removed - stored.projects):
        raise BadInput(f"{stored.address} is not bound to {strange[0]}", "projects")
    wanted = (stored.projects | added) - removed
    if stored.projects and not wanted:
        raise BadInput(
            f"{stored.address} would be left without a project: --add another one, open it everywhere with --all, or"
            f" switch it off with mailtui address disable {stored.address}",
            "projects",
        )
    return wanted


def _tell_who_still_may(context: Context, saved: ExternalAddress, denied: tuple[str, ...]) -> None:
    """Whom a group lets in all the same."""
    for login in denied:
        employee = context.store.employees.get(login)
        through = sorted(saved.access.groups & employee.groups) if employee and saved.access else []
        if through:
            tell(f"{login} still may use it, through @{through[0]}")

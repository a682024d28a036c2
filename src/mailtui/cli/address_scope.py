"""`mailtui address access` and `projects`: who may use an address, and where (S5). Neither needs a test."""

import click

from mailtui.cli.caller import Caller
from mailtui.cli.documents import Document, access_document
from mailtui.cli.named import ADDRESS, LOGIN_OR_GROUP, PROJECT
from mailtui.cli.output import json_option, print_json, say, tell
from mailtui.core.addresses import ExternalAddress
from mailtui.core.errors import BadInput
from mailtui.core.people import AccessList
from mailtui.operations.addresses import draft_of, find_address, save_address
from mailtui.operations.context import Context


@click.command()
@click.argument("address", type=ADDRESS)
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
    caller: Caller, address: str, everybody: bool, nobody: bool, allow: tuple[str, ...], deny: tuple[str, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """Show or change who may use an address.

    An address that is open to everybody has no list to add to: --nobody
    begins one, and --nobody --allow ana opens it to her alone.

    \b
    Example: mailtui address access sales@brand-a.example --allow @press
    """
    if everybody and (nobody or allow or deny):
        raise click.UsageError("--everybody needs no list: use it alone")
    if both := sorted({*allow} & {*deny}):
        raise click.UsageError(f"{both[0]} cannot be allowed and denied at once")
    context = caller.open_company()
    stored = find_address(context, address)
    wanted = None if everybody else stored.access
    if nobody or allow or deny:
        if stored.access is None and not nobody:
            raise BadInput(
                f"{stored.address} is open to everybody and has no list to change: begin one with --nobody", "access"
            )
        wanted = _changed(AccessList() if nobody else stored.access or AccessList(), allow, deny)
    saved = _saved(context, stored, access=wanted)
    if as_json:
        print_json({"address": saved.address, "access": access_document(saved.access)})
    else:
        say(f"{saved.address} may be used by {access_words(saved)}.")
    _tell_who_still_may(context, saved, deny)


@click.command()
@click.argument("address", type=ADDRESS)
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
    caller: Caller, address: str, everywhere: bool, added: tuple[str, ...], removed: tuple[str, ...],
    only: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Show or change the projects that an address is for.

    The last project cannot be removed: that would leave it nowhere, and
    must not open it everywhere. --all does that, where it is meant.

    \b
    Example: mailtui address projects sales@brand-a.example --add brand-b
    """
    if bool(everywhere) + bool(only) + bool(added or removed) > 1:
        raise click.UsageError("use one of --all, --only, or --add with --remove")
    context = caller.open_company()
    stored = find_address(context, address)
    wanted = None if everywhere else frozenset(only) or stored.projects
    if added or removed:
        wanted = _rebound(stored, frozenset(added), frozenset(removed))
    saved = _saved(context, stored, projects=wanted)
    if as_json:
        document: Document = {"address": saved.address}
        print_json({**document, "projects": None if saved.projects is None else [*sorted(saved.projects)]})
    else:
        say(f"{saved.address} is for {projects_words(saved, every='every project')}.")


def access_words(address: ExternalAddress) -> str:
    """Who may use it, as tables and sentences say it."""
    if address.access is None:
        return "everybody"
    named = [*sorted(address.access.employees), *(f"@{key}" for key in sorted(address.access.groups))]
    return ", ".join(named) or "nobody"


def projects_words(address: ExternalAddress, *, every: str = "all") -> str:
    """What it is for, as tables and sentences say it."""
    return every if address.projects is None else ", ".join(sorted(address.projects)) or "none"


def _saved(context: Context, stored: ExternalAddress, **change: object) -> ExternalAddress:
    draft = draft_of(stored)
    wanted = draft.model_copy(update=change)
    return stored if wanted == draft else save_address(context, wanted)


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

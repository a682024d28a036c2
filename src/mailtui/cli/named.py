"""The kinds of names that options and arguments take, each completed by the tab key."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import click
from click.types import StringParamType

from mailtui.cli import locations

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Named(StringParamType):
    """A name of one kind. What is completed is a proposal: whether there is such a thing the command finds out."""

    def __init__(self, name: str, find: Callable[[click.Context, str], Iterable[str]]) -> None:
        """`name` stands for it in the help; `find` gives the names that begin with what was typed."""
        self.name = name
        self._find = find

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[str]]":
        from click.shell_completion import CompletionItem

        try:
            return [CompletionItem(name) for name in self._find(ctx, incomplete) if name.isprintable()]
        except Exception:  # In the middle of a line nobody can do anything about it; the command itself will say it.
            return []


def of_the_company(noun: str) -> Callable[[click.Context, str], list[str]]:
    """Finds names in the company that the options before the command name, which is not made for it; `noun` is a value
    of `operations.beginnings.Noun`."""

    def find(context: click.Context, typed: str) -> list[str]:
        from mailtui.operations.beginnings import Noun, names_beginning  # The store, which help needs not.
        from mailtui.operations.context import open_context

        options = context.find_root().params
        database = options.get("database") or locations.default_database()
        database = database.expanduser()  # As the shell will, once the line is done.
        if not database.exists():
            return []
        company = open_context(database, act_as=options.get("act_as") or "")
        try:
            return names_beginning(company, Noun(noun), typed)
        finally:
            company.store.close()

    return find


def _on_access_lists(context: click.Context, typed: str) -> list[str]:
    groups = of_the_company("group")(context, typed.removeprefix("@")) if typed[:1] in ("", "@") else []
    logins = [] if typed.startswith("@") else of_the_company("employee")(context, typed)
    return [*logins, *(f"@{key}" for key in groups)]


def _services(context: click.Context, typed: str) -> list[str]:
    from mailtui.core.services import services

    return [service.id for service in services() if service.id.startswith(typed)]


def _reasons(context: click.Context, typed: str) -> list[str]:
    from mailtui.core.reasons import reasons

    return [reason.name for reason in reasons() if reason.name.startswith(typed)]


def _settings(context: click.Context, typed: str) -> list[str]:
    from mailtui.operations.configuration import KEYS, known_settings

    names = [*(setting.name for setting in known_settings()), KEYS]
    if typed.startswith(KEYS):
        from mailtui.tui.every_command import every_command

        names = [KEYS + id for id in every_command()]
    return [name for name in names if name.startswith(typed)]


def _values(context: click.Context, typed: str) -> list[str]:
    from mailtui.operations.configuration import known_settings

    wanted = context.params.get("name")
    choices = next((setting.choices for setting in known_settings() if setting.name == wanted), ())
    return [choice for choice in choices if choice and choice.startswith(typed)]


ADDRESS: Final = Named("ADDRESS", of_the_company("address"))
LOGIN: Final = Named("LOGIN", of_the_company("employee"))
GROUP: Final = Named("KEY", of_the_company("group"))
PROJECT: Final = Named("KEY", of_the_company("project"))
PROVIDER: Final = Named("ID", of_the_company("provider"))
LOGIN_OR_GROUP: Final = Named("LOGIN|@GROUP", _on_access_lists)
SERVICE: Final = Named("ID", _services)
REASON: Final = Named("REASON", _reasons)
SETTING: Final = Named("NAME", _settings)
SETTING_VALUE: Final = Named("VALUE", _values)

"""`mailtui settings`: limits, time-outs, retries, colours and keys, as the configuration file has them."""

from typing import TYPE_CHECKING

import click

from mailtui.cli import locations
from mailtui.cli.named import SETTING, SETTING_VALUE
from mailtui.cli.output import json_option, print_json, print_table, say, tell
from mailtui.core.errors import NotFound
from mailtui.core.text import clean
from mailtui.operations.configuration import KEYS
from mailtui.operations.settings import Setting, all_settings, as_typed, find_setting, set_setting, unset_setting

if TYPE_CHECKING:
    from mailtui.cli.documents import Document


@click.group()
def settings() -> None:
    """Limits, time-outs, retries, colours and keys, in the configuration file."""


@settings.command()
@click.argument("name", required=False, type=SETTING)
@json_option
def get(name: str | None, as_json: bool) -> None:
    """Show the settings, or one of them, with its default.

    \b
    Example: mailtui settings get sending.retry_minutes
    """
    file = locations.configuration_file()
    found = all_settings(file) if name is None else (find_setting(file, name),)
    if as_json:
        print_json([_document(setting) for setting in found] if name is None else _document(found[0]))
        return
    if name is not None:
        say(clean(as_typed(found[0].value)))
        return
    print_table(
        ("Setting", "Value", "Default", "From"),
        (("", one.name, as_typed(one.value), as_typed(one.default), one.source) for one in found),
        empty="",
    )
    tell(f"The file is {file}{'' if file.exists() else ', which is not there yet'}")


@settings.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("name", type=SETTING)
@click.argument("value", type=SETTING_VALUE)
@json_option
def set_(name: str, value: str, as_json: bool) -> None:
    """Set one; the parts of a list are separated by commas.

    The rest of the file stays as it is, comments too. Screens that are open,
    and an outbox that runs, go on with what they began with.

    \b
    Example: mailtui settings set sending.retry_minutes 1,5,15,60
             mailtui settings set keys.addresses.test t,f9
    """
    _check_command(name)
    _print(set_setting(locations.configuration_file(), name, value), as_json)


@settings.command()
@click.argument("name", type=SETTING)
@json_option
def unset(name: str, as_json: bool) -> None:
    """Go back to the default of one.

    \b
    Example: mailtui settings unset theme
    """
    _print(unset_setting(locations.configuration_file(), name), as_json)


def _check_command(name: str) -> None:
    """Raises NotFound for the keys of a command that there is not."""
    if not name.startswith(KEYS):
        return
    from difflib import get_close_matches

    from mailtui.tui.every_command import every_command  # Every screen, which no other setting needs.

    id = name.removeprefix(KEYS)
    if id not in every_command():
        alike = get_close_matches(id, every_command(), n=1)
        hint = f"; did you mean {KEYS}{alike[0]}?" if alike else "; the page Preferences lists them"
        raise NotFound(f"there is no command {clean(id)!r}{hint}")


def _print(setting: Setting, as_json: bool) -> None:
    if as_json:
        print_json(_document(setting))
    else:
        of = " (the default)" if setting.source == "default" else ""
        say(f"{setting.name} is {clean(as_typed(setting.value)) or 'not set'}{of}.")


def _document(setting: Setting) -> "Document":
    return setting.model_dump(mode="json")

"""Commands that do the same to one thing or to several at once: the names that they take, and what they print."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from mailtui.cli.named import Named
from mailtui.cli.output import print_json, say

if TYPE_CHECKING:
    from pydantic import JsonValue  # 40 ms to import, and help is written without it

Function = TypeVar("Function", bound=Callable[..., object])
Thing = TypeVar("Thing")


def several(kind: Named) -> Callable[[Function], Function]:
    """Gives a command `names`: one of that kind or several, each once, in their order."""
    return click.argument("names", type=kind, metavar=f"{kind.name}...", nargs=-1, required=True, callback=_each_once)


def print_each(
    things: Sequence[Thing],
    document: "Callable[[Thing], JsonValue]",
    said: Callable[[Thing], str],
    *,
    as_json: bool,
) -> None:
    """For programs the document of the one thing, or a list with those of several; for people a line about each."""
    if as_json:
        documents = [document(thing) for thing in things]
        print_json(documents[0] if len(documents) == 1 else documents)
        return
    for thing in things:
        say(said(thing))


def _each_once(_context: click.Context, _argument: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))

"""The written help: for each screen how one works there, what its signs mean, and what to do when something is wrong.

The texts are in help.toml, a class of screens each; what they name of keys is the id of a command, in braces.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from mailtui.tui.commands import key_word
from mailtui.tui.marks import Mark

COMMAND: Final = re.compile(r"\{([a-z_.]+)\}")
"""A command in a text, by its id."""


@cache
def texts() -> Mapping[str, str]:
    """All texts, by the names of the classes that they are about."""
    found: dict[str, str] = tomllib.loads(files("mailtui.tui").joinpath("help.toml").read_text(encoding="utf-8"))
    return found


def text_about(screen: "type[Screen[Any]]") -> str:  # Any: a screen's result does not matter here
    """The text about a class of screens, or about the nearest class that it is a kind of; empty where there is none."""
    return next((texts()[kind.__name__] for kind in screen.__mro__ if kind.__name__ in texts()), "")


def written(screen: "Screen[Any]", keymap: Mapping[str, str]) -> Content:  # Any: as above
    """The text about a screen, with the keys that its commands have now; `keymap` gives some of them others."""
    text = " ".join(text_about(type(screen)).split())
    for mark in Mark:
        text = text.replace(mark.value.unicode, str(mark))
    known = {**keys_on(screen), **{id: keys.partition(",")[0].strip() for id, keys in keymap.items()}}
    parts: list[Content | tuple[str, str]] = []
    end = 0
    for found in COMMAND.finditer(text):
        parts += [Content(text[end : found.start()]), (key_word(known.get(found[1], found[1])), "$accent bold")]
        end = found.end()
    return Content.assemble(*parts, Content(text[end:]))


def keys_on(screen: "Screen[Any]") -> dict[str, str]:  # Any: as above
    """The usual key of every command that the screen, its parts and the program have, whether or not it can be done at
    this moment."""
    found: dict[str, str] = {}
    for node in (screen, *screen.walk_children(), screen.app):
        for binding in bindings_of(type(node)):
            if binding.id:
                found.setdefault(binding.id, binding.key.partition(",")[0].strip())
    return found


def bindings_of(kind: type[DOMNode]) -> list[Binding]:
    """The bindings of a class and of those that it is a kind of."""
    several = (vars(each).get("BINDINGS", ()) for each in kind.__mro__)
    return [binding for bindings in several for binding in bindings if isinstance(binding, Binding)]

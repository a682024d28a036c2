"""Every command of every screen, by its id: what the key map can name."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from inspect import getmembers, isclass
from types import ModuleType

from textual.binding import Binding
from textual.dom import DOMNode

import mailtui.tui


@cache
def every_command() -> Mapping[str, Binding]:
    """All of them, in the order of their ids. It imports every screen, which takes a moment."""
    found = {
        binding.id: binding
        for info in pkgutil.walk_packages(mailtui.tui.__path__, f"{mailtui.tui.__name__}.")
        for binding in commands_of(importlib.import_module(info.name))
        if binding.id
    }
    return {id: found[id] for id in sorted(found)}


def commands_of(module: ModuleType) -> Iterator[Binding]:
    """The commands of the classes that a module defines: the bindings with an id and a description."""
    for _, found in getmembers(module, isclass):
        if issubclass(found, DOMNode) and found.__module__ == module.__name__:
            for binding in vars(found).get("BINDINGS", ()):
                if isinstance(binding, Binding) and binding.id and binding.description:
                    yield binding

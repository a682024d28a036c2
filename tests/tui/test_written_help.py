"""The written help: every page and dialog has one, and it names no key that is not there (issue 6, section 6)."""

import importlib
import inspect
import pkgutil
from typing import Any

import pytest
from textual.dom import DOMNode
from textual.screen import Screen

import mailtui.demo
import mailtui.tui
from mailtui.tui.help import Help
from mailtui.tui.widgets.store_table import StoreTable
from mailtui.tui.written import COMMAND, bindings_of, text_about, texts
from tests.tui.frame import SIZE, ListPage, OneScreen, addresses, list_of, shown, until

ABSTRACT = {"Page", "BulkPage", "FollowingPage", "Exporting"}
"""What other pages are kinds of, and nobody sees."""


def classes() -> list[type[DOMNode]]:
    """Everything that the screens are made of."""
    found: dict[str, type[DOMNode]] = {}
    for package in (mailtui.tui, mailtui.demo):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for _, one in inspect.getmembers(importlib.import_module(info.name), inspect.isclass):
                if issubclass(one, DOMNode) and one.__module__.startswith("mailtui."):
                    found[f"{one.__module__}.{one.__qualname__}"] = one
    return [found[name] for name in sorted(found)]


CLASSES = classes()
SCREENS: "list[type[Screen[Any]]]" = [
    one for one in CLASSES if issubclass(one, Screen) and one.__name__ not in ABSTRACT
]
IDS = {binding.id for one in CLASSES for binding in bindings_of(one) if binding.id}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.__name__)
def test_every_page_and_dialog_has_a_written_help_of_a_few_lines(screen: "type[Screen[Any]]") -> None:
    words = text_about(screen).split()
    assert 25 <= len(words) <= 130, f"{screen.__name__}: {len(words)} words"


def test_it_names_no_command_that_is_not_there_and_no_screen_that_is_gone() -> None:
    named = {id for text in texts().values() for id in COMMAND.findall(text)}
    assert named - IDS == set()
    assert set(texts()) - {one.__name__ for one in CLASSES} == set()


@pytest.mark.parametrize("name", sorted(texts()))
def test_no_line_of_it_is_broken_off(name: str) -> None:
    text = texts()[name].strip()
    assert text.endswith((".", "?"))
    assert text.count("{") == len(COMMAND.findall(text)) == text.count("}")


class Company(ListPage):
    """A page with a text of its own."""


async def test_a_key_of_the_configuration_is_the_one_that_the_text_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailtui.tui.written.texts", lambda: {"Company": "{list.add} adds, {table.filter} finds."})
    app = OneScreen(Company(StoreTable(list_of(addresses(3)).table._columns, addresses(3))))
    app.set_keymap({"list.add": "ctrl+n,n"})
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Company))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))
        await until(pilot, lambda: "ctrl+n adds, / finds." in shown(pilot))

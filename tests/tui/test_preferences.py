"""Preferences: every setting with its value, its default and where it comes from (issue 6, section 1)."""

from pathlib import Path

import pytest
from textual.widgets import Input

from mailtui.operations.configuration import load_configuration
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.screens.preference_form import PreferenceForm
from mailtui.tui.screens.preferences import Preferences
from mailtui.tui.widgets.store_table import StoreTable
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, Compare, as_employee, looks_as_before, on_page, typed, until, words

WRITTEN = '# Ours.\ntheme = "mailtui-dark"  # for the dark room\n\n[sending]\nconnections = 5\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(WRITTEN)
    return path


@pytest.fixture
def configured(company: Store, file: Path) -> Context:
    """Ana's work, with a configuration of her own."""
    context = as_employee(company, ANA)
    context.configuration, context.configuration_file = load_configuration(file), file
    return context


def text_of(file: Path) -> str:
    return file.read_text()


async def test_each_setting_shows_value_default_and_source(configured: Context) -> None:
    async with on_page(configured, Preferences) as pilot:
        await until(pilot, lambda: "sending.connections" in shown(pilot))
        (line,) = (line for line in lines(pilot) if line.startswith(" sending.connections "))
        assert line.split() == ["sending.connections", "5", "10", "file"]
        assert "sending.retry_minutes" in shown(pilot)
        assert "Colours of the screens" in words(pilot)


async def test_a_change_is_typed_saved_and_holds_at_once(configured: Context, file: Path) -> None:
    async with on_page(configured, Preferences) as pilot:
        await pilot.press("slash", *"connections", "enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PreferenceForm))
        await pilot.press("ctrl+u", "7", "enter")
        await until(pilot, lambda: "sending.connections is 7" in shown(pilot))
    assert text_of(file) == WRITTEN.replace("= 5", "= 7")
    assert configured.configuration.sending.connections == 7


async def test_a_value_that_cannot_be_stays_typed_and_says_why(configured: Context, file: Path) -> None:
    async with on_page(configured, Preferences) as pilot:
        await pilot.press("slash", *"connections", "enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PreferenceForm))
        await pilot.press("ctrl+u", *"many", "enter")
        await until(pilot, lambda: "should be a valid integer" in words(pilot))
        assert pilot.app.screen.query_one(Input).value == "many"
        await pilot.press("ctrl+u", *"5", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Preferences))
    assert text_of(file) == WRITTEN


async def test_the_colours_change_at_once_and_d_puts_the_default_back(configured: Context, file: Path) -> None:
    async with on_page(configured, Preferences) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PreferenceForm))
        await pilot.press("enter", *"mailtui-l", "enter", "ctrl+s")
        await until(pilot, lambda: pilot.app.theme == "mailtui-light")
        await until(pilot, lambda: "d Default" in lines(pilot)[-1])
        assert "# for the dark room" in text_of(file)
        await pilot.press("d")
        await until(pilot, lambda: "theme is automatic again" in shown(pilot))
        await until(pilot, lambda: "d Default" not in lines(pilot)[-1])
    assert load_configuration(file).theme == ""


async def test_the_keys_of_a_command_change_at_once(configured: Context, file: Path) -> None:
    async with on_page(configured, Preferences) as pilot:
        await pilot.press("slash")
        await typed(pilot, "keys.preferences.default")
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PreferenceForm))
        await pilot.press("ctrl+u", *"f8", "enter")
        await until(pilot, lambda: "f8 Default" in lines(pilot)[-1])
        await pilot.press("f8")
        await until(pilot, lambda: pilot.app.screen.query_one(StoreTable).marked == "keys.preferences.default")
        await until(pilot, lambda: "keys.preferences.default is d again" in shown(pilot))
    assert load_configuration(file).keys == {}


async def test_without_a_file_of_configuration_nothing_is_changed_and_that_is_said(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Preferences) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "no configuration file" in shown(pilot))


@pytest.fixture
def nearby(configured: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The same, with a file whose path is the same in every run."""
    monkeypatch.chdir(tmp_path)
    configured.configuration_file = Path("config.toml")
    return configured


def test_preferences_look_as_before(snap_compare: Compare, nearby: Context) -> None:
    assert looks_as_before(snap_compare, nearby, Preferences, "slash", *"sending", "enter", seen="10 found")


def test_the_form_of_a_preference_looks_as_before(snap_compare: Compare, nearby: Context) -> None:
    keys = ("slash", *"retry", "enter", "enter")
    assert looks_as_before(snap_compare, nearby, Preferences, *keys, seen="Change sending.retry_minutes")

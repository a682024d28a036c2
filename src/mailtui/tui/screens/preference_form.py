"""The form of one setting: its value, typed or chosen."""

from pathlib import Path
from typing import Final

from pydantic import JsonValue
from textual.app import ComposeResult
from textual.containers import Grid
from textual.content import Content
from textual.widgets import Static

from mailtui.core.text import clean
from mailtui.operations.settings import Setting, as_typed, set_setting, unset_setting
from mailtui.tui.form.controls import Choice
from mailtui.tui.screens.small_form import SmallForm, fixed, labelled

AUTOMATIC: Final = "automatic"
"""What nobody chose."""


class PreferenceForm(SmallForm[Setting]):
    """Changes a setting in the configuration file."""

    PURPOSE = "One setting of the configuration file. Nothing typed, or the default chosen, is the default."

    def __init__(self, file: Path, setting: Setting) -> None:
        super().__init__(f"Change {setting.name}")
        self._file = file
        self._setting = setting

    def fields(self) -> ComposeResult:
        setting, value = self._setting, as_typed(self._setting.value)
        yield Static(Content(clean(setting.about)), classes="small-form--about")
        with Grid(classes="small-form--fields"):
            if setting.choices:
                yield Static("Value", classes="small-form--label", markup=False)
                yield Choice([(choice or AUTOMATIC, choice) for choice in setting.choices], value, id="value")
            else:
                yield from labelled("Value", value, id="value", hint="the default")
            yield from fixed("Default", shown(setting, setting.default) or "none")

    def typed(self) -> str:
        return self.query_one("#value", Choice).chosen if self._setting.choices else self.value_of("value")

    def save(self) -> Setting:
        typed = self.typed().strip()
        if not typed or typed == as_typed(self._setting.default):
            return unset_setting(self._file, self._setting.name)
        return set_setting(self._file, self._setting.name, typed)


def shown(setting: Setting, value: JsonValue) -> str:
    """A value of the setting as a person reads it."""
    return as_typed(value) or (AUTOMATIC if setting.choices else "")

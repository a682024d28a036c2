"""Preferences: every setting of the configuration file, the keys of the commands among them."""

from typing import ClassVar, Final

from rich.console import Console
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from mailtui.core.errors import Misconfigured
from mailtui.core.text import clean
from mailtui.operations.configuration import KEYS, load_configuration
from mailtui.operations.settings import Setting, all_settings, as_typed, unset_setting
from mailtui.tui.every_command import every_command
from mailtui.tui.page import Page
from mailtui.tui.screens.preference_form import PreferenceForm, shown
from mailtui.tui.styles import style
from mailtui.tui.themes import fitting
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

AT_THE_NEXT_START: Final = frozenset({"keyring", "motion", "sending.connections", "start"})
"""What is read once; all others hold at once."""


class PreferenceRows:
    """The settings of the file, then the keys of every command."""

    def __init__(self) -> None:
        self._settings: dict[str, Setting] = {}

    def read(self, settings: tuple[Setting, ...]) -> None:
        """Show these, and the usual keys of commands that are not among them."""
        own = {setting.name: setting for setting in settings}
        self._settings = {name: setting for name, setting in own.items() if not name.startswith(KEYS)}
        for id, binding in every_command().items():
            stored = own.get(KEYS + id)
            usual, about = binding.key, f"Keys of: {binding.tooltip or binding.description}"
            self._settings[KEYS + id] = Setting(
                name=KEYS + id, value=stored.value if stored else usual, default=usual, about=about,
                source="file" if stored else "default",
            )  # fmt: skip

    def setting(self, name: str) -> Setting:
        return self._settings[name]

    def count(self, matching: str) -> int:
        return len(self._matching(matching))

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        return [
            Row(
                setting.name,
                (
                    setting.name,
                    Cell(shown(setting, setting.value), Tone.ACCENT if setting.source == "file" else Tone.PLAIN),
                    Cell(shown(setting, setting.default), Tone.MUTED),
                    setting.source,
                ),
            )
            for setting in self._matching(matching)[offset : offset + limit]
        ]

    def _matching(self, matching: str) -> list[Setting]:
        words = matching.casefold().split()
        texts = ((f"{one.name} {as_typed(one.value)} {one.about}".casefold(), one) for one in self._settings.values())
        return [setting for text, setting in texts if all(word in text for word in words)]


class Preferences(Page):
    """A table; enter changes a setting, and d goes back to its default."""

    PATH = ("Account management", "Housekeeping", "Preferences")
    PURPOSE = (
        "What this installation does differently: colours, time limits, how much is sent at once and when it is tried"
        " again, and the keys of every command. They stand in the configuration file, which can be edited by hand, too;"
        " mailtui settings does the same."
    )
    CSS_PATH = style("table")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "edit", "Change", id="preferences.edit", tooltip="Change the marked setting"),
        Binding("d", "unset", "Default", id="preferences.default", tooltip="Go back to the default of the marked one"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._source = PreferenceRows()

    def content(self) -> ComposeResult:
        self._read()
        columns = [
            Column("Setting", width=31),
            Column("Value"),
            Column("Default", shows_from=66),
            Column("From", width=7, shows_from=60),
        ]
        yield StoreTable(columns, self._source, follow=self.show_details)
        yield Details()

    def on_mount(self) -> None:
        self.query_one(StoreTable).focus()

    def _read(self) -> None:
        file = self.context.configuration_file
        self._source.read(all_settings(file) if file is not None else ())

    @property
    def marked(self) -> Setting | None:
        """The setting under the cursor."""
        name = self.query_one(StoreTable).marked
        return self._source.setting(name) if name is not None else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in ("edit", "unset") or not self.is_mounted:
            return True
        marked = self.marked
        return marked is not None and (action == "edit" or marked.source == "file")

    def show_details(self) -> None:
        """What the marked setting is for, and where it is kept."""
        marked, file = self.marked, self.context.configuration_file
        if marked is None:
            self.query_one(Details).show("")
            return
        when = " It holds from the next start on." if marked.name in AT_THE_NEXT_START else ""
        where = f"It stands in {file}" if marked.source == "file" else f"The default; it is not in {file}"
        self.query_one(Details).show(Content.assemble(f"{clean(marked.about)}{when}\n", (clean(where), "$text-muted")))
        self.refresh_bindings()

    @work
    async def action_edit(self) -> None:
        file, marked = self.context.configuration_file, self.marked
        if file is None:
            raise Misconfigured("there is no configuration file here: nothing can be changed")
        if marked is not None and (saved := await self.app.push_screen_wait(PreferenceForm(file, marked))):
            self._changed(saved.name)

    def action_unset(self) -> None:
        file, marked = self.context.configuration_file, self.marked
        if file is not None and marked is not None:
            unset_setting(file, marked.name)
            self._changed(marked.name)

    def _changed(self, name: str) -> None:
        """Let it hold at once, colours and keys included."""
        file = self.context.configuration_file
        assert file is not None  # noqa: S101 - something was just written there
        configuration = self.context.configuration = load_configuration(file)
        if name == "theme":
            self.app.theme = configuration.theme or fitting(Console(force_terminal=True).color_system)
        elif name.startswith(KEYS):
            self.app.set_keymap(configuration.keys)
        self._read()
        self.query_one(StoreTable).reload(mark=name)
        now = self._source.setting(name)
        self.mailtui.say(f"{name} is {shown(now, now.value) or 'not set'}{' again' if now.source == 'default' else ''}")

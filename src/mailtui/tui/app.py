"""The application: themes, keys, what every screen can do, and how the context comes after the first frame."""

import asyncio
import importlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from rich.console import Console
from textual import events, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.constants import TEXTUAL_ANIMATIONS
from textual.dom import DOMNode
from textual.reactive import reactive
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import WorkerFailed

from mailtui.core.errors import MailtuiError, Misconfigured
from mailtui.core.text import clean, clean_lines
from mailtui.tui import figures, themes
from mailtui.tui.ascii_only import AsciiOnly
from mailtui.tui.commands import HELP, key_word
from mailtui.tui.marks import Mark, prints_unicode
from mailtui.tui.messages import Messages
from mailtui.tui.screens.settings import Settings
from mailtui.tui.sparing import REDRAW, SparingApp
from mailtui.tui.standing import Standing
from mailtui.tui.styles import style
from mailtui.tui.typed_ahead import KeysInOrder
from mailtui.tui.whereabouts import Whereabouts

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.command import Provider
    from textual.filter import LineFilter
    from textual.types import CSSPathType

    from mailtui.operations.context import Context
    from mailtui.operations.undo import Done
    from mailtui.tui.outbox import ScreensOutbox
    from mailtui.tui.page import Page

PREPARED: Final = ("mailtui.operations.context", "mailtui.tui.screens.company_addresses")
"""Modules of weight, imported in a thread while the first frame is looked at."""

SHOWN: Final = 4.0
"""Seconds that an outcome stays on the screen: it is one line."""

OUTBOX: Final = "mailtui.tui.outbox"
"""The last module of weight, imported in a thread once there is something to look at."""

TO_FIND: Final = "Name of an address, person, group, project or command"

ERROR_SHOWN: Final = 12.0
"""Seconds that an error stays on the screen: long enough to read three lines."""


class MailtuiApp(KeysInOrder, SparingApp):
    """The screens. Run it, then ask `failure` and `return_code` for the exit code."""

    TITLE = "mailtui"
    CSS_PATH: ClassVar["CSSPathType | None"] = [style("base"), style("settings")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-wide")]  # noqa: RUF012 - as Textual declares it
    """Classes that screens have from a width on, in cells: in a narrow terminal what stands side by side goes below."""
    VERTICAL_BREAKPOINTS = [(0, "-low"), (10, "-short"), (18, "-high")]  # noqa: RUF012 - as above
    """From a height on, in lines: the less of them there are, the fewer are empty or say what is known elsewhere."""
    COMMANDS: ClassVar["set[type[Provider] | Callable[[], type[Provider]]]"] = {
        lambda: _class_at("mailtui.tui.finder:Finder")
    }

    BINDINGS: ClassVar[list[BindingType]] = [
        HELP,
        Binding(
            "ctrl+p",
            "command_palette",
            "Find",
            id="app.commands",
            tooltip="Find an address, person, group, project or command",
        ),
        Binding("ctrl+home,f5", "top", "Top", show=False, id="app.top", tooltip="Go to the settings, the topmost page"),
        Binding(
            "f2", "change_theme", "Colours", show=False, id="app.theme", tooltip="Choose dark, light or 16 colours"
        ),
        REDRAW,
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit", tooltip="Leave from anywhere"),
    ]

    standing: reactive[Standing] = reactive(Standing())
    """Who I am and how things stand; the top line and the settings tree follow it."""

    def __init__(
        self,
        open_context: "Callable[[], Context] | None",
        *,
        look: "Callable[[Context], Standing]" = figures.look,
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        prepare: Sequence[str] = PREPARED,
        keeps_sending: bool = True,
        remembers: Path | None = None,
        starts_at_top: bool = False,
        calm: bool = False,
    ) -> None:
        """`open_context` is called on the event loop after the modules of `prepare` were imported in a thread; `look`
        reads the standing from what it returned. `theme` is a theme's name, by default the one that fits the terminal.
        `keymap` gives commands other keys, by the ids of their bindings. `keeps_sending`: what waits in the outbox is
        sent while the screens are open. `remembers`: the directory in which it is kept where one was; None for nowhere.
        `starts_at_top`: the screens open there, and not where one was. `calm`: nothing blinks or turns.
        Raises Misconfigured for a theme that is none of ours."""
        known = [one.name for one in themes.THEMES]
        if theme and theme not in known:
            raise Misconfigured(f"there is no theme {clean(theme)!r}: the configuration can name {', '.join(known)}")
        # Textual reads the theme while it sets itself up; a theme set later makes it draw the first frame twice.
        self.set_reactive(
            App.theme,
            theme
            or themes.fitting(Console(force_terminal=True).color_system, no_color=bool(os.environ.get("NO_COLOR"))),
        )
        super().__init__()
        self._open_context = open_context
        self._look = look
        self._prepare = prepare
        self.keeps_sending = keeps_sending
        self._outbox: ScreensOutbox | None = None
        self._held: Context | None = None
        self._settled = asyncio.Event()
        self.whereabouts = Whereabouts(self, remembers, starts_at_top=starts_at_top)
        self.calm = calm or TEXTUAL_ANIMATIONS == "none"
        """Nothing blinks or turns: what happens is said in words alone."""
        self.messages = Messages(self)
        self.last_done: Done | None = None
        """The last bulk action of this session, as long as it can be taken back."""
        self.failure: MailtuiError | None = None
        """What kept the context from being opened; its kind decides the exit code."""
        self.animation_level = "none"  # a repaint a frame is what a slow line cannot carry
        self.set_keymap(keymap or {})
        self._spelling = [] if prints_unicode() else [AsciiOnly()]

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Ours alone: their colours are chosen so that every mark and cursor can be told apart."""
        return {
            theme.name: theme for theme in (*themes.THEMES, *([themes.PLAIN] if os.environ.get("NO_COLOR") else []))
        }

    def get_line_filters(self) -> "Sequence[LineFilter]":
        return [*super().get_line_filters(), *self._spelling]

    def get_default_screen(self) -> Screen[None]:
        return Settings()

    def on_mount(self) -> None:
        self.call_after_refresh(self._open)

    def on_resize(self, event: events.Resize) -> None:
        """What is worked on stays in sight where the terminal has become smaller."""
        if self.screen_stack and (focused := self.screen.focused) is not None:
            self.call_after_refresh(focused.scroll_visible, animate=False)

    @work
    async def _open(self) -> None:
        try:
            for module in self._prepare:
                await asyncio.to_thread(importlib.import_module, module)
            self._held = self._open_context() if self._open_context else None
        except MailtuiError as error:
            from mailtui.tui.stopped import Stopped

            self.failure = error
            await self.push_screen(Stopped(str(error)))
        finally:
            self._settled.set()
        self.look_again()
        if self._held is not None and self.keeps_sending:
            self._send_what_waits(self._held)
        await self.whereabouts.go_back_there()

    @work(group="outbox")
    async def _send_what_waits(self, context: "Context") -> None:
        """Beside everything else, until the program ends; the top line follows what becomes of it."""
        await asyncio.to_thread(importlib.import_module, OUTBOX)
        from mailtui.tui.outbox import ScreensOutbox
        from mailtui.tui.screens.following import LOOK_EVERY, Elsewhere

        self._outbox = ScreensOutbox(context)
        elsewhere = Elsewhere(context)
        self.set_interval(LOOK_EVERY, lambda: self.look_again() if elsewhere.changed() else None)
        await self._outbox.run()

    @work(group="walk")
    async def open_thing(self, kind: str, key: str) -> None:
        """Go to the page of a thing, or to its row in the list; back from there as if one had walked."""
        try:
            await self.whereabouts.go_to_thing(kind, key)
        except MailtuiError as error:
            self.complain(error)

    @work(group="walk")
    async def action_top(self) -> None:
        await self.whereabouts.go_to_top()

    def action_quit(self) -> None:  # type: ignore[override]  # an action need not be a coroutine
        self._quit()

    @work(exclusive=True, group="quit")
    async def _quit(self) -> None:
        """After the message that is under way: cut off, it might arrive twice."""
        self.whereabouts.keep()
        if self._outbox is not None:
            await self._outbox.end(lambda: self.say("Ends after the message that is under way ..."))
        self.exit()

    @property
    def context(self) -> "Context":
        """What operations need. Raises `RuntimeError` before it is there; pages are pushed only after."""
        if self._held is None:
            raise RuntimeError("the context is not open yet")
        return self._held

    @property
    def opened(self) -> "Context | None":
        """The context if it is there, for whoever closes it after the run."""
        return self._held

    async def context_ready(self) -> "Context":
        """Wait for the context. Raises the error that kept it from being opened."""
        await self._settled.wait()
        if self.failure:
            raise self.failure
        return self.context

    def look_again(self) -> None:
        """Read the standing anew: after the opening, on return to the settings, and after a change that it shows."""
        if self._held is None:
            return
        try:
            self.standing = self._look(self._held)
        except MailtuiError as error:
            self.complain(error)

    async def open_page(self, place: str) -> None:
        """Push the page `module:Class`. Awaited in an action, it holds the keys that follow until the page is there:
        Textual runs actions one after the other, so what is typed ahead reaches the new page."""
        self.whereabouts.settled = True
        await self.context_ready()
        await self.push_screen(cast("type[Page]", _class_at(place))())

    def say(self, text: str) -> None:
        """Tell an outcome for a while, where it hides nothing that is worked on; it takes the place of what was told
        before. The text may hold foreign words."""
        self.messages.show(clean_lines(text), SHOWN)

    def complain(self, error: MailtuiError) -> None:
        """Tell what went wrong and what to do, as the error says it."""
        self.messages.show(clean_lines(f"{Mark.FAILING} {error}"), ERROR_SHOWN, severity="error")

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key or a command says; what a person can act upon becomes a message and not a crash."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except MailtuiError as error:
            if error is not self.failure:
                self.complain(error)
            return True

    @property
    def keys_given(self) -> Mapping[str, str]:
        """The keys of the configuration, by the ids of the commands that have them in place of their usual ones."""
        return self._keymap

    def get_key_display(self, binding: Binding) -> str:
        return key_word(binding.key)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if self.calm and hasattr(event.widget, "cursor_blink"):  # Of Input and TextArea, which the first frame has not.
            event.widget.cursor_blink = False

    def action_command_palette(self) -> None:
        from textual.command import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=TO_FIND))

    def action_help(self) -> None:
        from mailtui.tui.help import Help

        self.push_screen(Help(self.screen))

    def _handle_exception(self, error: Exception) -> None:
        """Textual calls this with whatever nobody caught."""
        from mailtui.tui.crash import EXIT_CODE

        if isinstance(cause := cause_of(error), MailtuiError):
            self.complain(cause)
            return
        super()._handle_exception(error)
        self._return_code = EXIT_CODE

    def _fatal_error(self) -> None:
        """In place of Textual's report, which prints the local variables of every frame: passwords among them."""
        from mailtui.tui.crash import report

        if self._exception is not None:
            self._exit_renderables.append(report(cause_of(self._exception)))
        self._close_messages_no_wait()


def cause_of(error: Exception) -> BaseException:
    """What went wrong, out of the wrapping that Textual gives to an error of a worker."""
    return (error.error if isinstance(error, WorkerFailed) else None) or error


def _class_at(place: str) -> "type[Any]":  # Any: of whatever kind it is
    """The class at `module:Class`, imported now."""
    module, _, name = place.partition(":")
    found: type[Any] = getattr(importlib.import_module(module), name)
    return found

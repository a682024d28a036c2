"""Keys that come at once: each does what it would have done alone (S1: a password is shown to nobody)."""

import pytest
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from mailtui.tui.typed_ahead import KeysInOrder
from tests.tui.frame import until


class Dialog(Screen[None]):
    def compose(self) -> ComposeResult:
        yield Input(id="third")


class Deaf(Input):
    """Takes a key that it says nothing about."""

    def on_key(self, event: Key) -> None:
        if event.key == "f3":
            event.stop()


class Fields(KeysInOrder):
    BINDINGS = [  # noqa: RUF012 - as Textual declares it
        Binding("f2", "dialog", "Dialog"),
        Binding("f4", "later", "Dialog"),
        Binding("f5", "jump", "Second"),
    ]

    def compose(self) -> ComposeResult:
        yield Deaf(id="first")
        yield Input(id="second", password=True)

    async def action_dialog(self) -> None:
        await self.push_screen(Dialog())

    @work
    async def action_later(self) -> None:
        await self.push_screen_wait(Dialog())

    def action_jump(self) -> None:
        self.query_one("#second").focus()


def type_at_once(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))


def value(pilot: Pilot[None], field: str) -> str:
    return pilot.app.screen.query_one(f"#{field}", Input).value


@pytest.mark.parametrize("back", ["", "back"])
async def test_what_follows_a_tab_goes_into_the_next_field(back: str) -> None:
    async with Fields().run_test() as pilot:
        type_at_once(pilot, "a", "b", "tab", "s", "e", "c", *(["shift+tab", "end", "c"] if back else []))
        await until(pilot, lambda: value(pilot, "second") == "sec" and value(pilot, "first") == "ab" + "c" * bool(back))


async def test_what_follows_a_key_that_moves_the_focus_goes_there() -> None:
    async with Fields().run_test() as pilot:
        type_at_once(pilot, "a", "f5", "x", "y")
        await until(pilot, lambda: value(pilot, "second") == "xy")
        assert value(pilot, "first") == "a"


@pytest.mark.parametrize("key", ["f2", "f4"])
async def test_what_follows_a_key_that_opens_a_dialog_goes_into_it(key: str) -> None:
    async with Fields().run_test() as pilot:
        type_at_once(pilot, "a", key, "x", "y")
        await until(pilot, lambda: bool(pilot.app.screen.query("#third")) and value(pilot, "third") == "xy")


async def test_what_is_pasted_waits_too() -> None:
    async with Fields().run_test() as pilot:
        type_at_once(pilot, "a", "tab")
        pilot.app.post_message(Paste("secret"))
        await until(pilot, lambda: value(pilot, "second") == "secret")
        assert value(pilot, "first") == "a"


async def test_a_key_that_is_kept_on_its_way_does_not_hold_the_others() -> None:
    async with Fields().run_test() as pilot:
        type_at_once(pilot, "f3", "a", "f3", "b")
        await until(pilot, lambda: value(pilot, "first") == "ab")

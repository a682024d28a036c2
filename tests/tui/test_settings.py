"""The settings tree, and the context that comes after the first frame."""

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pytest
from textual.binding import Binding, BindingType

from mailtui.core.errors import Misconfigured, NotAllowed
from mailtui.tui.app import MailtuiApp
from mailtui.tui.page import Page
from mailtui.tui.screens import settings
from mailtui.tui.screens.settings import Leaf, Level, Settings
from mailtui.tui.standing import Standing
from mailtui.tui.stopped import Stopped
from tests.tui.frame import SIZE, OneScreen, lines, shown, until

if TYPE_CHECKING:
    from mailtui.operations.context import Context

COMPANY = cast("Context", object())
"""An opened context; the frame hands it on and never looks into it."""


NOTHING_KNOWN = Standing()


class Opened(Page):
    """A page that counts the key `a`."""

    PATH = ("Account management", "E-mail", "Opened")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("a", "add", "Add", id="opened.add")]
    pressed = 0

    def action_add(self) -> None:
        type(self).pressed += 1


@pytest.fixture
def leaf_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The company addresses lead to the page above."""
    Opened.pressed = 0
    leaf = Leaf("company-addresses", "Company external e-mail addresses", f"{__name__}:Opened")
    monkeypatch.setattr(settings, "TREE", (Level("E-mail", (Level("Outgoing messages", (leaf,)),)),))


class SlowlyOpened(MailtuiApp):
    """The context is there only once the test says so."""

    def __init__(self, *given: Any, **named: Any) -> None:  # Any: passed on to a typed constructor
        super().__init__(*given, **named)
        self.asked = asyncio.Event()
        self.may_open = asyncio.Event()

    async def context_ready(self) -> "Context":
        self.asked.set()
        await self.may_open.wait()
        return await super().context_ready()


def program(standing: Standing = NOTHING_KNOWN) -> MailtuiApp:
    return MailtuiApp(lambda: COMPANY, look=lambda _: standing, theme="mailtui-dark", prepare=(), keeps_sending=False)


async def test_all_levels_are_open_on_the_first_frame_and_enter_walks_in() -> None:
    async with program().run_test(size=SIZE) as pilot:
        text = [line.strip() for line in lines(pilot)]
        assert text[0].startswith("Account management")
        assert text[2:5] == ["▾ E-mail", "▾ Outgoing messages", "Company external e-mail addresses"]
        assert "Open" in text[-1]


@pytest.mark.usefixtures("leaf_of_the_test")
async def test_escape_comes_back_to_the_leaf_that_was_opened() -> None:
    async with program().run_test(size=SIZE) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Opened))
        await until(pilot, lambda: lines(pilot)[0].startswith(" Account management / E-mail / Opened"))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Settings))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Opened))


async def test_levels_close_and_open_and_escape_goes_up() -> None:
    async with program().run_test(size=SIZE) as pilot:
        await pilot.press("escape", "enter")
        await until(pilot, lambda: "▸ Outgoing messages" in shown(pilot))
        assert "Company external" not in shown(pilot)
        await pilot.press("right")
        await until(pilot, lambda: "Company external" in shown(pilot))
        await pilot.press("escape", "left")
        await until(pilot, lambda: "▸ E-mail" in shown(pilot))


@pytest.mark.usefixtures("leaf_of_the_test")
async def test_keys_typed_before_the_context_is_there_reach_the_page() -> None:
    slow = SlowlyOpened(
        lambda: COMPANY, look=lambda _: NOTHING_KNOWN, theme="mailtui-dark", prepare=(), keeps_sending=False
    )
    async with slow.run_test(size=SIZE) as pilot:
        for key in ("enter", "a", "a"):
            slow.simulate_key(key)
        await until(pilot, slow.asked.is_set)
        assert isinstance(slow.screen, Settings)
        slow.may_open.set()
        await until(pilot, lambda: Opened.pressed == 2)


async def test_figures_and_who_i_am_come_with_the_context() -> None:
    standing = Standing("ana", "admin", 0, {"company-addresses": "9 · 1 failing \x1b[2J"})
    async with program(standing).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "9 · 1 failing �[2J" in shown(pilot))
        assert lines(pilot)[0].endswith("ana · admin")


async def test_what_cannot_be_opened_is_said_on_a_page_and_kept_for_the_exit_code() -> None:
    error = Misconfigured("The database is of a newer mailtui. Install mailtui 2.")

    def fail() -> "Context":
        raise error

    app = MailtuiApp(fail, theme="mailtui-dark", prepare=(), keeps_sending=False)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Stopped))
        await until(pilot, lambda: "Install mailtui 2." in shown(pilot))
        await pilot.press("q")
    assert app.failure is error


def test_a_theme_that_is_none_of_ours_is_refused_with_their_names() -> None:
    with pytest.raises(Misconfigured, match=r"no theme 'nord'.*mailtui-light"):
        MailtuiApp(None, theme="nord", prepare=())


async def test_only_our_own_themes_can_be_chosen() -> None:
    assert set(program().available_themes) == {"mailtui-dark", "mailtui-light", "mailtui-16"}


class Refusing(Page):
    """Refuses what a key asks for."""

    def action_back(self) -> None:
        raise NotAllowed("Ion may not do this: [b]ask Ana[/b].")


async def test_an_error_for_people_becomes_a_message_and_no_crash() -> None:
    async with OneScreen(Refusing()).run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("escape")
        await until(pilot, lambda: "[b]ask Ana[/b]." in shown(pilot))


def test_the_first_frame_needs_no_module_of_weight() -> None:
    probe = "import sys, mailtui.tui.app; print(*sorted(m for m in sys.modules if m.count('.') == 0))"
    modules = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pydantic", "keyring", "aiosmtplib", "sqlite_utils", "sqlite3", "click", "cryptography"} & set(modules)

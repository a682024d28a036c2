"""How the frame looks: looked at once, and kept as a picture since."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import pytest
from textual.app import App
from textual.pilot import Pilot

from mailtui.tui.app import MailtuiApp
from mailtui.tui.confirm import Confirm
from mailtui.tui.standing import Standing
from mailtui.tui.stopped import Stopped
from tests.tui.frame import SIZE, OneScreen, addresses, list_of, picks_of, shown, until

if TYPE_CHECKING:
    from mailtui.operations.context import Context

STANDING = Standing("ana", "admin", 2, {"company-addresses": "9, 1 failing", "deliveries": "2 waiting"})


class Compare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(
        self, app: App[None] | Path, *, press: tuple[str, ...] = (), terminal_size: tuple[int, int], run_before: object
    ) -> bool: ...


async def drawn(pilot: Pilot[None]) -> None:
    """Wait until the last line shows the keys of the page."""
    await until(pilot, lambda: "Help" in shown(pilot) or "esc" in shown(pilot))


def settings(theme: str) -> MailtuiApp:
    return MailtuiApp(
        lambda: cast("Context", object()), look=lambda _: STANDING, theme=theme, prepare=(), keeps_sending=False
    )


@pytest.mark.parametrize("theme", ["mailtui-dark", "mailtui-light", "mailtui-16"])
def test_the_settings_in_every_theme(snap_compare: Compare, theme: str) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "2 waiting" in shown(pilot))

    assert snap_compare(settings(theme), terminal_size=SIZE, run_before=ready)


def test_a_table(snap_compare: Compare) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "address-3" in shown(pilot))
        await pilot.press("down", "down")
        await drawn(pilot)

    assert snap_compare(OneScreen(list_of(addresses(40))), terminal_size=SIZE, run_before=ready)


def test_a_table_with_picks_and_a_filter(snap_compare: Compare) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "address-3" in shown(pilot))
        await pilot.press("space", "slash", "1", "enter", "down")
        await until(pilot, lambda: "found" in shown(pilot))

    assert snap_compare(OneScreen(picks_of(addresses(40), ["address-11"])), terminal_size=SIZE, run_before=ready)


def test_the_help(snap_compare: Compare) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "address-3" in shown(pilot))
        await pilot.press("question_mark")
        await until(pilot, lambda: "The addresses that the company writes from." in shown(pilot))

    assert snap_compare(OneScreen(list_of(addresses(5))), terminal_size=SIZE, run_before=ready)


def test_a_question(snap_compare: Compare) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "address-3" in shown(pilot))
        loss = "Brand A and Brand B lose their sender."
        await pilot.app.push_screen(
            Confirm("Delete help@brand.example?", consequence=loss, key="d", do="Delete", keep="Keep")
        )
        await until(pilot, lambda: "lose their sender" in shown(pilot))

    assert snap_compare(OneScreen(list_of(addresses(5))), terminal_size=SIZE, run_before=ready)


def test_what_cannot_be_opened(snap_compare: Compare) -> None:
    words = "The database is of a newer mailtui.\nInstall mailtui 2, or name another database with --db."
    assert snap_compare(OneScreen(Stopped(words)), terminal_size=SIZE, run_before=drawn)

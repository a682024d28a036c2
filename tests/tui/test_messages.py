"""Messages hide nothing that is worked on (issue 6, section 6)."""

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from mailtui.core.errors import BadInput
from mailtui.tui.app import MailtuiApp
from mailtui.tui.messages import region_of_work
from mailtui.tui.screens.settings import Settings
from tests.tui.frame import SIZE, OneScreen, addresses, list_of, shown, until

LONG = "The account of hello@corp.example was refused by smtp.corp.example: test it again. " * 3


def region_of_message(pilot: Pilot[None]) -> Region:
    """Where the message is drawn; empty where there is none."""
    toasts = [toast for toast in pilot.app.screen.query("Toast") if toast.region.area]
    return toasts[0].region if toasts else Region()


async def message_clear_of_work(pilot: Pilot[None]) -> None:
    def clear() -> bool:
        worked_on = region_of_work(pilot.app.screen)
        message = region_of_message(pilot)
        return worked_on is not None and message.area > 0 and not worked_on.overlaps(message)

    await until(pilot, clear)


@pytest.mark.parametrize("keys", [(), ("G",), *(("down",) * rows for rows in range(1, 21))])
async def test_the_row_under_the_cursor_stays_in_sight(keys: tuple[str, ...]) -> None:
    page = list_of(addresses(40))
    async with OneScreen(page).run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press(*keys)
        page.mailtui.complain(BadInput(LONG))
        await message_clear_of_work(pilot)


async def test_a_message_makes_way_for_a_cursor_that_comes_under_it() -> None:
    page = list_of(addresses(40))
    async with OneScreen(page).run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, lambda: page.table.count)
        page.mailtui.complain(BadInput(LONG))
        await message_clear_of_work(pilot)
        below = region_of_message(pilot)
        await pilot.press(*["down"] * 18)
        await until(pilot, lambda: region_of_message(pilot).y < below.y)
        await message_clear_of_work(pilot)


async def test_the_focused_field_stays_in_sight() -> None:
    from textual.app import ComposeResult

    from mailtui.tui.page import Page

    class Form(Page):
        def content(self) -> ComposeResult:
            for _ in range(16):
                yield Input(compact=True)
            yield TextArea("\n".join(map(str, range(30))))

    async with OneScreen(Form()).run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Form))
        for _ in range(17):
            await pilot.press("tab")
            assert isinstance(pilot.app, MailtuiApp)
            pilot.app.say(LONG)
            await message_clear_of_work(pilot)
        assert isinstance(pilot.app, MailtuiApp)
        pilot.app.screen.query_one(TextArea).focus()
        await pilot.press(*["down"] * 12)
        pilot.app.say(LONG)
        await message_clear_of_work(pilot)


async def test_the_marked_line_of_the_tree_stays_in_sight() -> None:
    app = MailtuiApp(None, theme="mailtui-dark", prepare=())
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Settings))
        for _ in range(2):
            app.say(LONG)
            await message_clear_of_work(pilot)
            await pilot.press("end")


async def test_a_message_is_no_markup_and_takes_the_place_of_the_one_before() -> None:
    page = list_of(addresses(3))
    async with OneScreen(page).run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, lambda: page.table.count)
        page.mailtui.say("first [b]x[/b] \x1b[2J")
        await until(pilot, lambda: "first [b]x[/b]" in shown(pilot))
        page.mailtui.say("second")
        await until(pilot, lambda: "second" in shown(pilot) and "first" not in shown(pilot))

"""No size of the terminal breaks a screen, and in a small one everything is still reached (issue 6, section 6)."""

from typing import Final

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from mailtui.store import Store
from mailtui.tui.confirm import Confirm
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.messages import region_of_work
from tests.tui.every_screen import SCREENS, each_screen, over_settings
from tests.tui.frame import SIZE, lines, shown
from tests.tui.pages import ANA, as_employee, on_page, some_deliveries, typed, until, words

SIZES: Final = ((200, 60), (80, 24), (40, 12), (20, 5), (1, 1), (200, 5), (12, 60), (80, 24))
"""From small to large and back, each as a person drags a window there."""

SMALL: Final = (40, 12)


@pytest.mark.parametrize("name", SCREENS)
async def test_every_screen_comes_back_from_every_size(company: Store, name: str) -> None:
    some_deliveries(company)
    context = as_employee(company, ANA)
    async with on_page(context, lambda: SCREENS[name](context)) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: pilot.app.size == size)  # type: ignore[misc]
            if size == SMALL:
                await until(pilot, lambda: not what_is_hidden(pilot))
            await pilot.press("down", "up")
        await until(pilot, lambda: keys_are_there(pilot))
        await until(pilot, lambda: work_is_in_sight(pilot))


async def test_in_a_small_terminal_every_field_and_table_comes_into_sight(company: Store) -> None:
    """Wide enough to be worked on, and every table with some of its rows."""
    async with over_settings(company, size=SMALL) as pilot:
        async for name in each_screen(pilot):
            for _ in range(len(pilot.app.screen.focus_chain)):
                await pilot.pause()
                assert not what_is_hidden(pilot), name
                await pilot.press("tab")


def what_is_hidden(pilot: Pilot[None]) -> str:
    """What is wrong with the place of the focused widget; nothing where it can be worked on."""
    screen = pilot.app.screen
    focused = screen.focused
    if focused is None or not all(node.display for node in focused.ancestors_with_self):
        return ""
    shows = visible(focused)
    if shows.width < 12:
        return f"{focused} shows {shows.width} cells in a line"
    if shows.height < min(3, focused.virtual_size.height, focused.region.height or 3):
        return f"{focused} shows {shows.height} lines"
    return ""


def visible(widget: Widget) -> Region:
    """The part of a widget that is on the screen."""
    region = widget.region
    if widget.styles.overlay == "screen":
        return region.intersection(widget.screen.region)
    for above in widget.ancestors:
        if isinstance(above, Widget):
            region = region.intersection(above.content_region if above is not widget.screen else above.region)
    return region


def keys_are_there(pilot: Pilot[None]) -> bool:
    """In the last line; those of a question stand in it."""
    where = lines(pilot) if isinstance(pilot.app.screen, Confirm) else lines(pilot)[-1:]
    return len(lines(pilot)) == SIZE[1] and any(key in line for line in where for key in (" Help", "esc "))


def work_is_in_sight(pilot: Pilot[None]) -> bool:
    screen = pilot.app.screen
    worked_on = region_of_work(screen)
    return screen.focused is None or (worked_on is not None and screen.region.contains_region(worked_on))


async def test_in_a_small_terminal_a_field_that_is_refused_is_seen_with_its_reason(company: Store) -> None:
    async with on_page(as_employee(company, ANA), AddressForm, size=SMALL) as pilot:
        await typed(pilot, "shop@brand-a.example")
        await pilot.press("tab", "tab", "tab", "x", "ctrl+t")
        await until(pilot, lambda: "the password is missing" in shown(pilot))
        await until(pilot, lambda: any(line.startswith("  Password") for line in lines(pilot)))
        assert not what_is_hidden(pilot)


async def test_in_a_small_terminal_a_failed_test_is_told_beside_the_field_that_it_leads_to(company: Store) -> None:
    async with on_page(as_employee(company, ANA), AddressForm, size=SMALL) as pilot:
        await typed(pilot, "shop@brand-a.example")
        await pilot.press("tab", "tab", "tab")
        await typed(pilot, "127.0.0.1")
        await pilot.press("tab", "1", *["tab"] * 4, "x", "ctrl+t")
        await until(pilot, lambda: "page down shows all of the test" in words(pilot))
        assert not what_is_hidden(pilot)
        await pilot.press("pagedown")
        await until(pilot, lambda: "✗ connect" in shown(pilot))

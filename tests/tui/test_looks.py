"""What holds for the looks of every screen: contrast, terminals of ASCII alone, and a way to its help (+23)."""

from typing import Any, Final

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.color import Color
from textual.pilot import Pilot
from textual.screen import Screen

from mailtui.core.people import Employee
from mailtui.store import Store
from mailtui.tui import themes
from mailtui.tui.app import MailtuiApp
from mailtui.tui.ascii_only import spelled
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.help import Help
from mailtui.tui.marks import prints_unicode
from tests.company import an_address
from tests.tui.every_screen import each_screen, over_settings
from tests.tui.frame import SIZE, lines, shown
from tests.tui.pages import ANA, as_employee, on_page, until
from tests.tui.test_written_help import SCREENS as ALL

HELP_KEYS: Final = {"?": "question_mark", "f1": "f1", "f9": "f9"}

READABLE: Final = 4.5
"""Contrast of text, WCAG 2.2 section 1.4.3."""


async def test_every_word_can_be_read_in_the_dark_and_the_light_theme(company: Store) -> None:
    found = {}
    async with over_settings(company) as pilot:
        async for name in each_screen(pilot):
            for theme in (themes.DARK, themes.LIGHT):
                pilot.app.theme = theme.name
                await pilot.pause()
                found[f"{name}, {theme.name}"] = faint(pilot)
    assert {screen: words for screen, words in found.items() if words} == {}


def faint(pilot: Pilot[None]) -> dict[str, float]:
    """The words of the topmost screen that are fainter than they may be, each with its contrast."""
    screen = pilot.app.screen
    found: dict[str, float] = {}
    place = max((child.region for child in screen.children if child.display), key=lambda region: region.area)
    for y, strip in enumerate(screen._compositor.render_strips()):
        x = 0
        for text, style, _ in strip:
            x += cell_len(text)
            inside = place.contains(x - 1, y) and place.contains(x - cell_len(text), y)
            if inside and text.strip(" ─│╭╮╰╯▁▂▃▄▅▆▇") and style is not None and style.color and style.bgcolor:
                colours = [Color.from_rich_color(colour) for colour in (style.color, style.bgcolor)]
                if (contrast := contrast_of(*colours)) < READABLE:
                    found[text.strip()] = round(contrast, 2)
    return found


def contrast_of(one: Color, other: Color) -> float:
    """From 1, the same, to 21, black and white."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Color) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


async def test_a_terminal_of_ascii_alone_is_given_nothing_else(company: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    prints_unicode.cache_clear()
    with company.transaction():
        company.employees.save(Employee(login="zoe", name="Zoë Kovač"))
    found = {}
    async with over_settings(company) as pilot:
        async for name in each_screen(pilot):
            found[name] = {sign for sign in shown(pilot) if not sign.isascii()}
    assert {screen: signs for screen, signs in found.items() if signs} == {}


@pytest.mark.parametrize(
    ("text", "ascii"),
    [("Nina Kovač", "Nina Kovac"), ("größer …", "groser ~"), ("日本 – ok", "? ?  - ok"), ("╭─╮", "+-+")],
)
def test_foreign_names_are_spelled_in_as_many_cells(text: str, ascii: str) -> None:
    assert spelled(text) == ascii
    assert cell_len(spelled(text)) == cell_len(text)


async def test_every_screen_and_dialog_names_the_key_that_opens_its_help(company: Store) -> None:
    met: set[type[Screen[Any]]] = set()
    async with over_settings(company) as pilot:
        async for name in each_screen(pilot):
            met.add(type(pilot.app.screen))
            if isinstance(pilot.app.screen, Help):
                continue
            key = next((key for word, key in HELP_KEYS.items() if f"{word} Help" in lines(pilot)[-1]), None)
            assert key is not None, f"{name}: {lines(pilot)[-1]}"
            await pilot.press(key)
            await until(pilot, lambda: isinstance(pilot.app.screen, Help))
    ours = {screen for screen in ALL if screen.__module__.startswith("mailtui.tui.")}
    opened = {screen for screen in ours if not any(issubclass(other, screen) for other in ours - {screen})}
    assert opened - met == set(), "every_screen.py lacks them, and so do the tests of sizes and looks"


@pytest.mark.parametrize(
    ("keys", "marked", "other"),
    [(("f2",), "mailtui-16", "mailtui-dark"), (("enter", "a", "tab", "tab", "enter"), "Other server", "Gmail")],
    ids=["palette", "choice"],
)
async def test_without_colours_the_marked_line_of_a_list_stands_out(
    company: Store, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], marked: str, other: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = MailtuiApp(lambda: as_employee(company, ANA), prepare=(), keeps_sending=False)
    async with app.run_test(size=SIZE) as pilot:
        assert app.theme == themes.PLAIN.name
        await until(pilot, lambda: "ana" in lines(pilot)[0])
        await pilot.press(*keys)
        await until(pilot, lambda: other in shown(pilot))
        await until(pilot, lambda: drawn_as(pilot, marked) != drawn_as(pilot, other))


def drawn_as(pilot: Pilot[None], text: str) -> Style | None:
    """The style of the last piece that begins with the text."""
    strips = pilot.app.screen._compositor.render_strips()
    return next(style for strip in reversed(strips) for said, style, _ in strip if said.strip().startswith(text))


async def test_a_field_that_is_left_empty_is_not_marked_by_a_colour_that_nothing_explains(company: Store) -> None:
    async with on_page(as_employee(company, ANA), AddressForm) as pilot:
        await pilot.press("x", "backspace", "tab")
        await until(pilot, lambda: pilot.app.focused is pilot.app.screen.query_one("#name"))
        assert not pilot.app.screen.query_one("#address").has_class("-invalid")


async def test_in_a_narrow_terminal_what_wants_attention_is_still_told(company: Store) -> None:
    with company.transaction():
        company.addresses.save(an_address("dead@corp.example", tested="failed"))
    app = MailtuiApp(lambda: as_employee(company, ANA), theme="mailtui-dark", prepare=(), keeps_sending=False)
    async with app.run_test(size=(40, 12)) as pilot:
        await until(pilot, lambda: "1 failing" in shown(pilot))
    async with on_page(as_employee(company, ANA), AddressForm, size=(40, 12)) as pilot:
        await until(pilot, lambda: "Add external" in lines(pilot)[0] and "f2 Account  f3  f4" in lines(pilot)[0])

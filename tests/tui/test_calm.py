"""Reduced motion, no colour, and terminals that know ASCII alone (issue 6, section 6)."""

import pytest
from textual.widgets import Input

from mailtui.store import Store
from mailtui.tui.confirm import Confirm
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.marks import prints_unicode
from mailtui.tui.screens.company_addresses import CompanyAddresses
from mailtui.tui.themes import PLAIN, THEMES, fitting
from tests.company import an_address
from tests.tui.frame import SIZE, shown
from tests.tui.pages import ANA, OnPage, as_employee, on_page, until


@pytest.mark.parametrize("calm", [True, False])
async def test_no_cursor_blinks_where_motion_is_reduced(company: Store, calm: bool) -> None:
    app = OnPage(as_employee(company, ANA), AddressForm)
    app.calm = calm
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.focused, Input))
        field = app.focused
        assert isinstance(field, Input)
        await until(pilot, lambda: field.cursor_blink is not calm)


def test_no_color_takes_the_theme_without_colours_and_it_cannot_be_chosen() -> None:
    assert fitting("truecolor", no_color=True) == fitting(None, no_color=True) == PLAIN.name
    assert PLAIN not in THEMES
    colours = {PLAIN.primary, PLAIN.accent, PLAIN.success, PLAIN.warning, PLAIN.error, PLAIN.foreground}
    assert colours == {"ansi_default"}


async def test_a_terminal_without_unicode_is_sent_none(company: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    prints_unicode.cache_clear()
    with company.transaction():
        for number in range(30):
            company.addresses.save(an_address(f"sales-{number:02}@corp.example"))
    async with on_page(as_employee(company, ANA), CompanyAddresses) as pilot:
        assert shown(pilot).isascii()
        await pilot.press("question_mark")
        await until(pilot, lambda: "has begun to" in shown(pilot))
        assert shown(pilot).isascii()
        await pilot.press("escape")
        await pilot.app.push_screen(Confirm("Delete it?", consequence="It is lost.", key="d", do="Delete", keep="Keep"))
        await until(pilot, lambda: "It is lost." in shown(pilot))
        assert shown(pilot).isascii()
    async with on_page(as_employee(company, ANA), AddressForm) as pilot:
        assert shown(pilot).isascii()

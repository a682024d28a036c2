"""The reasons for refusal: the most frequent first, and the entry of one."""

from datetime import timedelta

import pytest

from mailtui.core.errors import NotFound
from mailtui.core.reasons import reasons
from mailtui.store import Store
from mailtui.tui.figures import COUNTED
from mailtui.tui.screens.delivery import DeliveryPage
from mailtui.tui.screens.reason import ReasonPage
from mailtui.tui.screens.reasons import Reasons
from tests.company import NOW
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, Compare, as_employee, looks_as_before, on_page, some_deliveries, typed, until


async def test_what_occurred_most_in_the_last_days_comes_first(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), Reasons) as pilot:
        rows = lines(pilot)[2:5]
        assert rows[0].split()[-1] == "2"
        assert "Mailbox full" in rows[0]
        assert "No such mailbox" in rows[1]
        assert "Wrong password" in rows[2]


async def test_what_is_longer_ago_does_not_count(company: Store) -> None:
    some_deliveries(company)
    later = as_employee(company, ANA, lambda: NOW + COUNTED + timedelta(hours=2))
    async with on_page(later, Reasons) as pilot:
        assert "Wrong password" in lines(pilot)[2]


async def test_a_reason_is_found_by_who_acts(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Reasons) as pilot:
        await pilot.press("slash")
        await typed(pilot, "recipient full")
        await until(pilot, lambda: "1 found" in shown(pilot))
        assert "Mailbox full" in lines(pilot)[3]


async def test_an_entry_leads_to_the_deliveries_that_it_hit(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), lambda: ReasonPage("recipient-unknown")) as pilot:
        assert "What to do" in shown(pilot)
        assert "gone@client.ex" in shown(pilot)
        assert "full@client" not in shown(pilot)
        assert "tab Deliveries" in lines(pilot)[-1]
        await pilot.press("tab")
        await until(pilot, lambda: "tab Entry" in lines(pilot)[-1])
        assert "r Reason" not in lines(pilot)[-1]  # it would lead to where one is
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeliveryPage))


@pytest.mark.parametrize("name", [reason.name for reason in reasons()])
async def test_every_reason_has_an_entry(company: Store, name: str) -> None:
    async with on_page(as_employee(company, ANA), lambda: ReasonPage(name)) as pilot:
        assert "What to do" in shown(pilot)


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(NotFound):
        ReasonPage("mailbox-fulll")


def test_the_list_looks_as_before(snap_compare: Compare, company: Store) -> None:
    some_deliveries(company)
    assert looks_as_before(snap_compare, as_employee(company, ANA), Reasons, seen="has no room")


def test_an_entry_looks_as_before(snap_compare: Compare, company: Store) -> None:
    some_deliveries(company)
    assert looks_as_before(snap_compare, as_employee(company, ANA), Reasons, "enter", seen="What to do")

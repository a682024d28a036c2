"""All deliveries, and one: what the server said at each attempt, and what to do about it."""

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from mailtui.core.deliveries import DeliveryState
from mailtui.store import Store
from mailtui.store.window import Window
from mailtui.tui.screens import deliveries as deliveries_page
from mailtui.tui.screens.deliveries import Deliveries
from mailtui.tui.screens.delivery import DeliveryPage
from mailtui.tui.screens.message import MessageText
from mailtui.tui.screens.moments import brief_moment, moment
from mailtui.tui.screens.reason import ReasonPage
from tests.company import NOW
from tests.tui.frame import lines, shown
from tests.tui.pages import (
    ANA,
    BOB,
    Compare,
    a_delivery,
    an_attempt,
    as_employee,
    looks_as_before,
    on_page,
    some_deliveries,
    typed,
    until,
    words,
)

HOSTILE = "\x1b]0;owned\x07 \x9b31m \N{RIGHT-TO-LEFT OVERRIDE} [bold]no[/bold]"


def shows_only(pilot: Pilot[None], state: DeliveryState) -> bool:
    return f"[{state.value}]" in lines(pilot)[1]


async def test_the_list_shows_the_newest_first_with_the_outcome(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), Deliveries) as pilot:
        rows = lines(pilot)[3:7]
        assert ["of-bob@" in rows[0], "Mailbox full" in rows[1], "✗ gone@" in rows[2]] == [True] * 3


async def test_one_key_goes_through_the_states(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), Deliveries) as pilot:
        for state in DeliveryState:
            await pilot.press("s")
            await until(pilot, partial(shows_only, pilot, state))
            expected = company.deliveries.count(state=state)
            assert sum("@" in line for line in lines(pilot)[3:20]) == expected
        await pilot.press("s")
        await until(pilot, lambda: "[all]" in lines(pilot)[1])


async def test_one_key_shows_one_project_and_then_all_again(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), Deliveries) as pilot:
        await pilot.press("p")
        await until(pilot, lambda: "Deliveries of which project?" in words(pilot))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "cancelled · brand-b" in words(pilot) and "full@client.example" in words(pilot))
        assert "gone@client.example" not in words(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "No delivery is queued in brand-b" in words(pilot))
        await pilot.press("S", "p")
        await until(pilot, lambda: "gone@client.example" in words(pilot))


async def test_the_filter_finds_a_contact(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), Deliveries) as pilot:
        await pilot.press("slash")
        await typed(pilot, "gone")
        await until(pilot, lambda: "1 found" in shown(pilot))
        assert "first@client.example" not in shown(pilot)


async def test_a_member_sees_what_he_sent_himself(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, BOB), Deliveries) as pilot:
        assert "of-bob@" in shown(pilot)
        assert "gone@" not in shown(pilot)


async def test_what_another_process_sends_is_seen_without_a_key(
    company: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries_page, "LOOK_EVERY", 0.01)
    async with on_page(as_employee(company, ANA), Deliveries) as pilot:
        await until(pilot, lambda: "Nothing was sent yet" in shown(pilot))
        other = Store(company.path)
        a_delivery(other, "late@client.example")
        other.close()
        await until(pilot, lambda: "late@client.example" in shown(pilot))


async def test_a_delivery_shows_every_attempt_with_the_servers_words_and_the_remedy(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), Deliveries) as pilot:
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeliveryPage))
        text = shown(pilot)
        assert "✗ 09:00:00  recipient   452 4.2.2 The mailbox is over quota" in text
        assert "✗ 09:01:00  recipient   550 5.1.1 No such user here" in text
        assert "No such mailbox" in text
        assert "→ " in text


async def test_r_leads_from_a_failure_to_its_reason(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), Deliveries) as pilot:
        assert "Reason" not in lines(pilot)[-1]
        await pilot.press("down", "down")
        await until(pilot, lambda: "r Reason" in lines(pilot)[-1])
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReasonPage))
        await pilot.press("escape", "enter", "r")
        await until(pilot, lambda: "No such mailbox" in lines(pilot)[0])


async def test_a_failed_delivery_is_sent_again_only_after_a_question(company: Store) -> None:
    some_deliveries(company)
    ana = as_employee(company, ANA)
    async with on_page(ana, Deliveries) as pilot:
        await pilot.press("down", "down")
        await until(pilot, lambda: "R Send again" in lines(pilot)[-1])
        await pilot.press("R", "escape")
        assert company.deliveries.count(state=DeliveryState.QUEUED) == 0
        await pilot.press("R", "s")
        await until(pilot, lambda: "queued" in lines(pilot)[5])
        await until(pilot, lambda: "is tried now" in shown(pilot))
    assert company.deliveries.count(state=DeliveryState.QUEUED) == 1
    assert company.audit.rows(Window(limit=1))[0].action == "retry delivery"


async def test_a_waiting_delivery_is_cancelled_only_after_a_question(company: Store) -> None:
    attempts = [an_attempt("mailbox-full", reply="452 4.2.2 The mailbox is over quota")]
    waiting = a_delivery(company, state=DeliveryState.DEFERRED, attempts=attempts)
    async with on_page(as_employee(company, ANA), lambda: DeliveryPage(waiting)) as pilot:
        await pilot.press("c", "escape")
        await until(pilot, lambda: "deferred" in shown(pilot))
        await pilot.press("c", "c")
        await until(pilot, lambda: "cancelled" in lines(pilot)[1])
        await until(pilot, lambda: "c Cancel" not in lines(pilot)[-1])
        await pilot.press("R")
        await until(pilot, lambda: "It was cancelled." in shown(pilot))


async def test_what_was_sent_is_neither_sent_again_nor_cancelled(company: Store) -> None:
    sent = a_delivery(company)
    async with on_page(as_employee(company, ANA), lambda: DeliveryPage(sent)) as pilot:
        await pilot.press("R", "c")
        assert isinstance(pilot.app.screen, DeliveryPage)
        assert "Send again" not in lines(pilot)[-1]
        assert "Cancel" not in lines(pilot)[-1]


async def test_what_another_took_up_meanwhile_is_told_and_left(company: Store) -> None:
    attempts = [an_attempt("mailbox-full", reply="452 4.2.2 The mailbox is over quota")]
    waiting = a_delivery(company, state=DeliveryState.DEFERRED, attempts=attempts)
    async with on_page(as_employee(company, ANA), lambda: DeliveryPage(waiting)) as pilot:
        await pilot.press("c")
        other = Store(company.path)
        with other.transaction():
            other.deliveries.record(waiting.model_copy(update={"state": DeliveryState.SENT}), an_attempt())
        other.close()
        await pilot.press("c")
        await until(pilot, lambda: "too late to cancel" in words(pilot))
        await until(pilot, lambda: "✓ sent" in lines(pilot)[1])


async def test_a_state_that_no_delivery_has_says_so(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), Deliveries) as pilot:
        await pilot.press("s")
        await until(pilot, lambda: "No delivery is queued." in shown(pilot))
        await pilot.press("S")
        await until(pilot, lambda: "first@client.example" in shown(pilot))


async def test_m_shows_the_text_that_was_sent(company: Store) -> None:
    delivery = a_delivery(company)
    async with on_page(as_employee(company, ANA), lambda: DeliveryPage(delivery)) as pilot:
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, MessageText))
        assert "it is on its way." in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeliveryPage))


async def test_old_texts_are_thrown_away_after_it_was_said_how_many_and_how_old(company: Store) -> None:
    some_deliveries(company)
    later = as_employee(company, ANA, lambda: NOW + timedelta(days=91))
    async with on_page(later, Deliveries) as pilot:
        await pilot.press("P")
        await until(pilot, lambda: "Throw the texts of 3 messages away?" in shown(pilot))
        assert "older than 90 days; the oldest is of 2 Mar" in words(pilot)
        await pilot.press("escape")
        assert company.deliveries.octets(1)
        await pilot.press("P")
        await until(pilot, lambda: "Throw the texts" in shown(pilot))
        await pilot.press("d")
        await until(pilot, lambda: "Threw the texts of 3 messages away." in shown(pilot))
        assert [bool(company.deliveries.octets(number)) for number in (1, 2, 3, 4)] == [False, False, True, False]
        await pilot.press("P")
        await until(pilot, lambda: "No text to throw away" in shown(pilot))


async def test_a_member_throws_no_texts_away(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, BOB, lambda: NOW + timedelta(days=91)), Deliveries) as pilot:
        await pilot.press("P")
        assert isinstance(pilot.app.screen, Deliveries)
        assert "Throw" not in shown(pilot)


def test_the_question_before_a_purge_looks_as_before(snap_compare: Compare, company: Store) -> None:
    some_deliveries(company)
    later = as_employee(company, ANA, lambda: NOW + timedelta(days=91))
    assert looks_as_before(snap_compare, later, Deliveries, "P", seen="Throw away")


async def test_words_of_others_cannot_reach_the_terminal_as_commands(company: Store) -> None:
    attempts = [an_attempt("unknown", reply=f"550 {HOSTILE}")]
    delivery = a_delivery(company, state=DeliveryState.FAILED, attempts=attempts)
    async with on_page(as_employee(company, ANA), lambda: DeliveryPage(delivery)) as pilot:
        text = shown(pilot)
        assert "[bold]no[/bold]" in text
        assert not any(character in text for character in "\x1b\x07\x9b\N{RIGHT-TO-LEFT OVERRIDE}")


async def test_a_reason_that_another_version_knew_does_no_harm(company: Store) -> None:
    attempt = an_attempt("unknown", reply="550 no").model_copy(update={"reason": "of-the-future"})
    delivery = a_delivery(company, state=DeliveryState.FAILED, attempts=[attempt])
    async with on_page(as_employee(company, ANA), lambda: DeliveryPage(delivery)) as pilot:
        assert "550 no" in shown(pilot)
        assert "Reason" not in lines(pilot)[-1]


@given(ago=st.timedeltas(timedelta(days=-400), timedelta(days=4000)))
def test_a_moment_is_short_and_says_its_time(ago: timedelta) -> None:
    words = moment(NOW - ago, NOW)
    assert len(words) <= 16
    assert words.endswith(f"{(NOW - ago).astimezone():%H:%M}")


@given(ago=st.timedeltas(timedelta(days=-400), timedelta(days=4000)))
def test_a_moment_in_a_column_fits_into_it(ago: timedelta) -> None:
    assert len(brief_moment(NOW - ago, NOW)) <= 12


def test_moments_are_said_as_people_say_them() -> None:
    ago = [timedelta(hours=1), timedelta(days=1), timedelta(days=20), timedelta(days=400)]
    assert [moment(NOW - each, NOW) for each in ago] == [
        "today 09:00",
        "yesterday 10:00",
        "10 Feb 10:00",
        "2025-01-26 10:00",
    ]


def test_the_list_looks_as_before(snap_compare: Compare, company: Store) -> None:
    some_deliveries(company)
    assert looks_as_before(snap_compare, as_employee(company, ANA), Deliveries, "down", seen="452 4.2.2")


def test_a_failed_delivery_looks_as_before(snap_compare: Compare, company: Store) -> None:
    some_deliveries(company)
    keys = ("down", "down", "enter")
    assert looks_as_before(snap_compare, as_employee(company, ANA), Deliveries, *keys, seen="09:01:00")


def test_a_message_looks_as_before(snap_compare: Compare, company: Store) -> None:
    some_deliveries(company)
    keys = ("enter", "m")
    assert looks_as_before(snap_compare, as_employee(company, ANA), Deliveries, *keys, seen="it is on its way")

"""The live test in the form, against real servers: what it shows, where it leads, and how it is stopped."""

import re
from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from mailtui.core.account_test import Step
from mailtui.demo.plans import PLANS
from mailtui.demo.servers import LoopbackServers, in_thread
from mailtui.operations.context import Context
from mailtui.store import Store
from tests.company import an_address
from tests.tui.filling import SALES, choose, fill, focused, form, is_closed, open_form, pasted, run_the_test, says
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, as_employee, until


@pytest.fixture(scope="module")
def servers() -> Iterator[LoopbackServers]:
    with in_thread(PLANS) as running:
        yield running


@pytest.fixture
def ana(company: Store) -> Context:
    return as_employee(company, ANA)


def seconds_counted(pilot: Pilot[None]) -> float:
    """What the panel says of the test under way."""
    found = re.search(r"testing (\d+\.\d) s", shown(pilot))
    return float(found[1]) if found else 0


async def test_each_step_is_shown_with_its_mark_what_was_seen_and_its_time(
    ana: Context, servers: LoopbackServers
) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"])
        await run_the_test(pilot)
        steps = [step for step in Step if step is not Step.MESSAGE]
        found = [line for line in lines(pilot) if line.startswith("  ✓ ")]
        assert [step.words in line and line.endswith(" ms") for step, line in zip(steps, found, strict=True)] == [
            True
        ] * 7


@pytest.mark.parametrize(
    ("server", "step", "reason", "words", "field"),
    [
        ("wrong-password", "sign in", "Wrong password", "535 5.7.8 Error: authentication failed", "password"),
        ("refuses-sender", "sender", "Sender not allowed", "553 5.7.1 Sender address rejected", "address"),
        ("refuses-recipient", "recipient", "", "550 5.1.1 Recipient address rejected", "address"),
        ("no-starttls", "encrypt", "", "STARTTLS", "security"),
        ("expired-certificate", "encrypt", "Certificate not valid", "the certificate has expired", "ca_file"),
    ],
)
async def test_a_failure_shows_the_words_what_they_mean_and_goes_to_the_field(
    ana: Context, servers: LoopbackServers, server: str, step: str, reason: str, words: str, field: str
) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers[server])
        await run_the_test(pilot)
        await says(pilot, words)
        result = form(pilot).panel.result
        assert result is not None
        assert f"  ✗ {step}" in shown(pilot) and reason in shown(pilot)
        await says(pilot, result.meaning[:40])
        await says(pilot, "→ ")
        await says(pilot, "failed in ")
        if result.field:
            assert focused(pilot) == field


async def test_one_key_shows_everything_about_a_failure(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["wrong-password"])
        await run_the_test(pilot)
        await pilot.press("ctrl+r")
        await says(pilot, "What to do, the most likely first")
        await says(pilot, "the user name or password is not right")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form(pilot))


async def test_the_step_under_way_turns_and_the_first_escape_stops_the_test(
    ana: Context, servers: LoopbackServers
) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["silent"])
        await pilot.press("ctrl+t")
        await says(pilot, "esc Stop the test")
        await until(pilot, lambda: seconds_counted(pilot) >= 0.4)
        assert any("connect" in line and line.endswith(" s") for line in lines(pilot))
        await pilot.press("escape")
        await says(pilot, "─ stopped")
        await until(pilot, lambda: servers.open_connections == 0)
        assert not is_closed(pilot)


async def test_closing_the_form_stops_its_test(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["silent"])
        await pilot.press("ctrl+t")
        await until(pilot, lambda: servers.open_connections == 1)
        form(pilot).dismiss(None)
        await until(pilot, lambda: is_closed(pilot) and servers.open_connections == 0)


async def test_an_unknown_certificate_is_trusted_only_after_it_was_looked_at(
    ana: Context, servers: LoopbackServers
) -> None:
    server = servers["unknown-authority"]
    async with open_form(ana) as pilot:
        await fill(pilot, server)
        await pilot.press(*("shift+tab",) * 5)
        await choose(pilot, "tls")
        await run_the_test(pilot)
        await says(pilot, "f7 shows the certificate and lets you trust exactly that one")
        result = form(pilot).panel.result
        assert result is not None and result.certificate is not None
        await pilot.press("f7")
        await says(pilot, "Issued by")
        await says(pilot, " ".join(result.certificate.sha256[at : at + 4] for at in range(0, 32, 4)))
        await pilot.press("escape")
        assert form(pilot).account.typed.pinned_certificate == ""
        await pilot.press("f7")
        await says(pilot, "Issued by")
        await pilot.press("t")
        await says(pilot, "Tested just now: may be saved")
        assert form(pilot).draft().account.pinned_certificate == result.certificate.sha256
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))


async def test_the_certificate_cannot_be_trusted_where_none_was_refused(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["wrong-password"])
        await run_the_test(pilot)
        await pilot.press("f7")
        assert pilot.app.screen is form(pilot)


async def test_one_real_message_goes_to_the_recipient_who_is_named(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"])
        await pilot.press("ctrl+o")
        await says(pilot, f"One real message goes out from {SALES}, to")
        await says(pilot, "ana@corp.example")
        await pasted(pilot, "nobody")
        await pilot.press("enter")
        await says(pilot, "✗ 'nobody' is not an e-mail address")
        await pasted(pilot, "ana@client.example")
        await pilot.press("enter")
        await says(pilot, "The server took one message to ana@client.example")
        await says(pilot, "✓ message")
    assert [arrival.recipients for arrival in servers.arrivals] == [("ana@client.example",)]


async def test_a_change_while_the_test_runs_is_seen_as_one(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["good"])
        await pilot.press("ctrl+t")
        form(pilot).account.username.value = "somebody"
        await says(pilot, "Changed since the test: user name")


async def test_a_second_press_does_not_disturb_the_test_under_way(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await fill(pilot, servers["silent"])
        await pilot.press("ctrl+t")
        await until(pilot, lambda: servers.open_connections == 1)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: seconds_counted(pilot) >= 0.6)
        assert servers.open_connections == 1
        await pilot.press("escape")
        await says(pilot, "─ stopped")


async def test_an_address_that_fails_says_why_when_it_is_opened(ana: Context) -> None:
    with ana.store.transaction():
        failing = ana.store.addresses.save(an_address(SALES, tested="failed"))
    async with open_form(ana, failing) as pilot:
        await says(pilot, "✗ sign in: Wrong password 535 no")
        await says(pilot, "failed just now")
        await pilot.press("ctrl+r")
        await says(pilot, "What to do, the most likely first")

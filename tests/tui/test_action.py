"""An action in a project: only what is offered can be chosen, and the message really goes out as that address."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot
from textual.widgets import Input, Select, TextArea

from mailtui.core.deliveries import DeliveryState
from mailtui.demo import plans
from mailtui.demo.plans import ServerPlan
from mailtui.demo.servers import LoopbackServers, RunningServer, in_thread
from mailtui.operations.addresses import put_secret, switch_address
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.store.window import Window
from mailtui.tui.screens.action import NewAction
from mailtui.tui.screens.files import Files
from mailtui.tui.screens.passphrase import Passphrase
from tests.company import a_test, an_address
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, EVE, Compare, as_employee, looks_as_before, on_page, typed, until, words

SENDER = "support@brand-b.example"


def action_in(store: Store, key: str) -> NewAction:
    project = store.projects.get(key)
    assert project is not None
    return NewAction(project)


async def test_nothing_is_no_choice_where_an_address_is_offered(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: action_in(company, "brand-b")) as pilot:
        await pilot.press("shift+tab", "enter")
        await until(pilot, lambda: lines(pilot)[2].count("@") or lines(pilot)[3].count("@"))
        assert "no address is offered" not in shown(pilot)


@asynccontextmanager
async def server_of(context: Context, plan: ServerPlan) -> AsyncIterator[LoopbackServers]:
    """A server after the plan, and an address bound to Brand B that sends through it."""
    async with LoopbackServers([plan]) as servers:
        an_address_at(servers[plan.name], context)
        yield servers


def an_address_at(server: RunningServer, context: Context) -> None:
    """An address bound to Brand B that sends through the server, and passed its test once."""
    secret_id = put_secret(context, server.password)
    address = an_address(SENDER, projects={"brand-b"}, account=server.account(SENDER), secret_id=secret_id)
    with context.store.transaction():
        context.store.addresses.save(address.model_copy(update={"last_test": a_test(address)}))


@asynccontextmanager
async def writing(context: Context, to: str = "client@client.example") -> AsyncIterator[Pilot[None]]:
    """A new action in Brand B, written as far as to be sent from the address of `server_of`."""
    async with on_page(context, lambda: action_in(context.store, "brand-b")) as pilot:
        pilot.app.screen.query_one("#from", Select).value = SENDER
        await typed(pilot, to)
        await pilot.press("tab")
        await typed(pilot, "Your order")
        await pilot.press("tab")
        await typed(pilot, "It is on its way")
        yield pilot


def what_stands_there(pilot: Pilot[None]) -> tuple[str, str, str]:
    """To, subject and text of the form."""
    screen = pilot.app.screen
    to, subject = (screen.query_one(field, Input).value for field in ("#to", "#subject"))
    return to, subject, screen.query_one(TextArea).text


def choices(pilot: Pilot[None]) -> Sequence[str]:
    select = pilot.app.screen.query_one("#from", Select)
    return [value for _, value in select._options if isinstance(value, str)]  # what can be chosen has no public name


async def test_only_what_is_offered_can_be_chosen_and_the_default_is(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: action_in(company, "brand-a")) as pilot:
        assert choices(pilot) == ["ana@corp.example", "help@brand-a.example"]
        assert pilot.app.screen.query_one("#from", Select).value == "ana@corp.example"
        assert "2 offered · 4 not: f1" in shown(pilot)


async def test_f1_says_in_place_why_the_others_are_not_offered(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: action_in(company, "brand-a")) as pilot:
        await pilot.press("f1", "down")
        await until(
            pilot,
            lambda: "hello@corp.example: Brand A is strict, and this address is not bound to it" in words(pilot),
        )
        await pilot.press("escape", "x")
        assert what_stands_there(pilot)[0] == "x"


async def test_where_nothing_is_offered_the_page_says_why_for_each(company: Store) -> None:
    async with on_page(as_employee(company, EVE), lambda: action_in(company, "brand-a")) as pilot:
        await until(pilot, lambda: "No address is offered to you in Brand A" in shown(pilot))
        assert "0 offered · 4 not" in shown(pilot)
        assert "hello@corp.example: Brand A is strict, and this address is not bound to it" in words(pilot)
        assert "Send" not in lines(pilot)[-1]
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, NewAction))


async def test_the_message_arrives_as_the_chosen_address(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with server_of(ana, plans.GOOD) as servers, writing(ana, "a@client.example, b@client.example") as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Sent.  esc  goes back" in shown(pilot) or "Sent. esc goes back" in words(pilot))
        assert [(one.sender, one.recipients) for one in servers.arrivals] == [
            (SENDER, ("a@client.example",)),
            (SENDER, ("b@client.example",)),
        ]
        assert b"It is on its way" in servers.arrivals[0].content
        await pilot.press("ctrl+s", "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, NewAction))
    assert company.deliveries.count(state=DeliveryState.SENT) == 2


async def test_a_refusal_shows_words_meaning_and_remedy_and_keeps_what_was_typed(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with server_of(ana, plans.REFUSES_RECIPIENT), writing(ana) as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "0 of 1 sent" in shown(pilot))
        text = words(pilot)
        assert "✗ client@client.example failed: No such mailbox" in text
        assert "550 5.1.1 Recipient address rejected" in text
        assert "→ " in text
        assert what_stands_there(pilot) == ("client@client.example", "Your order", "It is on its way")
        assert "Send" in lines(pilot)[-1]
        await pilot.press("r")
        await until(pilot, lambda: "Reasons for refusal / No such mailbox" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: what_stands_there(pilot)[1] == "Your order")


async def test_what_waits_for_another_try_is_not_sent_twice(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with server_of(ana, plans.MAILBOX_FULL), writing(ana) as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "1 wait for another try" in shown(pilot))
        assert "Send" not in lines(pilot)[-1]
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert company.deliveries.count() == 1


async def test_an_account_that_fails_is_not_offered_any_more(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with server_of(ana, plans.WRONG_PASSWORD), writing(ana) as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "deferred: Wrong password" in shown(pilot))
    async with on_page(ana, lambda: action_in(company, "brand-b")) as pilot:
        assert SENDER not in choices(pilot)


async def test_the_rule_is_asked_again_when_the_message_is_sent(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with server_of(ana, plans.GOOD) as servers, writing(ana) as pilot:
        switch_address(ana, SENDER, enabled=False)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "it is switched off" in words(pilot))
        assert what_stands_there(pilot) == ("client@client.example", "Your order", "It is on its way")
        assert SENDER not in choices(pilot)
        assert not servers.arrivals
    assert company.deliveries.count() == 0


async def test_a_wrong_recipient_is_named_when_its_field_is_left(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: action_in(company, "brand-a")) as pilot:
        await typed(pilot, "a@b.example, nonsense")
        await pilot.press("tab")
        await until(pilot, lambda: "'nonsense' is not an e-mail address" in words(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.focused is pilot.app.screen.query_one("#to"))
    assert company.deliveries.count() == 0


async def test_leaving_asks_when_something_written_would_be_lost(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: action_in(company, "brand-a")) as pilot:
        await pilot.press("x", "escape")
        await until(pilot, lambda: "Throw away what you wrote?" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewAction))
        await pilot.press("escape", "d")
        await until(pilot, lambda: not isinstance(pilot.app.screen, NewAction))


async def test_sending_can_be_stopped_and_what_was_not_taken_stays_queued(company: Store) -> None:
    ana = as_employee(company, ANA)
    async with server_of(ana, plans.SILENT) as servers, writing(ana) as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: servers.open_connections)
        await pilot.press("escape")
        await until(pilot, lambda: "Stop sending?" in shown(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "Stopped." in shown(pilot))
        await servers.all_closed()
        await pilot.press("ctrl+s", "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, NewAction))
    assert [row.state for row in company.deliveries.rows(Window())] == [DeliveryState.QUEUED]


async def test_a_locked_vault_is_opened_on_the_way_and_the_message_goes_out_once(
    company: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE")
    before = as_employee(company, ANA)
    before.secrets.create(SecretStr("open it"))
    async with server_of(before, plans.GOOD) as servers, writing(as_employee(company, ANA)) as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, Passphrase))
        await typed(pilot, "open it")
        await pilot.press("enter")
        await until(pilot, lambda: "Sent. esc goes back" in words(pilot), seconds=60)
        assert len(servers.arrivals) == 1
    assert company.deliveries.count() == 1


async def test_a_file_goes_with_the_message(company: Store, tmp_path: Path) -> None:
    (tmp_path / "order.txt").write_text("one chair")
    ana = as_employee(company, ANA)
    async with server_of(ana, plans.GOOD) as servers, writing(ana) as pilot:
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, Files))
        pilot.app.screen.query_one(Input).value = str(tmp_path / "order.txt")
        await pilot.press("enter")
        await until(pilot, lambda: "order.txt" in shown(pilot) and "9 B" in shown(pilot))
        pilot.app.screen.query_one(Input).value = str(tmp_path / "no-such-file")
        await pilot.press("enter")
        await until(pilot, lambda: "cannot be read: No such file" in words(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "order.txt (9 B)" in shown(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Sent." in shown(pilot))
        assert b'filename="order.txt"' in servers.arrivals[0].content


def test_the_empty_form_looks_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(
        snap_compare, as_employee(company, ANA), lambda: action_in(company, "brand-a"), seen="2 offered"
    )


def test_why_not_looks_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(
        snap_compare, as_employee(company, ANA), lambda: action_in(company, "brand-a"), "f1", "down", seen="strict"
    )


def test_nothing_offered_looks_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(
        snap_compare, as_employee(company, EVE), lambda: action_in(company, "brand-a"), seen="No address is offered"
    )


def test_a_refusal_looks_as_before(snap_compare: Compare, company: Store) -> None:
    ana = as_employee(company, ANA)
    with in_thread([plans.REFUSES_RECIPIENT]) as servers:
        an_address_at(servers[plans.REFUSES_RECIPIENT.name], ana)
        switch_address(ana, "ana@corp.example", enabled=False)
        keys = [*"a", "at", *"b", "full_stop", *"example", "tab", *"Order", "tab", *"Hello", "ctrl+s"]
        page = lambda: action_in(company, "brand-b")  # noqa: E731 - short, and named for the line below
        assert looks_as_before(snap_compare, ana, page, *keys, seen="0 of 1 sent")

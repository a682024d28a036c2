"""Looking settings up from the form: what is shown, what is filled in, and that nothing is without asking."""

from collections.abc import AsyncIterator

import pytest

from mailtui.core.addresses import Security, SmtpAccount
from mailtui.core.look_up import Proposal, Source, SourceAnswered
from mailtui.demo.name_server import NameServer
from mailtui.operations.configuration import LookUpSettings
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.form.look_up import LookUp, answer_lines, proposal_lines
from tests.tui.filling import focused, form, open_form, pasted, says
from tests.tui.frame import shown
from tests.tui.pages import ANA, Compare, as_employee, looks_as_before, typed, until

RECORDS = """\
brand-a.example. 60 IN MX 10 in1-smtp.messagingengine.com.
_submissions._tcp.brand-b.example. 60 IN SRV 0 1 465 mail.brand-b.example.
_submission._tcp.brand-c.example. 60 IN SRV 0 1 587 mail.elsewhere.example.
corp.example. 60 IN MX 10 mx.corp.example.
"""


@pytest.fixture
async def ana(company: Store) -> AsyncIterator[Context]:
    """Ana, with name servers that know some domains."""
    async with NameServer(RECORDS) as names:
        context = as_employee(company, ANA)
        ask(context, names.port)
        yield context


def ask(context: Context, port: int) -> None:
    settings = LookUpSettings(name_server="127.0.0.1", port=port)
    context.configuration = context.configuration.model_copy(update={"look_up": settings})


async def test_what_was_found_is_filled_in_when_it_is_taken(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@brand-b.example")
        await pilot.press("ctrl+l")
        await says(pilot, "Found by SRV records")
        await says(pilot, "mail.brand-b.example")
        assert form(pilot).account.host.value == ""
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is form(pilot))
        account = form(pilot).account.typed
        assert (account.host, account.port, account.security) == ("mail.brand-b.example", "465", Security.TLS)
        assert account.username == "ana@brand-b.example"


async def test_a_service_that_was_found_is_chosen_with_its_steps(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@brand-a.example")
        await pilot.press("ctrl+l")
        await says(pilot, "in1-smtp.messagingengine.com belongs to Fastmail")
        await pilot.press("enter")
        await until(pilot, lambda: form(pilot).account.service_id == "fastmail")
        assert form(pilot).account.typed.host == "smtp.fastmail.com"


async def test_nothing_typed_is_overwritten_without_asking(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@brand-b.example")
        await pilot.press("tab", "tab", "tab")
        await pasted(pilot, "mine.brand-b.example")
        before = form(pilot).account.typed
        await pilot.press("ctrl+l")
        await says(pilot, "replaces mine.brand-b.example")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form(pilot))
        assert form(pilot).account.typed == before
        assert focused(pilot) == "host"


async def test_what_was_typed_for_another_server_is_kept_when_a_service_is_taken(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@brand-a.example")
        await pilot.press("tab", "tab", "tab")
        await pasted(pilot, "mine.brand-a.example")
        before = form(pilot).account.typed
        await pilot.press("ctrl+l")
        await says(pilot, "replaces mine.brand-a.example")
        await pilot.press("enter")
        await until(pilot, lambda: form(pilot).account.service_id == "fastmail")
        form(pilot).account.choose_service("")
        assert form(pilot).account.typed == before


async def test_a_server_outside_the_domain_says_so(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@brand-c.example")
        await pilot.press("ctrl+l")
        await says(pilot, "mail.elsewhere.example is not within brand-c.example: take it only if you know that server.")


async def test_where_nothing_is_found_nothing_can_be_taken(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@corp.example")
        before = form(pilot).account.typed
        await pilot.press("ctrl+l")
        await says(pilot, "No settings were found")
        await says(pilot, "mx.corp.example is of no known mail service")
        assert "Fill in" not in shown(pilot)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, LookUp)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form(pilot))
        assert form(pilot).account.typed == before


async def test_a_domain_that_does_not_exist_is_said(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@brnad.example")
        await pilot.press("ctrl+l")
        await says(pilot, "there is no domain brnad.example: look at its spelling")


async def test_without_a_network_it_says_so_and_the_form_stays(ana: Context) -> None:
    async with NameServer("") as names:
        gone = names.port
    ask(ana, gone)
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@corp.example")
        before = form(pilot).account.typed
        await pilot.press("ctrl+l")
        await says(pilot, "this machine has no network")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form(pilot))
        assert form(pilot).account.typed == before


async def test_escape_stops_a_look_up_under_way(ana: Context) -> None:
    async with NameServer("") as names:
        gone = names.port
    ask(ana, gone)
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@corp.example")
        await pilot.press("ctrl+l")
        await says(pilot, "MX records")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form(pilot))


async def test_an_address_that_is_none_is_said_before_anybody_is_asked(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press("tab", "tab", "ctrl+l")
        await says(pilot, "✗ the address is missing")
        assert focused(pilot) == "address"
        await typed(pilot, "ana")
        await pilot.press("ctrl+l")
        await says(pilot, "✗ 'ana' is not an e-mail address")


def test_foreign_words_are_made_safe() -> None:
    answer = SourceAnswered(source=Source.SRV, found=False, ms=1, detail="\x1b[2J[red]evil\u202e")
    assert str(answer_lines(answer, 80)[0]).endswith("\ufffd[2J[red]evil\ufffd")
    account = SmtpAccount(host="mail.example", port=465, security=Security.TLS, username="\x1b]0;evil")
    proposal = Proposal(source=Source.AUTOCONFIG, said="", account=account, caution="\x1b[2J")
    assert "\x1b" not in str(proposal_lines(proposal, {}))


def test_a_look_up_looks_as_before(snap_compare: Compare, company: Store) -> None:
    """What a real one says has times in it that differ from run to run; this one needs nobody."""
    context = as_employee(company, ANA)
    typed = {"service": "another server", "host": "mine.fastmail.com"}
    assert looks_as_before(snap_compare, context, lambda: LookUp("ana@fastmail.com", typed), seen="Fill in")

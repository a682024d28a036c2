"""The fields of the account: services, what follows what, and the reason below a field that is wrong."""

import pytest

from mailtui.core.services import LOCAL_PART, services
from mailtui.operations.context import Context
from mailtui.store import Store
from tests.company import names
from tests.tui.filling import choose, focused, form, open_form, pasted, says, to_address
from tests.tui.frame import shown
from tests.tui.pages import ANA, as_employee, typed, until


@pytest.fixture
def ana(company: Store) -> Context:
    return as_employee(company, ANA)


async def test_a_known_domain_proposes_its_service_and_overwrites_nothing(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@fastmail.com")
        await says(pilot, "looks like Fastmail: ctrl+f")
        assert form(pilot).account.host.value == ""
        await pilot.press("ctrl+f")
        await says(pilot, "smtp.fastmail.com")
        assert "looks like" not in shown(pilot)
        assert form(pilot).account.username.value == "ana@fastmail.com"


async def test_the_chosen_service_says_what_it_wants_done_first(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press("tab", "tab")
        await choose(pilot, "gmail")
        await says(pilot, "https://myaccount.google.com/apppasswords")


async def test_switching_between_services_loses_nothing(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@corp.example")
        await pilot.press("tab", "tab", "tab")
        await pasted(pilot, "mail.corp.example")
        await pilot.press("tab")
        await pasted(pilot, "2525")
        by_hand = form(pilot).account.typed
        await pilot.press("shift+tab", "shift+tab")
        await choose(pilot, "gmail")
        await pilot.press("tab", "tab")
        await pasted(pilot, "4650")
        at_gmail = form(pilot).account.typed
        await pilot.press("shift+tab", "shift+tab")
        await choose(pilot, "other")
        await until(pilot, lambda: form(pilot).account.typed == by_hand)
        await choose(pilot, "gmail")
        await until(pilot, lambda: form(pilot).account.typed == at_gmail)
        assert (at_gmail.host, at_gmail.port, by_hand.port) == ("smtp.gmail.com", "4650", "2525")


async def test_the_user_name_follows_the_address_until_another_is_typed(ana: Context) -> None:
    async with open_form(ana) as pilot:
        username = form(pilot).account.username
        await typed(pilot, "ana@corp.example")
        await until(pilot, lambda: username.value == "ana@corp.example")
        await pilot.press(*("tab",) * 7)
        await pasted(pilot, "somebody")
        await to_address(pilot)
        await pilot.press("end", "x")
        assert username.value == "somebody"


async def test_the_user_name_follows_in_the_form_of_the_service(ana: Context) -> None:
    local_part = next(known for known in services() if known.username == LOCAL_PART and known.domains)
    async with open_form(ana) as pilot:
        username = form(pilot).account.username
        await typed(pilot, f"ana@{local_part.domains[0]}")
        await pilot.press("ctrl+f")
        await until(pilot, lambda: username.value == "ana")
        await pilot.press("home", "x")
        await until(pilot, lambda: username.value == "xana")


async def test_the_port_follows_the_security_until_another_is_typed(ana: Context) -> None:
    async with open_form(ana) as pilot:
        account = form(pilot).account
        await pilot.press(*("tab",) * 5)
        await choose(pilot, "tls")
        await until(pilot, lambda: account.port.value == "465")
        await pilot.press("shift+tab")
        await pasted(pilot, "4650")
        await pilot.press("tab")
        await choose(pilot, "starttls")
        assert account.port.value == "4650"


async def test_a_port_typed_over_the_usual_one_takes_its_place(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press(*("tab",) * 4)
        assert focused(pilot) == "port" and form(pilot).account.port.value == "587"
        await typed(pilot, "2525")
        assert form(pilot).account.port.value == "2525"


async def test_a_password_in_the_clear_is_confirmed_only_where_nothing_encrypts(ana: Context) -> None:
    async with open_form(ana) as pilot:
        assert "unencrypted" not in shown(pilot)
        await pilot.press(*("tab",) * 5)
        await choose(pilot, "none")
        await says(pilot, "[ ] the password may cross this connection unencrypted")
        await pilot.press("tab", "tab", "tab", "tab")
        assert focused(pilot) == "cleartext_confirmed"
        await pilot.press("space")
        await says(pilot, "[x] the password")
        assert form(pilot).account.typed.cleartext_confirmed


@pytest.mark.parametrize(
    ("tabs", "wrong", "reason"),
    [
        (0, "ana", "✗ 'ana' is not an e-mail address"),
        (3, "two words", "✗ 'two words' is no host name: it looks like smtp.example.com"),
        (4, "70000", "✗ '70000' is no port: it is a number from 1 to 65535, usually 465 or 587"),
    ],
)
async def test_a_field_says_its_reason_when_it_is_left(ana: Context, tabs: int, wrong: str, reason: str) -> None:
    async with open_form(ana) as pilot:
        await pilot.press(*("tab",) * tabs)
        await pasted(pilot, wrong)
        assert "✗" not in shown(pilot)
        await pilot.press("tab")
        await says(pilot, reason)
        await pilot.press("shift+tab", "end", "backspace")
        await until(pilot, lambda: "✗" not in shown(pilot))


async def test_a_field_that_is_passed_empty_is_left_in_peace(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press("tab", "tab", "tab", "tab")
        assert "✗" not in shown(pilot)


async def test_a_test_asks_for_what_is_missing_from_the_top(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press("tab", "tab", "ctrl+t")
        await says(pilot, "✗ the address is missing")
        await says(pilot, "✗ the server's name is missing")
        assert focused(pilot) == "address"
        await typed(pilot, "ana@corp.example")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: focused(pilot) == "host")
        await pasted(pilot, "127.0.0.1")
        await pilot.press("ctrl+t")
        await says(pilot, "✗ the password is missing")
        assert focused(pilot) == "password"


async def test_enter_leads_to_the_next_field(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press("enter")
        assert focused(pilot) == "name"


@pytest.mark.parametrize("keys", [("f2", "f3", "f4"), ("alt+1", "alt+2", "alt+3")])
async def test_three_keys_lead_to_the_tabs(ana: Context, keys: tuple[str, ...]) -> None:
    async with open_form(ana) as pilot:
        for tab in (2, 1, 0):
            await pilot.press(keys[tab])
            assert form(pilot).shown_tab == tab
        assert focused(pilot) == "address"
        assert form(pilot).account.address.value == ""


async def test_a_member_of_a_marked_group_is_said_to_be_in_already(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press("f3", "tab", "space")
        await says(pilot, "Ana Pop employee also through Press")
        await says(pilot, "1 marked of 5")
        await pilot.press("slash")
        await typed(pilot, "bob")
        await pilot.press("enter", "space")
        await pilot.press("escape")
        await says(pilot, "2 marked of 5")
        access = form(pilot).draft().access
        assert access == names("bob", "@press")

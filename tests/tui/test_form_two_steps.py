"""Two-step sign-in in the form: what the service wants, where the link goes, and what a refusal leads to (S7)."""

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from mailtui.core.account_test import AccountTest, Step
from mailtui.core.addresses import SignIn
from mailtui.core.services import Service, service, services
from mailtui.demo.plans import GOOD, WRONG_PASSWORD, ServerPlan
from mailtui.demo.servers import LoopbackServers, in_thread
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.form.two_steps import field_of_the_answer, guide_lines, refused_lines
from mailtui.tui.screens.link import COPIED, ShowLink
from tests.tui.filling import choose, focused, form, open_form, pasted, run_the_test, says
from tests.tui.frame import shown
from tests.tui.pages import ANA, as_employee, typed, until, words

WANTS_APP_PASSWORD = ServerPlan(
    name="wants-app-password", fails_at=Step.SIGN_IN, reply="534 5.7.9 Application-specific password required"
)
WANTS_OAUTH = ServerPlan(
    name="wants-oauth",
    fails_at=Step.SIGN_IN,
    reply="535 5.7.139 Authentication unsuccessful, basic authentication is disabled",
)

PANEL_ROWS = 16
"""Of the test's panel at 80x24, where nothing else is shown."""

APP_PASSWORDS = "https://myaccount.google.com/apppasswords"

any_service = pytest.mark.parametrize("entry", services(), ids=lambda entry: entry.id)


@pytest.fixture(scope="module")
def servers() -> Iterator[LoopbackServers]:
    with in_thread((GOOD, WRONG_PASSWORD, WANTS_APP_PASSWORD, WANTS_OAUTH)) as running:
        yield running


@pytest.fixture
def ana(company: Store) -> Context:
    return as_employee(company, ANA)


async def at_gmail(pilot: Pilot[None], servers: LoopbackServers, name: str) -> None:
    """An address at Gmail, whose part a server on the loopback plays."""
    server = servers[name]
    await typed(pilot, "ana@gmail.com")
    await pilot.press("ctrl+f", "tab", "tab", "tab")
    await pasted(pilot, server.host)
    await pilot.press("tab")
    await pasted(pilot, str(server.port))
    await pilot.press("tab")
    await choose(pilot, "starttls")
    await pilot.press("tab", "tab", "tab")
    await pasted(pilot, "the real one")
    await pilot.press("tab")
    await choose(pilot, "own")
    await pilot.press("tab")
    await pasted(pilot, str(server.ca_file))


@any_service
@pytest.mark.parametrize("signin", [SignIn.PASSWORD, SignIn.OAUTH])
def test_every_services_steps_have_room_at_80x24_before_a_test_and_after_a_refusal(
    entry: Service, signin: SignIn
) -> None:
    guide = entry.guide(signin)
    rule, failed_step = 1, 1
    assert rule + len(guide_lines(guide, 80)) <= PANEL_ROWS
    assert rule + failed_step + len(refused_lines("534 no\n534 more\n534 and more", guide, 80)) <= PANEL_ROWS
    assert all(line.cell_length < 80 for line in guide_lines(guide, 80))


async def test_choosing_a_service_shows_exactly_its_steps_in_order(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await says(pilot, "ctrl+t goes through the steps of sending")
        for chosen, name in (("gmail", "Gmail"), ("fastmail", "Fastmail")):
            form(pilot).account.service.focus()
            await choose(pilot, chosen)
            await says(pilot, f"{name} takes an app password")
            places = [words(pilot).index(f"{number}. {step}") for number, step in enumerate(service(chosen).steps, 1)]
            assert places == sorted(places)
        assert "Google" not in shown(pilot)


async def test_the_steps_follow_the_chosen_sign_in(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@gmail.com")
        await pilot.press("ctrl+f")
        form(pilot).account.signin.focus()
        await choose(pilot, "oauth")
        await says(pilot, "3. The test opens the sign-in")
        assert APP_PASSWORDS not in shown(pilot)


async def test_a_known_server_typed_by_hand_shows_its_services_steps(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await typed(pilot, "ana@corp.example")
        await pilot.press("tab", "tab", "tab")
        await pasted(pilot, "smtp.fastmail.com")
        await says(pilot, "Fastmail takes an app password")


async def test_one_key_copies_the_link_and_one_shows_it_to_a_phone(ana: Context) -> None:
    async with open_form(ana) as pilot:
        await pilot.press("ctrl+y", "ctrl+g")
        assert pilot.app.screen is form(pilot), "there is no link before a service is chosen"
        await typed(pilot, "ana@gmail.com")
        await pilot.press("ctrl+f", "ctrl+y")
        await says(pilot, COPIED)
        assert pilot.app.clipboard == APP_PASSWORDS
        await pilot.press("ctrl+g")
        await until(pilot, lambda: isinstance(pilot.app.screen, ShowLink))
        await says(pilot, APP_PASSWORDS)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form(pilot))


@pytest.mark.parametrize(
    ("server", "title", "field"),
    [
        ("wants-app-password", "App password needed", "password"),
        ("wants-oauth", "OAuth sign-in needed", "signin"),
        ("wrong-password", "Wrong password", "password"),
    ],
)
async def test_a_refusal_turns_to_the_services_steps_and_goes_where_the_answer_goes(
    ana: Context, servers: LoopbackServers, server: str, title: str, field: str
) -> None:
    async with open_form(ana) as pilot:
        await at_gmail(pilot, servers, server)
        await run_the_test(pilot)
        await says(pilot, title)
        await says(pilot, servers[server].plan.reply[:45])
        await says(pilot, f"1. {service('gmail').steps[0]}")
        await says(pilot, APP_PASSWORDS)
        assert "✓ connect" not in shown(pilot)
        assert focused(pilot) == field


async def test_the_answer_typed_after_a_refusal_takes_the_place_of_the_wrong_password(
    ana: Context, servers: LoopbackServers
) -> None:
    async with open_form(ana) as pilot:
        await at_gmail(pilot, servers, "wants-app-password")
        await run_the_test(pilot)
        await until(pilot, lambda: focused(pilot) == "password")
        await typed(pilot, "abcd")
        secret = form(pilot).account.secret
        assert secret is not None and secret.get_secret_value() == "abcd"


async def test_another_service_takes_the_steps_of_the_refused_one_away(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana) as pilot:
        await at_gmail(pilot, servers, "wants-app-password")
        await run_the_test(pilot)
        form(pilot).account.service.focus()
        await choose(pilot, "fastmail")
        await says(pilot, "Fastmail takes an app password")
        assert "App password needed" not in shown(pilot)


def refused(address: str) -> AccountTest:
    return AccountTest(ok=False, address=address, failed_step=Step.SIGN_IN, reason="wrong-password", field="password")


@pytest.mark.parametrize(
    ("id", "username", "field"),
    [
        ("sendgrid", "ana@corp.example", "username"),
        ("sendgrid", "apikey", "password"),
        ("mailgun", "ana@corp.example", "username"),
        ("mailgun", "postmaster@mg.corp.example", "password"),
        ("gmail", "ana@corp.example", "password"),
    ],
)
def test_a_user_name_that_the_service_cannot_have_given_comes_before_the_password(
    id: str, username: str, field: str
) -> None:
    assert field_of_the_answer(service(id), refused("ana@corp.example"), username) == field

"""`mailtui provider`, and addresses that sign in with OAuth."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

import pytest

from mailtui.demo.plans import OAUTH
from mailtui.demo.provider import CLIENT, OAuthProvider
from mailtui.demo.servers import LoopbackServers, RunningServer
from tests.cli.command_line import CommandLine, connection
from tests.cli.terminal import Terminal, at_a_terminal
from tests.signin.person import POST, answer, visit


@dataclass
class Loopback:
    """A provider and its mail server, on an event loop in a thread of their own."""

    provider: OAuthProvider
    server: RunningServer


@contextmanager
def loopback() -> Iterator[Loopback]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    stack = AsyncExitStack()

    async def start() -> Loopback:
        provider = await stack.enter_async_context(OAuthProvider(interval=1))
        servers = await stack.enter_async_context(LoopbackServers([OAUTH], account_of=provider.account))
        return Loopback(provider, servers["oauth"])

    try:
        yield asyncio.run_coroutine_threadsafe(start(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="module")
def oauth() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


def with_provider(mailtui: CommandLine, oauth: Loopback, flow: str = "device") -> CommandLine:
    issuer = oauth.provider.issuer
    mailtui.json("provider", "add", "loopback", "--issuer", issuer, "--client-id", CLIENT, "--flow", flow)
    return mailtui


def adding(mailtui: CommandLine, oauth: Loopback) -> tuple[str, ...]:
    add = ("address", "add", POST, *connection(oauth.server), "--signin", "oauth", "--provider", "loopback")
    return "--db", str(mailtui.database), *add


def link_in(terminal: Terminal) -> str:
    return str(re.findall(r"open (\S+)", terminal.shown)[-1])


def test_a_provider_is_added_by_its_issuer_listed_and_removed(mailtui: CommandLine, oauth: Loopback) -> None:
    with_provider(mailtui, oauth)
    [listed] = mailtui.json("provider", "list")
    assert (listed["id"], listed["issuer"], listed["flow"]) == ("loopback", oauth.provider.issuer, "device")
    assert listed["endpoints"]["token"] == f"{oauth.provider.issuer}/token"
    assert listed["has_client_secret"] is False
    assert "secret_id" not in str(listed)
    mailtui.json("provider", "remove", "loopback")
    assert mailtui.json("provider", "list") == []
    assert mailtui("provider", "remove", "loopback").code == 66


def test_a_known_provider_needs_no_network_and_its_secret_goes_into_the_keyring(
    mailtui: CommandLine, oauth: Loopback
) -> None:
    file = mailtui.secret_file(oauth.server)
    added = mailtui.json("provider", "add", "google", "--client-id", "c.example", "--client-secret-file", file)
    assert (added["flow"], added["has_client_secret"]) == ("browser", True)
    assert oauth.server.password.get_secret_value() not in str(added)
    assert mailtui.json("doctor")["ok"], "the client's secret belongs to the provider"


def test_a_provider_is_changed_and_what_is_not_named_stays(mailtui: CommandLine, oauth: Loopback) -> None:
    before = mailtui.json("provider", "add", "google", "--client-id", "c.example")
    file = mailtui.secret_file(oauth.server)
    after = mailtui.json("provider", "edit", "google", "--client-secret-file", file, "--scope", "mail")
    assert after == {**before, "has_client_secret": True, "scopes": ["mail"]}
    assert mailtui.json("doctor")["ok"]
    assert mailtui("provider", "edit", "google", "--flow", "device").code == 65
    assert mailtui("provider", "edit", "yahoo", "--client-id", "c").code == 66


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("own", "--client-id", "c"), 65),
        (("own", "--client-id", "c", "--issuer", "http://login.example"), 65),
        (("own", "--client-id", "c", "--issuer", "http://127.0.0.1:9"), 69),
        (("google", "--client-id", "c", "--flow", "device"), 65),
        (("google", "--client-id", " "), 65),
        (("google",), 64),
        (("google", "--client-id", "c", "--ca-file", "/nowhere.pem", "--issuer", "https://127.0.0.1:9"), 65),
    ],
)
def test_a_provider_that_cannot_be_used_is_not_added(
    mailtui: CommandLine, arguments: tuple[str, ...], code: int
) -> None:
    assert mailtui("provider", "add", *arguments).code == code
    assert mailtui.json("provider", "list") == []


def test_an_address_signs_in_by_a_code(mailtui: CommandLine, oauth: Loopback) -> None:
    with_provider(mailtui, oauth)
    with at_a_terminal(*adding(mailtui, oauth), "--json") as terminal:
        terminal.wait_for(" and enter ")
        code = re.findall(r"enter (\S+)", terminal.shown)[-1]
        asyncio.run(answer(f"{link_in(terminal)}?user_code={code}"))
        assert terminal.end() == 0
    assert '"saved": true' in terminal.shown
    [row] = mailtui.json("address", "list")
    assert (row["signin"], row["state"]) == ("oauth", "ready")


def test_an_address_signs_in_by_a_browser_that_comes_back(mailtui: CommandLine, oauth: Loopback) -> None:
    with_provider(mailtui, oauth, "browser")
    with at_a_terminal(*adding(mailtui, oauth)) as terminal:
        terminal.wait_for("paste the address")

        async def browse() -> None:
            await visit(await answer(link_in(terminal)))

        asyncio.run(browse())
        assert terminal.end() == 0
    assert "can send and is saved" in terminal.shown


def test_over_ssh_the_redirected_address_is_pasted(mailtui: CommandLine, oauth: Loopback) -> None:
    with_provider(mailtui, oauth, "browser")
    with at_a_terminal(*adding(mailtui, oauth)) as terminal:
        terminal.wait_for("paste the address")
        terminal.type("https://elsewhere.example/?code=1")
        terminal.wait_for("this is not the address")
        terminal.type(asyncio.run(answer(link_in(terminal))))
        assert terminal.end() == 0
    assert "can send and is saved" in terminal.shown


def test_a_no_at_the_provider_ends_with_77_and_nothing_saved(mailtui: CommandLine, oauth: Loopback) -> None:
    with_provider(mailtui, oauth, "browser")
    with at_a_terminal(*adding(mailtui, oauth)) as terminal:
        terminal.wait_for("paste the address")

        async def refuse() -> None:
            await visit(await answer(link_in(terminal), yes=False))

        asyncio.run(refuse())
        assert terminal.end() == 77
    assert mailtui.json("address", "list") == []


def test_oauth_takes_no_password_and_names_its_provider(mailtui: CommandLine, oauth: Loopback) -> None:
    without = ("address", "add", POST, *connection(oauth.server), "--signin", "oauth")
    assert mailtui(*without).code == 64
    assert mailtui(*without, "--provider", "loopback", "--secret-stdin", stdin="x").code == 64
    unknown = mailtui(*without, "--provider", "loopback")
    assert unknown.code == 66
    assert "mailtui provider add loopback" in unknown.err

"""Opening a session: each step in its order, within its time, and nothing left open however it ends."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address

import pytest

from mailtui.core.account_test import Step, StepDone, StepEvent, StepStarted
from mailtui.core.addresses import Security, SmtpAccount
from mailtui.demo.plans import GOOD, NO_STARTTLS, SILENT, Fault, ServerPlan
from mailtui.demo.servers import LoopbackServers, RunningServer
from mailtui.smtp.failures import StepFailed
from mailtui.smtp.probe import probe
from mailtui.smtp.session import open_session
from mailtui.smtp.steps import Deadlines
from tests.smtp.trials import SHORT, credential_of, nothing_left_open, tried

STEPS = [Step.RESOLVE, Step.CONNECT, Step.ENCRYPT, Step.GREET, Step.SIGN_IN, Step.SENDER, Step.RECIPIENT]
SERVED = [Step.CONNECT, Step.ENCRYPT, Step.GREET, Step.SIGN_IN, Step.SENDER, Step.RECIPIENT]
"""Steps at which a server has something to say."""


def failing(step: Step, fault: Fault, security: Security = Security.STARTTLS) -> ServerPlan:
    return ServerPlan(name="failing", fails_at=step, fault=fault, security=security)


@contextmanager
def addresses_of_the_host(monkeypatch: pytest.MonkeyPatch, *places: tuple[str, int]) -> Iterator[None]:
    """The system's resolver gives these addresses and ports for every host."""

    def resolved(host: object, port: object, *_: object, **__: object) -> list[object]:
        return [
            (socket.AF_INET6 if ip_address(ip).version == 6 else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, at))
            for ip, at in places
        ]

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", resolved)
        yield


@contextmanager
def port_that_never_answers() -> Iterator[int]:
    """A port whose queue of connections is full, so that the system drops every further one."""
    with socket.create_server(("127.0.0.2", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(("127.0.0.2", port))
            waiting.append(filler)
        yield port
        for filler in waiting:
            filler.close()


@pytest.mark.parametrize("security", list(Security))
async def test_a_good_server_goes_through_the_steps_in_their_order(security: Security) -> None:
    events: list[StepEvent] = []
    async with nothing_left_open(), LoopbackServers([GOOD.model_copy(update={"security": security})]) as servers:
        result = await tried(servers["good"], events=events)
        await servers.all_closed()
    wanted = [step for step in STEPS if security is not Security.NONE or step is not Step.ENCRYPT]
    assert result.ok, result
    assert [event.step for event in events if isinstance(event, StepStarted)] == wanted
    assert [event.step for event in events if isinstance(event, StepDone)] == wanted
    assert [event for event in events if isinstance(event, StepDone)] == list(result.steps)
    assert all(done.ok and done.detail and done.ms >= 0 for done in result.steps)


async def test_each_step_says_what_was_seen() -> None:
    async with LoopbackServers([GOOD]) as servers:
        server = servers["good"]
        seen = {done.step: done.detail for done in (await tried(server)).steps}
    assert seen[Step.RESOLVE] == "127.0.0.1"
    assert seen[Step.CONNECT] == f"127.0.0.1 port {server.port}"
    assert seen[Step.GREET] == "sign-in by LOGIN and PLAIN; messages up to 10.0 MB"
    assert seen[Step.SENDER] == "250 2.1.0 Ok"


@pytest.mark.parametrize("step", SERVED)
@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.HANG_UP])
async def test_a_server_that_fails_at_a_step_fails_that_step_in_time(step: Step, fault: Fault) -> None:
    began = time.monotonic()
    async with nothing_left_open(), LoopbackServers([failing(step, fault)]) as servers:
        result = await tried(servers["failing"], deadlines=SHORT if fault is Fault.SILENCE else None)
        await servers.all_closed()
    assert result.failed_step is step
    assert result.reason == ("timed-out" if fault is Fault.SILENCE else "host-unreachable")
    assert [done.ok for done in result.steps] == [True] * STEPS.index(step) + [False]
    assert time.monotonic() - began < SHORT.total + 1


async def test_an_implicit_tls_server_that_shakes_no_hands_fails_at_encrypt() -> None:
    plan = failing(Step.ENCRYPT, Fault.SILENCE, Security.TLS)
    async with nothing_left_open(), LoopbackServers([plan]) as servers:
        result = await tried(servers["failing"], deadlines=SHORT)
    assert (result.failed_step, result.reason) == (Step.ENCRYPT, "timed-out")


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("step", SERVED)
async def test_cancelling_at_any_step_closes_the_connection(step: Step, security: Security) -> None:
    at = Step.ENCRYPT if (step, security) == (Step.CONNECT, Security.TLS) else step
    async with nothing_left_open(), LoopbackServers([failing(at, Fault.SILENCE, security)]) as servers:
        reached = asyncio.Event()

        def report(event: StepEvent) -> None:
            if event == StepStarted(step=at):
                reached.set()

        test = asyncio.create_task(_open_and_send(servers["failing"], report))
        await reached.wait()
        test.cancel()
        with pytest.raises(asyncio.CancelledError):
            await test
        await servers.all_closed()


async def _open_and_send(server: RunningServer, report: object) -> None:
    assert callable(report)
    async with open_session(server.account(), credential_of(server), report=report) as session:
        async with session.step(Step.SENDER):
            await session.mail(server.username)
        async with session.step(Step.RECIPIENT):
            await session.rcpt(server.username)


async def test_cancelling_while_the_host_is_looked_up_leaves_nothing_open() -> None:
    async with nothing_left_open(), LoopbackServers([GOOD]) as servers:
        task: asyncio.Task[None]

        def report(event: StepEvent) -> None:
            if event == StepStarted(step=Step.RESOLVE):
                task.cancel()

        task = asyncio.create_task(_open_and_send(servers["good"], report))
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_starttls_that_is_not_offered_is_never_done_without() -> None:
    async with LoopbackServers([NO_STARTTLS]) as servers:
        result = await tried(servers["no-starttls"])
        await servers.all_closed()
    assert (result.failed_step, result.reason, result.field) == (Step.ENCRYPT, "encryption-required", "security")
    assert Step.SIGN_IN not in [done.step for done in result.steps]


async def test_a_sign_in_that_waits_for_encryption_points_to_the_security() -> None:
    async with LoopbackServers([GOOD]) as servers:
        result = await tried(servers["good"], security=Security.NONE)
    assert (result.failed_step, result.reason, result.field) == (Step.SIGN_IN, "encryption-required", "security")
    assert "it offers STARTTLS" in result.reply


async def test_a_host_that_does_not_exist_fails_to_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with LoopbackServers([GOOD]) as servers:
        with monkeypatch.context() as patched:
            patched.setattr(socket, "getaddrinfo", unknown)
            result = await tried(servers["good"], host="mail.nowhere.example")
    assert (result.failed_step, result.reason, result.field) == (Step.RESOLVE, "host-unreachable", "host")
    assert "Name or service not known" in result.reply


def test_a_name_server_that_does_not_answer_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, ended = threading.Event(), threading.Event()

    def wait(*_: object, **__: object) -> list[object]:
        asked.set()
        ended.wait()
        return []

    account = SmtpAccount(host="mail.slow.example", port=587, security=Security.STARTTLS)
    deadlines = Deadlines(step=0.3, total=1)
    began = time.monotonic()
    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", wait)
        result = asyncio.run(probe("a@b.example", account, None, report=lambda event: None, deadlines=deadlines))
        assert asked.is_set()
        ended.set()
    assert (result.failed_step, result.reason) == (Step.RESOLVE, "timed-out")
    assert time.monotonic() - began < 2


async def test_a_port_where_nobody_listens_fails_to_connect() -> None:
    async with LoopbackServers([GOOD]) as servers:
        server = servers["good"]
    result = await tried(server, security=Security.NONE)
    assert (result.failed_step, result.reason, result.field) == (Step.CONNECT, "host-unreachable", "port")


@pytest.mark.parametrize("dead", ["refuses", "never answers"])
async def test_a_dead_first_address_does_not_delay_the_next(monkeypatch: pytest.MonkeyPatch, dead: str) -> None:
    async with nothing_left_open(), LoopbackServers([GOOD]) as servers:
        server = servers["good"]
        with port_that_never_answers() as port:
            first = ("127.0.0.2", port if dead == "never answers" else server.port)
            with addresses_of_the_host(monkeypatch, first, ("127.0.0.1", server.port)):
                result = await tried(server, deadlines=Deadlines(step=5, total=10))
    assert result.ok, result
    [connected] = [done for done in result.steps if done.step is Step.CONNECT]
    assert connected.ms < 1000
    assert connected.detail.startswith("127.0.0.1 ")


async def test_a_host_with_many_addresses_shows_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    async with LoopbackServers([GOOD]) as servers:
        server = servers["good"]
        places = [(f"127.0.0.{last}", server.port) for last in range(2, 8)]
        with addresses_of_the_host(monkeypatch, ("127.0.0.1", server.port), *places):
            result = await tried(server)
    assert result.steps[0].detail == "127.0.0.1, 127.0.0.2, 127.0.0.3, 127.0.0.4 and 3 more"


async def test_a_silent_server_is_told_from_one_that_cannot_be_reached() -> None:
    async with LoopbackServers([SILENT]) as servers:
        result = await tried(servers["silent"], deadlines=SHORT)
    assert (result.failed_step, result.reason) == (Step.CONNECT, "timed-out")
    assert result.reply.startswith("no answer within 0.8")
    assert "though the connection stands" in result.reply


async def test_a_failure_says_its_step_and_the_words() -> None:
    async with LoopbackServers([NO_STARTTLS]) as servers:
        server = servers["no-starttls"]
        with pytest.raises(StepFailed, match=r"encrypt: the server offers no STARTTLS") as failed:
            await _open_and_send(server, lambda event: None)
    assert failed.value.failure.step is Step.ENCRYPT

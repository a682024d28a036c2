"""The demo's mail servers: each fails where its plan says, and nothing is left when they end."""

import asyncio
import smtplib
import ssl
from datetime import timedelta

import pytest

from mailtui.demo.conversation import Arrival
from mailtui.demo.plans import GOOD, PLANS, Fault, ServerPlan
from mailtui.demo.servers import LoopbackServers, in_thread
from tests.smtp.trials import SHORT, nothing_left_open, tried


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
async def test_an_account_test_fails_where_the_plan_says(plan: ServerPlan) -> None:
    async with nothing_left_open(), LoopbackServers([plan]) as servers:
        result = await tried(servers[plan.name], deadlines=SHORT if plan.fault is Fault.SILENCE else None)
    assert result.failed_step is plan.fails_at, result
    assert result.ok is (plan.fails_at is None)
    assert plan.reply in result.reply


async def test_names_of_the_plans_are_unique() -> None:
    assert len({plan.name for plan in PLANS}) == len(PLANS)


async def test_all_servers_run_side_by_side_on_the_loopback_and_leave_no_file() -> None:
    async with nothing_left_open(), LoopbackServers(PLANS) as servers:
        running = list(servers)
        assert len({server.port for server in running}) == len(PLANS)
        assert {server.host for server in running} == {"127.0.0.1"}
        assert all(server.ca_file.exists() for server in running)
    assert not any(server.ca_file.exists() for server in running)


async def test_ending_the_servers_ends_their_connections() -> None:
    async with nothing_left_open():
        async with LoopbackServers([GOOD]) as servers:
            reader, writer = await asyncio.open_connection(servers["good"].host, servers["good"].port)
            assert (await reader.readline()).startswith(b"220 ")
            assert servers.open_connections == 1
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_ending_the_servers_ends_a_connection_in_the_midst_of_its_handshake_too() -> None:
    async with nothing_left_open(), asyncio.timeout(20):
        async with LoopbackServers([GOOD]) as servers:
            reader, writer = await asyncio.open_connection(servers["good"].host, servers["good"].port)
            writer.write(b"EHLO client.example\r\nSTARTTLS\r\n")
            while not (await reader.readline()).endswith(b"Ready to start TLS\r\n"):
                pass
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


def test_servers_in_a_thread_serve_blocking_clients_and_tell_what_arrived() -> None:
    arrived: list[Arrival] = []
    with in_thread([GOOD], arrived.append) as servers:
        server = servers["good"]
        with smtplib.SMTP(server.host, server.port, timeout=timedelta(seconds=10).total_seconds()) as client:
            client.starttls(context=ssl.create_default_context(cafile=server.ca_file))
            client.login(server.username, server.password.get_secret_value())
            client.sendmail(server.username, ["contact@client.example"], b"Subject: Hi\r\n\r\nGood morning\r\n")
    [arrival] = arrived
    assert arrival.server == "good"
    assert arrival.content == b"Subject: Hi\r\n\r\nGood morning\r\n"
    assert not server.ca_file.exists()


def test_a_failure_of_the_caller_ends_the_thread() -> None:
    with pytest.raises(KeyError), in_thread([GOOD]) as servers:
        servers["nowhere"]

"""Handing in messages: what was written arrives whole, and a refusal says all that is known of it."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from mailtui.core.account_test import Step
from mailtui.core.messages import Attachment, Draft, build
from mailtui.core.reasons import Retry
from mailtui.demo.plans import GOOD, MAILBOX_FULL, REFUSES_RECIPIENT, REFUSES_SENDER, Fault, ServerPlan
from mailtui.demo.servers import LoopbackServers, RunningServer
from mailtui.smtp.probe import RealMessage
from mailtui.smtp.session import open_session
from mailtui.smtp.steps import Deadlines
from mailtui.smtp.submit import Outcome, submit
from tests.smtp.trials import credential_of, tried

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CONTACT = "contact@client.example"
DOTS = ".\n..\n. one\nmiddle.\n.\n"


def message_of(server: RunningServer, **changed: object) -> bytes:
    written = {"sender": server.username, "recipient": CONTACT, "subject": "Offer", "body": "Good morning"}
    return build(Draft.model_validate(written | changed), NOON, "t1")


async def handed_in(server: RunningServer, message: bytes, recipient: str = CONTACT, **options: object) -> Outcome:
    async with open_session(server.account(), credential_of(server), report=lambda event: None) as session:
        deadlines = Deadlines.model_validate(options) if options else Deadlines()
        return await submit(session, server.username, recipient, message, deadlines=deadlines)


async def test_dots_umlauts_and_attachments_arrive_whole() -> None:
    picture = bytes(range(256)) * 50
    async with LoopbackServers([GOOD]) as servers:
        server = servers["good"]
        attachments = (Attachment(name="Angebot für Käse.pdf", content=picture),)
        message = message_of(
            server, subject="Grüße – 你好", body=DOTS + "Grüße aus Cluj-Napoca, ș", attachments=attachments
        )
        outcome = await handed_in(server, message)
        [arrival] = servers.arrivals
    assert outcome.ok
    assert (arrival.sender, arrival.recipients, arrival.username) == (server.username, (CONTACT,), server.username)
    assert arrival.content == message
    arrived = message_from_bytes(arrival.content, policy=policy.default)
    assert arrived["Subject"] == "Grüße – 你好"
    [part] = arrived.iter_attachments()
    assert (part.get_filename(), part.get_payload(decode=True)) == ("Angebot für Käse.pdf", picture)


async def test_plain_lines_that_begin_with_dots_arrive_whole() -> None:
    async with LoopbackServers([GOOD]) as servers:
        message = message_of(servers["good"], body=DOTS)
        await handed_in(servers["good"], message)
        [arrival] = servers.arrivals
    assert b"\r\n\r\n.\r\n..\r\n. one\r\n" in message
    assert arrival.content == message


async def test_a_message_that_was_taken_has_the_servers_words() -> None:
    async with LoopbackServers([GOOD]) as servers:
        outcome = await handed_in(servers["good"], message_of(servers["good"]))
    assert (outcome.ok, outcome.step, outcome.code, outcome.enhanced) == (True, None, 250, "2.0.0")
    assert outcome.reply.startswith("250 2.0.0 Ok: queued as ")
    assert (outcome.reason, outcome.retry) == ("", None)


@pytest.mark.parametrize(
    ("plan", "step", "reason", "retry"),
    [
        (REFUSES_SENDER, Step.SENDER, "sender-not-allowed", Retry.ACCOUNT),
        (REFUSES_RECIPIENT, Step.RECIPIENT, "recipient-unknown", Retry.PERMANENT),
        (MAILBOX_FULL, Step.RECIPIENT, "mailbox-full", Retry.TEMPORARY),
    ],
)
async def test_a_refusal_has_its_step_words_reason_and_whether_to_try_again(
    plan: ServerPlan, step: Step, reason: str, retry: Retry
) -> None:
    async with LoopbackServers([plan]) as servers:
        outcome = await handed_in(servers[plan.name], message_of(servers[plan.name]))
    assert (outcome.ok, outcome.step, outcome.reason, outcome.retry) == (False, step, reason, retry)
    assert outcome.reply == plan.reply
    assert not outcome.uncertain


async def test_one_session_hands_in_several_messages_also_after_a_refusal() -> None:
    async with LoopbackServers([GOOD]) as servers:
        server = servers["good"]
        async with open_session(server.account(), credential_of(server), report=lambda event: None) as session:
            foreign = await submit(session, "other@brand-b.example", CONTACT, message_of(server))
            outcomes = [await submit(session, server.username, f"c{n}@x.example", message_of(server)) for n in range(3)]
            assert session.is_open
    assert (foreign.step, foreign.reason) == (Step.SENDER, "sender-not-allowed")
    assert all(outcome.ok for outcome in outcomes)
    assert [arrival.recipients for arrival in servers.arrivals] == [(f"c{n}@x.example",) for n in range(3)]


async def test_a_message_that_is_too_large_is_not_even_begun() -> None:
    async with LoopbackServers([GOOD.model_copy(update={"size_limit": 2000})]) as servers:
        server = servers["good"]
        steps: list[object] = []
        async with open_session(server.account(), credential_of(server), report=steps.append) as session:
            before = len(steps)
            outcome = await submit(session, server.username, CONTACT, message_of(server, body="x\n" * 2000))
            assert len(steps) == before
            assert (await submit(session, server.username, CONTACT, message_of(server))).ok
    assert (outcome.ok, outcome.reason, outcome.retry) == (False, "message-too-large", Retry.PERMANENT)
    assert "at most 2,000" in outcome.reply


async def test_smtputf8_is_used_only_where_an_address_needs_it() -> None:
    async with LoopbackServers([GOOD.model_copy(update={"own_sender_only": False})]) as servers:
        server = servers["good"]
        await handed_in(server, message_of(server, subject="Grüße"))
        await handed_in(server, message_of(server, recipient="jörg@client.example"), "jörg@client.example")
    assert [arrival.smtputf8 for arrival in servers.arrivals] == [False, True]
    assert servers.arrivals[1].recipients == ("jörg@client.example",)


async def test_an_address_that_the_server_cannot_take_is_said_so_and_the_session_goes_on() -> None:
    async with LoopbackServers([GOOD.model_copy(update={"smtputf8": False})]) as servers:
        server = servers["good"]
        async with open_session(server.account(), credential_of(server), report=lambda event: None) as session:
            outcome = await submit(session, server.username, "jörg@client.example", message_of(server))
            assert (await submit(session, server.username, CONTACT, message_of(server))).ok
    assert (outcome.step, outcome.reason, outcome.retry) == (Step.RECIPIENT, "content-refused", Retry.PERMANENT)
    assert "jörg@client.example has letters outside ASCII" in outcome.reply


@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.HANG_UP])
async def test_a_connection_lost_while_the_message_crosses_leaves_it_uncertain(fault: Fault) -> None:
    plan = GOOD.model_copy(update={"fails_at": Step.MESSAGE, "fault": fault})
    async with LoopbackServers([plan]) as servers:
        server = servers["good"]
        outcome = await handed_in(server, message_of(server), step=0.3, total=1)
        await servers.all_closed()
    assert (outcome.ok, outcome.step, outcome.uncertain, outcome.retry) == (False, Step.MESSAGE, True, Retry.TEMPORARY)


async def test_a_closed_session_answers_that_it_is_closed() -> None:
    plan = GOOD.model_copy(update={"fails_at": Step.RECIPIENT, "fault": Fault.HANG_UP})
    async with LoopbackServers([plan]) as servers:
        server = servers["good"]
        async with open_session(server.account(), credential_of(server), report=lambda event: None) as session:
            first = await submit(session, server.username, CONTACT, message_of(server))
            assert not session.is_open
            second = await submit(session, server.username, CONTACT, message_of(server))
    assert (first.step, second.step) == (Step.RECIPIENT, Step.SENDER)
    assert first.reason == second.reason == "host-unreachable"


async def test_a_test_sends_one_real_message_on_request() -> None:
    async with LoopbackServers([GOOD]) as servers:
        server = servers["good"]
        real = RealMessage(recipient="admin@corp.example", content=message_of(server))
        result = await tried(server, real_message=real)
        [arrival] = servers.arrivals
    assert result.ok
    assert [done.step for done in result.steps][-1] is Step.MESSAGE
    assert arrival.recipients == ("admin@corp.example",)


async def test_a_test_without_a_real_message_sends_nothing() -> None:
    async with LoopbackServers([GOOD]) as servers:
        assert (await tried(servers["good"])).ok
    assert servers.arrivals == []


async def test_a_refused_real_message_fails_its_step_with_the_servers_reason() -> None:
    plan = GOOD.model_copy(update={"fails_at": Step.MESSAGE, "reply": "554 5.7.1 Message refused as spam"})
    async with LoopbackServers([plan]) as servers:
        server = servers["good"]
        result = await tried(server, real_message=RealMessage(recipient=CONTACT, content=message_of(server)))
    assert (result.failed_step, result.reason, result.reply) == (
        Step.MESSAGE,
        "spam-suspected",
        "554 5.7.1 Message refused as spam",
    )

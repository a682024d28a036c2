"""Servers that are broken or mean: an account test always ends, in time, with a result that is safe to show."""

import asyncio
import ssl
import time
import tracemalloc
from pathlib import Path

import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from mailtui.core.account_test import AccountTest, Step
from mailtui.core.addresses import Security, SmtpAccount
from mailtui.core.text import clean_lines
from mailtui.smtp.probe import probe
from mailtui.smtp.sign_in import Credential
from mailtui.smtp.steps import Deadlines
from tests.smtp.hostile import BANNER, EHLO, OK, SIGNED_IN, endlessly, hang_up, hang_up_at_once, hostile_server, in_turn
from tests.smtp.trials import SHORT, nothing_left_open

MEBIBYTE = 2**20
CREDENTIAL = Credential(username="ana@corp.example", secret=SecretStr("s3cret"))


async def result_of(account: SmtpAccount, deadlines: Deadlines = SHORT) -> AccountTest:
    return await probe("ana@corp.example", account, CREDENTIAL, report=lambda event: None, deadlines=deadlines)


@pytest.mark.parametrize(
    ("before", "step"),
    [
        ((), Step.CONNECT),
        ((BANNER,), Step.GREET),
        ((BANNER, EHLO), Step.SIGN_IN),
        ((BANNER, EHLO, SIGNED_IN), Step.SENDER),
        ((BANNER, EHLO, SIGNED_IN, OK), Step.RECIPIENT),
    ],
)
@pytest.mark.parametrize("fault", ["silence", "hanging up", "nonsense", "999", "HTTP", "endless line", "endless reply"])
async def test_a_broken_answer_fails_its_own_step_in_time(before: tuple[bytes, ...], step: Step, fault: str) -> None:
    script = {
        "silence": in_turn(*before),
        "hanging up": in_turn(*before, then=hang_up if before else hang_up_at_once),
        "nonsense": in_turn(*before, b"\x1b[2J\xff\xfe\r\n"),
        "999": in_turn(*before, b"999 what?\r\n"),
        "HTTP": in_turn(*before, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        "endless line": in_turn(*before, b"250-", then=endlessly(b"x" * 4096)),
        "endless reply": in_turn(*before, b"", then=endlessly(b"250-more to come\r\n" * 100)),
    }[fault]
    deadlines = SHORT if fault == "silence" else Deadlines()
    began = time.monotonic()
    async with nothing_left_open(), hostile_server(script) as account:
        result = await result_of(account, deadlines)
    assert not result.ok
    assert result.failed_step is step
    assert result.reason in {"timed-out", "host-unreachable", "protocol-error"}
    assert result.reply == clean_lines(result.reply) != ""
    assert time.monotonic() - began < SHORT.total + 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    turn=st.integers(0, 4),
    octets=st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.sampled_from([b"250", b"-", b" ", b"\r\n", b"\n", b"334 ", b"5", b"\xe2\x80\xae", b"x" * 9000])
        ).map(b"".join),
    ),
)
async def test_random_octets_at_any_step_never_break_a_test(turn: int, octets: bytes) -> None:
    good = (BANNER, EHLO, SIGNED_IN, OK)
    deadlines = Deadlines(step=0.05, total=0.2)
    async with nothing_left_open(), hostile_server(in_turn(*good[:turn], octets)) as account:
        result = await result_of(account, deadlines)
    assert not result.ok
    assert result.reply == clean_lines(result.reply)
    assert all(step.detail == clean_lines(step.detail) for step in result.steps)


async def test_a_server_that_dribbles_single_octets_is_left_in_time() -> None:
    async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"2")
            await asyncio.wait([asyncio.ensure_future(reader.read(1))], timeout=0.01)

    began = time.monotonic()
    async with hostile_server(in_turn(b"", then=dribble)) as account:
        result = await result_of(account)
    assert (result.failed_step, result.reason) == (Step.CONNECT, "timed-out")
    assert time.monotonic() - began < SHORT.total + 1


async def test_each_step_may_be_slow_but_not_all_of_them() -> None:
    async with hostile_server(in_turn(BANNER, EHLO)) as account:
        began = time.monotonic()
        result = await result_of(account, Deadlines(step=60, total=0.8))
    assert (result.failed_step, result.reason) == (Step.SIGN_IN, "timed-out")
    assert time.monotonic() - began < 2


async def test_an_endless_reply_does_not_fill_the_memory() -> None:
    async with hostile_server(in_turn(b"", then=endlessly(b"220-" + b"x" * 400 + b"\r\n"))) as account:
        tracemalloc.start()
        try:
            await result_of(account)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 4 * MEBIBYTE


async def test_what_is_slipped_in_behind_starttls_is_never_read_as_an_answer() -> None:
    """RFC 3207 section 4.2; CVE-2011-0411 is the same on the other side."""
    greeting = b"250-mail.demo.example\r\n250 STARTTLS\r\n"
    slipped_in = b"220 go ahead\r\n250-mail.demo.example\r\n250 AUTH PLAIN\r\n235 signed in\r\n250 ok\r\n250 ok\r\n"
    received = bytearray()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while octets := await reader.read(4096):
            received.extend(octets)

    script = in_turn(BANNER, greeting, slipped_in, then=listen)
    async with hostile_server(script, Security.STARTTLS) as account:
        result = await result_of(account)
    assert result.failed_step is Step.ENCRYPT
    assert b"AUTH" not in received
    assert b"EHLO" not in received


@pytest.mark.parametrize(("before", "step"), [((), Step.GREET), ((BANNER,), Step.SIGN_IN)])
async def test_an_answer_before_its_question_counts_for_nothing(before: tuple[bytes, ...], step: Step) -> None:
    early = (BANNER, EHLO, SIGNED_IN, OK, OK, OK, OK)[len(before) :]
    async with nothing_left_open(), hostile_server(in_turn(*before, b"".join(early))) as account:
        result = await result_of(account, SHORT)
    assert (result.ok, result.failed_step, result.reason) == (False, step, "timed-out")


@pytest.mark.parametrize(
    ("offered", "reason"), [(b"", "sign-in-not-offered"), (b"AUTH X-OWN", "sign-in-not-offered"), (b"AUTH PLAIN", "")]
)
async def test_what_a_server_says_of_itself_after_tls_counts_and_not_what_it_said_before(
    tmp_path: Path, offered: bytes, reason: str
) -> None:
    """RFC 3207 section 4.2. Before, it offers a sign-in that the octets on the way could have been changed to."""
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(server_side)
    words = bytearray()

    async def encrypt(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\n")
        writer.write(b"220 go ahead\r\n")
        await writer.drain()
        await writer.start_tls(server_side)
        greeting = b"".join(b"250-%s\r\n" % line for line in (b"mail.demo.example", offered) if line)
        for reply in (greeting + b"250 SIZE 1000000\r\n", SIGNED_IN, OK, OK, OK, b"221 bye\r\n"):
            words.extend(await reader.readuntil(b"\n"))
            writer.write(reply)
            await writer.drain()

    before = b"250-mail.demo.example\r\n250-STARTTLS\r\n250 AUTH LOGIN\r\n"
    async with hostile_server(in_turn(BANNER, before, then=encrypt), Security.STARTTLS) as account:
        result = await result_of(account.model_copy(update={"ca_file": str(ca_file)}))
    assert (result.ok, result.reason) == (not reason, reason)
    assert b"AUTH LOGIN" not in words


async def test_a_server_that_speaks_in_the_clear_where_tls_is_expected_is_named_as_such() -> None:
    async with hostile_server(in_turn(BANNER), Security.TLS) as account:
        result = await result_of(account)
    assert (result.failed_step, result.reason) == (Step.ENCRYPT, "protocol-error")
    assert "STARTTLS may be meant" in result.reply


async def test_a_server_that_waits_for_tls_is_guessed_from_its_silence() -> None:
    async with hostile_server(in_turn(b""), Security.STARTTLS) as account:
        result = await result_of(account)
    assert (result.failed_step, result.reason) == (Step.CONNECT, "timed-out")
    assert "encrypts from the first octet" in result.reply


@pytest.mark.parametrize(
    "challenge", [b"334 not base64!\r\n", b"334 \xff\r\n", b"334\r\n", b"535 no\r\n", b"250 ok\r\n"]
)
async def test_a_bad_challenge_fails_the_sign_in(challenge: bytes) -> None:
    greeting = b"250-mail.demo.example\r\n250 AUTH CRAM-MD5\r\n"
    async with hostile_server(in_turn(BANNER, greeting, challenge)) as account:
        result = await result_of(account)
    assert result.failed_step is Step.SIGN_IN


async def test_a_server_that_closes_with_421_is_quoted() -> None:
    async with hostile_server(in_turn(BANNER, b"421 4.3.2 Too busy\r\n", then=hang_up)) as account:
        result = await result_of(account)
    assert (result.failed_step, result.reply, result.code, result.enhanced) == (
        Step.GREET,
        "421 4.3.2 Too busy",
        421,
        "4.3.2",
    )


async def test_a_server_that_falls_silent_at_the_farewell_does_not_prolong_a_test() -> None:
    began = time.monotonic()
    async with nothing_left_open(), hostile_server(in_turn(BANNER, EHLO, SIGNED_IN, OK, OK)) as account:
        result = await result_of(account, Deadlines(step=60, total=0.8))
    assert result.ok
    assert time.monotonic() - began < 2

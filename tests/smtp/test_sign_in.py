"""Signing in: never over a connection that others can read, and by the mechanism that fits."""

import asyncio
import base64

import pytest
from pydantic import SecretStr

from mailtui.core.account_test import Step
from mailtui.core.addresses import Security, SignIn
from mailtui.core.errors import BadInput
from mailtui.demo.plans import GOOD, WRONG_PASSWORD
from mailtui.demo.servers import LoopbackServers
from mailtui.smtp.probe import probe
from mailtui.smtp.session import open_session
from mailtui.smtp.sign_in import Credential, may_cross, usable
from tests.smtp.hostile import BANNER, OK, SIGNED_IN, hostile_server, in_turn
from tests.smtp.trials import SHORT, credential_of, tried

ANA = Credential(username="ana@corp.example", secret=SecretStr("s3cret"))


@pytest.mark.parametrize(
    ("encrypted", "peer", "confirmed", "allowed"),
    [
        (False, "192.0.2.1", False, False),
        (False, "2001:db8::1", False, False),
        (False, "fe80::1%eth0", False, False),
        (False, "192.0.2.1", True, True),
        (True, "192.0.2.1", False, True),
        (False, "127.0.0.1", False, True),
        (False, "::1", False, True),
    ],
)
def test_credentials_cross_in_the_clear_only_within_the_host_or_when_confirmed(
    encrypted: bool, peer: str, confirmed: bool, allowed: bool
) -> None:
    assert may_cross(encrypted=encrypted, peer=peer, confirmed=confirmed) is allowed


@pytest.mark.parametrize(
    ("offered", "encrypted", "chosen"),
    [
        (["cram-md5", "login", "plain"], True, ["PLAIN", "LOGIN", "CRAM-MD5"]),
        (["cram-md5", "login", "plain"], False, ["CRAM-MD5", "PLAIN", "LOGIN"]),
        (["gssapi", "login"], True, ["LOGIN"]),
        (["gssapi", "xoauth2"], True, []),
        ([], True, []),
    ],
)
def test_the_mechanism_follows_what_the_server_offers(offered: list[str], encrypted: bool, chosen: list[str]) -> None:
    assert usable(offered, SignIn.PASSWORD, encrypted=encrypted) == chosen


def test_a_token_is_never_offered_as_a_password() -> None:
    assert usable(["plain", "login", "xoauth2"], SignIn.OAUTH, encrypted=True) == ["XOAUTH2"]
    assert usable(["plain", "login"], SignIn.OAUTH, encrypted=True) == []


async def test_a_token_signs_in_by_xoauth2() -> None:
    greeting = b"250-mail.demo.example\r\n250 AUTH PLAIN XOAUTH2\r\n"
    async with hostile_server(in_turn(BANNER, greeting, SIGNED_IN, OK, OK, OK, b"221 bye\r\n")) as account:
        with_token = account.model_copy(update={"signin": SignIn.OAUTH})
        result = await probe("ana@corp.example", with_token, ANA, report=lambda event: None, deadlines=SHORT)
    [signed_in] = [done.detail for done in result.steps if done.step is Step.SIGN_IN]
    assert signed_in.endswith("by XOAUTH2")


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
async def test_each_mechanism_signs_in_and_is_named(security: Security, mechanism: str) -> None:
    plan = GOOD.model_copy(update={"security": security, "mechanisms": frozenset({mechanism})})
    async with LoopbackServers([plan]) as servers:
        result = await tried(servers["good"])
        wrong = await tried(servers["good"], password="not the password")
    assert result.ok
    [signed_in] = [done.detail for done in result.steps if done.step is Step.SIGN_IN]
    assert signed_in == f"as good@demo.example by {mechanism}"
    assert (wrong.failed_step, wrong.reason, wrong.code, wrong.enhanced) == (
        Step.SIGN_IN,
        "wrong-password",
        535,
        "5.7.8",
    )


async def test_a_wrong_password_is_quoted_and_explained() -> None:
    async with LoopbackServers([WRONG_PASSWORD]) as servers:
        result = await tried(servers["wrong-password"])
    assert (result.failed_step, result.reason, result.field) == (Step.SIGN_IN, "wrong-password", "password")
    assert result.reply == WRONG_PASSWORD.reply
    assert result.meaning
    assert result.remedy


async def test_a_server_without_a_common_mechanism_is_not_tried() -> None:
    greeting = b"250-mail.demo.example\r\n250 AUTH GSSAPI NTLM\r\n"
    async with hostile_server(in_turn(BANNER, greeting)) as account:
        result = await probe("ana@corp.example", account, ANA, report=lambda event: None, deadlines=SHORT)
    assert (result.failed_step, result.reason) == (Step.SIGN_IN, "sign-in-not-offered")
    assert result.reply == "the server offers to sign in by GSSAPI and NTLM; mailtui can do CRAM-MD5, LOGIN and PLAIN"


async def test_a_server_that_offers_no_sign_in_at_all_is_named_as_such() -> None:
    plan = GOOD.model_copy(update={"security": Security.NONE, "mechanisms": frozenset()})
    async with LoopbackServers([plan]) as servers:
        result = await tried(servers["good"])
        without = await tried(servers["good"], signin=SignIn.NONE)
    assert (result.failed_step, result.reason) == (Step.SIGN_IN, "sign-in-not-offered")
    assert without.ok
    assert Step.SIGN_IN not in [done.step for done in without.steps]


async def test_a_mechanism_that_is_unknown_after_all_gives_way_to_the_next() -> None:
    greeting = b"250-mail.demo.example\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n"
    script = in_turn(
        BANNER, greeting, b"334 PGFAYj4=\r\n", b"504 5.5.4 unknown\r\n", SIGNED_IN, OK, OK, OK, b"221 bye\r\n"
    )
    async with hostile_server(script) as account:
        result = await probe("ana@corp.example", account, ANA, report=lambda event: None, deadlines=SHORT)
    assert result.ok
    [signed_in] = [done.detail for done in result.steps if done.step is Step.SIGN_IN]
    assert signed_in.endswith("by PLAIN")


async def test_a_refused_password_is_not_tried_a_second_time() -> None:
    attempts: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while command := await reader.readline():
            attempts.append(command.split()[0])
            writer.write(b"535 5.7.8 no\r\n" if command.startswith(b"AUTH") else b"221 bye\r\n")

    greeting = b"250-mail.demo.example\r\n250 AUTH PLAIN LOGIN\r\n"
    async with hostile_server(in_turn(BANNER, greeting, then=refuse)) as account:
        result = await probe("ana@corp.example", account, ANA, report=lambda event: None, deadlines=SHORT)
    assert result.reason == "wrong-password"
    assert attempts == [b"AUTH", b"QUIT"]


async def test_a_sign_in_that_the_server_wants_is_asked_for() -> None:
    async with LoopbackServers([GOOD]) as servers:
        result = await tried(servers["good"], signin=SignIn.NONE)
    assert (result.failed_step, result.reason, result.code) == (Step.SENDER, "sign-in-required", 530)


@pytest.mark.parametrize(
    ("credential", "field"),
    [
        (Credential(username="ana\0admin", secret=SecretStr("s3cret")), "username"),
        (Credential(username="ana", secret=SecretStr("s3\0cret")), "password"),
    ],
)
async def test_a_nul_cannot_be_slipped_into_plain(credential: Credential, field: str) -> None:
    async with LoopbackServers([GOOD]) as servers:
        with pytest.raises(BadInput) as refused:
            async with open_session(servers["good"].account(), credential, report=lambda event: None):
                pass
        await servers.all_closed()
    assert refused.value.field == field
    assert "s3" not in str(refused.value)


async def test_a_name_and_password_outside_ascii_sign_in() -> None:
    async with LoopbackServers([GOOD.model_copy(update={"own_sender_only": False})]) as servers:
        server = servers["good"]
        credential = Credential(username="jörg", secret=server.password)
        result = await probe("jorg@demo.example", server.account(), credential, report=lambda event: None)
    assert result.ok


async def test_the_password_is_in_no_result_exception_or_report() -> None:
    async with LoopbackServers([GOOD, WRONG_PASSWORD]) as servers:
        for server in servers:
            seen: list[object] = []
            account = server.account()
            result = await probe(server.username, account, credential_of(server), report=seen.append)
            assert server.password.get_secret_value() not in f"{result!r} {seen!r} {credential_of(server)!r}"


async def test_the_standard_mechanism_for_tokens_comes_first_and_a_refused_token_is_renewed_once() -> None:
    """RFC 7628 section 3: the refusal is a challenge that is answered before the server says no."""
    seen: list[bytes] = []

    async def take_the_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answers in ((b"334 e30=\r\n", b"535 5.7.8 no\r\n"), (SIGNED_IN,), (OK,), (OK,), (OK,), (b"221 bye\r\n",)):
            for answer in answers:
                seen.append(await reader.readline())
                writer.write(answer)

    async def renew() -> SecretStr:
        return SecretStr("second")

    greeting = b"250-mail.demo.example\r\n250 AUTH XOAUTH2 OAUTHBEARER\r\n"
    async with hostile_server(in_turn(BANNER, greeting, then=take_the_second)) as account:
        by_token = account.model_copy(update={"signin": SignIn.OAUTH})
        first = Credential(username="ana=x,@corp.example", secret=SecretStr("first"), renew=renew)
        result = await probe("ana@corp.example", by_token, first, report=lambda event: None, deadlines=SHORT)
    assert result.ok
    assert seen[1] == b"AQ==\r\n"
    for line, token in ((seen[0], "first"), (seen[2], "second")):
        command, mechanism, message = line.split()
        assert (command, mechanism) == (b"AUTH", b"OAUTHBEARER")
        said = base64.b64decode(message).decode()
        assert said == f"n,a=ana=3Dx=2C@corp.example,\x01auth=Bearer {token}\x01\x01"


async def test_a_token_that_is_refused_again_has_expired_whatever_the_server_says_of_passwords() -> None:
    script = in_turn(BANNER, b"250-mail.demo.example\r\n250 AUTH XOAUTH2\r\n", b"535 5.7.8 wrong password\r\n", OK)
    async with hostile_server(script) as account:
        by_token = account.model_copy(update={"signin": SignIn.OAUTH})
        result = await probe("ana@corp.example", by_token, ANA, report=lambda event: None, deadlines=SHORT)
    assert (result.reason, result.code, result.enhanced) == ("token-expired", 535, "5.7.8")

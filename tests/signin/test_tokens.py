"""Tokens: kept whole, refreshed in time, never shown."""

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from mailtui.core.errors import Misconfigured
from mailtui.core.providers import Endpoints, Flow, Provider
from mailtui.demo.pages import Answer, Asked, serve
from mailtui.demo.provider import OAuthProvider
from mailtui.signin.client import opened
from mailtui.signin.device import ask_for_code, wait_for_tokens
from mailtui.signin.refused import SignInRefused
from mailtui.signin.tokens import EARLY, Tokens, refresh, tokens_in, tokens_of
from tests.company import NOW
from tests.signin.person import POST, answer, registered

TOKEN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=80)


@given(TOKEN, TOKEN, st.none() | st.datetimes().map(lambda at: at.replace(tzinfo=NOW.tzinfo)))
def test_the_kept_document_holds_everything(refresh: str, access: str, end: object) -> None:
    tokens = Tokens.model_validate({"refresh_token": refresh, "access_token": access, "expires_at": end})
    assert tokens_in(tokens.as_secret()) == tokens


@given(st.text(max_size=100))
def test_what_is_no_sign_in_is_refused_without_being_repeated(text: str) -> None:
    secret = f"hunter2{text}"
    with pytest.raises(Misconfigured) as refused:
        tokens_in(SecretStr(secret))
    assert "hunter2" not in str(refused.value)
    assert refused.value.__context__ is None


def test_a_token_is_refreshed_before_it_ends_and_one_without_an_end_only_when_refused() -> None:
    tokens = Tokens(refresh_token=SecretStr("r"), access_token=SecretStr("a"), expires_at=NOW)
    assert tokens.runs_out(NOW - EARLY)
    assert not tokens.runs_out(NOW - EARLY - timedelta(seconds=1))
    assert not tokens.model_copy(update={"expires_at": None}).runs_out(NOW)


@pytest.mark.parametrize(
    ("life", "seconds"), [(3600, 3600), ("3600", 3600), (1e300, 315_360_000), ("nan", None), (-1, None), ("x", None)]
)
async def test_a_life_that_makes_no_sense_is_taken_as_unknown(life: object, seconds: int | None) -> None:
    answer = {"access_token": "a", "refresh_token": "r", "token_type": "Bearer", "expires_in": life}
    async with OAuthProvider() as provider, opened(registered(provider), None) as client:
        found = tokens_of(answer, NOW, client).expires_at
    assert found == (None if seconds is None else NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "wrong",
    [
        {"access_token": ""},
        {"access_token": "two words"},
        {"access_token": "a\x01auth=Bearer b"},
        {"token_type": "mac"},
        {"refresh_token": None},
    ],
)
async def test_an_answer_without_usable_tokens_is_refused(wrong: dict[str, object]) -> None:
    answer = {"access_token": "a", "refresh_token": "r", "token_type": "Bearer", **wrong}
    async with OAuthProvider() as provider, opened(registered(provider), None) as client:
        with pytest.raises(SignInRefused):
            tokens_of(answer, NOW, client)


async def test_a_rotated_refresh_token_takes_the_place_of_the_old_one() -> None:
    async with OAuthProvider() as provider, opened(registered(provider), None) as client:
        code = await ask_for_code(client)
        await answer(code.url_with_code)

        async def at_once(seconds: float) -> None:
            """The person has answered already."""

        first = tokens_of(await wait_for_tokens(client, code, at_once), NOW, client)
        second = await refresh(client, first, NOW)
        assert second.refresh_token != first.refresh_token
        assert provider.account(second.access_token.get_secret_value()) == POST
        with pytest.raises(SignInRefused, match="sign in again") as refused:
            await refresh(client, first, NOW)
    assert refused.value.code == "invalid_grant"
    assert first.refresh_token.get_secret_value() not in f"{refused.value!r} {first!r} {first.model_dump_json()}"


async def test_the_secret_of_a_client_is_encoded_before_it_goes_into_the_header() -> None:
    """RFC 6749 section 2.3.1."""
    seen: list[Asked] = []

    def say(asked: Asked) -> Answer:
        seen.append(asked)
        return Answer(body='{"access_token": "a", "token_type": "Bearer"}', kind="application/json")

    async with await serve(say, "127.0.0.1") as server:
        token = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/token"
        provider = Provider(
            id="strict", issuer="https://login.example", client_id="us:1", scopes=(), flow=Flow.DEVICE,
            endpoints=Endpoints(token=token),
        )  # fmt: skip
        async with opened(provider, SecretStr("s3cr t+/=%")) as client:
            await client.refreshed(SecretStr("r"))
    kind, _, pair = seen[0].authorization.partition(" ")
    assert (kind, base64.b64decode(pair)) == ("Basic", b"us%3A1:s3cr+t%2B%2F%3D%25")
    assert "s3cr" not in str(seen[0].fields)

"""The browser flow: only the exact answer to this very request is taken."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from mailtui.core.providers import Flow
from mailtui.demo.provider import OAuthProvider
from mailtui.signin.browser import BrowserRequest, NotOurs, begin, code_in, finish, judged
from mailtui.signin.client import opened
from mailtui.signin.listener import listening
from mailtui.signin.refused import SignInRefused
from mailtui.signin.tokens import tokens_of
from tests.company import NOW
from tests.signin.person import POST, answer, registered, visit

ISSUER = "https://login.example"
REDIRECT = "http://127.0.0.1:5000/"

REQUEST = BrowserRequest(
    url=f"{ISSUER}/authorize", redirect_uri=REDIRECT, state=SecretStr("our-state"), verifier=SecretStr("v" * 64)
)


def redirected(place: str = REDIRECT, **fields: str) -> SecretStr:
    return SecretStr(f"{place}?{urlencode({'state': 'our-state', 'iss': ISSUER, 'code': 'the-code', **fields})}")


def taken(address: SecretStr, *, named: bool = True) -> str:
    return code_in(REQUEST, address, issuer=ISSUER, named=named).get_secret_value()


async def test_the_browser_brings_the_tokens_of_the_account_that_said_yes() -> None:
    async with OAuthProvider() as provider, opened(registered(provider, Flow.BROWSER), None) as client:
        request = begin(client, REDIRECT, POST)
        back = await answer(request.url)
        tokens = tokens_of(await finish(client, request, SecretStr(back)), NOW, client)
        assert provider.account(tokens.access_token.get_secret_value()) == POST


async def test_the_page_is_asked_with_pkce_by_s256_and_a_fresh_state() -> None:
    async with OAuthProvider() as provider, opened(registered(provider, Flow.BROWSER), None) as client:
        first, second = begin(client, REDIRECT, POST), begin(client, REDIRECT, POST)
    asked = parse_qs(urlsplit(first.url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [REDIRECT]
    assert first.verifier.get_secret_value() not in first.url
    assert (first.state, first.verifier) != (second.state, second.verifier)


async def test_a_code_without_the_verifier_that_belongs_to_it_is_worth_nothing() -> None:
    async with OAuthProvider() as provider, opened(registered(provider, Flow.BROWSER), None) as client:
        request = begin(client, REDIRECT, POST)
        back = await answer(request.url)
        stolen = request.model_copy(update={"verifier": SecretStr("w" * 64)})
        with pytest.raises(SignInRefused, match="invalid_grant"):
            await finish(client, stolen, SecretStr(back))


async def test_who_says_no_in_the_browser_is_told_so() -> None:
    async with OAuthProvider() as provider, opened(registered(provider, Flow.BROWSER), None) as client:
        request = begin(client, REDIRECT, POST)
        back = await answer(request.url, yes=False)
        with pytest.raises(SignInRefused, match="somebody said no"):
            await finish(client, request, SecretStr(back))


def test_the_code_of_the_exact_answer_is_taken() -> None:
    assert taken(redirected()) == "the-code"
    assert taken(SecretStr(f"  {redirected().get_secret_value()}\n")) == "the-code"


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1:5001/",
        "https://127.0.0.1:5000/",
        "http://localhost:5000/",
        "http://127.0.0.1:5000/other",
        "http://127.0.0.1:5000.evil.example/",
        "http://me@127.0.0.1:5000/",
        "//127.0.0.1:5000/",
        "http://[::1",
        "",
    ],
)
def test_an_answer_at_another_place_is_not_ours(place: str) -> None:
    with pytest.raises(NotOurs):
        taken(redirected(place))


def test_an_answer_with_another_state_is_not_ours() -> None:
    for state in ("", "our-stat", "our-state2", "ours"):
        with pytest.raises(NotOurs):
            taken(redirected(state=state))


def test_an_answer_of_another_provider_is_refused() -> None:
    with pytest.raises(SignInRefused, match=r"https://evil\.example and not from"):
        taken(redirected(iss="https://evil.example"))
    with pytest.raises(SignInRefused, match="nobody"):
        taken(redirected(iss=""))


def test_a_provider_that_promised_its_name_must_give_it() -> None:
    nameless = SecretStr(f"{REDIRECT}?state=our-state&code=the-code")
    with pytest.raises(SignInRefused):
        taken(nameless, named=True)
    assert taken(nameless, named=False) == "the-code"


def test_a_field_that_comes_twice_is_not_believed() -> None:
    with pytest.raises(NotOurs):
        taken(SecretStr(redirected().get_secret_value() + "&code=other"))


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotOurs) as refused:
        taken(SecretStr(text))
    assert str(refused.value).isprintable()


async def test_the_listener_takes_the_answer_and_nothing_else() -> None:
    came: list[SecretStr] = []
    async with OAuthProvider() as provider, opened(registered(provider, Flow.BROWSER), None) as client:
        async with listening() as listener:
            request = begin(client, f"http://127.0.0.1:{listener.port}/", POST)
            listener.expect(request.redirect_uri, lambda answer: judged(client, request, answer, came.append))
            assert await visit(f"{request.redirect_uri}favicon.ico") == 404
            assert await visit(f"{request.redirect_uri}?state=guessed&code=evil") == 404
            assert came == []
            back = await answer(request.url)
            assert await visit(back) == 200
        [redirected_to] = came
        assert redirected_to.get_secret_value() == back
        assert "access_token" in await finish(client, request, redirected_to)

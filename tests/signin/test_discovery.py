"""A provider's description of itself: believed where it is its own, and bounded."""

import asyncio

import pytest

from mailtui.core.errors import BadInput, MailtuiError, NotFound, Unavailable
from mailtui.core.providers import known_providers, parse_url
from mailtui.demo.pages import Answer, Asked, serve
from mailtui.demo.provider import OAuthProvider
from mailtui.signin.discovery import describe, places


async def test_the_endpoints_come_from_the_issuer_itself() -> None:
    async with OAuthProvider() as provider:
        found = await describe(provider.issuer)
    assert found.endpoints.token == f"{provider.issuer}/token"
    assert found.endpoints.names_itself
    assert "offline_access" in found.scopes


def test_a_path_of_the_issuer_goes_where_each_standard_puts_it() -> None:
    assert places("https://login.example/tenant") == (
        "https://login.example/tenant/.well-known/openid-configuration",
        "https://login.example/.well-known/oauth-authorization-server/tenant",
    )


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(status="404 Not Found"), NotFound),
        (Answer(status="500 Broken", body="oops"), Unavailable),
        (Answer(body="<html>"), Unavailable),
        (Answer(body="[" * 100_000), Unavailable),
        (Answer(body="x" * 300_000), Unavailable),
        (Answer(body='{"issuer": "https://evil.example"}'), BadInput),
        (Answer(body='{"issuer": "%s", "token_endpoint": "http://evil.example/token"}'), BadInput),
        (Answer(body='{"issuer": "%s", "token_endpoint": "javascript:alert(1)"}'), BadInput),
        (Answer(body='{"issuer": "%s"}'), BadInput),
    ],
)
async def test_a_false_or_broken_description_is_refused_in_words(answer: Answer, error: type[MailtuiError]) -> None:
    issuer = ""

    def say(asked: Asked) -> Answer:
        return answer.model_copy(update={"body": answer.body.replace("%s", issuer)})

    server = await serve(say, "127.0.0.1")
    issuer = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        with pytest.raises(error):
            await describe(issuer)


async def test_a_provider_that_is_not_there_is_named() -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(Unavailable, match="cannot be asked"):
        await describe(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "text",
    [
        "http://login.example",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "https://me:secret@login.example",
        "https://login.example/#part",
        "https://login.example/\n",
        "https://",
        "login.example",
        "https://löschen.example",
        "https://login.example:0",
        "https://login.example:99999",
        "https://[::1",
        "https://a b.example",
    ],
)
def test_secrets_go_to_no_unsafe_link(text: str) -> None:
    with pytest.raises(BadInput):
        parse_url(text if "\n" not in text else f"x{text}y", "the issuer")


@pytest.mark.parametrize(
    "text", ["https://login.example", "http://127.0.0.1:9000/x", "http://localhost", "http://[::1]:1"]
)
def test_https_and_this_host_itself_are_safe(text: str) -> None:
    assert parse_url(text, "the issuer") == text


def test_every_known_provider_can_be_spoken_to_safely_and_says_how_to_register() -> None:
    for known in known_providers():
        for link in (known.issuer, known.endpoints.token, known.link, known.endpoints.authorization):
            if known.id != "microsoft" or link != known.link:
                assert parse_url(link, known.id).startswith("https://")
        assert known.steps
        for flow in known.flows:
            assert known.endpoints.device if flow == "device" else known.endpoints.authorization

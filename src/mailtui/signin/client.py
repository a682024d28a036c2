"""Speaking with a provider: one client for a while, with bounded answers, and every failure in our own words."""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus

from pydantic import SecretStr

from mailtui.core.errors import BadInput, MailtuiError
from mailtui.core.providers import Provider
from mailtui.signin.refused import refused, unreachable

if TYPE_CHECKING:
    import httpx2
    from authlib.integrations.httpx_client import AsyncOAuth2Client
    from authlib.oauth2.auth import ClientAuth

ANSWER_LIMIT: Final = 8.0
"""Seconds for one answer; less than a step of an account test, within which a token may have to be renewed."""

MAX_ANSWER: Final = 256_000
"""Octets of an answer: tokens with many claims have some kilobytes, and it bounds what a false provider can send."""

BASIC: Final = "client_secret_basic"

Parameters = Mapping[str, str]


class Client:
    """Asks one provider, as the client that is registered there."""

    def __init__(self, provider: Provider, oauth: "AsyncOAuth2Client") -> None:
        self.provider = provider
        self.oauth = oauth

    async def token(self, **parameters: str) -> dict[str, object]:
        """What the token endpoint answers to a grant. Raises SignInRefused, or Unavailable."""
        async with self._asking():
            found = await self.oauth.fetch_token(self.provider.endpoints.token, **parameters)
            return dict(found)

    async def refreshed(self, refresh_token: SecretStr) -> dict[str, object]:
        """What the token endpoint answers to a refresh token (RFC 6749 section 6)."""
        async with self._asking():
            # Without a scope the new token has what was granted, which may be less than was asked for.
            self.oauth.scope = None
            found = await self.oauth.refresh_token(
                self.provider.endpoints.token, refresh_token=refresh_token.get_secret_value()
            )
            return dict(found)

    async def post(self, url: str, parameters: Parameters) -> dict[str, object]:
        """What another endpoint of the provider answers to the client."""
        async with self._asking():
            auth = self.oauth.client_auth(self.oauth.token_endpoint_auth_method)
            answer = await self.oauth.request("POST", url, data=dict(parameters), auth=auth)
            found = _document(answer, self.provider.id)
        if "error" in found:
            raise refused(self.provider.id, str(found["error"]), str(found.get("error_description", "")))
        return found

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        async with in_words(self.provider.id):
            yield


@asynccontextmanager
async def opened(provider: Provider, secret: SecretStr | None) -> AsyncIterator[Client]:
    """A client of the provider. `secret` is the registered client's; None for a public one.

    Raises BadInput for a CA file that cannot be used.
    """
    from authlib.integrations.httpx_client import AsyncOAuth2Client

    in_body = provider.endpoints.secret_in_body
    method = "none" if secret is None else "client_secret_post" if in_body else BASIC
    async with AsyncOAuth2Client(
        client_id=provider.client_id,
        client_secret=secret.get_secret_value() if secret is not None else None,
        token_endpoint_auth_method=method,
        scope=" ".join(provider.scopes),
        code_challenge_method="S256",
        transport=transport(provider.ca_file),
        timeout=ANSWER_LIMIT,
    ) as oauth:
        oauth.register_client_auth_method((BASIC, _basic))
        yield Client(provider, oauth)


def _basic(
    client: "ClientAuth", method: str, uri: str, headers: dict[str, str], body: str
) -> tuple[str, dict[str, str], str]:
    """RFC 6749 section 2.3.1: both are encoded as in a form first, which authlib leaves out."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return uri, headers, body


async def fetch(url: str, name: str, ca_file: str) -> dict[str, object] | None:
    """The JSON document there; None where there is none. Raises Unavailable."""
    import httpx2

    async with in_words(name), httpx2.AsyncClient(transport=transport(ca_file), timeout=ANSWER_LIMIT) as client:
        answer = await client.get(url, headers={"Accept": "application/json"})
        return None if answer.status_code in (404, 410) else _document(answer, name)


def transport(ca_file: str) -> "httpx2.AsyncBaseTransport":
    """TLS that trusts the file's authorities, or the system's, and answers that are not endless.

    It is given to the client whole, and so a proxy named in the environment sees no token. Raises BadInput.
    """
    from mailtui.signin.bounded import BoundedTransport

    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise BadInput(f"the CA file {ca_file} cannot be used: {error.strerror or error}", "ca_file") from error
    return BoundedTransport(context, MAX_ANSWER)


@asynccontextmanager
async def in_words(name: str) -> AsyncIterator[None]:
    """Turns what authlib and httpx2 raise into errors that hold neither request nor answer, where tokens are."""
    import httpx2
    from authlib.common.errors import AuthlibBaseError

    failure: MailtuiError
    try:
        async with asyncio.timeout(ANSWER_LIMIT):
            yield
        return
    except AuthlibBaseError as error:
        failure = refused(name, str(error.error or ""), str(error.description or ""))
    except TimeoutError:
        failure = unreachable(name, f"no answer within {ANSWER_LIMIT:g} s")
    except httpx2.HTTPStatusError as error:
        failure = unreachable(name, f"it answers with HTTP status {error.response.status_code}")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        failure = unreachable(name, _words(error))
    except (ValueError, TypeError, KeyError):
        failure = unreachable(name, "its answer is not what OAuth describes")
    raise failure


def _words(error: Exception) -> str:
    """Of the network and of TLS; nothing that was sent is in them."""
    import httpx2

    if isinstance(error, httpx2.TimeoutException):
        return f"no answer within {ANSWER_LIMIT:g} s"
    return str(error) or type(error).__name__


def _document(answer: "httpx2.Response", name: str) -> dict[str, object]:
    found: object = None
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise unreachable(name, f"it answers with HTTP status {answer.status_code} and no JSON document")
    return found

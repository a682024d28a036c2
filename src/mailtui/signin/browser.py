"""The browser flow: a page to open, and the code that comes back (RFC 6749 section 4.1) bound to us by PKCE."""

import hmac
import secrets
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import SecretStr

from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean
from mailtui.signin.client import Client
from mailtui.signin.refused import SignInRefused, refused

VERIFIER_OCTETS: Final = 48
"""Of randomness, 64 characters as text: RFC 7636 section 4.1 wants 43 to 128."""

STATE_OCTETS: Final = 24

MAX_ADDRESS: Final = 8_000
"""Characters of a redirected address; codes of some providers are signed documents."""


class BrowserRequest(Frozen):
    """A sign-in that waits for its answer."""

    url: str
    """The page to open."""
    redirect_uri: str
    """Where the browser is sent, exactly (RFC 9700 section 2.1)."""
    state: SecretStr
    """Comes back with the answer, so that no other one is taken for it."""
    verifier: SecretStr
    """Proves that who brings the code is who asked for it (RFC 7636)."""


class NotOurs(BadInput):
    """An address that answers another question than this sign-in's; the right one may still come."""


def begin(client: Client, redirect_uri: str, account: str) -> BrowserRequest:
    """`account` is the user name that is to sign in; the provider may fill it in."""
    provider = client.provider
    state, verifier = secrets.token_urlsafe(STATE_OCTETS), secrets.token_urlsafe(VERIFIER_OCTETS)
    url, _ = client.oauth.create_authorization_url(
        provider.endpoints.authorization,
        state=state,
        code_verifier=verifier,
        redirect_uri=redirect_uri,
        **({"login_hint": account} if account else {}),
        **provider.asks,
    )
    return BrowserRequest(url=str(url), redirect_uri=redirect_uri, state=SecretStr(state), verifier=SecretStr(verifier))


async def finish(client: Client, request: BrowserRequest, redirected: SecretStr) -> dict[str, object]:
    """The token endpoint's answer for the address that the browser was sent to, as it stands in its address bar.

    Raises NotOurs where that is not the answer to this request, SignInRefused where the answer is no, Unavailable.
    """
    code = code_in(request, redirected, issuer=client.provider.issuer, named=client.provider.endpoints.names_itself)
    return await client.token(
        grant_type="authorization_code",
        code=code.get_secret_value(),
        redirect_uri=request.redirect_uri,
        code_verifier=request.verifier.get_secret_value(),
    )


def judged(client: Client, request: BrowserRequest, redirected: SecretStr, take: Callable[[SecretStr], None]) -> bool:
    """Whether the address answers this request, be it with yes or no; then it is handed to `take`."""
    endpoints = client.provider.endpoints
    try:
        code_in(request, redirected, issuer=client.provider.issuer, named=endpoints.names_itself)
    except NotOurs:
        return False
    except SignInRefused:
        pass
    take(redirected)
    return True


def code_in(request: BrowserRequest, redirected: SecretStr, *, issuer: str, named: bool) -> SecretStr:
    """The code in the redirected address. `named`: the provider puts its issuer on every answer.

    Raises NotOurs, or SignInRefused for an answer that says no or comes from another provider (RFC 9207).
    """
    text = redirected.get_secret_value().strip()
    given, expected = _parts(text), urlsplit(request.redirect_uri)
    if given is None or not _same_place(given, expected):
        raise NotOurs(f"this is not the address that the browser was sent to: it begins with {request.redirect_uri}")
    answer = parse_qs(given.query, keep_blank_values=True, max_num_fields=100)
    if any(len(values) > 1 for values in answer.values()):  # RFC 6749 section 3.1 allows each once.
        raise NotOurs("the address holds something twice: copy it whole from the browser's address bar")
    found = {name: values[0] for name, values in answer.items()}
    if not hmac.compare_digest(found.get("state", "").encode(), request.state.get_secret_value().encode()):
        raise NotOurs("the address belongs to another sign-in: open the link that is shown now")
    if found.get("iss", "" if named else issuer) != issuer:
        raise SignInRefused(
            f"the answer comes from {clean(found.get('iss', '')) or 'nobody'} and not from {issuer}: start again, and"
            " if it comes again, add the provider again"
        )
    if "error" in found:
        raise refused(issuer, found["error"], found.get("error_description", ""))
    if not found.get("code"):
        raise NotOurs("the address holds no code: copy it whole from the browser's address bar")
    return SecretStr(found["code"])


def _parts(text: str) -> SplitResult | None:
    if len(text) > MAX_ADDRESS:
        return None
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _same_place(given: SplitResult, expected: SplitResult) -> bool:
    """A browser shows the path / where there is none."""
    return (given.scheme, given.netloc, given.path or "/") == (expected.scheme, expected.netloc, expected.path or "/")

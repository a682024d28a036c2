"""Signing in: over which connections at all, and by which of the mechanisms that a server offers."""

import base64
import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import aiosmtplib
from pydantic import InstanceOf, SecretStr

from mailtui.core.addresses import SignIn
from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean, listed
from mailtui.smtp.failures import Refusal, TokenRefused

ENCRYPTED_ORDER: Final = ("PLAIN", "LOGIN", "CRAM-MD5")
"""Over TLS PLAIN comes first: one round trip, and it alone says that names and passwords are UTF-8 (RFC 4616).
CRAM-MD5 comes last: TLS protects the password better than MD5, and servers that keep only hashes offer it in vain."""

CLEAR_ORDER: Final = ("CRAM-MD5", "PLAIN", "LOGIN")
"""Without TLS the one that does not show the password (RFC 2195) comes first."""

UNKNOWN_MECHANISM: Final = 504
"""RFC 4954 section 4: the mechanism is not known after all, so another one may do. Nothing else is tried a second time:
servers lock accounts after a few wrong passwords."""

TOKEN_ORDER: Final = ("OAUTHBEARER", "XOAUTH2")
"""The standard (RFC 7628) before what it was made from."""

CHALLENGE: Final = 334
SIGNED_IN: Final = 235
"""RFC 4954 section 4."""

NOT_ACCEPTED: Final = 535
"""RFC 4954 section 6: the credentials are not valid. A token can be, though its time has not run out: revoked, say."""

Renew = Callable[[], Awaitable[SecretStr]]
"""Another token in place of one that the server refused. Raises Refusal where there is none."""


class Credential(Frozen):
    """What signs in."""

    username: str
    secret: SecretStr
    """The password, or the access token where the account signs in with OAuth."""
    renew: Renew | None = None
    """Where the account signs in with OAuth."""
    missing: InstanceOf[Refusal] | None = None
    """Why there is no token: raised in place of signing in."""


def may_cross(*, encrypted: bool, peer: str, confirmed: bool) -> bool:
    """Whether credentials may be sent to `peer`, the IP address that was really connected to: encrypted, within this
    host, or because the administrator confirmed it."""
    return encrypted or confirmed or ipaddress.ip_address(peer.partition("%")[0]).is_loopback


def usable(offered: Sequence[str], signin: SignIn, *, encrypted: bool) -> list[str]:
    """The mechanisms that the server offers and we can use, the best first."""
    ours = TOKEN_ORDER if signin is SignIn.OAUTH else ENCRYPTED_ORDER if encrypted else CLEAR_ORDER
    theirs = {mechanism.upper() for mechanism in offered}
    return [mechanism for mechanism in ours if mechanism in theirs]


async def sign_in(client: aiosmtplib.SMTP, signin: SignIn, credential: Credential, *, encrypted: bool) -> str:
    """Signs in and returns the mechanism that did it.

    A refused token is renewed once. Raises Refusal where no mechanism is left, or no other token;
    SMTPAuthenticationError where the server says no; BadInput for a name or secret with a NUL, which separates them in
    PLAIN (RFC 4616 section 2).
    """
    if signin is not SignIn.OAUTH:
        return await _by_one_of(client, signin, credential, encrypted=encrypted)
    if credential.missing is not None:
        raise credential.missing
    try:
        return await _by_one_of(client, signin, credential, encrypted=encrypted)
    except aiosmtplib.SMTPAuthenticationError as error:
        if error.code != NOT_ACCEPTED or credential.renew is None:
            raise TokenRefused(error.code, error.message) from None
    other = credential.model_copy(update={"secret": await credential.renew()})
    try:
        return await _by_one_of(client, signin, other, encrypted=encrypted)
    except aiosmtplib.SMTPAuthenticationError as error:
        raise TokenRefused(error.code, error.message) from None


async def _by_one_of(client: aiosmtplib.SMTP, signin: SignIn, credential: Credential, *, encrypted: bool) -> str:
    for field, text in (("username", credential.username), ("password", credential.secret.get_secret_value())):
        if "\0" in text:
            raise BadInput(f"the {field} holds a NUL character: type it again", field=field)
    offered = client.server_auth_methods
    mechanisms = usable(offered, signin, encrypted=encrypted)
    by: dict[str, Callable[[str, str], Awaitable[object]]] = {
        "PLAIN": client.auth_plain,
        "LOGIN": client.auth_login,
        "CRAM-MD5": client.auth_crammd5,
        "XOAUTH2": client.auth_xoauth2,
        "OAUTHBEARER": lambda username, token: _oauthbearer(client, username, token),
    }
    while mechanisms:
        mechanism = mechanisms.pop(0)
        try:
            await by[mechanism](credential.username, credential.secret.get_secret_value())
        except aiosmtplib.SMTPAuthenticationError as error:
            if error.code != UNKNOWN_MECHANISM or not mechanisms:
                raise
        else:
            return mechanism
    raise Refusal("sign-in-not-offered", _not_offered(offered, signin))


async def _oauthbearer(client: aiosmtplib.SMTP, username: str, token: str) -> None:
    """RFC 7628 section 3.1, which the library has not. A refusal comes as a challenge with its details, to be answered
    with one octet before the server says no (section 3.2.3)."""
    name = username.replace("=", "=3D").replace(",", "=2C")  # A GS2 header's separators, RFC 5801 section 4.
    message = f"n,a={name},\x01auth=Bearer {token}\x01\x01"
    said = await client.execute_command(b"AUTH", b"OAUTHBEARER", base64.b64encode(message.encode()))
    if said.code == CHALLENGE:
        said = await client.execute_command(base64.b64encode(b"\x01"))
    if said.code != SIGNED_IN:
        raise aiosmtplib.SMTPAuthenticationError(said.code, said.message)


def _not_offered(offered: Sequence[str], signin: SignIn) -> str:
    if not offered:
        return "the server offers no sign-in"
    theirs = clean(listed([mechanism.upper() for mechanism in offered]), 200)
    ours = listed(sorted(TOKEN_ORDER if signin is SignIn.OAUTH else ENCRYPTED_ORDER))
    return f"the server offers to sign in by {theirs}; mailtui can do {ours}"

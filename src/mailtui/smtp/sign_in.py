"""Signing in: over which connections at all, and by which of the mechanisms that a server offers."""

import ipaddress
from collections.abc import Sequence
from typing import Final

import aiosmtplib
from pydantic import SecretStr

from mailtui.core.addresses import SignIn
from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean, listed
from mailtui.smtp.failures import Refusal

ENCRYPTED_ORDER: Final = ("PLAIN", "LOGIN", "CRAM-MD5")
"""Over TLS PLAIN comes first: one round trip, and it alone says that names and passwords are UTF-8 (RFC 4616).
CRAM-MD5 comes last: TLS protects the password better than MD5, and servers that keep only hashes offer it in vain."""

CLEAR_ORDER: Final = ("CRAM-MD5", "PLAIN", "LOGIN")
"""Without TLS the one that does not show the password (RFC 2195) comes first."""

UNKNOWN_MECHANISM: Final = 504
"""RFC 4954 section 4: the mechanism is not known after all, so another one may do. Nothing else is tried a second time:
servers lock accounts after a few wrong passwords."""


class Credential(Frozen):
    """What signs in."""

    username: str
    secret: SecretStr
    """The password, or the access token where the account signs in with OAuth."""


def may_cross(*, encrypted: bool, peer: str, confirmed: bool) -> bool:
    """Whether credentials may be sent to `peer`, the IP address that was really connected to: encrypted, within this
    host, or because the administrator confirmed it."""
    return encrypted or confirmed or ipaddress.ip_address(peer.partition("%")[0]).is_loopback


def usable(offered: Sequence[str], signin: SignIn, *, encrypted: bool) -> list[str]:
    """The mechanisms that the server offers and we can use, the best first."""
    ours = ("XOAUTH2",) if signin is SignIn.OAUTH else ENCRYPTED_ORDER if encrypted else CLEAR_ORDER
    theirs = {mechanism.upper() for mechanism in offered}
    return [mechanism for mechanism in ours if mechanism in theirs]


async def sign_in(client: aiosmtplib.SMTP, signin: SignIn, credential: Credential, *, encrypted: bool) -> str:
    """Signs in and returns the mechanism that did it.

    Raises Refusal where no mechanism is left, SMTPAuthenticationError where the server says no, BadInput for a name or
    secret with a NUL, which separates them in PLAIN (RFC 4616 section 2).
    """
    for field, text in (("username", credential.username), ("password", credential.secret.get_secret_value())):
        if "\0" in text:
            raise BadInput(f"the {field} holds a NUL character: type it again", field=field)
    offered = client.server_auth_methods
    mechanisms = usable(offered, signin, encrypted=encrypted)
    by = {
        "PLAIN": client.auth_plain,
        "LOGIN": client.auth_login,
        "CRAM-MD5": client.auth_crammd5,
        "XOAUTH2": client.auth_xoauth2,
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


def _not_offered(offered: Sequence[str], signin: SignIn) -> str:
    if not offered:
        return "the server offers no sign-in"
    theirs = clean(listed([mechanism.upper() for mechanism in offered]), 200)
    ours = "XOAUTH2" if signin is SignIn.OAUTH else listed(sorted(ENCRYPTED_ORDER))
    return f"the server offers to sign in by {theirs}; mailtui can do {ours}"

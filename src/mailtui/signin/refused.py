"""What a provider can refuse, and how a failure to speak with it is told."""

from mailtui.core.errors import NotAllowed, Unavailable
from mailtui.core.text import clean

MAX_WORDS = 300
"""Characters of a provider's words that are repeated."""


class SignInRefused(NotAllowed):
    """The provider, or the person there, said no. Trying the same again does not help: it takes a new sign-in."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code
        """OAuth's own name of what is wrong; empty where we found it."""


def refused(provider: str, error: str, description: str = "") -> SignInRefused:
    """`error` is one of OAuth's codes (RFC 6749 sections 4.1.2.1 and 5.2, RFC 8628 section 3.5)."""
    words = MEANINGS.get(error, "")
    said = ": ".join(part for part in (clean(error, 60), clean(description, MAX_WORDS)) if part)
    return SignInRefused(f"{provider} refused the sign-in ({said}){f': {words}' if words else ''}", error)


def unreachable(provider: str, why: str) -> Unavailable:
    return Unavailable(f"the provider {provider} cannot be asked: {clean(why, MAX_WORDS)}; try again later")


MEANINGS = {
    "access_denied": "somebody said no on its page",
    "expired_token": "the code was not typed in time, start again",
    "invalid_client": "client id or client secret is not what is registered there, add the provider again",
    "invalid_grant": "the permission has expired or was revoked, sign in again",
    "invalid_scope": "the client may not ask for this, look at its permissions there",
    "unauthorized_client": "the client may not sign in this way, look at its settings there",
}

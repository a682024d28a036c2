"""What a sign-in leaves: a refresh token, an access token and its end, kept together as one secret."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import SecretStr

from mailtui.core.errors import Misconfigured
from mailtui.core.frozen import Frozen
from mailtui.signin.client import Client
from mailtui.signin.refused import SignInRefused

EARLY: Final = timedelta(seconds=120)
"""So long before its end a token is refreshed: clocks differ, and a session may wait in a queue at the server."""

MAX_LIFE: Final = 10 * 365 * 86_400
"""Seconds; a provider that names a longer life means "always", and dates end somewhere."""


class Tokens(Frozen):
    """What signs in for one account."""

    refresh_token: SecretStr
    access_token: SecretStr
    expires_at: datetime | None
    """UTC; None where the provider did not say, and only a refusal tells."""

    def runs_out(self, now: datetime) -> bool:
        """Whether it is time to refresh."""
        return self.expires_at is not None and now >= self.expires_at - EARLY

    def has_run_out(self, now: datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at

    def as_secret(self) -> SecretStr:
        """The document that the keyring keeps."""
        document = {
            "refresh_token": self.refresh_token.get_secret_value(),
            "access_token": self.access_token.get_secret_value(),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
        }
        return SecretStr(json.dumps(document))


def tokens_in(secret: SecretStr) -> Tokens:
    """The tokens of a kept document. Raises Misconfigured where it is none."""
    found: Tokens | None = None
    try:
        document = json.loads(secret.get_secret_value())
        found = Tokens.model_validate(document)
    except (ValueError, RecursionError):
        found = None
    if found is None:  # Raised here, since the error that was caught holds the secret.
        raise Misconfigured("what is kept for this address is no OAuth sign-in: open the address and sign in again")
    return found


def tokens_of(answer: dict[str, object], now: datetime, client: Client, before: Tokens | None = None) -> Tokens:
    """The tokens of a token endpoint's answer (RFC 6749 section 5.1). A refresh token that is not named again stays.

    Raises SignInRefused where something is missing.
    """
    name = client.provider.id
    access, kind = answer.get("access_token"), str(answer.get("token_type", "")).lower()
    refresh = answer.get("refresh_token") or (before.refresh_token.get_secret_value() if before else None)
    if not isinstance(access, str) or not access or kind != "bearer" or not _is_token(access):
        raise SignInRefused(f"{name} answered without a bearer token: look at the scopes of the provider")
    if not isinstance(refresh, str) or not refresh:
        raise SignInRefused(
            f"{name} gave no refresh token, and without one the sign-in ends within the hour: let the provider's"
            " scopes allow offline access (mostly offline_access)"
        )
    return Tokens(refresh_token=SecretStr(refresh), access_token=SecretStr(access), expires_at=_end(answer, now))


async def refresh(client: Client, tokens: Tokens, now: datetime) -> Tokens:
    """New tokens for old. The provider may have made the old refresh token worthless by now: keep the new one before
    anything else is done. Raises SignInRefused where the permission is gone, Unavailable where nobody answers."""
    return tokens_of(await client.refreshed(tokens.refresh_token), now, client, tokens)


def _is_token(text: str) -> bool:
    """RFC 6750 section 2.1 allows no space or control, which would end a field of the SMTP sign-in."""
    return text.isascii() and text.isprintable() and " " not in text


def _end(answer: dict[str, object], now: datetime) -> datetime | None:
    life = answer.get("expires_in")
    try:
        seconds = float(str(life)) if life is not None else None
    except ValueError:
        return None
    if seconds is None or not seconds >= 0:  # Also a NaN.
        return None
    return now.astimezone(UTC) + timedelta(seconds=min(seconds, MAX_LIFE))

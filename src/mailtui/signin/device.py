"""The device flow: a code that the person types on the provider's page, on any device (RFC 8628)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from pydantic import SecretStr

from mailtui.core.errors import BadInput, Unavailable
from mailtui.core.frozen import Frozen
from mailtui.core.providers import parse_url
from mailtui.core.text import clean
from mailtui.signin.client import Client
from mailtui.signin.refused import SignInRefused, refused

GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"

USUAL_INTERVAL: Final = 5.0
"""Seconds between two questions where the provider names none, and what "slow down" adds (sections 3.2, 3.5)."""

LONGEST_INTERVAL: Final = 60.0
LONGEST_LIFE: Final = 1800.0
"""Seconds; a person who has not typed the code by then asks for another."""

MAX_CODE: Final = 40
"""Characters of a code that a person can be asked to type."""


class DeviceCode(Frozen):
    """What the person is shown, and what we ask with."""

    user_code: str
    """Safe for a terminal."""
    url: str
    """Where it is typed."""
    url_with_code: str = ""
    """The same page with the code filled in, for a QR code; empty where the provider has none."""
    device_code: SecretStr
    interval: float
    """Seconds between two questions."""
    seconds: float
    """How long the code is good."""


async def ask_for_code(client: Client) -> DeviceCode:
    """Section 3.1. Raises SignInRefused, Unavailable."""
    provider = client.provider
    answer = await client.post(provider.endpoints.device, {"scope": " ".join(provider.scopes), **provider.asks})
    code = answer.get("device_code")
    shown = answer.get("user_code")
    if not isinstance(code, str) or not isinstance(shown, str) or not 0 < len(shown) <= MAX_CODE:
        raise Unavailable(f"{provider.id} answered without a device code: add the provider again")
    with_code = answer.get("verification_uri_complete")
    try:
        # Google and others said verification_url before the RFC was done.
        url = parse_url(str(answer.get("verification_uri") or answer.get("verification_url") or ""), "the page")
        complete = parse_url(str(with_code), "the page") if with_code else ""
    except BadInput as error:
        raise Unavailable(f"{provider.id} answered with a link that is not followed: {error}") from None
    return DeviceCode(
        user_code=clean(shown),
        url=url,
        url_with_code=complete,
        device_code=SecretStr(code),
        interval=min(_number(answer.get("interval"), USUAL_INTERVAL), LONGEST_INTERVAL),
        seconds=min(_number(answer.get("expires_in"), LONGEST_LIFE), LONGEST_LIFE),
    )


async def wait_for_tokens(
    client: Client, code: DeviceCode, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> dict[str, object]:
    """The token endpoint's answer, once the person has said yes; asks again and again until then (section 3.4).

    Raises SignInRefused where he said no or the code's time ran out. Can be cancelled.
    """
    interval, waited = code.interval, 0.0
    while waited < code.seconds:
        await pause(interval)
        waited += interval
        try:
            return await client.token(grant_type=GRANT, device_code=code.device_code.get_secret_value())
        except Unavailable:
            interval = min(interval * 2, LONGEST_INTERVAL)  # Section 3.5 asks for fewer questions then.
        except SignInRefused as error:
            match error.code:
                case "authorization_pending":
                    pass
                case "slow_down":
                    interval += USUAL_INTERVAL
                case _:
                    raise
    raise refused(client.provider.id, "expired_token")


def _number(found: object, otherwise: float) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return otherwise
    try:
        number = float(found)
    except ValueError:
        return otherwise
    return number if number > 0 else otherwise

"""OAuth providers: where an account's owner signs in and what the program may then do; the known ones as data (S7)."""

import ipaddress
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from pydantic import Field

from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean

MAX_URL = 2_000
"""Characters of a link that are looked at: longer ones are no use to a person or a terminal."""


LOOPBACK = "http://127.0.0.1:{port}/"
"""RFC 8252 section 7.3: the address, since the name localhost may be somebody else's; the port is any."""


class Flow(StrEnum):
    """How the owner of the account signs in."""

    DEVICE = "device"
    """By a code that is typed on the provider's page, on any device (RFC 8628)."""
    BROWSER = "browser"
    """In a browser that is sent back to this program with a code (RFC 6749 section 4.1, RFC 7636, RFC 8252)."""


class Endpoints(Frozen):
    """A provider's addresses, as its metadata names them (RFC 8414 section 2)."""

    authorization: str = ""
    """Where the browser goes; empty where there is no browser flow."""
    token: str
    device: str = ""
    """Where a device code comes from; empty where there is no device flow."""
    names_itself: bool = False
    """It promises to put its name on every answer that a browser brings (RFC 9207), so that one without it is false."""
    secret_in_body: bool = False
    """The client's secret goes into the request's body, not its header (RFC 6749 section 2.3.1)."""


class KnownProvider(Frozen):
    """A provider as providers.toml describes it; client id and secret are the administrator's own."""

    id: str
    name: str
    issuer: str
    endpoints: Endpoints
    scopes: tuple[str, ...]
    """What is asked for: to send mail, and to go on when the person is not there."""
    flows: tuple[Flow, ...] = Field(min_length=1)
    """What it allows for these scopes, the preferred one first."""
    asks: dict[str, str] = Field(default_factory=dict)
    """Further parameters of the page where the person signs in."""
    redirect: str = LOOPBACK
    """Where it sends the browser; `{port}` stands for the port that this program listens on."""
    steps: tuple[str, ...]
    """How an administrator registers his client there, in order."""
    link: str
    """The page where that is done."""


class Provider(Frozen):
    """A provider with the client that was registered there."""

    id: str
    issuer: str
    client_id: str
    client_secret_id: str = ""
    """Which secret in the keyring is the client's; empty for a public client, which has none."""
    scopes: tuple[str, ...]
    flow: Flow
    endpoints: Endpoints
    asks: dict[str, str] = Field(default_factory=dict)
    redirect: str = LOOPBACK
    """Where the browser is sent; see `KnownProvider.redirect`."""
    ca_file: str = ""
    """PEM file with the only authorities trusted for this provider; empty for the system's."""
    version: int = 0


@cache
def known_providers() -> tuple[KnownProvider, ...]:
    """Every provider of providers.toml. Read once, when first asked for."""
    import tomllib  # With the next, 10 ms that most commands do not need.
    from importlib.resources import files

    text = files("mailtui.core").joinpath("providers.toml").read_text(encoding="utf-8")
    return tuple(KnownProvider.model_validate(entry) for entry in tomllib.loads(text)["provider"])


def known_provider(id: str) -> KnownProvider | None:
    return next((known for known in known_providers() if known.id == id), None)


def parse_url(text: str, what: str, field: str | None = None) -> str:
    """A link over which secrets may go: https, or http to this host itself. `what` names it in the error.

    Raises BadInput. The reasons are those of RFC 8252 section 7.3 and RFC 8414 section 2.
    """
    text = text.strip()
    parts = None
    if len(text) <= MAX_URL and text.isascii() and text.isprintable() and " " not in text:
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            parts = None
    if parts is None or not parts.hostname or "@" in parts.netloc or parts.fragment or port == 0:
        raise BadInput(f"{what} {clean(text, 100)!r} is no link: it looks like https://login.example", field)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise BadInput(f"{what} {clean(text, 100)!r} is not safe: only https is, or http to this host itself", field)
    return text


def is_loopback(host: str) -> bool:
    """Whether it is this host, by its address or as localhost (RFC 6761 section 6.3)."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""The configuration file: what one installation does differently. Everything in it may be left out."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator

from mailtui.core.errors import Misconfigured
from mailtui.core.frozen import Frozen
from mailtui.core.recipient_limit import RecipientLimit
from mailtui.core.text import clean


class AccountTestLimits(Frozen):
    """How long the test of an account, and a sending, may take."""

    step_seconds: float = Field(default=10, gt=0, le=600)
    total_seconds: float = Field(default=30, gt=0, le=3600)


class SendingLimits(Frozen):
    """How much is sent at once, and how long things are kept."""

    connections: int = Field(default=10, ge=1, le=200)
    """At once, over all accounts, of one process."""
    connections_per_account: int = Field(default=3, ge=1, le=50)
    """Large services take no more: Microsoft 365 allows three."""
    recipient_messages: int = Field(default=50, ge=0)
    """To one recipient within `recipient_minutes`, over all addresses (P14); 0 for no limit."""
    recipient_minutes: float = Field(default=10, gt=0, le=240)
    lease_seconds: float = Field(default=60, ge=1, le=3600)
    """For how long a delivery is lost to others when the process that sends it dies."""
    purge_after_days: int = Field(default=90, ge=0)
    """Age at which `outbox purge` throws the text of a message away."""

    @property
    def recipient_limit(self) -> RecipientLimit:
        return RecipientLimit(messages=self.recipient_messages, within=timedelta(minutes=self.recipient_minutes))


class LookUpSettings(Frozen):
    """Whom `look up` asks."""

    name_server: str = ""
    """IP address of the only name server to ask; empty for those of the system."""
    port: int = Field(default=53, ge=1, le=65535)
    """Of that name server."""

    @field_validator("name_server")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        return str(ip_address(given)) if given else ""


class Configuration(Frozen):
    """The file's content."""

    theme: str = ""
    """Name of a theme; empty for the one that fits the terminal."""
    keyring: Literal["", "system", "vault"] = ""
    """Where secrets are kept; empty for the system's keyring where one answers, else the vault."""
    keys: Mapping[str, str] = Field(default_factory=dict)
    """Command id to the keys that run it, separated by commas (Textual's key map)."""
    test: AccountTestLimits = AccountTestLimits()
    sending: SendingLimits = SendingLimits()
    look_up: LookUpSettings = LookUpSettings()


def load_configuration(path: Path) -> Configuration:
    """The configuration at `path`; the defaults where there is none. Raises Misconfigured with the line or key."""
    try:
        return Configuration(**tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Configuration()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"the configuration {path} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(map(str, first["loc"]))
        raise Misconfigured(f"the configuration {path}: {clean(key)}: {first['msg']}") from error
    except ValueError as error:  # The parser's own, and what it lets pass of numbers without end.
        raise Misconfigured(f"the configuration {path} is not TOML: {clean(str(error))}") from error

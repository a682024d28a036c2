"""The configuration file: what one installation does differently. Everything in it may be left out."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field, JsonValue, ValidationError, field_validator

from mailtui.core.deliveries import FIRST_RETRIES, GIVE_UP_AFTER, LATER_RETRY, RetryTimetable
from mailtui.core.errors import Misconfigured
from mailtui.core.frozen import Frozen
from mailtui.core.recipient_limit import RecipientLimit
from mailtui.core.text import clean

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

Theme = Literal["", "mailtui-dark", "mailtui-light", "mailtui-16"]

Minutes = Annotated[float, Field(gt=0, le=1440)]


def _keys(given: str) -> str:
    keys = [key.strip() for key in given.split(",")]
    if any(len(key.split()) != 1 for key in keys):
        raise ValueError("keys are written like t,f9,ctrl+t")
    return ",".join(keys)


Keys = Annotated[str, AfterValidator(_keys)]


class AccountTestLimits(Frozen):
    """How long the test of an account, and a sending, may take."""

    step_seconds: float = Field(default=10, gt=0, le=600, description="Time of one step of a test, in seconds.")
    total_seconds: float = Field(default=30, gt=0, le=3600, description="Time of a whole test, in seconds.")


class SendingLimits(Frozen):
    """How much is sent at once, what is tried again when, and how long things are kept."""

    connections: int = Field(default=10, ge=1, le=200, description="Connections at once, over all accounts.")
    connections_per_account: int = Field(
        default=3, ge=1, le=50, description="Connections at once to one account; Microsoft 365 allows three."
    )
    recipient_messages: int = Field(
        default=50, ge=0, description="Messages to one recipient in that many minutes (P14); 0 for no limit."
    )
    recipient_minutes: float = Field(
        default=10, gt=0, le=240, description="Minutes in which a recipient's messages are counted."
    )
    retry_minutes: tuple[Minutes, ...] = Field(
        default=tuple(wait / MINUTE for wait in FIRST_RETRIES),
        max_length=20,
        description="Waits before the first tries after a passing failure, in minutes.",
    )
    retry_every_hours: float = Field(
        default=LATER_RETRY / HOUR, gt=0, le=48, description="Wait before every later try, in hours."
    )
    give_up_after_days: float = Field(
        default=GIVE_UP_AFTER / DAY, gt=0, le=30, description="Age at which a message is given up, in days."
    )
    lease_seconds: float = Field(
        default=60, ge=1, le=3600, description="Seconds until others send what a process that died was sending."
    )
    purge_after_days: int = Field(
        default=90, ge=0, description="Age at which `outbox purge` throws the text of a message away, in days."
    )

    @property
    def recipient_limit(self) -> RecipientLimit:
        return RecipientLimit(messages=self.recipient_messages, within=timedelta(minutes=self.recipient_minutes))

    @property
    def timetable(self) -> RetryTimetable:
        return RetryTimetable(
            first=tuple(wait * MINUTE for wait in self.retry_minutes),
            then_every=self.retry_every_hours * HOUR,
            give_up_after=self.give_up_after_days * DAY,
        )


class LookUpSettings(Frozen):
    """Whom `look up` asks."""

    name_server: str = Field(
        default="", description="IP address of the only name server to ask; empty for those of the system."
    )
    port: int = Field(default=53, ge=1, le=65535, description="Port of that name server.")

    @field_validator("name_server")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        return str(ip_address(given)) if given else ""


class Configuration(Frozen):
    """The file's content."""

    theme: Theme = Field(default="", description="Colours of the screens; empty for those that fit the terminal.")
    motion: Literal["", "reduced"] = Field(
        default="", description="With reduced nothing on the screens blinks or turns."
    )
    start: Literal["", "top"] = Field(
        default="", description="Where the screens open: empty for where one was, top for the settings."
    )
    keyring: Literal["", "system", "vault"] = Field(
        default="", description="Where passwords are kept; empty for the system's where one answers, else the vault."
    )
    keys: Mapping[str, Keys] = Field(
        default_factory=dict, description="Command id to the keys that run it, separated by commas."
    )
    test: AccountTestLimits = AccountTestLimits()
    sending: SendingLimits = SendingLimits()
    look_up: LookUpSettings = LookUpSettings()


KEYS: Final = "keys."
"""What is behind it in the name of a setting is the id of a command, dots and all."""


class Known(Frozen):
    """A setting that the file may have."""

    name: str
    """As the file nests it, joined by dots: `sending.connections`."""
    about: str
    default: JsonValue
    choices: tuple[str, ...] = ()
    """All that it can be; empty where that is not a few words."""


def known_settings() -> Iterator[Known]:
    """Every setting but the keys of single commands, in the order of the file."""
    usual = Configuration().model_dump(mode="json")
    for name, field in Configuration.model_fields.items():
        if name == "keys":
            continue
        section = field.default
        if not isinstance(section, Frozen):
            choices = get_args(field.annotation)
            yield Known(name=name, about=field.description or "", default=usual[name], choices=choices)
            continue
        for inner, part in type(section).model_fields.items():
            yield Known(name=f"{name}.{inner}", about=part.description or "", default=usual[name][inner])


def load_configuration(path: Path) -> Configuration:
    """The configuration at `path`; the defaults where there is none. Raises Misconfigured with the line or key."""
    return checked(read_configuration(path), path)


def read_configuration(path: Path) -> str:
    """The file's text; empty where there is none. Raises Misconfigured where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"the configuration {clean(str(path))} cannot be read: {error}") from error


def checked(text: str, path: Path) -> Configuration:
    """What the text says; `path` is named in errors. Raises Misconfigured with the line or key."""
    try:
        return Configuration(**tomllib.loads(text))
    except ValidationError as error:
        raise Misconfigured(f"the configuration {clean(str(path))}: {in_words(error)}") from error
    except ValueError as error:  # The parser's own, and what it lets pass of numbers without end.
        raise Misconfigured(f"the configuration {clean(str(path))} is not TOML: {clean(str(error))}") from error


def in_words(error: ValidationError) -> str:
    """What is wrong with the first setting that is, without its value."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        return f"{clean(name)}: there is no such setting{nearest(name)}"
    return f"{clean(name)}: {first['msg'].removeprefix('Value error, ')}"


def nearest(name: str) -> str:
    """The words that end a refusal of an unknown name: the known one that is most like it, or where to find all."""
    known = [*(setting.name for setting in known_settings()), *Configuration.model_fields]
    alike = get_close_matches(name, known, n=1) or [one for one in known if one.endswith(f".{name}")]
    return f"; did you mean {alike[0]}?" if alike else "; `mailtui settings get` lists them"

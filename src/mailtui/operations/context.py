"""What every operation is given: who asks, the store, the secrets, the clock, and the tests made so far."""

import hmac
import os
import secrets as randomness
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue, SecretStr

from mailtui.core.addresses import ExternalAddress, LastTest
from mailtui.core.audit import Author, Snapshot
from mailtui.core.errors import NotAllowed
from mailtui.core.frozen import Frozen
from mailtui.core.names import MAX_NAME
from mailtui.core.people import Employee, Role
from mailtui.core.text import clean
from mailtui.operations.configuration import Configuration
from mailtui.operations.identity import Actor, identify, login_of_process
from mailtui.store import Store
from mailtui.store.additions import Additions

if TYPE_CHECKING:
    from mailtui.secrets import Secrets

Kept = Frozen | Mapping[str, JsonValue]
"""What an audit row can keep of a thing: the thing itself, or a few fields of it."""

Change = tuple[str, str, Kept | None, Kept | None]
"""What an audit row is made of: action, thing, and what is kept of it before and after."""

UNRECORDED = {"id", "version", "last_test"}
"""Fields that say nothing about what somebody decided. The id of a secret does: another one is another password."""

Clock = Callable[[], datetime]
"""The time now, UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Context:
    """One person's work with one company."""

    def __init__(
        self,
        store: Store,
        actor: Actor,
        configuration: Configuration,
        clock: Clock = utc_now,
        *,
        identity_file: Path | None = None,
        configuration_file: Path | None = None,
    ) -> None:
        """`identity_file` opens the vault, in place of the files that the environment names; `configuration_file` is
        where the configuration was read and is changed, and need not be there yet."""
        self.store = store
        self.actor = actor
        self.configuration = configuration
        self.configuration_file = configuration_file
        self.clock = clock
        self.tests: dict[str, LastTest] = {}
        """Tests of drafts made in this process, by fingerprint: what S6 asks for when a draft is to be saved."""
        self._mark_key = randomness.token_bytes(32)
        self._identity_file = identity_file
        self._secrets: Secrets | None = None

    @property
    def secrets(self) -> "Secrets":
        """The keyring, chosen when a secret is first needed. Raises Misconfigured where none can be used."""
        if self._secrets is None:
            from mailtui.secrets import open_secrets  # keyring takes 100 ms to import; many operations need none.

            self._secrets = open_secrets(
                vault=vault_path(self.store.path),
                installation=self.store.meta.get("installation"),
                remembered=self.store.meta.get("keyring"),
                prefer=self.configuration.keyring,
                passphrase_file=_path_from("MAILTUI_PASSPHRASE_FILE"),
                identity_file=self._identity_file or _path_from("MAILTUI_IDENTITY_FILE"),
            )
        return self._secrets

    @property
    def employee(self) -> Employee:
        """As whom the operation is done."""
        return self.actor.employee

    def require_admin(self, intention: str) -> None:
        """Raises NotAllowed for a member. `intention` completes "an admin may ..."."""
        if not self.actor.is_admin:
            raise NotAllowed(f"{self.employee.login} is a member: only an admin may {intention}")

    def record(self, action: str, thing: str, before: Kept | None, after: Kept | None) -> None:
        """Write the audit row of a change, within the change's own transaction (+22)."""
        snapshots = (None if kept is None else snapshot(kept) for kept in (before, after))
        self.store.audit.record(self.clock(), self.actor.author, action, thing, *snapshots)

    def record_many(self, changes: Iterable[Change]) -> None:
        """Write the audit rows of many changes, each as `record` takes it, within their own transaction."""
        self.store.audit.record_many(self.clock(), self.actor.author, _snapshots(changes))

    def make_ready(self, ready: Additions, addresses: Sequence[ExternalAddress], changes: Iterable[Change]) -> None:
        """Make new addresses ready to be moved into the company, and the audit rows of these and of other changes."""
        ready.add(self.clock(), self.actor.author, addresses, _snapshots(changes))

    def mark(self, secret: SecretStr) -> str:
        """Tells one typed secret from another within this process, and is worth nothing outside it."""
        return "typed:" + hmac.new(self._mark_key, secret.get_secret_value().encode(), "sha256").hexdigest()

    def new_secret_id(self) -> str:
        return randomness.token_hex(8)


def open_context(
    database: Path,
    *,
    act_as: str = "",
    configuration: Configuration | None = None,
    configuration_file: Path | None = None,
    clock: Clock = utc_now,
) -> Context:
    """Open the company in `database`, made when it is not there, for whoever runs this process.

    Raises what `Store` and `identify` raise.
    """
    store = Store(database)
    login, name = login_of_process()
    if not store.meta.get("installation"):
        _install(store, login, name, clock())
    actor = identify(store, login, act_as)
    return Context(store, actor, configuration or Configuration(), clock, configuration_file=configuration_file)


def snapshot(kept: Kept) -> dict[str, JsonValue]:
    """A thing as the audit keeps it: no secret, no version, and sets in an order that does not change."""
    fields = kept if isinstance(kept, Mapping) else kept.model_dump(mode="json", exclude=UNRECORDED)
    return {name: _ordered(value) for name, value in fields.items()}


def _snapshots(changes: Iterable[Change]) -> Iterator[tuple[str, str, Snapshot | None, Snapshot | None]]:
    for action, thing, before, after in changes:
        yield action, thing, None if before is None else snapshot(before), None if after is None else snapshot(after)


def _ordered(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return sorted(value, key=str)
    return {name: _ordered(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def vault_path(database: Path) -> Path:
    """Where the vault of a database lies: beside it."""
    return database.with_name(f"{database.stem}.vault")


def _install(store: Store, login: str, name: str, now: datetime) -> None:
    """Make the person who installs mailtui its first admin."""
    with store.transaction():
        if store.meta.get("installation"):
            return  # Another process was first while this one waited.
        store.meta.set("installation", randomness.token_hex(8))
        name = clean(name, MAX_NAME) or login  # The system lets a user call himself anything (chfn(1)).
        admin = Employee(login=login, name=name, role=Role.ADMIN)
        store.employees.save(admin)
        author = Author(login=login, employee=login, uid=os.getuid())
        store.audit.record(now, author, "install", f"employee {login}", None, {"name": admin.name, "role": admin.role})


def _path_from(variable: str) -> Path | None:
    value = os.environ.get(variable, "")
    return Path(value) if value else None

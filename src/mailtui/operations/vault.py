"""The vault of passwords: how it stands, who opens it, and what is done where its passphrase is forgotten."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue, SecretStr

from mailtui.core.errors import CannotCreate, MailtuiError, Misconfigured, NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean
from mailtui.operations.context import Context
from mailtui.operations.secret_files import write_new_file

if TYPE_CHECKING:
    from mailtui.secrets.vault import AgeVault


class Reader(Frozen):
    """Somebody who can read the vault."""

    key: str
    """The public key on one line, as the list of recipients has it."""
    name: str
    """What people call it; empty where nobody named it."""
    own: bool
    """The vault's own, made with it."""


class VaultStatus(Frozen):
    """How passwords are kept."""

    keyring: str
    """`vault` or `system`."""
    why: str
    """One sentence: why it is this one."""
    vault: str = ""
    """Path of the vault; empty where the system's keyring is used."""
    exists: bool = False
    locked: bool = False
    """A passphrase would be asked for."""
    opened_by: str = ""
    """`identity file` or `passphrase file`, which opens it without anybody being asked; empty where there is none."""
    passphrase: bool = False
    """Its identity lies in it under a passphrase; else it is kept elsewhere."""
    secrets: int = 0
    """How many are kept."""
    recipients: tuple[str, ...] = ()
    """The public keys that can read them, the vault's own first."""
    readers: tuple[Reader, ...] = ()
    """The same with their names."""


class Unreadable(Frozen):
    """A password, a sign-in or a client's secret that cannot be read."""

    of: str
    """`address sales@brand-a.example` or `provider google`."""
    detail: str


class UnlockCheck(Frozen):
    """Whether every stored password can be read."""

    ok: bool
    opened: int
    failed: tuple[Unreadable, ...]


class Exported(Frozen):
    """All passwords, encrypted."""

    secrets: int
    """How many there are."""
    recipients: tuple[str, ...]
    """The public keys that open the file."""
    file: bytes
    """In the age format; within it a JSON list of `{"of", "secret"}`."""


class Reset(Frozen):
    """What a new vault costs."""

    kept_as: str
    """Where the old vault lies now."""
    addresses: tuple[str, ...]
    """Those whose passwords are to be typed again; until their test they are not offered."""
    providers: tuple[str, ...] = ()
    """Those of OAuth whose client secrets are to be given again."""


def vault_status(context: Context) -> VaultStatus:
    """How passwords are kept; unlocks nothing. Raises NotAllowed for a member, Misconfigured where it is damaged."""
    from mailtui.secrets.vault import AgeVault  # Here and below: keyring and pyrage take 50 ms to import.

    context.require_admin("look after the vault")
    secrets = context.secrets
    if not isinstance(secrets, AgeVault):
        kept = secrets.names()
        number = len(_in_use(context) if kept is None else kept)
        return VaultStatus(keyring=secrets.backend.value, why=secrets.why, secrets=number)
    readers = secrets.public_keys
    return VaultStatus(
        keyring=secrets.backend.value,
        why=secrets.why,
        vault=str(secrets.directory),
        exists=secrets.exists,
        locked=secrets.locked,
        opened_by=secrets.opened_by,
        passphrase=secrets.has_passphrase,
        secrets=len(secrets.names()),
        recipients=tuple(reader.key for reader in readers),
        readers=tuple(Reader(key=one.key, name=one.name, own=one == readers[0]) for one in readers),
    )


def unlock_check(context: Context) -> UnlockCheck:
    """Read every stored password, in the vault or in the system's keyring, and show none. Raises Locked; what is wrong
    with one password is a finding."""
    from mailtui.secrets import Locked

    context.require_admin("look after the vault")
    opened, failed = 0, []
    for secret_id, of in _in_use(context).items():
        try:
            context.secrets.get(secret_id)
            opened += 1
        except Locked:
            raise
        except MailtuiError as error:
            failed.append(Unreadable(of=of, detail=str(error)))
    return UnlockCheck(ok=not failed, opened=opened, failed=tuple(failed))


def change_passphrase(context: Context, old: SecretStr | None, new: SecretStr) -> None:
    """Another passphrase for the vault; some seconds. `old`: None where a passphrase file has it. Raises Locked where
    it is wrong or missing."""
    vault = the_vault(context, "change its passphrase")
    before, after = vault.locked_anew(old, new)
    with context.store.transaction():
        context.record("change passphrase of vault", f"vault {vault.directory.name}", None, None)
        vault.replace_identity(before, after)


def export_secrets(context: Context, keys: Sequence[str]) -> Exported:
    """The passwords of all addresses for these public keys, or for those of the vault. Raises Locked, BadInput for what
    is no public key."""
    vault = the_vault(context, "export passwords")
    rows = []
    for secret_id, of in _in_use(context).items():
        rows.append({"of": of, "secret": vault.get(secret_id)})
    text = SecretStr(json.dumps(rows, default=SecretStr.get_secret_value, ensure_ascii=False, indent=1) + "\n")
    readers = tuple(keys) or tuple(reader.key for reader in vault.public_keys)
    exported = Exported(secrets=len(rows), recipients=readers, file=vault.seal(text, readers))
    with context.store.transaction():
        context.record("export vault", f"vault {vault.directory.name}", None, {"recipients": [*readers]})
    return exported


def export_to(context: Context, path: Path, keys: Sequence[str]) -> Exported:
    """The same into a new file of mode 0600. Raises CannotCreate where there is one already, or none can be written;
    in the first case nothing was read."""
    if os.path.lexists(path):
        raise CannotCreate(f"{clean(str(path))} is there already: name another file")
    exported = export_secrets(context, keys)
    write_new_file(path, exported.file)
    return exported


def what_a_reset_costs(context: Context) -> Reset:
    """What `reset_vault` would do."""
    vault = the_vault(context, "start a new one")
    return Reset(
        kept_as=str(vault.directory.with_name(f"{vault.directory.name}.old-{context.clock():%Y%m%d-%H%M%S}")),
        addresses=tuple(context.store.secret_ids.in_use().values()),
        providers=tuple(provider.id for provider in context.store.providers.all() if provider.client_secret_id),
    )


def reset_vault(context: Context) -> Reset:
    """Put the vault aside under another name, for whoever remembers its passphrase; the next password makes a new one.

    Every address keeps all but its password, and is not offered before that is typed again and tested. Messages that
    wait for it go on waiting.
    """
    vault = the_vault(context, "start a new one")
    store = context.store
    with store.transaction():
        cost = what_a_reset_costs(context)
        for address in cost.addresses:
            if (stored := store.addresses.get(address)) is not None:
                store.addresses.save(stored.model_copy(update={"secret_id": ""}))
        for provider in store.providers.all():
            if provider.client_secret_id:
                store.providers.save(provider.model_copy(update={"client_secret_id": ""}))
        for secret_id in store.secret_ids.all():
            store.secret_ids.remove(secret_id)
        lost: list[JsonValue] = [*cost.addresses, *cost.providers]
        context.record(
            "reset vault", f"vault {vault.directory.name}",
            {"passwords of": lost}, {"kept as": cost.kept_as, "passwords of": []},
        )  # fmt: skip
        # Last: a process that ends before the commit leaves rows without passwords, which doctor names.
        vault.set_aside(Path(cost.kept_as).name)
    return cost


def _in_use(context: Context) -> dict[str, str]:
    """Ids of the secrets that something signs in with, to what that is."""
    found = {id: f"address {address}" for id, address in context.store.secret_ids.in_use().items()}
    for provider in context.store.providers.all():
        if provider.client_secret_id:
            found[provider.client_secret_id] = f"provider {provider.id}"
    return found


def the_vault(context: Context, intention: str) -> "AgeVault":
    """The vault, which is there; `intention` says what it is wanted for. Raises NotAllowed for a member, Misconfigured
    where the system's keyring is used, NotFound where there is none yet."""
    from mailtui.secrets.vault import AgeVault

    context.require_admin("look after the vault")
    secrets = context.secrets
    if not isinstance(secrets, AgeVault):
        raise Misconfigured(
            f"passwords are in the system's keyring ({secrets.why}), so there is no vault to {intention}: "
            "look after that keyring by its own program"
        )
    if not secrets.exists:
        raise NotFound(f"there is no vault {secrets.directory} yet: the first password makes it")
    return secrets

"""Who can read the vault besides its own key: people let in, each with a key of his own, and taken out again."""

from collections.abc import Sequence

from pydantic import JsonValue

from mailtui.core.names import parse_name
from mailtui.operations.context import Context
from mailtui.operations.vault import the_vault
from mailtui.secrets.readers import PublicKey, new_keys


def named(keys: Sequence[PublicKey], name: str) -> list[PublicKey]:
    """The keys, each that has no name of its own by this one. Raises BadInput for a name that is none."""
    name = parse_name(name)
    return [PublicKey(key.key, key.name or name) for key in keys]


def add_recipients(context: Context, keys: Sequence[PublicKey]) -> tuple[str, ...]:
    """Let more public keys (age or SSH) read all passwords, the stored ones too; those that are new. Raises Locked,
    BadInput for what is no public key."""
    vault = the_vault(context, "let others read it")
    vault.keys()  # Which may take seconds, and so comes before the transaction.
    with context.store.transaction():
        known = _listed(vault.public_keys)
        new = new_keys([reader.key for reader in vault.public_keys], [key.key for key in keys])
        if new:
            after = {"recipients": [*known, *new]}
            context.record("share vault", f"vault {vault.directory.name}", {"recipients": known}, after)
        vault.add_recipients(keys)
    return tuple(new)


def remove_recipients(context: Context, keys: Sequence[str]) -> tuple[str, ...]:
    """Let these public keys read no password any more that is stored from now on, nor those that are stored, unless
    they were copied before; those that are left. Raises Locked, NotFound for a key that is not a reader's, NotAllowed
    for the vault's own and the one in use."""
    vault = the_vault(context, "take others out")
    vault.keys()  # As above.
    with context.store.transaction():
        known = _listed(vault.public_keys)
        left = new_keys(keys, [reader.key for reader in vault.public_keys])
        after: dict[str, JsonValue] = {"recipients": [*left]}
        context.record("unshare vault", f"vault {vault.directory.name}", {"recipients": known}, after)
        vault.remove_recipients(keys)
    return tuple(left)


def _listed(readers: Sequence[PublicKey]) -> list[JsonValue]:
    return [reader.key for reader in readers]

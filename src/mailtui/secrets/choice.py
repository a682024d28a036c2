"""Which keeper of secrets is used: chosen aloud, never by what happens to be installed."""

import os
from pathlib import Path

from mailtui.core.errors import BadInput, Misconfigured
from mailtui.core.text import clean
from mailtui.secrets.contract import Backend, Secrets


def open_secrets(
    vault: Path,
    installation: str,
    *,
    remembered: str = "",
    prefer: str = "",
    passphrase_file: Path | None = None,
    identity_file: Path | None = None,
) -> Secrets:
    """The keeper for this database, and in its `why` the reason. Keep the result: a vault is unlocked once.

    vault: the directory, which need not be there yet. installation: the random id that the database holds.
    remembered, prefer: a Backend's value, or empty: which this database used first, and which the configuration
    demands. May take some seconds where a keyring does not answer.

    In this order: what the configuration demands; a vault that is there; what the database remembers; the system's
    keyring where one answers; a vault. Raises BadInput for another word in `prefer`; Misconfigured where the system's
    keyring must be used and does not answer, or keyring's settings name one that keeps nothing safe; TryAgain where
    the system's keyring waits to be unlocked.
    """
    if prefer not in ("", *Backend):
        raise BadInput(f"{clean(prefer, 40)!r} is no keeper of secrets: use system or vault", field="secrets")

    def in_vault(why: str) -> Secrets:
        from mailtui.secrets.vault import AgeVault  # keyring and pyrage take 50 ms, so not before they are needed

        return AgeVault(vault, passphrase_file=passphrase_file, identity_file=identity_file, why=why)

    if prefer == Backend.VAULT:
        return in_vault("the configuration demands the vault")
    if not prefer and os.path.lexists(vault):
        return in_vault(f"there is a vault {clean(str(vault))}")
    if not prefer and remembered == Backend.VAULT:
        return in_vault("this database has kept its secrets in a vault before")

    from mailtui.secrets.system import SystemKeyring, find_keyring

    keyring, why = find_keyring()
    if keyring is not None:
        return SystemKeyring(keyring, installation, why)
    if Backend.SYSTEM in (prefer, remembered):
        wanted = "the configuration demands" if prefer else "this database keeps its secrets in"
        raise Misconfigured(
            f"{wanted} the system's keyring, but it cannot be used ({why}): "
            "start or unlock it, or run mailtui in the session in which it runs"
        )
    return in_vault(why)

"""Who opens a vault: its passphrase changed, and further people let in, each with a key of his own."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from mailtui.core.errors import BadInput, Conflict, Misconfigured
from mailtui.secrets import age
from mailtui.secrets.private_files import changing, read_private, shown, write_whole


def locked_anew(identity: Path, old: SecretStr, new: SecretStr) -> tuple[bytes, bytes]:
    """A vault's identity file as it is, and as it would be under another passphrase. Blocks for seconds, twice.

    Raises Locked where `old` is wrong, Misconfigured where there is no such file.
    """
    try:
        sealed = read_private(identity)
    except FileNotFoundError as error:
        raise Misconfigured(
            f"there is no {shown(identity)}: this vault has no passphrase, its identity is kept elsewhere"
        ) from error
    return sealed, age.lock_identity(age.unlock_identity(sealed, old, identity), new, identity)


def replace_identity(identity: Path, before: bytes, after: bytes) -> None:
    """Raises Conflict where the file is no longer what it was before."""
    with changing(identity.parent):
        if read_private(identity) != before:
            raise Conflict(f"{shown(identity)} was changed meanwhile and is left as it is: try again")
        write_whole(identity, after)


def add_recipients(
    listed: Path, keys: Sequence[str], secrets: Sequence[Path], opened_by: Sequence[age.Identity]
) -> None:
    """Name more public keys in a vault's list of recipients, and write every secret anew for all that it names.

    Naming one again is no error: it repairs what a crash broke off, since the list is written first, and each secret
    is whole at any moment. Raises BadInput for a key that is none, Misconfigured for a
    secret that cannot be opened; nothing is changed then.
    """
    for key in keys:
        age.recipient(key)
    with changing(listed.parent):
        text = read_private(listed).decode(errors="replace")
        new = new_keys(text.splitlines(), keys)
        readers = [*age.recipients(text, listed), *map(age.recipient, new)]
        opened = {path: age.decrypt(read_private(path), opened_by, path) for path in secrets}
        if new:
            write_whole(listed, "\n".join([text.rstrip("\n"), *new, ""]).encode())
        for path, secret in opened.items():
            write_whole(path, age.encrypt(secret, readers))


def new_keys(known: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Those that are not known yet, each once; what follows an SSH key as its comment makes no other key of it."""
    taken = {_same(line) for line in known}
    return list({_same(key): key.strip() for key in keys if _same(key) not in taken}.values())


def public_keys(text: str) -> list[str]:
    """The lines of a file of public keys, without empty ones and comments. Raises BadInput where none is left."""
    keys = [line for each in text.splitlines() if (line := each.strip()) and not line.startswith("#")]
    if not keys:
        raise BadInput("no public key was named: give one, or a file that holds one a line", field="recipient")
    return keys


def _same(line: str) -> str:
    """What makes two lines the same key: all but an SSH key's comment."""
    return " ".join(line.split()[:2])

"""Who opens a vault: its passphrase changed, and further people let in, each with a key of his own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from mailtui.core.errors import BadInput, Conflict, Misconfigured, NotAllowed, NotFound
from mailtui.core.names import MAX_NAME
from mailtui.core.text import clean
from mailtui.secrets import age
from mailtui.secrets.private_files import changing, read_private, shown, write_whole

HEAD: Final = "# Who can read the secrets in this directory: public keys, one a line, of age or SSH."
"""The first line of a vault's list of recipients."""

PUBLIC: Final = ("age1", "ssh-")
"""How public keys begin."""


@dataclass(frozen=True)
class PublicKey:
    """A reader's, as a list of recipients has it."""

    key: str
    """One line: `age1…`, or `ssh-ed25519 …` or `ssh-rsa …` with or without its comment."""
    name: str = ""
    """What people call it, on one line; empty where nobody named it."""


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
    listed: Path, keys: Sequence[PublicKey], secrets: Sequence[Path], opened_by: Sequence[age.Identity]
) -> None:
    """Name more public keys in a vault's list of recipients, and write every secret anew for all that it names.

    Naming one again is no error: it repairs what a crash broke off, since the list is written first, and each secret
    is whole at any moment. Raises BadInput for a key that is none, Misconfigured for a
    secret that cannot be opened; nothing is changed then.
    """
    for key in keys:
        age.recipient(key.key)
    with changing(listed.parent):
        text = _text_of(listed)
        after = _with(text, keys)
        anew = _sealed_anew(after, listed, secrets, opened_by)
        if after != text:
            write_whole(listed, after.encode())
        for path, sealed in anew.items():
            write_whole(path, sealed)


def remove_recipients(
    listed: Path, keys: Sequence[str], secrets: Sequence[Path], opened_by: Sequence[age.Identity]
) -> None:
    """Write every secret anew without these readers, and take them off the list; last, so that what a crash broke off
    can be done again.

    Raises NotFound for a key that is not on the list, NotAllowed for the vault's own and for the one that
    `opened_by` holds, Misconfigured for a secret that cannot be opened; nothing is changed then.
    """
    with changing(listed.parent):
        text = _text_of(listed)
        after = _without(text, keys)
        anew = _sealed_anew(after, listed, secrets, opened_by)
        _check_still_opens(after, listed, opened_by)
        for path, sealed in anew.items():
            write_whole(path, sealed)
        write_whole(listed, after.encode())


def new_keys(known: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Those that are not known yet, each once; what follows an SSH key as its comment makes no other key of it."""
    taken = {_same(line) for line in known}
    return list({_same(key): key.strip() for key in keys if _same(key) not in taken}.values())


def public_keys(text: str) -> list[PublicKey]:
    """Those in a file of public keys, one a line, each with its name: the comment on the line right above it, or what
    follows an SSH key. Raises BadInput where there is none."""
    found, above = [], ""
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith("#"):
            found.append(PublicKey(line, clean(above or " ".join(line.split()[2:]), MAX_NAME)))
        above = line.lstrip("# ") if line.startswith("#") and line != HEAD else ""
    if not found:
        raise BadInput("no public key was named: give one, or a file that holds one a line", field="recipient")
    return found


def _with(text: str, keys: Sequence[PublicKey]) -> str:
    """The list with those of the keys that are not on it yet; the name of each stands right above it."""
    names = {_same(key.key): key.name for key in keys}
    lines = [text.rstrip("\n")]
    for key in new_keys(text.splitlines(), [key.key for key in keys]):
        name = names[_same(key)]
        lines += [f"# {name}", key] if name and name != " ".join(key.split()[2:]) else [key]
    return "\n".join([*lines, ""]) if len(lines) > 1 else text


def _without(text: str, keys: Sequence[str]) -> str:
    """The list without these keys and their names."""
    gone = {_same(key) for key in keys}
    own, *others = (_same(key.key) for key in public_keys(text))
    if own in gone:
        raise NotAllowed("the vault's own key cannot be taken away: `mailtui vault reset` starts a new vault instead")
    if strangers := gone - set(others):
        stranger = min(strangers)
        said = clean(stranger, 80) if stranger.startswith(PUBLIC) else "that key"  # A private one by mistake, perhaps.
        raise NotFound(f"{said} does not read the vault: mailtui vault status lists who does")
    kept: list[str] = []
    for line in text.splitlines():
        if _same(line) not in gone:
            kept.append(line)
        elif kept[-1].startswith("#") and kept[-1].strip() != HEAD:
            kept.pop()  # Its name.
    return "\n".join([*kept, ""])


def _sealed_anew(
    recipients: str, listed: Path, secrets: Sequence[Path], opened_by: Sequence[age.Identity]
) -> dict[Path, bytes]:
    """Every secret for the readers of this list."""
    readers = age.recipients(recipients, listed)
    opened = {path: age.decrypt(read_private(path), opened_by, path) for path in secrets}
    return {path: age.encrypt(secret, readers) for path, secret in opened.items()}


def _check_still_opens(recipients: str, listed: Path, opened_by: Sequence[age.Identity]) -> None:
    """Tried, and not compared: the public key of an SSH identity is not in it."""
    try:
        age.decrypt(age.encrypt(SecretStr("tried"), age.recipients(recipients, listed)), opened_by, listed)
    except Misconfigured as error:
        raise NotAllowed(
            "that key opens the vault here and now, so it cannot be taken away: do it where another key of the vault "
            "is used"
        ) from error


def _text_of(listed: Path) -> str:
    return read_private(listed).decode(errors="replace")


def _same(line: str) -> str:
    """What makes two lines the same key: all but an SSH key's comment."""
    return " ".join(line.split()[:2])

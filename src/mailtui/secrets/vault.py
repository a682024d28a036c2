"""The vault: a directory of age files, one a secret, for hosts that have no keyring of their own.

    recipients.txt   public keys that every secret is written for; writing needs nothing else
    identity.age     the private key under a passphrase; not there where the identity is kept elsewhere
    <id>.age         one secret, exactly its octets

The standard tool opens all of it: `age -d identity.age > key`, then `age -d -i key <id>.age`.
"""

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from pydantic import SecretBytes, SecretStr

from mailtui.core.errors import CannotCreate, Misconfigured, NotFound
from mailtui.secrets import age
from mailtui.secrets.contract import RESERVED_IDS, SECRET_ID, Backend, Locked, check_secret_id
from mailtui.secrets.key_files import check_passphrase, passphrase_in, secret_file
from mailtui.secrets.private_files import (
    changing,
    check_private_directory,
    read_private,
    remove,
    shown,
    sync_directory,
    write_whole,
)
from mailtui.secrets.readers import (
    HEAD,
    PublicKey,
    add_recipients,
    locked_anew,
    public_keys,
    remove_recipients,
    replace_identity,
)

RECIPIENTS: Final = "recipients.txt"
IDENTITY: Final = "identity.age"

HOW_TO_UNLOCK: Final = (
    "set MAILTUI_PASSPHRASE_FILE to a file of mode 0600 that holds the vault's passphrase, "
    "or MAILTUI_IDENTITY_FILE to one that holds its age identity (AGE-SECRET-KEY-1…)"
)


class AgeVault(KeyringBackend):
    """Implements `Secrets`, and keyring's interface for other programs. Keep one a process: it is unlocked once.

    Everything raises Misconfigured where a file or the directory is damaged, a link, or open to other users.
    """

    priority: ClassVar[float] = 1.0
    backend: Final = Backend.VAULT

    def __init__(
        self,
        directory: Path,
        *,
        passphrase_file: Path | None = None,
        identity_file: Path | None = None,
        why: str = "it was asked for",
    ) -> None:
        # keyring's own __init__ is left out: it takes attributes from the environment, and so could move the vault.
        self.directory = directory
        self.why = why
        self._passphrase_file = passphrase_file
        self._identity_file = identity_file
        self._identities: list[age.Identity] = []
        self._unlocking = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether there is a vault yet; an empty directory is none."""
        return self._holds(RECIPIENTS)

    @property
    def locked(self) -> bool:
        return not (self._identities or self._identity_file or self._passphrase_file)

    def has(self, secret_id: str) -> bool:
        return self._holds(self._path(secret_id).name)

    def names(self) -> frozenset[str]:
        stems: set[str] = set()
        with contextlib.suppress(FileNotFoundError):
            check_private_directory(self.directory)
            stems = {path.stem for path in self.directory.glob("*.age")}
        return frozenset(stem for stem in stems if SECRET_ID.fullmatch(stem) and stem.casefold() not in RESERVED_IDS)

    def get(self, secret_id: str) -> SecretStr:
        path = self._path(secret_id)
        try:
            check_private_directory(self.directory)
            sealed = read_private(path)
        except FileNotFoundError as error:
            raise NotFound(f"there is no {shown(path)}: enter the password of its address again") from error
        return age.decrypt(sealed, self.keys(), path)

    def put(self, secret_id: str, secret: SecretStr) -> None:
        path = self._path(secret_id)
        if not self.exists:
            self._create_by_files()
        with changing(self.directory):  # from the reading of the recipients on: somebody may be adding one
            write_whole(path, age.encrypt(secret, self._recipients()))

    def delete(self, secret_id: str) -> None:
        path = self._path(secret_id)
        if self.has(secret_id):
            with changing(self.directory):
                remove(path)

    def unlock(self, passphrase: SecretStr) -> None:
        """Raises Locked when the passphrase is wrong, Misconfigured when there is nothing that one could open."""
        check_passphrase(passphrase)
        with self._unlocking:
            if not self._identities:
                self._identities = self._open_identity(passphrase)

    def create(self, key: SecretStr | Path) -> None:
        """Make the vault, for a passphrase or for the identity in a file. It appears whole in one step; of several
        processes one wins, and the others use its vault: Locked says where the passphrase does not fit that."""
        identity, files = self._new_vault(key)
        if self._install(files):
            self._identities = age.identities(identity, self.directory / IDENTITY)
        elif isinstance(key, SecretStr):
            self.unlock(key)

    @property
    def opened_by(self) -> str:
        """Which file opens it without anybody being asked: `identity file` or `passphrase file`; empty where none."""
        return "identity file" if self._identity_file else "passphrase file" if self._passphrase_file else ""

    @property
    def has_passphrase(self) -> bool:
        """Whether its identity lies in it under a passphrase; else it is kept elsewhere."""
        return self._holds(IDENTITY)

    @property
    def public_keys(self) -> list[PublicKey]:
        """Whom every secret is written for, the vault's own key first; none where there is no vault."""
        return public_keys(self._recipients_text()) if self.exists else []

    def locked_anew(self, old: SecretStr | None, new: SecretStr) -> tuple[bytes, bytes]:
        """The identity's file as it is, and as it would be under the passphrase `new`; seconds, twice. `old`: None
        where the passphrase file has it. Raises Locked, Misconfigured where the identity is kept elsewhere."""
        check_passphrase(new)
        if old is None and self._passphrase_file:
            old = passphrase_in(self._passphrase_file)
        if old is None:
            raise Locked(f"the passphrase of {shown(self.directory)} is needed to change it: {HOW_TO_UNLOCK}")
        check_passphrase(old)
        return locked_anew(self.directory / IDENTITY, old, new)

    def replace_identity(self, before: bytes, after: bytes) -> None:
        """Raises Conflict where it is no longer the one that it was before."""
        replace_identity(self.directory / IDENTITY, before, after)

    def add_recipients(self, keys: Sequence[PublicKey]) -> None:
        """Let more people in, to the secrets that are there too. Raises Locked, and what `readers.add_recipients`
        does."""
        add_recipients(self.directory / RECIPIENTS, keys, self._secret_files(), self.keys())

    def remove_recipients(self, keys: Sequence[str]) -> None:
        """Let these people read nothing any more of what is there or comes. Raises Locked, and what
        `readers.remove_recipients` does."""
        remove_recipients(self.directory / RECIPIENTS, keys, self._secret_files(), self.keys())

    def seal(self, text: SecretStr, keys: Sequence[str] = ()) -> bytes:
        """The text as an age file for these public keys, or for all who can read the vault. Raises BadInput."""
        return age.encrypt(text, [age.recipient(key) for key in keys] or self._recipients())

    def set_aside(self, name: str) -> Path:
        """Rename the vault within its directory, with all that is in it; the next secret makes a new one. Where it is
        now. Raises CannotCreate."""
        aside = self.directory.with_name(name)
        with changing(self.directory):
            try:
                self.directory.rename(aside)
                sync_directory(aside.parent)
            except OSError as error:
                raise CannotCreate(
                    f"{shown(self.directory)} cannot be renamed to {shown(aside)} ({error.strerror}); it is as it was"
                ) from error
        self._identities = []
        return aside

    def get_password(self, service: str, username: str) -> str | None:
        """For keyring: `service` is not looked at, since a vault is one service's; `username` is the secret's id."""
        try:
            return self.get(username).get_secret_value()
        except NotFound:
            return None

    def set_password(self, service: str, username: str, password: str) -> None:
        """For keyring."""
        self.put(username, SecretStr(password))

    def delete_password(self, service: str, username: str) -> None:
        """For keyring, which wants an error when it is not there."""
        if not self.has(username):
            raise PasswordDeleteError(f"there is no secret {username} in {shown(self.directory)}")
        self.delete(username)

    def _secret_files(self) -> list[Path]:
        return [self._path(secret_id) for secret_id in sorted(self.names())]

    def _path(self, secret_id: str) -> Path:
        return self.directory / f"{check_secret_id(secret_id)}.age"

    def _holds(self, name: str) -> bool:
        try:
            check_private_directory(self.directory)
        except FileNotFoundError:
            return False
        return os.path.lexists(self.directory / name)

    def _recipients(self) -> list[age.Recipient]:
        return age.recipients(self._recipients_text(), self.directory / RECIPIENTS)

    def _recipients_text(self) -> str:
        return read_private(self.directory / RECIPIENTS).decode(errors="replace")

    def keys(self) -> list[age.Identity]:
        """What opens the secrets; once a process it takes seconds. Raises Locked."""
        with self._unlocking:
            if not self._identities and self._identity_file:
                self._identities = age.identities(secret_file(self._identity_file), self._identity_file)
            if not self._identities and self._passphrase_file:
                self._identities = self._open_identity(passphrase_in(self._passphrase_file))
            if not self._identities:
                raise Locked(f"the vault {shown(self.directory)} is locked: {HOW_TO_UNLOCK}")
            return self._identities

    def _open_identity(self, passphrase: SecretStr) -> list[age.Identity]:
        path = self.directory / IDENTITY
        try:
            sealed = read_private(path)
        except FileNotFoundError as error:
            raise Misconfigured(
                f"there is no {shown(path)} that a passphrase could open: set MAILTUI_IDENTITY_FILE to the file that "
                "holds the vault's age identity"
            ) from error
        return age.identities(age.unlock_identity(sealed, passphrase, path), path)

    def _create_by_files(self) -> None:
        if self._identity_file:
            self.create(self._identity_file)
        elif self._passphrase_file:
            self.create(passphrase_in(self._passphrase_file))
        else:
            raise Locked(f"there is no vault {shown(self.directory)} yet; to have one made, {HOW_TO_UNLOCK}", new=True)

    def _new_vault(self, key: SecretStr | Path) -> tuple[SecretBytes, dict[str, bytes]]:
        """The new vault's identity, and its files."""
        source = key if isinstance(key, Path) else self.directory / IDENTITY
        identity = secret_file(key) if isinstance(key, Path) else age.new_identity()
        public = [age.recipient_of(each, source) for each in age.identities(identity, source)]
        files = {RECIPIENTS: "\n".join([HEAD, *public, ""]).encode()}
        if isinstance(key, SecretStr):
            check_passphrase(key)
            files[IDENTITY] = age.lock_identity(identity, key, source)
        return identity, files

    def _install(self, files: dict[str, bytes]) -> bool:
        """Whether this vault became the one. A rename onto a directory that holds something fails (rename(2)), and
        that is what lets exactly one process win."""
        parent = self.directory.parent
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=f".{self.directory.name}.", dir=parent))
        except OSError as error:
            raise CannotCreate(f"no vault can be made in {shown(parent)} ({error.strerror})") from error
        try:
            for name, content in files.items():
                write_whole(made / name, content)
            made.rename(self.directory)
            sync_directory(parent)
        except OSError as error:
            if self.exists:
                return False
            raise Misconfigured(
                f"{shown(self.directory)} is in the way of a new vault ({error.strerror}): put its {RECIPIENTS} back "
                "if it is one, or move it away"
            ) from error
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return True

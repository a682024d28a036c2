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
from pathlib import Path
from typing import ClassVar, Final

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from pydantic import SecretBytes, SecretStr

from mailtui.core.errors import BadInput, CannotCreate, Misconfigured, NotFound
from mailtui.secrets import age
from mailtui.secrets.contract import RESERVED_IDS, SECRET_ID, Backend, Locked, check_secret_id
from mailtui.secrets.private_files import (
    changing,
    check_private_directory,
    read_private,
    remove,
    shown,
    sync_directory,
    write_whole,
)

RECIPIENTS: Final = "recipients.txt"
IDENTITY: Final = "identity.age"

RECIPIENTS_HEAD: Final = "# Who can read the secrets in this directory: public keys, one a line, of age or SSH.\n"

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
        return age.decrypt(sealed, self._keys(), path)

    def put(self, secret_id: str, secret: SecretStr) -> None:
        path = self._path(secret_id)
        if not self.exists:
            self._create_by_files()
        sealed = age.encrypt(secret, self._recipients())
        with changing(self.directory):
            write_whole(path, sealed)

    def delete(self, secret_id: str) -> None:
        path = self._path(secret_id)
        if self.has(secret_id):
            with changing(self.directory):
                remove(path)

    def unlock(self, passphrase: SecretStr) -> None:
        """Raises Locked when the passphrase is wrong, Misconfigured when there is nothing that one could open."""
        _check_passphrase(passphrase)
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

    def _path(self, secret_id: str) -> Path:
        return self.directory / f"{check_secret_id(secret_id)}.age"

    def _holds(self, name: str) -> bool:
        try:
            check_private_directory(self.directory)
        except FileNotFoundError:
            return False
        return os.path.lexists(self.directory / name)

    def _recipients(self) -> list[age.Recipient]:
        path = self.directory / RECIPIENTS
        return age.recipients(read_private(path).decode(errors="replace"), path)

    def _keys(self) -> list[age.Identity]:
        with self._unlocking:
            if not self._identities and self._identity_file:
                self._identities = age.identities(_secret_file(self._identity_file), self._identity_file)
            if not self._identities and self._passphrase_file:
                self._identities = self._open_identity(_passphrase_in(self._passphrase_file))
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
            self.create(_passphrase_in(self._passphrase_file))
        else:
            raise Locked(f"there is no vault {shown(self.directory)} yet; to have one made, {HOW_TO_UNLOCK}", new=True)

    def _new_vault(self, key: SecretStr | Path) -> tuple[SecretBytes, dict[str, bytes]]:
        """The new vault's identity, and its files."""
        source = key if isinstance(key, Path) else self.directory / IDENTITY
        identity = _secret_file(key) if isinstance(key, Path) else age.new_identity()
        public = [age.recipient_of(each, source) for each in age.identities(identity, source)]
        files = {RECIPIENTS: (RECIPIENTS_HEAD + "\n".join(public) + "\n").encode()}
        if isinstance(key, SecretStr):
            _check_passphrase(key)
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


def _secret_file(path: Path) -> SecretBytes:
    try:
        return SecretBytes(read_private(path))
    except FileNotFoundError as error:
        raise Misconfigured(f"there is no file {shown(path)}: make it with mode 0600, or name another") from error


def _passphrase_in(path: Path) -> SecretStr:
    """What the file holds, without one newline at its end."""
    passphrase: SecretStr | None = None
    with contextlib.suppress(UnicodeDecodeError):
        passphrase = SecretStr(_secret_file(path).get_secret_value().decode().removesuffix("\n"))
    if not passphrase:  # raised here, since the error that was caught holds the passphrase
        raise Misconfigured(f"{shown(path)} holds no passphrase in UTF-8: write the vault's passphrase into it")
    return passphrase


def _check_passphrase(passphrase: SecretStr) -> None:
    usable = bool(passphrase)
    try:
        passphrase.get_secret_value().encode()
    except UnicodeEncodeError:
        usable = False
    if not usable:
        raise BadInput("a passphrase of at least one character is needed, without halves of characters", "passphrase")

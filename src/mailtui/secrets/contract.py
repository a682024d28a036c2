"""What every keeper of secrets does, whichever it is."""

import re
from enum import StrEnum
from typing import Final, Protocol

from pydantic import SecretStr

from mailtui.core.errors import BadInput, Misconfigured
from mailtui.core.text import clean

SERVICE: Final = "mailtui"
"""The service's name under which a keyring keeps our secrets."""

SECRET_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""An id is also the name of a file, and so it holds nothing that a path could mean."""

RESERVED_IDS: Final = frozenset({"identity"})
"""Names of the vault's own files, compared without regard to case as some file systems do."""


class Backend(StrEnum):
    """Which kind of keeper it is; the value is what a database remembers."""

    SYSTEM = "system"
    """The keyring of the desktop or the operating system."""
    VAULT = "vault"
    """A directory of age files."""


class Locked(Misconfigured):
    """A passphrase or an identity is needed. A face with a person before it asks for the passphrase and calls `unlock`
    (or `create`, where `new`); any other shows the text, which says what to set."""

    def __init__(self, message: str, *, new: bool = False) -> None:
        super().__init__(message)
        self.new = new
        """There is no vault yet: the passphrase is chosen now, and so it is asked for twice."""


class Secrets(Protocol):
    """Secrets by their id (1 to 64 of `A-Z a-z 0-9 _ -`). Every method blocks, some for seconds, and may be called
    from any thread.

    All methods raise BadInput for an id that is none, Misconfigured where the keeper is out of order, TryAgain where
    waiting helps.
    """

    @property
    def backend(self) -> Backend:
        """Which kind is in use."""
        ...

    @property
    def why(self) -> str:
        """One sentence: why it is this one."""
        ...

    @property
    def locked(self) -> bool:
        """`get` would raise Locked."""
        ...

    def get(self, secret_id: str) -> SecretStr:
        """Raises NotFound, or Locked where it must be unlocked first."""
        ...

    def put(self, secret_id: str, secret: SecretStr) -> None:
        """Add it, or replace it whole. Raises CannotCreate, or Locked with `new` where there is no vault yet."""
        ...

    def delete(self, secret_id: str) -> None:
        """Take it away; one that is not there is no error."""
        ...

    def has(self, secret_id: str) -> bool:
        """Whether it is there; never needs the vault unlocked."""
        ...

    def names(self) -> frozenset[str] | None:
        """The ids that are there; None where the keeper cannot list them."""
        ...

    def unlock(self, passphrase: SecretStr) -> None:
        """Once a process; some seconds. Raises Locked when the passphrase is wrong. Nothing to do for a system's
        keyring, which asks the person itself."""
        ...

    def create(self, passphrase: SecretStr) -> None:
        """Make the vault, unlocked. Where another process was first, its vault is used. Nothing to do for a system's
        keyring."""
        ...


def check_secret_id(secret_id: str) -> str:
    """The id itself. Raises BadInput when it is none."""
    if SECRET_ID.fullmatch(secret_id) is None or secret_id.casefold() in RESERVED_IDS:
        raise BadInput(f"{clean(secret_id, 80)!r} cannot be the id of a secret: use 1 to 64 letters, digits, _ and -")
    return secret_id

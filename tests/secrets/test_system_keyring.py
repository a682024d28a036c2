"""Secrets in a keyring of the system; a small one in memory stands for those of desktops."""

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError
from pydantic import SecretStr

from mailtui.core.errors import BadInput, Misconfigured, NotFound, TryAgain
from mailtui.secrets import Secrets
from mailtui.secrets.system import SystemKeyring

SECRET = SecretStr("correct horse")


class MemoryKeyring(KeyringBackend):
    """Keeps passwords in memory, and fails as it is told."""

    priority = -1.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.failure: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.failure:
            raise self.failure
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.failure:
            raise self.failure
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("No such password!")
        del self.kept[service, username]


def test_a_secret_is_kept_under_the_service_and_the_installation() -> None:
    keyring = MemoryKeyring()
    secrets: Secrets = SystemKeyring(keyring, "f00d", "it answers")
    secrets.put("sales", SECRET)
    assert keyring.kept == {("mailtui", "f00d:sales"): "correct horse"}
    assert secrets.get("sales") == SECRET
    assert secrets.has("sales")
    assert secrets.names() is None
    assert not secrets.locked
    assert not SystemKeyring(keyring, "another", "it answers").has("sales")


def test_a_secret_that_is_gone_is_not_found_and_can_be_deleted_again() -> None:
    secrets = SystemKeyring(MemoryKeyring(), "f00d", "it answers")
    secrets.put("sales", SECRET)
    secrets.delete("sales")
    secrets.delete("sales")
    with pytest.raises(NotFound, match="no secret sales"):
        secrets.get("sales")


def test_an_id_that_is_none_never_reaches_the_keyring() -> None:
    with pytest.raises(BadInput):
        SystemKeyring(MemoryKeyring(), "f00d", "it answers").put("a:b", SECRET)


def test_a_keyring_that_stays_locked_can_be_tried_again() -> None:
    keyring = MemoryKeyring()
    keyring.failure = KeyringLocked("Failed to unlock the collection!")
    with pytest.raises(TryAgain, match="unlock it"):
        SystemKeyring(keyring, "f00d", "it answers").get("sales")


def test_what_a_keyring_says_is_made_safe_and_never_holds_the_secret() -> None:
    keyring = MemoryKeyring()
    secrets = SystemKeyring(keyring, "f00d", "it answers")
    keyring.failure = OSError("the bus \x1b[31mbroke")
    with pytest.raises(Misconfigured, match=r"the bus .\[31mbroke") as broken:
        secrets.put("sales", SECRET)
    assert "\x1b" not in str(broken.value)
    keyring.failure = ValueError("cannot store 'correct horse'")
    with pytest.raises(Misconfigured, match="ValueError") as refused:
        secrets.put("sales", SECRET)
    assert "correct horse" not in str(refused.value)

"""Whatever goes wrong, no error shows a secret: not in its words, not in the local variables of its frames."""

import base64
import traceback
from collections.abc import Callable
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest
from pydantic import SecretStr

from mailtui.core.errors import MailtuiError
from mailtui.secrets import age
from mailtui.secrets.system import SystemKeyring
from mailtui.secrets.vault import IDENTITY, AgeVault
from tests.secrets.conftest import private
from tests.secrets.test_system_keyring import MemoryKeyring

PLANTED = "wyvern-basilisk-cockatrice"
BROKEN = PLANTED + "\udcff"
"""Not to be encoded: an encoding error holds the whole text."""


class Talkative(MemoryKeyring):
    """Says the password in its errors, and keeps it in its frames."""

    def get_password(self, service: str, username: str) -> str | None:
        found = PLANTED
        raise ValueError(f"{username} is {found}"[: len(username)])

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ValueError(f"cannot keep {password}")


def everything_shown(error: BaseException) -> str:
    """The error as a careless crash report would print it, suppressed causes included."""
    told = [repr(error), str(error), repr(error.args), repr(vars(error))]
    told += traceback.TracebackException.from_exception(error, capture_locals=True).format()
    for behind in (error.__cause__, error.__context__):
        if behind is not None:
            told.append(everything_shown(behind))
    return "\n".join(told)


def put_in_the_vault(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    vault.put("sales", SecretStr(BROKEN))


def put_where_nothing_can_be_written(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    (vault.directory / "sales.age").mkdir()
    vault.put("sales", SecretStr(PLANTED))


def put_through_keyring_where_nothing_can_be_written(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    (vault.directory / "sales.age").mkdir()
    SystemKeyring(vault, "here", "asked for").put("sales", SecretStr(PLANTED))


def put_without_recipients(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    (vault.directory / "recipients.txt").write_text("nobody")
    vault.put("sales", SecretStr(PLANTED))


def get_what_is_not_text(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    (recipient,) = age.recipients((vault.directory / "recipients.txt").read_text(), vault.directory)
    private(vault.directory / "sales.age", pyrage.encrypt(PLANTED.encode() + b"\xff", [recipient]))
    vault.get("sales")


def open_with_a_broken_identity(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    vault.put("sales", SecretStr("any"))
    broken = private(vault.directory.parent / "broken", f"AGE-SECRET-KEY-1{PLANTED}\n".encode())
    AgeVault(vault.directory, identity_file=broken).get("sales")


def open_with_an_identity_that_is_not_text(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    vault.put("sales", SecretStr("any"))
    broken = private(vault.directory.parent / "broken", PLANTED.encode() + b"\xff")
    AgeVault(vault.directory, identity_file=broken).get("sales")


def open_with_a_passphrase_file_that_is_not_text(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    vault.put("sales", SecretStr("any"))
    broken = private(vault.directory.parent / "broken", PLANTED.encode() + b"\xff")
    AgeVault(vault.directory, passphrase_file=broken).get("sales")


def create_with_half_a_character(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    AgeVault(vault.directory / "new").create(SecretStr(BROKEN))


def unlock_a_damaged_identity(vault: AgeVault, _: pytest.MonkeyPatch) -> None:
    private(vault.directory / IDENTITY, b"age-encryption.org/v1\n")
    AgeVault(vault.directory).unlock(SecretStr(PLANTED))


def unlock_where_no_process_can_start(vault: AgeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    private(vault.directory / IDENTITY, b"age-encryption.org/v1\n")
    monkeypatch.setattr("sys.executable", "/no/such/python")
    AgeVault(vault.directory).unlock(SecretStr(PLANTED))


def unlock_where_a_process_never_ends(vault: AgeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    private(vault.directory / IDENTITY, b"age-encryption.org/v1\n")
    monkeypatch.setattr(age, "SCRYPT_LIMIT", 0.001)
    AgeVault(vault.directory).unlock(SecretStr(PLANTED))


def put_in_a_talkative_keyring(_: AgeVault, __: pytest.MonkeyPatch) -> None:
    SystemKeyring(Talkative(), "here", "it answers").put("sales", SecretStr(PLANTED))


def get_from_a_talkative_keyring(_: AgeVault, __: pytest.MonkeyPatch) -> None:
    SystemKeyring(Talkative(), "here", "it answers").get("sales")


@pytest.mark.parametrize(
    "goes_wrong",
    [
        put_in_the_vault,
        put_where_nothing_can_be_written,
        put_through_keyring_where_nothing_can_be_written,
        put_without_recipients,
        get_what_is_not_text,
        open_with_a_broken_identity,
        open_with_an_identity_that_is_not_text,
        open_with_a_passphrase_file_that_is_not_text,
        create_with_half_a_character,
        unlock_a_damaged_identity,
        unlock_where_no_process_can_start,
        unlock_where_a_process_never_ends,
        put_in_a_talkative_keyring,
        get_from_a_talkative_keyring,
    ],
)
def test_an_error_never_shows_the_secret(
    vault: AgeVault, monkeypatch: pytest.MonkeyPatch, goes_wrong: Callable[[AgeVault, pytest.MonkeyPatch], None]
) -> None:
    with pytest.raises(MailtuiError) as raised:
        goes_wrong(vault, monkeypatch)
    shown = everything_shown(raised.value)
    assert PLANTED not in shown
    assert base64.b64encode(PLANTED.encode()).decode() not in shown


def test_an_open_vault_does_not_show_its_key(vault: AgeVault, identity_file: Path) -> None:
    vault.put("sales", SecretStr(PLANTED))
    key = identity_file.read_text().strip()
    shown = repr(vault.get("sales")) + repr(vault) + repr(vars(vault))
    assert PLANTED not in shown
    assert key not in shown


def test_no_file_of_a_vault_holds_the_secret(vault: AgeVault) -> None:
    vault.put("sales", SecretStr(PLANTED))
    assert not [path for path in vault.directory.iterdir() if PLANTED.encode() in path.read_bytes()]

"""The vault as a keeper of secrets, opened by an identity file."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from pydantic import SecretStr

from mailtui.core.errors import BadInput, CannotCreate, MailtuiError, Misconfigured, NotFound
from mailtui.secrets import Locked
from mailtui.secrets.private_files import LOCK_FILE, NEW_FILE
from mailtui.secrets.vault import RECIPIENTS, AgeVault
from tests.secrets.conftest import private

SECRET = SecretStr("correct horse")

one_directory = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # every example writes the same file anew


@one_directory
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_secret_comes_back_exactly_as_it_was(vault: AgeVault, text: str) -> None:
    vault.put("sales", SecretStr(text))
    assert vault.get("sales").get_secret_value() == text


def test_a_secret_can_be_replaced_listed_and_taken_away_twice(vault: AgeVault) -> None:
    vault.put("sales", SecretStr("old"))
    vault.put("sales", SECRET)
    vault.put("Support_2-x", SECRET)
    assert vault.get("sales") == SECRET
    assert vault.names() == {"sales", "Support_2-x"}
    vault.delete("sales")
    vault.delete("sales")
    assert not vault.has("sales")
    assert vault.names() == {"Support_2-x"}
    with pytest.raises(NotFound, match=r"sales\.age"):
        vault.get("sales")


def test_writing_listing_and_removing_need_no_key(vault: AgeVault) -> None:
    keyless = AgeVault(vault.directory)
    keyless.put("sales", SECRET)
    assert keyless.has("sales")
    assert keyless.names() == {"sales"}
    assert keyless.locked
    with pytest.raises(Locked, match=r"MAILTUI_PASSPHRASE_FILE.*MAILTUI_IDENTITY_FILE") as locked:
        keyless.get("sales")
    assert not locked.value.new
    assert vault.get("sales") == SECRET
    keyless.delete("sales")
    assert not vault.has("sales")


def test_without_a_vault_the_first_secret_says_what_to_set(tmp_path: Path) -> None:
    vault = AgeVault(tmp_path / "vault")
    assert not vault.has("sales")
    assert vault.names() == frozenset()
    with pytest.raises(NotFound):
        vault.get("sales")
    with pytest.raises(Locked, match="MAILTUI_PASSPHRASE_FILE") as locked:
        vault.put("sales", SECRET)
    assert locked.value.new
    assert not vault.directory.exists()


@pytest.mark.parametrize("there", [False, True])
def test_with_an_identity_file_the_first_secret_makes_the_vault(
    tmp_path: Path, identity_file: Path, there: bool
) -> None:
    directory = tmp_path / "data" / "vault"
    if there:
        directory.mkdir(mode=0o700, parents=True)
    AgeVault(directory, identity_file=identity_file).put("sales", SECRET)
    assert AgeVault(directory, identity_file=identity_file).get("sales") == SECRET
    assert [path.name for path in directory.parent.iterdir()] == ["vault"]


def test_everything_in_a_vault_is_for_its_owner_alone(vault: AgeVault) -> None:
    vault.put("sales", SECRET)
    assert stat.S_IMODE(vault.directory.stat().st_mode) == 0o700
    files = list(vault.directory.iterdir())
    assert {file.name for file in files} == {RECIPIENTS, LOCK_FILE, "sales.age"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.parametrize("secret_id", ["", "a/b", "..", ".hidden", "a" * 65, "ä", "a b", "a\n", "identity", "Identity"])
def test_an_id_that_could_mean_another_file_is_refused(vault: AgeVault, secret_id: str) -> None:
    for use in (vault.get, vault.delete, vault.has, lambda name: vault.put(name, SECRET)):
        with pytest.raises(BadInput, match="id of a secret"):
            use(secret_id)


@pytest.mark.parametrize(("name", "mode"), [(".", 0o750), (".", 0o701), (RECIPIENTS, 0o620), (RECIPIENTS, 0o604)])
def test_what_others_can_reach_is_refused_with_the_command_that_helps(vault: AgeVault, name: str, mode: int) -> None:
    lax = vault.directory / name
    lax.chmod(mode)
    right = 0o700 if name == "." else 0o600
    with pytest.raises(Misconfigured, match=f"chmod {right:o} {lax}"):
        vault.put("sales", SECRET)
    lax.chmod(right)
    vault.put("sales", SECRET)


def test_a_secret_or_an_identity_that_others_can_read_is_refused(vault: AgeVault, identity_file: Path) -> None:
    vault.put("sales", SECRET)
    for file in (vault.directory / "sales.age", identity_file):
        file.chmod(0o640)
        with pytest.raises(Misconfigured, match=rf"mode 0640.*chmod 600 {file}"):
            AgeVault(vault.directory, identity_file=identity_file).get("sales")
        file.chmod(0o600)


def test_a_credential_that_systemd_hands_over_is_taken(
    vault: AgeVault, identity_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.put("sales", SECRET)
    identity_file.chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(identity_file.parent))
    assert AgeVault(vault.directory, identity_file=identity_file).get("sales") == SECRET
    identity_file.chmod(0o444)
    with pytest.raises(Misconfigured, match="chmod 600"):
        AgeVault(vault.directory, identity_file=identity_file).get("sales")


@pytest.mark.parametrize("name", ["sales.age", RECIPIENTS])
def test_a_symbolic_link_in_place_of_a_file_is_refused(vault: AgeVault, tmp_path: Path, name: str) -> None:
    vault.put("sales", SECRET)
    elsewhere = tmp_path / "elsewhere"
    (vault.directory / name).rename(elsewhere)
    (vault.directory / name).symlink_to(elsewhere)
    with pytest.raises(Misconfigured, match=f"{name} is a symbolic link"):
        vault.get("sales") if name == "sales.age" else vault.put("sales", SECRET)


def test_a_new_secret_never_goes_through_a_link(vault: AgeVault, tmp_path: Path) -> None:
    elsewhere = private(tmp_path / "elsewhere", b"untouched")
    (vault.directory / "sales.age").symlink_to(elsewhere)
    vault.put("sales", SECRET)
    assert elsewhere.read_bytes() == b"untouched"
    assert vault.get("sales") == SECRET


def test_a_named_pipe_in_place_of_a_file_makes_nobody_wait(vault: AgeVault) -> None:
    os.mkfifo(vault.directory / "sales.age", 0o600)
    with pytest.raises(Misconfigured, match="not a plain file"):
        vault.get("sales")


def test_a_link_or_a_file_in_place_of_the_directory_is_refused(vault: AgeVault, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(vault.directory)
    for path in (link, private(tmp_path / "file", b"")):
        with pytest.raises(Misconfigured, match=f"{path} is not a directory"):
            AgeVault(path).names()


def test_a_directory_with_other_things_is_not_taken_over(tmp_path: Path, identity_file: Path) -> None:
    directory = tmp_path / "vault"
    directory.mkdir(mode=0o700)
    (directory / "letter.txt").write_text("mine")
    with pytest.raises(Misconfigured, match="is in the way of a new vault"):
        AgeVault(directory, identity_file=identity_file).put("sales", SECRET)
    assert [path.name for path in directory.iterdir()] == ["letter.txt"]


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(vault: AgeVault) -> None:
    (vault.directory / "sales.age").mkdir()
    with pytest.raises(CannotCreate, match=r"sales\.age cannot be written"):
        vault.put("sales", SECRET)
    assert not (vault.directory / NEW_FILE).exists()


def test_a_secret_cut_short_anywhere_is_refused_and_left_as_it_is(vault: AgeVault) -> None:
    vault.put("sales", SECRET)
    path = vault.directory / "sales.age"
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(Misconfigured, match=r"sales\.age cannot be opened .* backup"):
            vault.get("sales")
        assert path.read_bytes() == whole[:length]


@one_directory
@given(where=st.floats(0, 1, exclude_max=True), difference=st.integers(1, 255))
def test_a_secret_changed_anywhere_is_refused_and_left_as_it_is(vault: AgeVault, where: float, difference: int) -> None:
    vault.put("sales", SECRET)
    path = vault.directory / "sales.age"
    changed = bytearray(path.read_bytes())
    changed[int(where * len(changed))] ^= difference
    path.write_bytes(changed)
    with pytest.raises(Misconfigured, match=r"sales\.age cannot be opened"):
        vault.get("sales")
    assert path.read_bytes() == changed


@one_directory
@given(content=st.binary(max_size=200))
def test_no_list_of_recipients_breaks_more_than_a_sentence(vault: AgeVault, content: bytes) -> None:
    path = vault.directory / RECIPIENTS
    kept = path.read_bytes()
    path.write_bytes(content)
    with pytest.raises(Misconfigured, match=RECIPIENTS):
        vault.put("sales", SECRET)
    path.write_bytes(kept)


def test_a_wrong_recipient_is_named_by_its_line(vault: AgeVault) -> None:
    path = vault.directory / RECIPIENTS
    path.write_text(path.read_text() + "\n# a colleague\nage1nonsense\n")
    with pytest.raises(Misconfigured, match=rf"{RECIPIENTS}, line 5"):
        vault.put("sales", SECRET)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_every_recipient_can_open_what_is_written_later(vault: AgeVault, tmp_path: Path, kind: str) -> None:
    key = tmp_path / "ssh-key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", key], check=True)
    path = vault.directory / RECIPIENTS
    path.write_text(path.read_text() + key.with_suffix(".pub").read_text())
    vault.put("sales", SECRET)
    assert vault.get("sales") == SECRET
    assert AgeVault(vault.directory, identity_file=key).get("sales") == SECRET


def test_an_identity_that_is_no_recipient_is_told_so(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    foreign = private(tmp_path / "foreign", str(pyrage.x25519.Identity.generate()).encode())
    with pytest.raises(Misconfigured, match="another identity"):
        AgeVault(vault.directory, identity_file=foreign).get("sales")


@one_directory
@given(content=st.binary(max_size=200))
def test_no_content_of_an_identity_file_breaks_more_than_a_sentence(vault: AgeVault, content: bytes) -> None:
    vault.put("sales", SECRET)
    broken = private(vault.directory.parent / "broken", content)
    with pytest.raises(Misconfigured, match="broken holds no age identity"):
        AgeVault(vault.directory, identity_file=broken).get("sales")


def test_a_missing_key_file_is_named(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    gone = tmp_path / "gone"
    for keys in (AgeVault(vault.directory, identity_file=gone), AgeVault(vault.directory, passphrase_file=gone)):
        with pytest.raises(Misconfigured, match=f"there is no file {gone}"):
            keys.get("sales")


def test_an_identity_kept_elsewhere_is_asked_for_when_a_passphrase_comes(vault: AgeVault) -> None:
    with pytest.raises(MailtuiError, match="MAILTUI_IDENTITY_FILE"):
        AgeVault(vault.directory).unlock(SecretStr("passphrase"))


def test_other_programs_reach_it_through_keyring(vault: AgeVault) -> None:
    keyring: KeyringBackend = vault
    keyring.set_password("mailtui", "sales", "correct horse")
    assert keyring.get_password("mailtui", "sales") == "correct horse"
    keyring.delete_password("mailtui", "sales")
    assert keyring.get_password("mailtui", "sales") is None
    with pytest.raises(PasswordDeleteError):
        keyring.delete_password("mailtui", "sales")


def test_the_environment_cannot_move_a_vault(
    tmp_path: Path, identity_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_DIRECTORY", str(tmp_path / "elsewhere"))
    assert AgeVault(tmp_path / "vault", identity_file=identity_file).directory == tmp_path / "vault"

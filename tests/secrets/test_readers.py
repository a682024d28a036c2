"""Who opens a vault: another passphrase, and further keys, which read what was written before them too."""

import shutil
import subprocess
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from mailtui.core.errors import BadInput, Conflict, Misconfigured, NotAllowed, NotFound
from mailtui.secrets import Locked
from mailtui.secrets.readers import HEAD, PublicKey, new_keys, public_keys
from mailtui.secrets.vault import IDENTITY, RECIPIENTS, AgeVault
from tests.secrets.conftest import private

OLD, NEW = SecretStr("the old one"), SecretStr("the new one")
SECRET = SecretStr("correct horse")

needs_ssh_keygen = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="needs the age tool")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault under the old passphrase, with one secret; each test changes a copy."""
    vault = AgeVault(tmp_path_factory.mktemp("data") / "vault")
    vault.create(OLD)
    vault.put("sales", SECRET)
    return vault.directory


def copied(directory: Path, to: Path) -> AgeVault:
    shutil.copytree(directory, to / "vault")
    return AgeVault(to / "vault")


def an_identity(path: Path) -> tuple[Path, str]:
    """An age identity in a file, and its public key."""
    identity = pyrage.x25519.Identity.generate()
    return private(path, f"{identity}\n".encode()), str(identity.to_public())


def an_ssh_key(path: Path, kind: str) -> tuple[Path, str]:
    """An SSH key without passphrase, and its public key as ssh-keygen writes it, with a comment."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "ana@desk", "-f", path], check=True)
    return path, path.with_suffix(".pub").read_text()


def test_after_a_change_only_the_new_passphrase_opens_it_and_the_secrets_are_the_same(
    directory: Path, tmp_path: Path
) -> None:
    vault = copied(directory, tmp_path)
    vault.replace_identity(*vault.locked_anew(OLD, NEW))
    fresh = AgeVault(vault.directory)
    with pytest.raises(Locked):
        fresh.unlock(OLD)
    fresh.unlock(NEW)
    assert fresh.get("sales") == SECRET


def test_a_wrong_passphrase_changes_nothing(directory: Path, tmp_path: Path) -> None:
    vault = copied(directory, tmp_path)
    before = (vault.directory / IDENTITY).read_bytes()
    with pytest.raises(Locked, match="passphrase does not open"):
        vault.locked_anew(SecretStr("no"), NEW)
    assert (vault.directory / IDENTITY).read_bytes() == before


def test_of_two_who_change_the_passphrase_at_once_the_second_is_told(directory: Path, tmp_path: Path) -> None:
    vault = copied(directory, tmp_path)
    before = (vault.directory / IDENTITY).read_bytes()
    vault.replace_identity(before, b"of the first")
    with pytest.raises(Conflict, match="try again"):
        vault.replace_identity(before, b"of the second")
    assert (vault.directory / IDENTITY).read_bytes() == b"of the first"


def test_the_old_passphrase_can_come_from_the_passphrase_file(directory: Path, tmp_path: Path) -> None:
    copied(directory, tmp_path)
    file = private(tmp_path / "passphrase", b"the old one\n")
    vault = AgeVault(tmp_path / "vault", passphrase_file=file)
    assert vault.opened_by == "passphrase file"
    vault.replace_identity(*vault.locked_anew(None, NEW))
    with pytest.raises(Locked):
        AgeVault(tmp_path / "vault", passphrase_file=file).get("sales")


def test_a_vault_without_a_passphrase_has_none_to_change(vault: AgeVault) -> None:
    with pytest.raises(Misconfigured, match="has no passphrase"):
        vault.locked_anew(OLD, NEW)
    with pytest.raises(Locked, match="is needed to change it"):
        vault.locked_anew(None, NEW)
    with pytest.raises(BadInput, match="at least one character"):
        vault.locked_anew(OLD, SecretStr(""))


def test_a_new_recipient_reads_old_and_new_secrets_and_the_first_still_does(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    file, public = an_identity(tmp_path / "ana")
    vault.add_recipients([PublicKey(public)])
    vault.put("support", SecretStr("later"))
    for one in (AgeVault(vault.directory, identity_file=file), vault):
        assert (one.get("sales"), one.get("support")) == (SECRET, SecretStr("later"))
    assert PublicKey(public) in vault.public_keys


@needs_ssh_keygen
@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_an_ssh_key_reads_what_was_stored_before_it_came(vault: AgeVault, tmp_path: Path, kind: str) -> None:
    vault.put("sales", SECRET)
    file, public = an_ssh_key(tmp_path / "id", kind)
    vault.add_recipients([PublicKey(public)])
    assert AgeVault(vault.directory, identity_file=file).get("sales") == SECRET


@needs_age
@needs_ssh_keygen
def test_the_age_tool_opens_it_with_the_added_ssh_key(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    file, public = an_ssh_key(tmp_path / "id", "ed25519")
    vault.add_recipients([PublicKey(public)])
    done = subprocess.run(["age", "-d", "-i", file, vault.directory / "sales.age"], capture_output=True, check=True)
    assert done.stdout.decode() == SECRET.get_secret_value()


def test_the_same_key_twice_is_listed_once_and_repairs_what_a_crash_broke_off(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    file, public = an_identity(tmp_path / "ana")
    listed = vault.directory / RECIPIENTS
    listed.write_text(listed.read_text() + public + "\n")  # As a process leaves it that ends after the list.
    with pytest.raises(Misconfigured):
        AgeVault(vault.directory, identity_file=file).get("sales")
    vault.add_recipients([PublicKey(public)])
    assert AgeVault(vault.directory, identity_file=file).get("sales") == SECRET
    assert vault.public_keys.count(PublicKey(public)) == 1


def test_one_secret_that_cannot_be_opened_stops_it_before_anything_is_written(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    private(vault.directory / "torn.age", b"age-encryption.org/v1\n")
    before = {path.name: path.read_bytes() for path in vault.directory.iterdir()}
    with pytest.raises(Misconfigured, match=r"torn\.age cannot be opened"):
        vault.add_recipients([PublicKey(an_identity(tmp_path / "ana")[1])])
    assert {path.name: path.read_bytes() for path in vault.directory.iterdir()} == before


def test_who_cannot_read_it_lets_nobody_in(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    with pytest.raises(Locked):
        AgeVault(vault.directory).add_recipients([PublicKey(an_identity(tmp_path / "ana")[1])])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_what_is_no_public_key_is_refused_and_changes_nothing(vault: AgeVault, text: str) -> None:
    before = (vault.directory / RECIPIENTS).read_bytes()
    with pytest.raises(BadInput, match="no public key"):
        vault.add_recipients([PublicKey(text)])
    assert (vault.directory / RECIPIENTS).read_bytes() == before


def test_a_private_key_named_by_mistake_is_not_shown(vault: AgeVault, tmp_path: Path) -> None:
    file, public = an_identity(tmp_path / "ana")
    for wrong in (file.read_text().strip(), f"{public}\n{public}"):
        with pytest.raises(BadInput) as error:
            vault.add_recipients([PublicKey(wrong)])
        assert wrong[:24] not in str(error.value)


@given(keys=st.lists(st.sampled_from(["age1a", "ssh-rsa AA x", "ssh-rsa AA y", "ssh-rsa BB"]), max_size=5))
def test_keys_are_new_once_whatever_their_comments_say(keys: list[str]) -> None:
    found = new_keys(["# age1a", "ssh-rsa AA of ana"], keys)
    assert len(found) == len({" ".join(key.split()[:2]) for key in keys} - {"ssh-rsa AA"})
    assert set(found) <= set(keys)


def test_a_reader_is_called_what_the_line_above_his_key_or_its_comment_says(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    ana, bob, eve = (an_identity(tmp_path / name)[1] for name in ("ana", "bob", "eve"))
    vault.add_recipients([PublicKey(ana, "Ana Pop"), PublicKey(bob)])
    vault.add_recipients([PublicKey(eve, "Eve")])
    assert [reader.name for reader in vault.public_keys] == ["", "Ana Pop", "", "Eve"]
    text = f"{HEAD}\n{ana}\n\n# of nobody\n\nssh-rsa AA bob@desk\n# Eve Marin\n  ssh-rsa BB eve@desk\n"
    assert [reader.name for reader in public_keys(text)] == ["", "bob@desk", "Eve Marin"]


@needs_age
def test_the_age_tool_takes_a_list_with_names(vault: AgeVault, tmp_path: Path) -> None:
    file, public = an_identity(tmp_path / "ana")
    vault.add_recipients([PublicKey(public, "Ana Pop")])
    sealed = subprocess.run(["age", "-R", vault.directory / RECIPIENTS], input=b"text", capture_output=True, check=True)
    opened = subprocess.run(["age", "-d", "-i", file], input=sealed.stdout, capture_output=True, check=True)
    assert opened.stdout == b"text"


def test_who_was_taken_out_reads_neither_old_nor_new_secrets_and_the_others_do(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    before = (vault.directory / RECIPIENTS).read_bytes()
    (file, public), (bobs, bob) = (an_identity(tmp_path / name) for name in ("ana", "bob"))
    vault.add_recipients([PublicKey(public, "Ana Pop"), PublicKey(bob, "Bob")])
    vault.remove_recipients([public])
    vault.put("support", SecretStr("later"))
    for secret_id in ("sales", "support"):
        with pytest.raises(Misconfigured, match="another identity"):
            AgeVault(vault.directory, identity_file=file).get(secret_id)
        assert AgeVault(vault.directory, identity_file=bobs).get(secret_id) == vault.get(secret_id)
    assert b"Ana" not in (vault.directory / RECIPIENTS).read_bytes()
    vault.remove_recipients([bob])
    assert (vault.directory / RECIPIENTS).read_bytes() == before


def test_the_vaults_own_key_and_the_one_in_use_stay_and_a_stranger_is_named(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    file, public = an_identity(tmp_path / "ana")
    vault.add_recipients([PublicKey(public)])
    before = {path.name: path.read_bytes() for path in vault.directory.iterdir()}
    with pytest.raises(NotAllowed, match="own key"):
        vault.remove_recipients([vault.public_keys[0].key])
    with pytest.raises(NotAllowed, match="opens the vault here"):
        AgeVault(vault.directory, identity_file=file).remove_recipients([public])
    with pytest.raises(NotFound, match="age1stranger does not read"):
        vault.remove_recipients([public, "age1stranger"])
    with pytest.raises(NotFound, match="that key does not read"):
        vault.remove_recipients(["AGE-SECRET-KEY-1GIVENBYMISTAKE"])
    with pytest.raises(Locked):
        AgeVault(vault.directory).remove_recipients([public])
    assert {path.name: path.read_bytes() for path in vault.directory.iterdir()} == before


@needs_ssh_keygen
def test_an_ssh_key_is_taken_out_by_its_public_key_whatever_its_comment(vault: AgeVault, tmp_path: Path) -> None:
    vault.put("sales", SECRET)
    file, public = an_ssh_key(tmp_path / "id", "ed25519")
    vault.add_recipients(public_keys(public))
    assert vault.public_keys[1].name == "ana@desk"
    with pytest.raises(NotAllowed, match="opens the vault here"):
        AgeVault(vault.directory, identity_file=file).remove_recipients([public])
    vault.remove_recipients([" ".join(public.split()[:2])])
    assert len(vault.public_keys) == 1


def test_a_vault_set_aside_is_whole_and_the_next_secret_makes_a_new_one(vault: AgeVault, identity_file: Path) -> None:
    vault.put("sales", SECRET)
    aside = vault.set_aside("vault.old")
    assert not vault.exists
    vault.put("sales", SecretStr("typed again"))
    assert vault.get("sales") == SecretStr("typed again")
    assert AgeVault(aside, identity_file=identity_file).get("sales") == SECRET

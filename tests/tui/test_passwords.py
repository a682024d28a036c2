"""Passwords on this host: who reads the vault, let in and taken out, its passphrase, and an export (issue 6, 1)."""

import json
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest
from pydantic import SecretStr

from mailtui.core.people import Role
from mailtui.operations.addresses import put_secret
from mailtui.operations.context import Context, vault_path
from mailtui.operations.vault import vault_status
from mailtui.operations.vault_readers import add_recipients, remove_recipients
from mailtui.secrets import Locked
from mailtui.secrets.readers import PublicKey
from mailtui.secrets.system import SystemKeyring
from mailtui.secrets.vault import AgeVault
from mailtui.store import Store
from mailtui.tui.screens.passwords import Passwords
from mailtui.tui.screens.vault_forms import ChangePassphrase
from tests.company import an_address
from tests.secrets.test_system_keyring import MemoryKeyring
from tests.tui.filling import pasted, says
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, Compare, a_working_company, as_employee, looks_as_before, on_page, typed, until

KEY = pyrage.x25519.Identity.generate()
PUBLIC = str(KEY.to_public())
PASSWORD = SecretStr("a-password-that-nobody-sees")
OLD, NEW = SecretStr("correct horse"), SecretStr("battery staple")

LIST = """# Who can read the secrets in this directory: public keys, one a line, of age or SSH.
age1ntekhfgh9lepphvru5gwd8kr60t56r5fwameh0wn7mctzljqau6sur8ujs
# Ana Pop
age1xppj76e2zft2lqmrspsk805sukd6msnc42v7sfv5shgjwwp0g47qd2gpmd
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPVkdVnZT3RW3hyUGFGNjkYQ4DN3a1ltD7tzpGnQf9VQ bob@desk
"""


def with_a_password(context: Context) -> Context:
    """The password of one address is in the keyring."""
    a_working_company(context.store)
    with context.store.transaction():
        context.store.addresses.save(an_address("sales@corp.example", secret_id=put_secret(context, PASSWORD)))
    return context


@pytest.fixture
def ana(store: Store, identity_file: object) -> Context:
    """The vault is opened by an identity file."""
    return with_a_password(as_employee(store, ANA))


@pytest.fixture
def locked(store: Store, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The vault is under the old passphrase, and not unlocked yet."""
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE", raising=False)
    monkeypatch.delenv("MAILTUI_PASSPHRASE_FILE", raising=False)
    first = as_employee(store, ANA)
    first.secrets.create(OLD)
    with_a_password(first)
    return as_employee(store, ANA)


async def test_the_page_says_where_they_are_who_reads_them_and_what_opens_the_vault(ana: Context) -> None:
    async with on_page(ana, Passwords) as pilot:
        await says(pilot, "One password in the vault")
        await says(pilot, "opened by an identity file, nobody is asked")
        await says(pilot, "the vault's own age age1")
        assert "d Take out" not in lines(pilot)[-1]
        assert PASSWORD.get_secret_value() not in shown(pilot)


async def test_a_pasted_key_is_let_in_by_name_and_taken_out_again(ana: Context) -> None:
    async with on_page(ana, Passwords) as pilot:
        await says(pilot, "One password in the vault")
        await pilot.press("a")
        await pasted(pilot, PUBLIC)
        await pilot.press("tab", "tab")
        await typed(pilot, "Ana Pop")
        await pilot.press("ctrl+s")
        await says(pilot, "One more key can read all passwords now")
        await says(pilot, "Ana Pop age age1")
        assert [reader.name for reader in vault_status(ana).readers] == ["", "Ana Pop"]
        await says(pilot, "d Take out")
        await pilot.press("d")
        await says(pilot, "Take Ana Pop out?")
        await says(pilot, "change those passwords at their servers")
        await pilot.press("escape")
        assert len(vault_status(ana).readers) == 2
        await pilot.press("d", "d")
        await says(pilot, "Ana Pop can read no password any more.")
        await until(pilot, lambda: "Ana Pop age" not in shown(pilot))
    assert len(vault_status(ana).readers) == 1


async def test_a_reader_whom_somebody_else_took_out_meanwhile_is_told_and_gone(ana: Context) -> None:
    add_recipients(ana, [PublicKey(PUBLIC, "Ana Pop")])
    async with on_page(ana, Passwords) as pilot:
        await says(pilot, "Ana Pop age age1")
        await pilot.press("j")
        await says(pilot, "d Take out")
        remove_recipients(ana, [PUBLIC])
        await pilot.press("d", "d")
        await says(pilot, "lists who")
        await until(pilot, lambda: "Ana Pop" not in shown(pilot))


async def test_a_file_of_keys_is_let_in_with_the_names_in_it(ana: Context, tmp_path: Path) -> None:
    keys = tmp_path / "keys.pub"
    keys.write_text(f"# Eve Marin\n{PUBLIC}\n")
    async with on_page(ana, Passwords) as pilot:
        await says(pilot, "One password in the vault")
        await pilot.press("a", "tab")
        await pasted(pilot, str(keys))
        await pilot.press("enter")
        await says(pilot, "Eve Marin age age1")


async def test_what_is_no_public_key_is_said_and_nothing_typed_is_lost(ana: Context, tmp_path: Path) -> None:
    async with on_page(ana, Passwords) as pilot:
        await says(pilot, "One password in the vault")
        await pilot.press("a", "ctrl+s")
        await says(pilot, "✗ no public key was named")
        await typed(pilot, "age1no")
        await pilot.press("tab", "tab")
        await typed(pilot, "Ana")
        await pilot.press("ctrl+s")
        await says(pilot, "✗ that is no public key that mailtui knows")
        await says(pilot, "age1no")
        await says(pilot, "Ana")
        await pilot.press("tab")
        await pasted(pilot, str(tmp_path / "nowhere"))
        await pilot.press("ctrl+s")
        await says(pilot, "cannot be read: No such file")
        await pilot.press("escape")
        await says(pilot, "Throw away what you typed?")
    assert len(vault_status(ana).readers) == 1


async def test_a_locked_vault_is_unlocked_for_what_needs_it_and_it_goes_on(locked: Context) -> None:
    async with on_page(locked, Passwords) as pilot:
        await says(pilot, "It is locked until one is needed. Its key lies in it under a passphrase.")
        await pilot.press("a")
        await pasted(pilot, PUBLIC)
        await pilot.press("ctrl+s")
        await says(pilot, "Unlock the passwords")
        await pilot.press("escape")
        await says(pilot, "is locked")
        await pilot.press("ctrl+s")
        await says(pilot, "Unlock the passwords")
        await pasted(pilot, OLD.get_secret_value())
        await pilot.press("enter")
        await says(pilot, "One more key can read")
        await says(pilot, "It is open until mailtui ends.")


async def test_the_passphrase_is_changed_after_the_old_one_and_the_new_one_twice(locked: Context) -> None:
    async with on_page(locked, Passwords) as pilot:
        await says(pilot, "p Passphrase")
        await pilot.press("p", "ctrl+s")
        await says(pilot, "✗ the passphrase of now is empty")
        await pasted(pilot, "wrong")
        await pilot.press("tab")
        await pasted(pilot, NEW.get_secret_value())
        await pilot.press("tab")
        await pasted(pilot, "something else")
        await pilot.press("enter")
        await says(pilot, "✗ the two new ones are not the same")
        await pilot.press("ctrl+u")
        await pasted(pilot, NEW.get_secret_value())
        await pilot.press("enter")
        await says(pilot, "changing it, which takes some seconds")
        await pilot.press("escape")
        await says(pilot, "✗ the passphrase does not open")
        assert isinstance(pilot.app.screen, ChangePassphrase)
        await pilot.press("ctrl+u")
        await pasted(pilot, OLD.get_secret_value())
        assert OLD.get_secret_value() not in shown(pilot) and NEW.get_secret_value() not in shown(pilot)
        await pilot.press("enter")
        await says(pilot, "The passphrase is changed.")
    vault = AgeVault(vault_path(locked.store.path))
    with pytest.raises(Locked):
        vault.unlock(OLD)
    vault.unlock(NEW)
    assert PASSWORD in {vault.get(secret_id) for secret_id in vault.names()}


async def test_the_old_passphrase_is_taken_from_the_passphrase_file(
    locked: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "passphrase"
    file.touch(mode=0o600)
    file.write_text(f"{OLD.get_secret_value()}\n")
    monkeypatch.setenv("MAILTUI_PASSPHRASE_FILE", str(file))
    async with on_page(as_employee(locked.store, ANA), Passwords) as pilot:
        await says(pilot, "opened by a passphrase file")
        await pilot.press("p")
        await says(pilot, "from the passphrase file")
        for key in ("tab", "enter"):
            await pasted(pilot, NEW.get_secret_value())
            await pilot.press(key)
        await says(pilot, "The passphrase is changed.")


async def test_all_are_exported_for_one_key_into_a_new_file_and_never_over_another(
    ana: Context, tmp_path: Path
) -> None:
    file = tmp_path / "safe.age"
    async with on_page(ana, Passwords) as pilot:
        await says(pilot, "x Export")
        for refusal in ("", "is there already"):
            await pilot.press("x", "ctrl+u")
            await pasted(pilot, str(file))
            await pilot.press("tab")
            await pasted(pilot, PUBLIC)
            await pilot.press("enter")
            await says(pilot, refusal or "for one key")
    assert json.loads(pyrage.decrypt(file.read_bytes(), [KEY]))[0]["secret"] == PASSWORD.get_secret_value()


async def test_every_password_is_read_and_the_one_that_cannot_be_is_named(ana: Context) -> None:
    async with on_page(ana, Passwords) as pilot:
        await says(pilot, "t Test")
        await pilot.press("t")
        await says(pilot, "✓ All passwords can be read: 1")
        (file,) = vault_path(ana.store.path).glob("*.age")
        file.write_bytes(b"torn")
        await pilot.press("t")
        await says(pilot, "✗ 1 of 1 cannot be read: address sales@corp.example")
        assert PASSWORD.get_secret_value() not in shown(pilot)


async def test_a_new_installation_is_told_when_there_will_be_a_vault(store: Store, identity_file: object) -> None:
    async with on_page(as_employee(store, ANA), Passwords) as pilot:
        await says(pilot, "There is no vault yet: the first password that is stored makes it.")
        assert "Let in" not in lines(pilot)[-1] and "Export" not in lines(pilot)[-1]


async def test_with_the_systems_keyring_it_says_how_a_vault_is_chosen(store: Store) -> None:
    context = as_employee(store, ANA)
    context._secrets = SystemKeyring(MemoryKeyring(), "f00d", "one in memory answers")
    with_a_password(context)
    async with on_page(context, Passwords) as pilot:
        await says(pilot, "One password in the keyring of the system: one in memory answers.")
        await says(pilot, "set `keyring` to `vault` under Preferences")
        assert not any(word in lines(pilot)[-1] for word in ("Let in", "Passphrase", "Export"))
        await pilot.press("t")
        await says(pilot, "✓ All passwords can be read: 1")


async def test_a_member_is_told_that_he_may_not(ana: Context) -> None:
    async with on_page(as_employee(ana.store, BOB, role=Role.MEMBER), Passwords) as pilot:
        await says(pilot, "only an admin may look after the vault")
        await pilot.press("a", "d", "p", "x", "t")
        assert isinstance(pilot.app.screen, Passwords)
        assert "Let in" not in shown(pilot)


@pytest.fixture
def unchanging(tmp_path: Path, identity_file: object, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The same keys and, seen from home, the same path in every run."""
    monkeypatch.setenv("HOME", str(tmp_path))
    company = tmp_path / "company"
    company.mkdir(mode=0o700)
    context = with_a_password(as_employee(Store(company / "mailtui.db"), ANA))
    (company / "mailtui.vault/recipients.txt").write_text(LIST)
    return context


def test_the_page_looks_as_before(snap_compare: Compare, unchanging: Context) -> None:
    assert looks_as_before(snap_compare, unchanging, Passwords, "j", "j", seen="d Take out")


def test_the_form_that_lets_in_looks_as_before(snap_compare: Compare, unchanging: Context) -> None:
    assert looks_as_before(snap_compare, unchanging, Passwords, "a", *"age1", seen="ctrl+s Save")


def test_the_form_that_exports_looks_as_before(snap_compare: Compare, unchanging: Context) -> None:
    assert looks_as_before(snap_compare, unchanging, Passwords, "x", seen="ctrl+s Save")


def test_the_form_of_the_passphrase_looks_as_before(snap_compare: Compare, unchanging: Context) -> None:
    status = vault_status(unchanging).model_copy(update={"opened_by": ""})
    keys = (*"old", "tab", *"new")
    assert looks_as_before(snap_compare, unchanging, lambda: ChangePassphrase(status), *keys, seen="ctrl+s Save")

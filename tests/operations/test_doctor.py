"""What is out of step is found, named with its fix, and where that is safe repaired."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from mailtui.operations.addresses import Draft, put_secret, save_address
from mailtui.operations.bulk import remove_addresses
from mailtui.operations.context import Context
from mailtui.operations.doctor import A_SAVE_LASTS, Check, examine, repair
from tests.company import NOW, a_company, a_draft, after_a_test, an_account, an_address


@pytest.fixture
def company(context: Context) -> Context:
    a_company(context)
    draft = Draft(address="help@corp.example", account=an_account(), secret=SecretStr("a password"))
    save_address(context, after_a_test(context, draft))
    return context


def findings(context: Context) -> list[Check]:
    examination = examine(context)
    found = [check for check in examination.checks if not check.ok]
    assert examination.ok is (not found)
    assert all(check.fix for check in found), "a finding without a fix"
    return found


def vault(context: Context) -> Path:
    return context.store.path.with_name("mailtui.vault")


def test_nothing_is_found_where_all_is_well(company: Context) -> None:
    assert findings(company) == []
    names = {check.name for check in examine(company).checks}
    assert {"mode", "database version", "database integrity", "keyring", "secrets without rows"} <= names


def test_a_secret_that_a_save_left_behind_is_found_and_taken_out(company: Context) -> None:
    with company.store.transaction():
        company.store.secret_ids.add("left-behind", NOW - A_SAVE_LASTS)
    company.secrets.put("left-behind", SecretStr("a password"))
    [found] = findings(company)
    assert (found.name, found.detail) == ("secrets without rows", "left-behind")
    assert repair(company) == ("left-behind",)
    assert findings(company) == []
    assert not company.secrets.has("left-behind")


def test_an_id_without_a_secret_is_found_and_taken_out(company: Context) -> None:
    """The process ended after the id was written and before the keyring was."""
    with company.store.transaction():
        company.store.secret_ids.add("never-kept", NOW - A_SAVE_LASTS)
    assert [found.detail for found in findings(company)] == ["never-kept"]
    assert repair(company) == ("never-kept",)
    assert findings(company) == []


def test_a_secret_that_another_process_is_about_to_use_is_left_alone(company: Context) -> None:
    """Its id and the secret are written before the row that uses them."""
    under_way = put_secret(company, SecretStr("a password"))
    assert findings(company) == []
    assert repair(company) == ()
    assert company.secrets.has(under_way)


def test_a_secret_that_no_id_names_is_found_and_taken_out(company: Context) -> None:
    company.secrets.put("unknown", SecretStr("a password"))
    assert [found.detail for found in findings(company)] == ["unknown"]
    assert repair(company) == ("unknown",)
    assert findings(company) == []


def test_a_row_whose_secret_is_gone_is_found_and_the_fix_is_to_type_it_again(company: Context) -> None:
    [address] = company.store.addresses.all()
    company.secrets.delete(address.secret_id)
    [found] = findings(company)
    assert (found.name, found.detail) == ("rows without secrets", "help@corp.example")
    assert "--secret-stdin" in found.fix
    assert repair(company) == ()
    assert [address.secret_id for address in company.store.addresses.all()] == [address.secret_id]


def test_a_repair_takes_no_secret_out_that_is_in_use(company: Context) -> None:
    assert repair(company) == ()
    [address] = company.store.addresses.all()
    assert company.secrets.get(address.secret_id).get_secret_value() == "a password"


def test_what_the_keyring_does_not_let_go_of_is_found_later(company: Context) -> None:
    [address] = company.store.addresses.all()
    recipients = vault(company)
    recipients.chmod(0o755)
    remove_addresses(company, [address.address])
    recipients.chmod(0o700)
    company.clock = lambda: NOW + A_SAVE_LASTS
    assert company.store.addresses.all() == []
    assert [found.detail for found in findings(company)] == [address.secret_id]
    assert repair(company) == (address.secret_id,)


@pytest.mark.parametrize("place", ["directory", "database", "wal", "vault", "secret"])
def test_a_place_that_lets_others_in_is_found_with_its_chmod(company: Context, place: str) -> None:
    database = company.store.path
    path = {
        "directory": database.parent,
        "database": database,
        "wal": Path(f"{database}-wal"),
        "vault": vault(company),
        "secret": next(vault(company).glob("*.age")),
    }[place]
    before = path.stat().st_mode & 0o777
    path.chmod(before | 0o044)
    assert any(check.name == "mode" and check.fix == f"chmod {before:o} {path}" for check in findings(company))
    path.chmod(before)
    assert findings(company) == []


def test_the_modes_are_one_finding_a_directory(company: Context) -> None:
    assert [check.name for check in examine(company).checks].count("mode") == 2
    for file in vault(company).iterdir():
        file.chmod(0o644)
    [found] = findings(company)
    assert found.fix.count("chmod 600") == len(list(vault(company).iterdir()))


def test_a_damaged_vault_is_a_finding_and_not_an_end(company: Context) -> None:
    vault(company).chmod(0o755)
    assert {check.name for check in findings(company)} >= {"mode", "secrets"}


def test_an_address_that_signs_in_without_a_password_and_a_lost_ca_file_are_found(company: Context) -> None:
    account = an_account().model_copy(update={"ca_file": "/nowhere/ca.pem"})
    with company.store.transaction():
        company.store.addresses.save(an_address("new@corp.example", account=account))
    found = {check.name: check.detail for check in findings(company)}
    assert "new@corp.example" in found["passwords"]
    assert "/nowhere/ca.pem" in found["CA file"]


def test_a_save_that_is_refused_leaves_nothing_to_find(company: Context) -> None:
    draft = a_draft("new@corp.example").model_copy(update={"secret": SecretStr("not needed")})
    save_address(company, after_a_test(company, draft))
    assert findings(company) == []

"""The vault as administrators look after it: who reads it, and what a forgotten passphrase costs."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest
from pydantic import SecretStr

from mailtui.core.addresses import AddressState
from mailtui.core.errors import BadInput, CannotCreate, NotAllowed, NotFound
from mailtui.core.providers import Endpoints, Flow, Provider
from mailtui.operations.addresses import Draft, find_address, put_secret, save_address
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context, open_context
from mailtui.operations.doctor import examine
from mailtui.operations.vault import (
    change_passphrase,
    export_secrets,
    export_to,
    reset_vault,
    unlock_check,
    vault_status,
    what_a_reset_costs,
)
from mailtui.operations.vault_readers import add_recipients, named, remove_recipients
from mailtui.secrets import Locked
from mailtui.secrets.readers import PublicKey
from mailtui.store.window import Window
from tests.company import NOW, a_company, after_a_test, an_account, names

SECRET = SecretStr("a password")
KEY = pyrage.x25519.Identity.generate()
ANAS = PublicKey(str(KEY.to_public()), "Ana Pop")


@pytest.fixture
def company(context: Context) -> Context:
    """Ana and Bob, and an address that signs in."""
    a_company(context)
    draft = Draft(address="sales@corp.example", account=an_account(), access=names("ana"), secret=SECRET)
    save_address(context, after_a_test(context, draft))
    return context


def test_the_status_says_who_can_read_and_unlocks_nothing(company: Context, database: Path) -> None:
    found = vault_status(company)
    assert (found.keyring, found.exists, found.secrets, found.locked) == ("vault", True, 1, False)
    assert (found.opened_by, found.passphrase) == ("identity file", False)
    assert Path(found.vault).parent == database.parent
    assert len(found.recipients) == 1


def test_a_status_before_the_first_password_makes_nothing(context: Context) -> None:
    found = vault_status(context)
    assert (found.exists, found.secrets, found.recipients) == (False, 0, ())
    assert not Path(found.vault).exists()


def test_every_password_is_tried_and_the_one_that_cannot_be_read_is_named(company: Context) -> None:
    assert unlock_check(company).ok
    secret_id = find_address(company, "sales@corp.example").secret_id
    file = Path(vault_status(company).vault) / f"{secret_id}.age"
    file.write_bytes(file.read_bytes()[:-1])
    found = unlock_check(company)
    assert (found.ok, found.opened) == (False, 0)
    assert [each.of for each in found.failed] == ["address sales@corp.example"]
    assert SECRET.get_secret_value() not in found.model_dump_json()


def test_who_was_let_in_is_recorded_once(company: Context) -> None:
    rows = company.store.audit.count()
    assert add_recipients(company, [ANAS]) == (str(KEY.to_public()),)
    assert add_recipients(company, [ANAS]) == ()
    newest = company.store.audit.rows(Window(limit=1))[0]
    assert company.store.audit.count() == rows + 1
    assert newest.after is not None and str(KEY.to_public()) in newest.after["recipients"]  # type: ignore[operator]  # a JSON list


def test_the_status_names_who_reads_and_which_key_is_the_vaults_own(company: Context) -> None:
    add_recipients(company, [ANAS])
    own, ana = vault_status(company).readers
    assert (own.own, own.name, ana.own, ana.name, ana.key) == (True, "", False, "Ana Pop", ANAS.key)
    assert vault_status(company).recipients == (own.key, ana.key)


def test_a_name_is_for_the_keys_that_have_none() -> None:
    assert named([PublicKey("a"), PublicKey("b", "Bob")], " Ana ") == [PublicKey("a", "Ana"), PublicKey("b", "Bob")]
    with pytest.raises(BadInput, match="control"):
        named([PublicKey("a")], "Ana\nage1other")


def test_who_was_taken_out_is_recorded_and_a_refusal_records_nothing(company: Context) -> None:
    add_recipients(company, [ANAS])
    (own,) = remove_recipients(company, [ANAS.key])
    newest = company.store.audit.rows(Window(limit=1))[0]
    assert (newest.action, newest.before, newest.after) == (
        "unshare vault", {"recipients": sorted([own, ANAS.key])}, {"recipients": [own]}
    )  # fmt: skip
    rows = company.store.audit.count()
    with pytest.raises(NotFound):
        remove_recipients(company, [ANAS.key])
    with pytest.raises(NotAllowed):
        remove_recipients(company, [own])
    assert company.store.audit.count() == rows


def test_who_cannot_be_recorded_as_taken_out_stays_a_reader(company: Context) -> None:
    add_recipients(company, [ANAS])
    company.store._db.conn.execute(
        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no more audit rows'); END"
    )
    with pytest.raises(Exception, match="no more audit rows"):
        remove_recipients(company, [ANAS.key])
    assert [reader.name for reader in vault_status(company).readers] == ["", "Ana Pop"]


def test_an_export_never_takes_the_place_of_a_file(company: Context, tmp_path: Path) -> None:
    file = tmp_path / "passwords.age"
    assert export_to(company, file, [ANAS.key]).secrets == 1
    rows = company.store.audit.count()
    with pytest.raises(CannotCreate, match="there already"):
        export_to(company, file, [ANAS.key])
    assert company.store.audit.count() == rows
    assert json.loads(pyrage.decrypt(file.read_bytes(), [KEY]))[0]["secret"] == "a password"


def test_what_is_no_public_key_is_neither_recorded_nor_let_in(company: Context) -> None:
    before = company.store.audit.count(), vault_status(company)
    with pytest.raises(BadInput, match="no public key"):
        add_recipients(company, [PublicKey(str(KEY))])
    assert (company.store.audit.count(), vault_status(company)) == before


def test_an_export_is_opened_by_the_named_key_alone(company: Context) -> None:
    exported = export_secrets(company, [str(KEY.to_public())])
    assert SECRET.get_secret_value().encode() not in exported.file
    rows = json.loads(pyrage.decrypt(exported.file, [KEY]))
    assert rows == [{"of": "address sales@corp.example", "secret": "a password"}]
    assert SECRET.get_secret_value() not in company.store.audit.rows(Window(limit=1))[0].model_dump_json()


def test_a_new_vault_costs_the_passwords_and_nothing_else(company: Context, identity_file: Path) -> None:
    before = find_address(company, "sales@corp.example")
    assert before.state is AddressState.READY
    expected = what_a_reset_costs(company)
    cost = reset_vault(company)
    assert cost == expected
    assert cost.addresses == ("sales@corp.example",)
    after = find_address(company, "sales@corp.example")
    kept = {"secret_id", "version"}
    assert after.model_dump(exclude=kept) == before.model_dump(exclude=kept)
    assert (after.secret_id, after.state) == ("", AddressState.UNTESTED)
    assert company.store.secret_ids.all() == frozenset()
    old = Path(cost.kept_as) / f"{before.secret_id}.age"
    identity = pyrage.x25519.Identity.from_str(identity_file.read_text().strip())
    assert pyrage.decrypt(old.read_bytes(), [identity]).decode() == "a password"


def test_after_a_reset_the_password_is_typed_again_into_a_new_vault(company: Context) -> None:
    reset_vault(company)
    stored = find_address(company, "sales@corp.example")
    draft = Draft(
        id=stored.id, version=stored.version, address=stored.address, account=stored.account, access=stored.access,
        secret=SecretStr("typed again"),
    )  # fmt: skip
    saved = save_address(company, after_a_test(company, draft))
    assert saved.state is AddressState.READY
    assert company.secrets.get(saved.secret_id) == SecretStr("typed again")
    out_of_step = [check.name for check in examine(company).checks if not check.ok]
    assert not [name for name in out_of_step if "secrets" in name]


def test_a_reset_whose_audit_row_cannot_be_written_leaves_the_vault(company: Context) -> None:
    company.store._db.conn.execute(
        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no more audit rows'); END"
    )
    with pytest.raises(Exception, match="no more audit rows"):
        reset_vault(company)
    assert unlock_check(company).ok


def test_without_a_vault_there_is_nothing_to_look_after(context: Context) -> None:
    for look in (reset_vault, lambda c: add_recipients(c, [ANAS]), lambda c: export_secrets(c, [])):
        with pytest.raises(NotFound, match="there is no vault"):
            look(context)


@pytest.fixture
def as_ana(company: Context, database: Path) -> Iterator[Context]:
    context = open_context(database, act_as="ana", configuration=Configuration(keyring="vault"), clock=lambda: NOW)
    yield context
    context.store.close()


@pytest.mark.parametrize(
    "look",
    [
        vault_status,
        unlock_check,
        reset_vault,
        what_a_reset_costs,
        lambda c: add_recipients(c, [ANAS]),
        lambda c: remove_recipients(c, [ANAS.key]),
        lambda c: export_secrets(c, [str(KEY.to_public())]),
        lambda c: change_passphrase(c, SECRET, SECRET),
    ],
)
def test_a_member_has_no_say_over_the_vault(as_ana: Context, look: Callable[[Context], object]) -> None:
    with pytest.raises(NotAllowed, match="ana is a member"):
        look(as_ana)


def test_a_locked_vault_lets_nobody_in_and_exports_nothing(
    company: Context, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE")
    locked = open_context(database, configuration=Configuration(keyring="vault"), clock=lambda: NOW)
    for look in (
        unlock_check,
        lambda c: add_recipients(c, [ANAS]),
        lambda c: remove_recipients(c, [ANAS.key]),
        lambda c: export_secrets(c, []),
        lambda c: change_passphrase(c, None, SECRET),
    ):
        with pytest.raises(Locked):
            look(locked)
    assert what_a_reset_costs(locked).addresses == ("sales@corp.example",)
    locked.store.close()


def test_a_reset_forgets_the_client_secret_of_a_provider_and_keeps_the_provider(company: Context) -> None:
    secret_id = put_secret(company, SecretStr("a client secret"))
    with company.store.transaction():
        company.store.providers.save(
            Provider(
                id="corp",
                issuer="https://login.corp.example",
                client_id="mailtui",
                client_secret_id=secret_id,
                scopes=("smtp",),
                flow=Flow.DEVICE,
                endpoints=Endpoints(token="https://login.corp.example/token"),
            )
        )
    assert unlock_check(company).opened == 2
    assert reset_vault(company).providers == ("corp",)
    kept = company.store.providers.get("corp")
    assert kept is not None and (kept.client_id, kept.client_secret_id) == ("mailtui", "")


def test_a_password_that_finds_no_vault_yet_leaves_no_id_behind(
    context: Context, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE")
    draft = Draft(address="sales@corp.example", account=an_account(), secret=SECRET)
    with pytest.raises(Locked) as locked:
        save_address(context, after_a_test(context, draft))
    assert locked.value.new
    assert context.store.secret_ids.all() == frozenset()

"""An import brings everything in or nothing, and a second one of the same file changes nothing."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.core.addresses import AddressState, ExternalAddress
from mailtui.core.errors import BadInput, MailtuiError, Misconfigured
from mailtui.operations.addresses import find_address
from mailtui.operations.company_text import parse_company_file
from mailtui.operations.context import Context
from mailtui.operations.import_company import import_company
from mailtui.operations.import_outcome import Counts, ImportOutcome
from mailtui.operations.import_plan import PENDING
from mailtui.operations.people import find_employee
from mailtui.operations.test_account import record_test
from tests.company import a_test, everything_in

COMPANY = """
[[employees]]
login = "ana"
name = " Ana Pop "
email = "Ana@Bücher.example"
groups = ["support"]

[[groups]]
key = "support"
name = "Support"

[[projects]]
key = "brand-a"
name = "Brand A"

[[addresses]]
address = "Sales@BÜCHER.example"
host = "SMTP.bücher.example"
port = 465
access = { groups = ["support"] }
projects = ["brand-a"]

[[addresses]]
address = "nobody@corp.example"
host = "127.0.0.1"
signin = "none"
access = { }

[[addresses]]
address = "ana@gmail.com"
owner = "ana"
service = "gmail"
"""

WRONG_ENTRIES = {
    "address without a host": '[[addresses]]\naddress = "x@corp.example"',
    "address that is none": '[[addresses]]\naddress = "x"\nhost = "h"',
    "unknown service": '[[addresses]]\naddress = "x@corp.example"\nservice = "nobody-knows"',
    "unknown owner": '[[addresses]]\naddress = "x@corp.example"\nhost = "h"\nowner = "eve"',
    "unknown project": '[[addresses]]\naddress = "x@corp.example"\nhost = "h"\nprojects = ["z"]',
    "no project": '[[addresses]]\naddress = "x@corp.example"\nhost = "h"\nprojects = []',
    "unknown group": '[[addresses]]\naddress = "x@corp.example"\nhost = "h"\naccess = { groups = ["z"] }',
    "port too high": '[[addresses]]\naddress = "x@corp.example"\nhost = "h"\nport = 70000',
    "unknown security": '[[addresses]]\naddress = "x@corp.example"\nhost = "h"\nsecurity = "ssl"',
    "unknown field": '[[addresses]]\naddress = "x@corp.example"\nhost = "h"\npassword = "hunter2"',
    "no secret file": '[[addresses]]\naddress = "x@corp.example"\nhost = "h"\nsecret_file = "/nowhere/x"',
    "same address twice": '[[addresses]]\naddress = "NOBODY@corp.example"\nhost = "h"',
    "same employee twice": '[[employees]]\nlogin = "ana"\nname = "Other"',
    "employee without a name": '[[employees]]\nlogin = "eve"\nname = " "',
    "employee with a wrong address": '[[employees]]\nlogin = "eve"\nname = "Eve"\nemail = "x"',
    "employee in an unknown group": '[[employees]]\nlogin = "eve"\nname = "Eve"\ngroups = ["z"]',
    "login that is none": '[[employees]]\nlogin = "e v e"\nname = "Eve"',
    "role that is none": '[[employees]]\nlogin = "eve"\nname = "Eve"\nrole = "root"',
    "key with an escape sequence": '[[groups]]\nkey = "a\\u001b[2Jb"\nname = "X"',
}


def imported(context: Context, text: str, *, dry_run: bool = False) -> ImportOutcome:
    return import_company(context, parse_company_file(text, "company.toml"), dry_run=dry_run)


def everything(context: Context) -> tuple[list[str], frozenset[str] | None]:
    return everything_in(context.store), context.secrets.names()


def secret_file(directory: Path, secret: str, name: str = "secret", mode: int = 0o600) -> Path:
    path = directory / name
    path.touch(mode=0o600)
    path.write_text(secret + "\n")
    path.chmod(mode)
    return path


def with_secret(path: Path, address: str = "sales@corp.example", host: str = "127.0.0.1") -> str:
    return f'[[addresses]]\naddress = "{address}"\nhost = "{host}"\nsecret_file = "{path}"\n'


def secret_of(context: Context, address: str) -> str:
    return context.secrets.get(find_address(context, address).secret_id).get_secret_value()


def test_an_import_brings_everything_in_untested_and_so_not_offered(context: Context) -> None:
    outcome = imported(context, COMPANY)
    assert outcome.added == Counts(employees=1, groups=1, projects=1, addresses=3)
    assert {address.state for address in context.store.addresses.all()} == {AddressState.UNTESTED}
    sales = find_address(context, "sales@xn--bcher-kva.example")
    assert (sales.account.host, sales.account.security, sales.account.username) == (
        "smtp.xn--bcher-kva.example",
        "tls",
        "Sales@xn--bcher-kva.example",
    )
    nobody = find_address(context, "nobody@corp.example").access
    assert nobody is not None and not nobody.employees | nobody.groups
    assert find_address(context, "ana@gmail.com").account.host == "smtp.gmail.com"


def test_a_second_import_of_the_same_file_changes_nothing(context: Context) -> None:
    imported(context, COMPANY)
    before = everything(context)
    outcome = imported(context, COMPANY)
    assert outcome.unchanged == Counts(employees=1, groups=1, projects=1, addresses=3)
    assert outcome.added == outcome.changed == Counts()
    assert everything(context) == before


def test_an_import_that_changes_one_thing_changes_that_alone_and_keeps_what_it_does_not_name(context: Context) -> None:
    imported(context, COMPANY)
    outcome = imported(context, '[[projects]]\nkey = "brand-a"\nname = "Brand A"\nstrict = true')
    assert (outcome.changed, outcome.added) == (Counts(projects=1), Counts())
    assert len(context.store.addresses.all()) == 3
    assert find_employee(context, "ana").groups == {"support"}


def test_a_rehearsal_counts_and_writes_nothing(context: Context, tmp_path: Path) -> None:
    text = COMPANY + with_secret(secret_file(tmp_path, "a password"))
    before = everything(context)
    outcome = imported(context, text, dry_run=True)
    assert everything(context) == before
    assert outcome == imported(context, text)


@pytest.mark.parametrize("wrong", WRONG_ENTRIES)
@pytest.mark.parametrize("first", [True, False])
def test_a_wrong_entry_anywhere_leaves_everything_untouched(
    context: Context, tmp_path: Path, wrong: str, first: bool
) -> None:
    right = COMPANY + with_secret(secret_file(tmp_path, "a password"))
    before = everything(context)
    with pytest.raises(BadInput) as refusal:
        imported(context, WRONG_ENTRIES[wrong] + "\n" + right if first else right + WRONG_ENTRIES[wrong])
    assert everything(context) == before
    assert "hunter2" not in str(refusal.value)
    assert "\x1b" not in str(refusal.value)


def test_an_error_says_in_which_entry_it_is(context: Context) -> None:
    with pytest.raises(BadInput, match=r"addresses\[3\] \(x@corp\.example\): there is no project 'z'"):
        imported(context, COMPANY + WRONG_ENTRIES["unknown project"])
    with pytest.raises(BadInput, match=r"company\.toml:36:12: addresses\[3\] \(x@corp\.example\)\.security: "):
        imported(context, COMPANY + WRONG_ENTRIES["unknown security"])


@pytest.mark.parametrize(
    "text",
    [
        "[[addresses",
        "{",
        '{"addresses": 3}',
        "x = 1",
        "port = " + "9" * 5_000,
        '{"x": ' + "9" * 5_000 + "}",
        "{" * 99_999,
    ],
)
def test_what_is_no_company_file_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput, match=r"company\.toml"):
        parse_company_file(text, "company.toml")


@given(st.text() | st.text().map(lambda text: "{" + text))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_a_company_file_or_refused(text: str) -> None:
    try:
        parse_company_file(text, "company.toml")
    except BadInput as error:
        assert "\x1b" not in str(error)


def after_its_test(context: Context, address: str) -> ExternalAddress:
    """The stored address, after its account was tested well."""
    found = find_address(context, address)
    record_test(context, found, a_test(found))
    return find_address(context, address)


def test_an_address_keeps_its_test_and_password_where_its_settings_are_the_same(
    context: Context, tmp_path: Path
) -> None:
    text = with_secret(secret_file(tmp_path, "a password"))
    imported(context, text)
    ready = after_its_test(context, "sales@corp.example")
    assert imported(context, text).unchanged == Counts(addresses=1)
    assert imported(context, text + 'name = "New"').changed == Counts(addresses=1)
    after = find_address(context, "sales@corp.example")
    assert (after.name, after.state, after.secret_id) == ("New", AddressState.READY, ready.secret_id)


def test_other_settings_make_an_address_untested_again(context: Context, tmp_path: Path) -> None:
    path = secret_file(tmp_path, "a password")
    imported(context, with_secret(path))
    assert after_its_test(context, "sales@corp.example").state is AddressState.READY
    imported(context, with_secret(path, host="127.0.0.2"))
    after = find_address(context, "sales@corp.example")
    assert (after.state, secret_of(context, after.address)) == (AddressState.UNTESTED, "a password")


def test_a_secret_file_that_changed_is_read_again_and_the_old_secret_goes(context: Context, tmp_path: Path) -> None:
    path = secret_file(tmp_path, "first")
    imported(context, with_secret(path))
    path.write_text("second one\n")
    assert imported(context, with_secret(path)).changed == Counts(addresses=1)
    assert secret_of(context, "sales@corp.example") == "second one"
    kept = {find_address(context, "sales@corp.example").secret_id}
    assert context.secrets.names() == context.store.secret_ids.all() == kept


def test_the_password_goes_when_an_import_ends_the_sign_in(context: Context, tmp_path: Path) -> None:
    imported(context, with_secret(secret_file(tmp_path, "first")))
    imported(context, '[[addresses]]\naddress = "sales@corp.example"\nhost = "127.0.0.1"\nsignin = "none"')
    assert find_address(context, "sales@corp.example").secret_id == ""
    assert context.secrets.names() == context.store.secret_ids.all() == frozenset()


def test_a_secret_file_that_others_may_read_stops_the_import(context: Context, tmp_path: Path) -> None:
    before = everything(context)
    with pytest.raises(Misconfigured, match="0640"):
        imported(context, with_secret(secret_file(tmp_path, "x", mode=0o640)))
    assert everything(context) == before


@pytest.mark.parametrize("content", ["", "two\nlines"])
def test_a_secret_file_holds_one_line(context: Context, tmp_path: Path, content: str) -> None:
    good = with_secret(secret_file(tmp_path, "a password", "good"), "good@corp.example")
    before = everything(context)
    with pytest.raises(BadInput, match="exactly one line") as refusal:
        imported(context, good + with_secret(secret_file(tmp_path, content, "bad")))
    assert everything(context) == before
    assert "two" not in str(refusal.value)


@pytest.mark.parametrize("after", [0, 1])
def test_a_keyring_that_fails_in_the_middle_leaves_everything_untouched(
    context: Context, tmp_path: Path, after: int
) -> None:
    """The vault's recipients are damaged, or its place is taken, when secrets are to be written."""
    first = secret_file(tmp_path, "first", "first")
    imported(context, with_secret(first, "before@corp.example"))
    recipients = context.store.path.with_name("mailtui.vault") / "recipients.txt"
    recipients.write_text("nonsense\n")
    before = everything(context)
    with pytest.raises(MailtuiError):
        imported(context, COMPANY * after + with_secret(secret_file(tmp_path, "second", "second")))
    assert everything(context) == before


def test_secrets_are_taken_out_again_where_the_rows_cannot_be_written(context: Context, tmp_path: Path) -> None:
    imported(context, with_secret(secret_file(tmp_path, "first", "first"), "before@corp.example"))
    context.store._db.conn.execute(
        f"CREATE TRIGGER full BEFORE INSERT ON addresses WHEN NEW.secret_id <> '{PENDING}'"
        " BEGIN SELECT RAISE(ABORT, 'no more rows'); END"
    )
    before = everything(context)
    with pytest.raises(sqlite3.IntegrityError, match="no more rows"):
        imported(context, with_secret(secret_file(tmp_path, "second", "second")))
    assert everything(context) == before

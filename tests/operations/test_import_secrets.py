"""Secrets of an import come from elsewhere, and are read again only where their source is another one."""

from pathlib import Path

import pytest

from mailtui.core.addresses import AddressState
from mailtui.core.errors import BadInput
from mailtui.operations.addresses import find_address
from mailtui.operations.company_text import parse_company_file
from mailtui.operations.context import Context
from mailtui.operations.import_company import import_company
from mailtui.operations.import_outcome import Counts, ImportOutcome
from mailtui.operations.providers import find_provider
from mailtui.operations.test_account import record_test
from tests.company import a_test, everything_in

ADDRESS = "sales@corp.example"


def an_entry(source: str, address: str = ADDRESS) -> str:
    return f'[[addresses]]\naddress = "{address}"\nhost = "127.0.0.1"\n{source}\n'


def imported(context: Context, text: str, *, dry_run: bool = False) -> ImportOutcome:
    return import_company(context, parse_company_file(text, "company.toml"), dry_run=dry_run)


def secret_of(context: Context) -> str:
    return context.secrets.get(find_address(context, ADDRESS).secret_id).get_secret_value()


def a_secret_file(directory: Path, secret: str, name: str = "secret") -> Path:
    path = directory / name
    path.touch(mode=0o600)
    path.write_text(f"{secret}\n")
    return path


def test_a_secret_of_the_environment_is_read_once_and_again_where_another_variable_is_named(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRST", "one")
    imported(context, an_entry('secret_env = "FIRST"'))
    ready = find_address(context, ADDRESS)
    record_test(context, ready, a_test(ready))
    monkeypatch.delenv("FIRST")

    assert imported(context, an_entry('secret_env = "FIRST"')).unchanged == Counts(addresses=1)
    assert find_address(context, ADDRESS).state is AddressState.READY

    monkeypatch.setenv("SECOND", "two")
    outcome = imported(context, an_entry('secret_env = "SECOND"'))
    assert [(change.field, change.after) for change in outcome.plan[0].fields] == [("secret", "read from secret_env")]
    assert outcome.plan[0].test_again is True
    assert secret_of(context) == "two"
    assert context.secrets.names() == frozenset({find_address(context, ADDRESS).secret_id})


def test_for_another_host_the_same_source_is_read_again_and_without_one_nothing_is_shown_there(
    context: Context, tmp_path: Path
) -> None:
    entry = an_entry(f'secret_file = "{a_secret_file(tmp_path, "one")}"')
    imported(context, entry)
    before = find_address(context, ADDRESS).secret_id

    moved = imported(context, entry.replace("127.0.0.1", "127.0.0.2"))
    assert "secret" in [change.field for change in moved.plan[0].fields]
    assert (secret_of(context), find_address(context, ADDRESS).secret_id != before) == ("one", True)

    imported(context, an_entry("").replace("127.0.0.1", "127.0.0.3"))
    assert find_address(context, ADDRESS).secret_id == ""
    assert context.secrets.names() == frozenset()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('secret_env = "NOT_SET"', "NOT_SET is not set"),
        ('secret_env = "hunter2 with blanks"', "no name of an environment variable"),
        ('secret_env = "MORE"', "exactly one line"),
        ('secret_env = "MORE"\nsecret_stdin = true', "leave one of them"),
        ("secret_stdin = true", "--secrets-stdin"),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_source_without_a_secret_stops_the_import_and_its_rehearsal(
    context: Context, monkeypatch: pytest.MonkeyPatch, source: str, words: str, dry_run: bool
) -> None:
    monkeypatch.setenv("MORE", "hunter2\nhunter2")
    monkeypatch.delenv("NOT_SET", raising=False)
    before = everything_in(context.store)
    with pytest.raises(BadInput, match=words) as refusal:
        imported(context, an_entry(source), dry_run=dry_run)
    assert "hunter2" not in str(refusal.value)
    assert everything_in(context.store) == before


def test_the_secret_of_an_oauth_client_is_read_from_its_file_and_kept(context: Context, tmp_path: Path) -> None:
    path = a_secret_file(tmp_path, "client's own")
    text = f'[[providers]]\nid = "google"\nclient_id = "3f0c"\nclient_secret_file = "{path}"\n'

    assert imported(context, text).added == Counts(providers=1)
    assert imported(context, text).unchanged == Counts(providers=1)
    provider = find_provider(context, "google")
    assert context.secrets.get(provider.client_secret_id).get_secret_value() == "client's own"
    assert provider.issuer == "https://accounts.google.com"

    path.write_text("another one\n")
    imported(context, text)
    changed = find_provider(context, "google").client_secret_id
    assert context.secrets.names() == frozenset({changed})
    assert context.secrets.get(changed).get_secret_value() == "another one"


def test_an_import_without_a_source_keeps_the_stored_secret(context: Context, tmp_path: Path) -> None:
    imported(context, an_entry(f'secret_file = "{a_secret_file(tmp_path, "one")}"'))
    assert imported(context, an_entry("")).unchanged == Counts(addresses=1)
    assert secret_of(context) == "one"

"""`mailtui demo --headless`: the contract that other programs hold on to."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mailtui.cli.run import run
from mailtui.core.account_test import Step
from mailtui.demo.plans import PLANS
from tests.demo.running import Home, headless

KEYS = {"name", "host", "port", "security", "fails_at", "username", "secret_file", "ca_file"}

FAILING = [plan.name for plan in PLANS if plan.fails_at]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:  # Any: a JSON document
    """What a demo printed that runs as long as the tests of this file."""
    with headless(Home(tmp_path_factory.mktemp("demo"))) as (process, printed):
        yield printed
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


class CommandLine:
    """Another mailtui, on the demo's database; impatient, since one server is silent."""

    def __init__(self, document: Any, capture: pytest.CaptureFixture[str]) -> None:
        self._database = document["db"]
        self._capture = capture

    def __call__(self, *arguments: str) -> tuple[int, Any]:
        code = run(["--db", self._database, *arguments, "--json"])
        return code, json.loads(self._capture.readouterr().out)


@pytest.fixture
def mailtui(
    document: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    settings = tmp_path / "config.toml"
    settings.write_text("[test]\nstep_seconds = 1\n")
    monkeypatch.setenv("MAILTUI_CONFIG", str(settings))
    monkeypatch.setenv("MAILTUI_IDENTITY_FILE", document["identity_file"])
    return CommandLine(document, capsys)


def server(document: Any, name: str) -> Any:
    return next(found for found in document["servers"] if found["name"] == name)


def test_the_document_names_the_database_and_every_server(document: Any) -> None:
    assert Path(document["db"]).is_absolute()
    assert [found["name"] for found in document["servers"]] == [plan.name for plan in PLANS]
    assert all(found.keys() == KEYS for found in document["servers"])


def test_one_server_is_good_and_the_others_say_at_which_step_they_fail(document: Any) -> None:
    fails_at = {found["name"]: found["fails_at"] for found in document["servers"]}
    assert fails_at.pop("good") is None
    assert set(fails_at.values()) <= set(Step)
    assert {"sign_in", "sender", "recipient", "encrypt", "connect"} <= set(fails_at.values())


def test_the_servers_listen_on_the_loopback_and_the_secrets_are_private(document: Any) -> None:
    for found in document["servers"]:
        assert found["host"] == "127.0.0.1"
        assert Path(found["secret_file"]).stat().st_mode & 0o777 == 0o600
        assert Path(found["ca_file"]).read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_another_process_reads_the_company_at_once(mailtui: CommandLine) -> None:
    code, rows = mailtui("address", "list")
    assert code == 0
    assert len(rows) >= 30
    assert {row["state"] for row in rows} == {"ready", "untested", "failing"}


@pytest.mark.parametrize("name", FAILING)
def test_an_account_on_a_failing_server_fails_at_the_step_that_is_said(
    mailtui: CommandLine, document: Any, name: str
) -> None:
    failing = server(document, name)
    _, rows = mailtui("address", "list")
    address = next(row["address"] for row in rows if row["port"] == failing["port"])
    code, result = mailtui("address", "test", address)
    assert code != 0
    assert (result["ok"], result["failed_step"]) == (False, failing["fails_at"])


def test_an_address_with_the_named_password_and_authority_is_saved(mailtui: CommandLine, document: Any) -> None:
    good = server(document, "good")
    where = ["--host", good["host"], "--port", str(good["port"]), "--security", good["security"]]
    how = ["--secret-file", good["secret_file"], "--ca-file", good["ca_file"]]
    code, result = mailtui("address", "add", "shop@brand-a.example", *where, *how, "--project", "brand-a")
    assert (code, result["saved"]) == (0, True)


def test_a_message_is_sent_from_the_sample_company(mailtui: CommandLine) -> None:
    send = ["send", "--project", "brand-a", "--from", "hello@brand-a.example", "--to", "eva@client.example"]
    code, sent = mailtui("--as", "ana", *send, "--subject", "Hello", "--wait")
    assert code == 0
    assert sent["deliveries"][0]["state"] == "sent"

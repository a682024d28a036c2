"""`mailtui vault`: shapes, exit codes, and that nothing waits for an answer where nobody sits."""

import json
import stat
import subprocess
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest

from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine
from tests.cli.terminal import at_a_terminal

KEY = pyrage.x25519.Identity.generate()


READERS = tuple((command, str(KEY.to_public())) for command in ("add-recipient", "remove-recipient"))


@pytest.fixture
def with_vault(mailtui: CommandLine, servers: LoopbackServers) -> CommandLine:
    """One address with its password in the vault, which an identity file opens."""
    assert mailtui.add("sales@corp.example", servers["good"]).code == 0
    return mailtui


@pytest.fixture
def passphrase_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity_file: Path) -> Path:
    """The vault is opened by a passphrase in a file."""
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE")
    path = tmp_path / "passphrase"
    path.touch(mode=0o600)
    path.write_text("the old one\n")
    monkeypatch.setenv("MAILTUI_PASSPHRASE_FILE", str(path))
    return path


def test_the_status_has_its_shape_with_and_without_a_vault(mailtui: CommandLine, servers: LoopbackServers) -> None:
    before = mailtui.json("vault", "status")
    assert set(before) == {
        *("keyring", "why", "vault", "exists", "locked", "opened_by", "passphrase", "secrets", "recipients", "readers")
    }
    assert (before["keyring"], before["exists"]) == ("vault", False)
    assert "There is no vault yet" in mailtui("vault", "status").out
    mailtui.add("sales@corp.example", servers["good"])
    after = mailtui.json("vault", "status")
    assert (after["exists"], after["secrets"], len(after["recipients"])) == (True, 1, 1)
    assert after["recipients"][0] in mailtui("vault", "status").out


def test_the_check_exits_0_where_all_can_be_read_and_78_where_not(with_vault: CommandLine) -> None:
    assert with_vault.json("vault", "unlock-check") == {"ok": True, "opened": 1, "failed": []}
    vault = with_vault.database.with_name("mailtui.vault")
    (secret,) = vault.glob("*.age")
    secret.write_bytes(b"torn")
    answer = with_vault("vault", "unlock-check", "--json")
    assert answer.code == 78
    assert [set(each) for each in answer.document["failed"]] == [{"of", "detail"}]
    assert "sales@corp.example" in with_vault("vault", "unlock-check").out


def test_a_locked_vault_says_what_to_set_and_waits_for_nobody(
    with_vault: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE")
    for arguments in (("unlock-check",), *READERS, ("export", "nowhere.age")):
        answer = with_vault("vault", *arguments, "--json")
        assert (answer.code, answer.out) == (78, "")
        assert "MAILTUI_PASSPHRASE_FILE" in answer.err
    assert not Path("nowhere.age").exists()


def test_a_recipient_is_added_by_argument_or_file_once(with_vault: CommandLine, tmp_path: Path) -> None:
    public = str(KEY.to_public())
    assert with_vault.json("vault", "add-recipient", public) == {"added": [public], "secrets": 1}
    keys = tmp_path / "keys.pub"
    keys.write_text(f"# Ana\n{public}\n\n")
    assert with_vault.json("vault", "add-recipient", "--file", str(keys)) == {"added": [], "secrets": 1}
    (secret,) = with_vault.database.with_name("mailtui.vault").glob("*.age")
    assert pyrage.decrypt(secret.read_bytes(), [KEY])


def test_a_reader_has_a_name_and_is_taken_out_again(with_vault: CommandLine) -> None:
    public = str(KEY.to_public())
    assert with_vault("vault", "add-recipient", public, "--name", "Ana Pop").code == 0
    own, ana = with_vault.json("vault", "status")["readers"]
    assert (set(own), own["own"]) == ({"key", "name", "own"}, True)
    assert ana == {"key": public, "name": "Ana Pop", "own": False}
    assert f"Ana Pop: {public}" in with_vault("vault", "status").out
    assert with_vault.json("vault", "remove-recipient", public) == {"recipients": [own["key"]], "secrets": 1}
    assert with_vault("vault", "remove-recipient", public).code == 66
    assert with_vault("vault", "remove-recipient", own["key"]).code == 77


def test_a_private_key_as_an_argument_is_refused_and_not_repeated(with_vault: CommandLine) -> None:
    answer = with_vault("vault", "add-recipient", str(KEY))
    assert answer.code == 65
    assert str(KEY)[:24] not in answer.err
    assert with_vault("vault", "add-recipient").code == 64


def test_an_export_is_a_new_private_age_file(with_vault: CommandLine, tmp_path: Path, servers: LoopbackServers) -> None:
    file = tmp_path / "passwords.age"
    public = str(KEY.to_public())
    document = with_vault.json("vault", "export", str(file), "--recipient", public)
    assert document == {"file": str(file), "secrets": 1, "recipients": [public]}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (row,) = json.loads(pyrage.decrypt(file.read_bytes(), [KEY]))
    assert row["secret"] == servers["good"].password.get_secret_value()
    answer = with_vault("vault", "export", str(file))
    assert answer.code == 73
    assert "there already" in answer.err


def test_the_passphrase_is_changed_from_files_where_nobody_sits(
    mailtui: CommandLine, servers: LoopbackServers, passphrase_file: Path, tmp_path: Path
) -> None:
    assert mailtui.add("sales@corp.example", servers["good"]).code == 0
    assert mailtui("vault", "change-passphrase").code == 64
    new = tmp_path / "new"
    new.touch(mode=0o600)
    new.write_text("the new one\n")
    answer = mailtui("vault", "change-passphrase", "--new-passphrase-file", str(new), "--json")
    assert (answer.code, answer.document) == (0, {"changed": True})
    assert mailtui("vault", "unlock-check").code == 78
    passphrase_file.write_text("the new one\n")
    assert mailtui.json("vault", "unlock-check")["ok"]


def test_a_new_vault_is_started_only_when_it_is_said(with_vault: CommandLine) -> None:
    answer = with_vault("vault", "reset")
    assert answer.code == 64
    assert "--yes" in answer.err
    document = with_vault.json("vault", "reset", "--yes")
    assert set(document) == {"kept_as", "addresses", "providers"}
    assert document["addresses"] == ["sales@corp.example"]
    assert Path(document["kept_as"]).is_dir()
    (row,) = with_vault.json("address", "list")
    assert row["state"] == "untested"
    assert with_vault("vault", "reset", "--yes").code == 66


def test_a_person_is_asked_before_a_new_vault_and_three_times_for_the_passphrase(
    with_vault: CommandLine, servers: LoopbackServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_a_terminal("--db", str(with_vault.database), "vault", "reset") as terminal:
        terminal.wait_for("Start a new vault?")
        terminal.type("n")
        assert terminal.end() == 130
    assert with_vault.json("vault", "unlock-check")["ok"]
    with_vault.json("vault", "reset", "--yes")
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE")
    with at_a_terminal(
        "--db", str(with_vault.database), "address", "edit", "sales@corp.example", "--secret-file",
        with_vault.secret_file(servers["good"]),
    ) as terminal:  # fmt: skip
        for question in ("New passphrase of the vault:", "Repeat"):
            terminal.wait_for(question)
            terminal.type("correct horse")
        assert terminal.end() == 0
    with at_a_terminal("--db", str(with_vault.database), "vault", "unlock-check") as terminal:
        for _ in range(3):
            terminal.wait_for("Passphrase of the vault:")
            terminal.type("no")
        assert terminal.end() == 78
        assert "mailtui vault reset" in terminal.shown


def test_the_age_tool_reads_an_export_for_the_vaults_own_key(
    with_vault: CommandLine, tmp_path: Path, identity_file: Path
) -> None:
    file = tmp_path / "passwords.age"
    with_vault.json("vault", "export", str(file))
    try:
        done = subprocess.run(["age", "-d", "-i", identity_file, file], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("needs the age tool")
    assert [row["of"] for row in json.loads(done.stdout)] == ["address sales@corp.example"]

"""A vault whose identity is under a passphrase. Each scrypt takes seconds, so one vault serves all tests here."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailtui.core.errors import BadInput, Misconfigured, TryAgain
from mailtui.secrets import Locked
from mailtui.secrets.vault import IDENTITY, RECIPIENTS, AgeVault
from tests.secrets.conftest import private

PASSPHRASE = SecretStr("schöner Schlüssel, mit Leerzeichen ")
SECRET = SecretStr("pässword")

needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="needs the age tool")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with one secret, which no test here changes for long."""
    vault = AgeVault(tmp_path_factory.mktemp("data") / "vault")
    vault.create(PASSPHRASE)
    vault.put("sales", SECRET)
    return vault.directory


async def test_the_event_loop_runs_on_while_the_vault_is_unlocked(directory: Path) -> None:
    vault = AgeVault(directory)
    unlocking = asyncio.create_task(asyncio.to_thread(vault.unlock, PASSPHRASE))
    rounds = 0
    while not unlocking.done():
        await asyncio.wait([unlocking], timeout=0.01)
        rounds += 1
    await unlocking
    assert rounds > 20  # scrypt in this process would hold the interpreter, and let two or three happen
    assert not vault.locked
    assert vault.get("sales") == SECRET


def test_a_passphrase_file_opens_it_without_its_last_newline(directory: Path, tmp_path: Path) -> None:
    file = private(tmp_path / "passphrase", PASSPHRASE.get_secret_value().encode() + b"\n")
    vault = AgeVault(directory, passphrase_file=file)
    assert vault.get("sales") == SECRET
    file.unlink()
    assert vault.get("sales") == SECRET, "unlocked once a process"


def test_a_wrong_passphrase_is_said_and_can_be_typed_again(directory: Path) -> None:
    before = (directory / IDENTITY).read_bytes()
    vault = AgeVault(directory)
    with pytest.raises(Locked, match=rf"the passphrase does not open .*{IDENTITY}"):
        vault.unlock(SecretStr("schoener Schluessel"))
    assert vault.locked
    assert (directory / IDENTITY).read_bytes() == before


@pytest.mark.parametrize("length", [0, 40, -1])
def test_an_identity_cut_short_is_refused_and_left_as_it_is(directory: Path, tmp_path: Path, length: int) -> None:
    copy = tmp_path / "vault"
    shutil.copytree(directory, copy)
    cut = (copy / IDENTITY).read_bytes()[:length]
    (copy / IDENTITY).write_bytes(cut)
    with pytest.raises(Misconfigured, match=rf"{IDENTITY} cannot be opened .* backup") as error:
        AgeVault(copy).unlock(PASSPHRASE)
    assert not isinstance(error.value, Locked), "asking for the passphrase again would not help"
    assert (copy / IDENTITY).read_bytes() == cut


def test_an_identity_that_others_can_read_is_refused(directory: Path, tmp_path: Path) -> None:
    copy = tmp_path / "vault"
    shutil.copytree(directory, copy)
    (copy / IDENTITY).chmod(0o644)
    with pytest.raises(Misconfigured, match=f"chmod 600 .*{IDENTITY}"):
        AgeVault(copy).unlock(PASSPHRASE)


@pytest.mark.parametrize("passphrase", ["", "half \udce4"])
def test_a_passphrase_that_no_keyboard_gives_is_refused(tmp_path: Path, passphrase: str) -> None:
    vault = AgeVault(tmp_path / "vault")
    for use in (vault.create, vault.unlock):
        with pytest.raises(BadInput, match="passphrase"):
            use(SecretStr(passphrase))


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe"])
def test_a_passphrase_file_without_a_passphrase_is_named(directory: Path, tmp_path: Path, content: bytes) -> None:
    file = private(tmp_path / "passphrase", content)
    with pytest.raises(Misconfigured, match=f"{file} holds no passphrase"):
        AgeVault(directory, passphrase_file=file).get("sales")


def test_a_host_that_cannot_run_scrypt_says_what_it_needs(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(TryAgain, match="memory"):
        AgeVault(directory).unlock(PASSPHRASE)


def test_a_module_in_the_current_directory_never_sees_the_passphrase(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyrage.py", "base64.py", "mailtui.py"):
        (tmp_path / name).write_text("raise SystemExit('taken in')")
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "vault"
    shutil.copytree(directory, copy)
    (copy / IDENTITY).write_bytes(b"cut short")
    with pytest.raises(Misconfigured, match="damaged"):
        AgeVault(copy).unlock(PASSPHRASE)


def test_who_comes_second_in_making_a_vault_uses_the_first_ones(directory: Path) -> None:
    files = {path.name: path.read_bytes() for path in directory.iterdir()}
    late = AgeVault(directory)
    late.create(PASSPHRASE)
    assert late.get("sales") == SECRET
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == files
    assert [path.name for path in directory.parent.iterdir()] == [directory.name]


@needs_age
def test_the_age_tool_opens_what_the_vault_wrote(directory: Path, tmp_path: Path) -> None:
    key = private(tmp_path / "key", _age_with_terminal(["age", "-d", str(directory / IDENTITY)]))
    opened = subprocess.run(["age", "-d", "-i", key, directory / "sales.age"], capture_output=True, check=True)
    assert opened.stdout.decode() == SECRET.get_secret_value()


@needs_age
def test_the_vault_opens_what_the_age_tool_wrote(directory: Path) -> None:
    by_hand = directory / "by-hand.age"
    recipients = directory / RECIPIENTS
    subprocess.run(["age", "-R", recipients, "-o", private(by_hand, b"")], input=b"from age", check=True)
    by_hand.chmod(0o600)
    vault = AgeVault(directory)
    vault.unlock(PASSPHRASE)
    assert vault.get("by-hand") == SecretStr("from age")
    vault.delete("by-hand")


def _age_with_terminal(command: list[str]) -> bytes:
    """What age writes after it was told the passphrase, which it takes from a terminal only."""
    ours, theirs = os.openpty()
    # The first terminal that a new session opens becomes its own, and age asks there.
    opening = ["sh", "-c", 'exec "$@" < "$0"', os.ttyname(theirs), *command]
    with subprocess.Popen(opening, stdout=subprocess.PIPE, start_new_session=True) as process:
        asked = b""
        while not asked.rstrip().endswith(b":"):
            asked += os.read(ours, 1000)
        os.write(ours, PASSPHRASE.get_secret_value().encode() + b"\n")
        written, _ = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0
    return written

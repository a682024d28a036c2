"""Several processes on one vault, and processes that die in the middle of it."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailtui.core.errors import TryAgain
from mailtui.secrets.private_files import NEW_FILE, changing
from mailtui.secrets.vault import AgeVault

WRITER = """
import sys
from pathlib import Path
from pydantic import SecretStr
from mailtui.secrets import open_secrets
directory, identity, who, count = sys.argv[1:]
secrets = open_secrets(Path(directory), "here", prefer="vault", identity_file=Path(identity))
sys.stdin.readline()  # all begin at once
number = 0
while number != int(count):
    secrets.put(f"{who}-{number % 40}", SecretStr(who * 3000))
    secrets.put("shared", SecretStr(who * 3000))
    if number % 3 == 0:
        secrets.delete(f"{who}-0")
    number += 1
    print(number, flush=True)
"""


def writer(vault: AgeVault, identity_file: Path, who: str, count: int) -> subprocess.Popen[str]:
    """A process that writes `count` secrets, or without end where that is negative, once a line is sent to it."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, vault.directory, identity_file, who, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path, identity_file: Path) -> None:
    vault = AgeVault(tmp_path / "vault", identity_file=identity_file)  # which the two have yet to make
    with writer(vault, identity_file, "a", 40) as first, writer(vault, identity_file, "b", 40) as second:
        begin(first)
        begin(second)
        first.communicate(timeout=60)
        second.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0)
    assert vault.names() == {"shared"} | {f"{who}-{number}" for who in "ab" for number in range(1, 40)}
    assert all(vault.get(name).get_secret_value() == name[0] * 3000 for name in vault.names() - {"shared"})
    assert vault.get("shared").get_secret_value() in ("a" * 3000, "b" * 3000)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_process_killed_while_writing_leaves_whole_files_only(vault: AgeVault, identity_file: Path) -> None:
    for round_number in range(12):
        with writer(vault, identity_file, "k", -1) as process:
            begin(process)
            assert process.stdout
            for _ in range(1 + 5 * round_number):
                assert process.stdout.readline()
            process.kill()
        assert all(vault.get(name).get_secret_value() == "k" * 3000 for name in vault.names())
    vault.put("after", SecretStr("the lock is free"))
    assert not (vault.directory / NEW_FILE).exists()


def test_what_a_killed_process_left_does_not_stop_the_next(vault: AgeVault) -> None:
    (vault.directory / NEW_FILE).write_bytes(b"half a secr")
    vault.put("sales", SecretStr("whole"))
    assert vault.get("sales") == SecretStr("whole")
    assert not (vault.directory / NEW_FILE).exists()


def test_a_lock_that_is_never_given_back_ends_the_wait(vault: AgeVault) -> None:
    with (
        changing(vault.directory),
        pytest.raises(TryAgain, match="another mailtui"),
        changing(vault.directory, wait=0.1),
    ):
        pass
    with changing(vault.directory, wait=0.1):
        pass

"""As a shell sees it: pipes, signals, exit codes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailtui import __version__
from mailtui.cli import root
from mailtui.core.errors import TryAgain
from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine, in_a_process


def test_the_version_is_one_plain_line() -> None:
    assert in_a_process("--version").out == f"mailtui {__version__}\n"
    assert in_a_process("--as", "ana", "--version").out == f"mailtui {__version__}\n"


def test_the_help_fits_a_small_terminal() -> None:
    lines = in_a_process("--help").out.splitlines()

    assert len(lines) < 24
    assert max(map(len, lines)) <= 80


def test_the_screens_need_a_terminal(mailtui: CommandLine) -> None:
    for command in ((), ("demo",)):
        answer = in_a_process("--db", str(mailtui.database), *command)
        assert (answer.code, answer.out) == (64, "")
        assert "terminal" in answer.err
    assert not mailtui.database.exists()


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("--nonsense",), ("address",), ("address", "add"), ("deliveries", "--state", "lost")]
)
def test_a_wrong_call_ends_with_64_and_says_how(mailtui: CommandLine, arguments: tuple[str, ...]) -> None:
    answer = mailtui(*arguments)

    assert (answer.code, answer.out) == (64, "")
    assert "mailtui" in answer.err


def test_the_environment_names_the_company_and_who_acts(company: CommandLine) -> None:
    as_ana = {"MAILTUI_DB": str(company.database), "MAILTUI_AS": "ana"}

    assert '"brand-a"' in in_a_process("project", "list", "--json", env=as_ana).out
    assert in_a_process("project", "archive", "brand-a", env=as_ana).code == 77


def test_nobody_acts_as_somebody_unknown(company: CommandLine) -> None:
    assert company("project", "list", act_as="nobody").code == 66


def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "mailtui", "services", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process, process.stderr as said:
        assert said.read() == b""


def test_ctrl_c_in_the_middle_of_a_test_ends_with_130_and_saves_nothing(
    mailtui: CommandLine, servers: LoopbackServers, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('keyring = "vault"\n[test]\nstep_seconds = 60\ntotal_seconds = 60\n')
    silent = servers["silent"]
    file = mailtui.secret_file(silent)
    command = ["address", "add", "a@corp.example", "--host", silent.host, "--port", str(silent.port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "mailtui", "--db", str(mailtui.database), *command, "--secret-file", file],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stderr is not None
        assert "find the host" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert "Traceback" not in process.stderr.read()
    assert mailtui.json("address", "list") == []


def test_a_database_that_others_can_read_ends_with_78(company: CommandLine) -> None:
    company.database.chmod(0o644)

    answer = company("address", "list", "--json")

    assert (answer.code, answer.out) == (78, "")
    assert "chmod 600" in answer.err


def test_a_database_that_cannot_be_made_ends_with_73() -> None:
    assert in_a_process("--db", "/proc/nowhere/mailtui.db", "address", "list").code == 73


def test_a_configuration_that_cannot_be_read_ends_with_78(mailtui: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("keyring = 7")

    answer = mailtui("address", "list")

    assert answer.code == 78
    assert "keyring" in answer.err


def test_a_configuration_that_is_named_and_missing_ends_with_78(
    mailtui: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILTUI_CONFIG", str(tmp_path / "missing.toml"))

    answer = mailtui("address", "list")

    assert (answer.code, answer.out) == (78, "")
    assert "missing.toml" in answer.err
    assert not mailtui.database.exists()


def test_words_for_people_are_ascii_marks_where_the_locale_has_no_utf8(company: CommandLine) -> None:
    company.json("employee", "edit", "ana", "--name", "Ana Ștefan")

    done = subprocess.run(
        [sys.executable, "-m", "mailtui", "--db", str(company.database), "doctor"],
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "latin-1"},
    )

    assert done.stdout.startswith(b"+ mode")
    assert done.stdout.isascii()


def test_a_full_disk_ends_with_74(company: CommandLine) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mailtui", "--db", str(company.database), "export"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert done.returncode == 74
    assert b"No space left" in done.stderr


@pytest.mark.parametrize("arguments", [("--version",), ("--as", "ana", "--version"), ("--help",)])
def test_an_answer_that_nobody_can_read_ends_without_a_traceback(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mailtui", *arguments], stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert done.returncode == 74
    assert b"Traceback" not in done.stderr
    assert b"ignored" not in done.stderr


def test_an_error_that_nobody_can_be_told_still_ends_with_74() -> None:
    with Path("/dev/full").open("wb") as full:
        assert subprocess.run([sys.executable, "-m", "mailtui", "nonsense"], stderr=full, check=False).returncode == 74


def raising(error: Exception) -> object:
    def main(*_: object, **__: object) -> int:
        raise error

    return main


def test_an_error_of_our_own_is_one_line_without_any_value(
    mailtui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root.mailtui, "main", raising(ValueError("the password is hunter2")))

    answer = mailtui("address", "list")

    assert (answer.code, answer.out) == (70, "")
    assert len(answer.err.splitlines()) == 1
    assert "hunter2" not in answer.err


def test_an_error_is_told_without_what_a_terminal_could_obey(
    mailtui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root.mailtui, "main", raising(TryAgain("busy \x1b]0;owned\x07")))

    answer = mailtui("address", "list")

    assert answer.code == 75
    assert "\x1b" not in answer.err

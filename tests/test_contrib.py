"""The systemd units of contrib: systemd takes them, and they start what there is."""

import configparser
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailtui.cli.root import mailtui

UNITS = Path(__file__).parents[1] / "contrib" / "systemd"
SERVICE = "mailtui-outbox.service"
TIMER = "mailtui-outbox.timer"


class Unit(configparser.RawConfigParser):
    """A unit file: names keep their case, and one may come several times (the last counts here)."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, delimiters=("=",), comment_prefixes=("#",), interpolation=None)
        self.optionxform = str  # type: ignore[assignment,method-assign]  # as the standard library's own documentation does it
        self.read(UNITS / name)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    """With the program's place on this machine in ExecStart, since systemd looks whether it is there."""
    here = f"{sysconfig.get_path('scripts')}/mailtui"
    service = (UNITS / SERVICE).read_text().replace("/usr/local/bin/mailtui", here)
    (tmp_path / SERVICE).write_text(service.replace("User=mailtui\n", "User=root\n"))
    (tmp_path / TIMER).write_text((UNITS / TIMER).read_text())
    files = [tmp_path / SERVICE, tmp_path / TIMER]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_service_runs_a_command_that_there_is() -> None:
    program, *arguments = Unit(SERVICE)["Service"]["ExecStart"].split()
    assert program.endswith("/mailtui")
    assert CliRunner().invoke(mailtui, [*arguments, "--help"]).exit_code == 0
    assert arguments == ["outbox", "run", "--once"]


def test_the_key_comes_as_a_credential_and_in_no_other_way() -> None:
    text = (UNITS / SERVICE).read_text()
    name, _, _ = Unit(SERVICE)["Service"]["LoadCredential"].partition(":")
    assert f"Environment=MAILTUI_IDENTITY_FILE=%d/{name}\n" in text
    assert "AGE-SECRET-KEY" not in text and "PASSPHRASE" not in text


def test_the_timer_starts_the_service_of_its_name() -> None:
    assert "Unit" not in Unit(TIMER)["Timer"]
    assert Path(TIMER).stem == Path(SERVICE).stem

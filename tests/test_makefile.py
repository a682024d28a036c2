"""The README's two commands say in one line what is missing on a machine, before anything is set up."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As much of a fresh clone as `make` needs to set up."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(clone: Path, python: str) -> subprocess.CompletedProcess[str]:
    stand_in = clone / "python"
    stand_in.write_text(f"#!/bin/sh\n{python}\n")
    stand_in.chmod(0o700)
    command = ["make", "--no-print-directory", "-C", str(clone), "demo", f"PYTHON={stand_in}"]
    return subprocess.run(command, capture_output=True, text=True)


def test_too_old_a_python_is_told_in_one_line(clone: Path) -> None:
    done = make(clone, 'case "$2" in *version_info*) exit 1;; esac; exit 0')
    assert done.returncode != 0
    (line,) = (line for line in done.stderr.splitlines() if not line.startswith("make"))
    assert "Python 3.11" in line
    assert not (clone / ".venv").exists()


def test_a_missing_venv_module_is_told_in_one_line(clone: Path) -> None:
    done = make(clone, 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    assert done.returncode != 0
    (line,) = (line for line in done.stderr.splitlines() if not line.startswith("make"))
    assert "python3-venv" in line
    assert not (clone / ".venv").exists()


def test_an_environment_that_is_set_up_is_not_set_up_again(clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    mailtui = clone / ".venv" / "bin" / "mailtui"
    mailtui.write_text("#!/bin/sh\necho opened $1\n")
    mailtui.chmod(0o700)
    (clone / ".venv" / ".ready").touch()
    done = make(clone, "echo never asked; exit 1")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "opened demo")

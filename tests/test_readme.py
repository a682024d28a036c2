"""The README is honest: each command that it shows is run, in its order, and works."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.demo.plans import GOOD
from mailtui.demo.servers import RunningServer, in_thread
from mailtui.secrets.age import new_identity

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

COMMANDS = [
    line.removeprefix("$ ").partition("    #")[0]
    for block in re.findall(r"```console\n(.*?)```", README, re.S)
    for line in block.splitlines()
]

SETS_UP = ["make demo", "make test", "make run"]
"""What sets the project up, this test among it; tests/test_makefile.py is about those."""

FINDS_SOMETHING = {"mailtui doctor": 78}
"""Exit codes other than 0: the sample company has an address whose password nobody ever typed."""


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with in_thread([GOOD]) as servers:
        yield servers["good"]


@pytest.fixture
def home(tmp_path: Path, server: RunningServer) -> Path:
    """An empty home with what the README's commands take as given: the sample, a letter, and a password."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(ROOT / "examples", home / "examples")
    (home / "letter.txt").write_text("Dear client,\n\nyour order is on its way.\n")
    for name, text in (
        ("sales.secret", server.password.get_secret_value()),
        ("identity", new_identity().get_secret_value().decode()),
    ):
        (home / name).touch(mode=0o600)
        (home / name).write_text(text)
    return home


def test_every_command_of_the_readme_works(home: Path, server: RunningServer) -> None:
    """As written, but for the server's name and port, which stand for one that exists."""
    environment = {
        "HOME": str(home),
        "PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "MAILTUI_IDENTITY_FILE": str(home / "identity"),
    }
    assert COMMANDS[: len(SETS_UP)] == SETS_UP
    for command in COMMANDS[len(SETS_UP) :]:
        real = command.replace("--host smtp.brand-a.example --port 587", f"--host {server.host} --port {server.port}")
        if real != command:
            real += f" --ca-file {server.ca_file}"
        done = subprocess.run(["sh", "-c", real], cwd=home, env=environment, capture_output=True, text=True)
        assert done.returncode == FINDS_SOMETHING.get(command, 0), f"{real}\n{done.stdout}{done.stderr}"


def test_every_picture_of_the_readme_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)

"""A command line on an empty company, and mail servers on the loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.demo.plans import PLANS
from mailtui.demo.servers import LoopbackServers, in_thread
from tests.cli.command_line import CommandLine


@pytest.fixture(scope="module")
def servers() -> Iterator[LoopbackServers]:
    with in_thread(PLANS) as servers:
        yield servers


@pytest.fixture
def mailtui(database: Path, identity_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Its passwords go into a vault that the identity file opens; a step of a test may take a second."""
    configuration = tmp_path / "config.toml"
    configuration.write_text('keyring = "vault"\n[test]\nstep_seconds = 1\n')
    monkeypatch.setenv("MAILTUI_CONFIG", str(configuration))
    for variable in ("MAILTUI_DB", "MAILTUI_AS", "MAILTUI_PASSPHRASE_FILE"):
        monkeypatch.delenv(variable, raising=False)
    return CommandLine(database=database, secret_files=tmp_path)


@pytest.fixture
def company(mailtui: CommandLine) -> CommandLine:
    """Ana in the support group and Bob; two brands, one of them strict."""
    for arguments in (
        ("group", "add", "support", "--name", "Support"),
        ("employee", "add", "ana", "--name", "Ana Pop", "--group", "support"),
        ("employee", "add", "bob", "--name", "Bob"),
        ("project", "add", "brand-a", "--name", "Brand A"),
        ("project", "add", "brand-b", "--name", "Brand B", "--strict"),
    ):
        mailtui.json(*arguments)
    return mailtui

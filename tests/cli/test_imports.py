"""What a command imports: it decides how soon it answers."""

import subprocess
import sys

import pytest

from mailtui import __version__
from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine


def imported(*arguments: str) -> tuple[set[str], str]:
    """The top packages that a command imports, and what it prints. The command has to succeed."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mailtui", *arguments], capture_output=True, text=True, check=True
    )
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}, done.stdout


def test_the_version_imports_nothing_of_weight() -> None:
    packages, printed = imported("--version")

    assert printed == f"mailtui {__version__}\n"
    assert not packages & {"click", "textual", "pydantic", "aiosmtplib", "keyring", "sqlite_utils", "asyncio", "email"}


def test_the_help_imports_no_command() -> None:
    packages, _ = imported("--help")

    assert not packages & {"textual", "rich", "pydantic", "aiosmtplib", "keyring", "sqlite_utils", "asyncio"}


@pytest.mark.parametrize("command", [("address", "list"), ("project", "list"), ("audit",), ("export",)])
def test_reading_imports_neither_screens_nor_mail_nor_keyring(mailtui: CommandLine, command: tuple[str, ...]) -> None:
    packages, _ = imported("--db", str(mailtui.database), *command)

    assert not packages & {"textual", "rich", "aiosmtplib", "keyring", "pyrage", "cryptography"}


def test_sending_imports_no_screens(company: CommandLine, servers: LoopbackServers) -> None:
    company.add("hello@corp.example", servers["good"])

    packages, printed = imported(
        *("--db", str(company.database), "--as", "ana", "send", "--project", "brand-a"),
        *("--to", "ion@client.example", "--subject", "Offer", "--wait"),
    )

    assert "sent" in printed
    assert "aiosmtplib" in packages
    assert not packages & {"textual", "rich", "aiosmtpd", "trustme"}

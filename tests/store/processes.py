"""Other processes at work on the same database."""

import subprocess
import sys
import textwrap
from pathlib import Path

TIMEOUT = 60
"""Seconds after which a process of a test hangs."""


def python(code: str, database: Path) -> subprocess.Popen[str]:
    """Start `code` in a process of its own; it finds an open `store` (on `database`) there."""
    opening = f"from pathlib import Path\nfrom mailtui.store import Store\nstore = Store(Path({str(database)!r}))\n"
    return bare_python(opening + textwrap.dedent(code))


def bare_python(code: str) -> subprocess.Popen[str]:
    """Start `code`, with pipes on all sides."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(process: subprocess.Popen[str]) -> str:
    """What it printed, once it has ended well."""
    output, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, errors
    return output

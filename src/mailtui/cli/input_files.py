"""Reading the files that a command is given."""

import sys
from pathlib import Path

from mailtui.core.errors import BadInput, NotFound
from mailtui.core.text import clean

STANDARD_INPUT = Path("-")


def read_file(path: Path) -> bytes:
    """What the file holds; `-` is standard input. Raises NotFound where it cannot be read."""
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound(f"the file {clean(str(path))} cannot be read: {error.strerror}") from error


def read_text(path: Path) -> str:
    """The same as text. Raises BadInput where it is not UTF-8."""
    try:
        return read_file(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{clean(str(path))} is not UTF-8 text") from error

"""Reading the files that a command is given."""

import sys
from pathlib import Path
from typing import Final

from mailtui.core.errors import BadInput, NotFound
from mailtui.core.text import clean

STANDARD_INPUT: Final = Path("-")

MAX_OCTETS: Final = 150_000_000
"""No mail server takes a message of more (Exchange Online's limit), and no company's file comes near; it keeps what
never ends, like /dev/zero, from filling the memory."""


def read_file(path: Path) -> bytes:
    """What the file holds; `-` is standard input. Raises NotFound where it cannot be read, BadInput for too much."""
    if path == STANDARD_INPUT:
        content = sys.stdin.buffer.read(MAX_OCTETS + 1)
    else:
        try:
            with path.open("rb") as file:
                content = file.read(MAX_OCTETS + 1)
        except OSError as error:
            raise NotFound(f"the file {clean(str(path))} cannot be read: {error.strerror}") from error
    if len(content) > MAX_OCTETS:
        name = "standard input" if path == STANDARD_INPUT else f"the file {clean(str(path))}"
        raise BadInput(f"{name} holds more than {MAX_OCTETS:,} octets, which no mail server takes: give less")
    return content


def read_text(path: Path) -> str:
    """The same as text, without the mark that programs of Windows put first. Raises BadInput where it is not UTF-8."""
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{clean(str(path))} is not UTF-8 text") from error

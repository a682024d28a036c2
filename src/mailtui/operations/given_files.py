"""Reading the files that somebody names: whole, bounded, and with words for what is wrong with them."""

from pathlib import Path
from typing import BinaryIO, Final

from mailtui.core.errors import BadInput, NotFound
from mailtui.core.text import clean

MAX_OCTETS: Final = 150_000_000
"""No mail server takes a message of more (Exchange Online's limit), and no company's file comes near; it keeps what
never ends, like /dev/zero, from filling the memory."""


def read_given(path: Path) -> bytes:
    """What the file holds. Raises NotFound where it cannot be read, BadInput for too much."""
    try:
        with path.open("rb") as file:
            return bounded(file, f"the file {clean(str(path))}")
    except (OSError, ValueError) as error:  # The latter for a NUL in the name.
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        raise NotFound(f"the file {clean(str(path))} cannot be read: {why}") from error


def bounded(stream: BinaryIO, name: str) -> bytes:
    """What the stream holds. Raises BadInput where that is more than MAX_OCTETS."""
    content = stream.read(MAX_OCTETS + 1)
    if len(content) > MAX_OCTETS:
        raise BadInput(f"{name} holds more than {MAX_OCTETS:,} octets, which no mail server takes: give less")
    return content


def as_text(content: bytes, path: Path) -> str:
    """The same as text, without the mark that programs of Windows put first. Raises BadInput where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{clean(str(path))} is not UTF-8 text") from error

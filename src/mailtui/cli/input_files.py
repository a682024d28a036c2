"""Reading the files that a command is given, standard input among them."""

import sys
from pathlib import Path
from typing import Final

from mailtui.operations.given_files import as_text, bounded, read_given

STANDARD_INPUT: Final = Path("-")


def read_file(path: Path) -> bytes:
    """What the file holds; `-` is standard input. Raises NotFound where it cannot be read, BadInput for too much."""
    return bounded(sys.stdin.buffer, "standard input") if path == STANDARD_INPUT else read_given(path)


def read_text(path: Path) -> str:
    """The same as text. Raises BadInput where it is not UTF-8."""
    return as_text(read_file(path), path)

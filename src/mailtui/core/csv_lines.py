"""Lines of comma-separated values (RFC 4180) that a spreadsheet shows as they are and does not carry out."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from mailtui.core.text import clean

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet takes for a formula (CWE-1236)."""

AS_TEXT: Final = "'"
"""In front of such a cell it says that it is a text."""


def csv_line(cells: Sequence[str]) -> str:
    """One line with its end. Names of others are made safe: for a terminal, and for a spreadsheet."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([_safe(cell) for cell in cells])
    return line.getvalue()


def _safe(cell: str) -> str:
    text = clean(cell)
    return AS_TEXT + text if text.startswith(FORMULA) else text

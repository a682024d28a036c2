"""What a crash leaves on standard error: where it was and what kind, and no value of any variable.

A traceback with local variables, Textual's default, would print passwords that are in use at that moment.
"""

import traceback
from pathlib import Path
from typing import Final

from rich.text import Text

EXIT_CODE: Final = 70
"""EX_SOFTWARE of sysexits.h: an internal error."""

FRAMES: Final = 6
"""Innermost frames that are printed; a report needs no more, and a screen holds them."""


def report(error: BaseException) -> Text:
    """The report as plain text, ready for a terminal. The error's own words stay out: they may quote what was typed."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    lines = ["mailtui stopped on an error of its own. What was saved is kept, what was being typed is lost."]
    for frame in frames:
        lines.append(f"  {Path(*Path(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}")
        lines.append(f"    {(frame.line or '').strip()}")
    lines += [type(error).__name__, "Please report it with these lines."]
    return Text("\n".join(lines), no_wrap=True, overflow="ignore")

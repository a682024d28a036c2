"""What a slow line carries: the bytes that each kind of key sends at 80x24 and 256 colours, with Textual's own driver
and with that of mailtui.

Prints each figure with its limit; the exit code says whether all were kept.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from terminal import Terminal

import company

MAILTUI: Final = [sys.executable, "-m", "mailtui"]

WHOLE: Final = {"TEXTUAL_DRIVER": "textual.drivers.linux_driver:LinuxDriver"}
"""Textual's own driver, which sends all that is drawn."""

SIZE: Final = company.Size(addresses=200, employees=20, groups=20, projects=20, deliveries=20)
"""Several pages of a table, so that it scrolls."""

QUIET: Final = 0.4
"""Seconds after which nothing more is expected: a key that may begin a sequence waits for the rest of it, a page is
opened in several steps, and the cursor of a field blinks twice a second."""

FIRST: Final = "Company external e-mail addresses"


@dataclass(frozen=True)
class Step:
    """A key, and what it may send."""

    name: str
    key: str
    limit: int
    """Bytes; the cursor of a field may blink in between, which takes some."""
    shows: str = ""
    """What is on the screen then, where it takes its time."""


OPENED: Final = Step("open a page with a table", "enter", 3300, "Who may use")

WALKS: Final = (
    (
        OPENED,
        Step("a key in the table", "down", 450),
        Step("to the end of the page", "\x1b[6~", 600),
        Step("a key that scrolls the table", "down", 600),
        Step("a page down", "\x1b[6~", 1800),
        Step("open the filter", "/", 1300),
        Step("a letter in the filter", "0", 1800),
        Step("another one", "1", 1900),
        Step("leave the filter", "escape", 1000),
        Step("leave the page", "escape", 1300, "refusals? in"),
    ),
    (
        OPENED,
        Step("the help", "?", 3100, "Add an external"),
        Step("leave the help", "escape", 3600),
        Step("the palette", "\x10", 2300, "Test its account"),
        Step("a letter in the palette", "a", 1300),
        Step("leave the palette", "escape", 3200),
        Step("a question", "d", 3500, "Keep"),
        Step("the answer no", "escape", 3300),
        Step("a form", "a", 2400, "Shown as"),
        Step("a letter in a field", "b", 300),
        Step("the next field", "\t", 600),
    ),
)
"""From the first screen on, each without what the one before left behind."""


def walk(database: Path, steps: tuple[Step, ...], environment: Mapping[str, str]) -> list[int]:
    """The bytes of each step, before them those of the first screen."""
    with (
        tempfile.TemporaryDirectory() as state,  # where nothing says which page was open last
        Terminal([*MAILTUI, "--db", str(database)], {"XDG_STATE_HOME": state, **environment}) as terminal,
    ):
        terminal.shows("refusals? in")
        terminal.rests(QUIET)
        sent = [terminal.octets]
        for step in steps:
            terminal.press(step.key, QUIET)
            terminal.shows(step.shows)
            terminal.rests(QUIET)
            sent.append(terminal.octets)
        return [sent[0], *(after - before for before, after in pairwise(sent))]


def main() -> int:
    kept = True
    print(f"{'':<32} {'Textual':>9} {'mailtui':>9}")  # noqa: T201 - printing is what this program is for
    with tempfile.TemporaryDirectory(prefix="mailtui-bench-") as directory:
        database = Path(directory) / "data" / "bytes.db"
        company.fill(database, SIZE)
        told: set[str] = set()
        for steps in WALKS:
            told_of = (Step("the first screen", "", 1800), *steps)
            for step, whole, sent in zip(told_of, walk(database, steps, WHOLE), walk(database, steps, {}), strict=True):
                if step.name in told:
                    continue
                told.add(step.name)
                kept = kept and sent <= step.limit
                said = "kept" if sent <= step.limit else "MISSED"
                print(f"{step.name:<32} {whole:>9} {sent:>9} bytes   at most {step.limit:<5} {said}")  # noqa: T201
    return 0 if kept else 1


if __name__ == "__main__":
    os.environ.setdefault("MAILTUI_CONFIG", os.devnull)
    sys.exit(main())

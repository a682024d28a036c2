"""How fast mailtui is, as ratios to the smallest Textual program with a table, measured in turn in one run.

Prints each figure with its limit; the exit code says whether all were kept.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from terminal import Repaint, Terminal

HERE: Final = Path(__file__).parent

RUNS: Final = 7
"""Of each program, in turn, so that a busy moment of the machine meets both."""

KEYS: Final = 15
"""Presses of the key that moves the cursor, all within the first window of rows."""

ROWS: Final = 20

FIRST_PAGE: Final = "Company external e-mail addresses"
"""What the first frame of mailtui shows, and where its table is."""

SMALLEST: Final = [sys.executable, str(HERE / "smallest.py")]
MAILTUI: Final = [sys.executable, "-m", "mailtui"]


@dataclass
class Measured:
    """The figures of one program, a value for each run or key."""

    first_frame: list[float] = field(default_factory=list)
    """Milliseconds."""
    keys: list[Repaint] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    """MiB."""

    @property
    def key_time(self) -> list[float]:
        return [key.milliseconds for key in self.keys]

    @property
    def key_octets(self) -> list[int]:
        return [key.octets for key in self.keys]


def company() -> str:
    """An import file with as many addresses as the table that it is compared with has rows."""
    lines: list[str] = []
    for number in range(ROWS):
        lines += [
            "[[addresses]]",
            f'address = "address-{number:02}@brand.example"',
            'name = "Brand"',
            'host = "smtp.brand.example"',
            "port = 587",
            'security = "starttls"',
            'signin = "none"',
        ]
    return "\n".join(lines)


def measure(command: Sequence[str], first: str, to_the_table: Sequence[str], into: Measured) -> None:
    """Start a program, wait for the text `first`, go to its table, and move the cursor down."""
    with Terminal(command) as terminal:
        into.first_frame.append(terminal.shows(first))
        terminal.rests()
        for key in to_the_table:
            terminal.press(key)
        terminal.shows(f"address-{KEYS:02}")
        terminal.rests()
        into.keys += [terminal.press("down") for _ in range(KEYS)]
        into.memory.append(terminal.memory)


def seconds(command: Sequence[str]) -> float:
    """How long a command takes that needs no terminal."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - the commands stand in this file
    return time.perf_counter() - start


def verdict(what: str, ours: Sequence[float], theirs: Sequence[float], limit: float, unit: str) -> bool:
    """Print one line; whether the limit was kept."""
    ratio = median(ours) / median(theirs)
    kept = ratio <= limit
    print(  # noqa: T201 - printing is what this program is for
        f"{what:<26} {median(ours):>8.1f} {unit:<5} {median(theirs):>8.1f} {unit:<5} {ratio:>5.2f}x of {limit:.2f}x"
        f"  {'kept' if kept else 'MISSED'}"
    )
    return kept


def main() -> int:
    ours, smallest = Measured(), Measured()
    version: list[float] = []
    nothing: list[float] = []
    with tempfile.TemporaryDirectory(prefix="mailtui-bench-") as directory:
        os.environ["MAILTUI_DB"] = str(Path(directory) / "data" / "bench.db")
        given = Path(directory) / "company.toml"
        given.write_text(company())
        subprocess.run([*MAILTUI, "import", str(given)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        measure(
            MAILTUI, "Company external e-mail addresses", ("enter",), Measured()
        )  # writes the byte code; not counted
        for _ in range(RUNS):
            measure(SMALLEST, "address-00", (), smallest)
            measure(MAILTUI, FIRST_PAGE, ("enter",), ours)
            nothing.append(seconds([sys.executable, "-c", "pass"]) * 1000)
            version.append(seconds([*MAILTUI, "--version"]) * 1000)
    print(f"{'':<26} {'mailtui':>14} {'smallest':>14}")  # noqa: T201
    verdicts = [
        verdict("first frame", ours.first_frame, smallest.first_frame, 1.25, "ms"),
        verdict("a key in the table, time", ours.key_time, smallest.key_time, 1.3, "ms"),
        verdict("a key in the table, bytes", ours.key_octets, smallest.key_octets, 1.3, "bytes"),
        verdict("memory, with the table", ours.memory, smallest.memory, 2.0, "MiB"),
        verdict("--version to python's pass", version, nothing, 4.0, "ms"),
    ]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())

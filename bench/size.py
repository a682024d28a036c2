"""How much slower a large company is than a small one: both in turn in one run, each table with the same keys.

Prints each figure with its limit; the exit code says whether all were kept.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from terminal import Terminal

import company

HERE: Final = Path(__file__).parent
MAILTUI: Final = [sys.executable, "-m", "mailtui"]

RUNS: Final = 3
"""Of each company and table, in turn, so that a busy moment of the machine meets both."""

OFFERS: Final = 9
"""Questions to each company for what is offered."""

KEY_LIMIT: Final = 1.2
MEMORY_LIMIT: Final = 1.2
OFFERED_LIMIT: Final = 1.5
FILTER_LIMIT: Final = 50.0
"""Milliseconds from a key in the filter to the last byte of the answer."""
IMPORT_LIMIT: Final = 60.0
"""Seconds."""
IMPORT_MEMORY: Final = 512.0
"""MiB at most at any moment of it."""

UNDECIDED: Final = 3.0
"""Milliseconds of difference that a terminal does not show and a busy machine makes: less is no difference."""

MOVES: Final = {"down": ("g", "down"), "page down": ("g", "\x1b[6~"), "G": ("g", "G"), "page up": ("G", "\x1b[5~"),
                "g": ("G", "g")}  # fmt: skip
"""What is measured: a key, and before it the one after which it does the same in a long table and in a short one."""

PRESSES: Final = 2
"""Of each key in a run."""

LOOK_EVERY: Final = 0.05
"""Seconds between two looks at the memory of an import."""

LISTED: Final = "addresses"
"""For the import: a file with nothing else."""


FIRST: Final = "Company external e-mail addresses"
"""The leaf of the settings tree that is marked at the start."""


@dataclass(frozen=True)
class Table:
    """A table: its leaf in the settings, the keys from there, what it shows, and what is typed into its filter."""

    name: str
    leaf: str
    keys: Sequence[str]
    shows: str
    typed: str


PEOPLE: Final = "Employees and groups"
PROJECTS: Final = "Projects and their actions"

TABLES: Final = (
    Table("company addresses", FIRST, ("enter",), "Who may use", "address-04"),
    Table("employee addresses", "Employee external e-mail addresses", ("enter",), "Own addresses", "müller"),
    Table("deliveries", "Deliveries", ("enter",), "Outcome", "order 17"),
    Table("reasons", "Reasons for refusal", ("enter",), "Who acts", "quota"),
    Table("employees", PEOPLE, ("enter",), "Members", "ana pop"),
    Table("groups", PEOPLE, ("enter", "\t"), "Members", "team 0"),
    Table("projects", PROJECTS, ("enter",), "Bound", "brand 00"),
    Table("a project", PROJECTS, ("enter", "enter"), "Offered to", "address-00"),
    Table("its actions", PROJECTS, ("enter", "enter", "\t"), "Offered to", "contact"),
    Table("who changed what", "Who changed what", ("enter",), "When", "address-01"),
)


@dataclass
class Measured:
    """The figures of one company."""

    first_frame: list[float] = field(default_factory=list)
    opened: dict[str, list[float]] = field(default_factory=dict)
    keys: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    filtered: dict[str, list[float]] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    offered: list[float] = field(default_factory=list)


def go(terminal: Terminal, table: Table) -> float:
    """Open the table; the milliseconds that the last key took."""
    lines = terminal.text.splitlines()
    first, wanted = (next(n for n, line in enumerate(lines) if leaf in line) for leaf in (FIRST, table.leaf))
    for _ in range(wanted - first):
        terminal.press("j")
    took = [terminal.press(key).milliseconds for key in table.keys]
    terminal.shows(table.shows)
    terminal.rests()
    return took[-1]


def measure(database: Path, table: Table, into: Measured) -> None:
    """One run of one table."""
    with tempfile.TemporaryDirectory() as state:  # where nothing says which page was open last
        command, environment = [*MAILTUI, "--db", str(database)], {"XDG_STATE_HOME": state}
        with Terminal(command, environment) as terminal:
            into.first_frame.append(terminal.shows(FIRST))
            terminal.shows("refusals? in")
            terminal.rests()
            into.opened.setdefault(table.name, []).append(go(terminal, table))
            for name, (before, key) in MOVES.items():
                for _ in range(PRESSES):
                    terminal.press(before)
                    into.keys.setdefault((table.name, name), []).append(terminal.press(key).milliseconds)
            terminal.press("g")
            terminal.press("/")
            into.filtered.setdefault(table.name, []).extend(terminal.press(key).milliseconds for key in table.typed)
            into.memory.append(terminal.memory)


def ask(database: Path) -> float:
    """Milliseconds of a process that says what the first employee is offered in the first project."""
    command = [*MAILTUI, "--db", str(database), "--as", company.login(0), "offered"]
    command += ["--employee", company.login(0), "--project", company.project(0), "--json"]
    began = time.perf_counter()
    said = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - the commands stand in this file
    took = (time.perf_counter() - began) * 1000
    assert len(json.loads(said.stdout)["offered"]) == company.OFFERED  # noqa: S101 - both are offered the same
    return took


def imported(directory: Path, size: company.Size) -> tuple[float, float]:
    """Seconds, and MiB at most, of an import of as many addresses as the large company has, into a company without
    any."""
    addresses = [
        {
            "address": f"address-{number:06}@import.example", "name": "Imported", "host": "smtp.import.example",
            "port": 587, "security": "starttls", "signin": "none",
        }
        for number in range(size.addresses)
    ]  # fmt: skip
    given = directory / "import.json"
    given.write_text(json.dumps({LISTED: addresses}))
    command = [*MAILTUI, "--db", str(directory / "import" / "company.db"), "import", str(given), "--json"]
    began, most = time.perf_counter(), 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - as above
        while process.poll() is None:
            most = max(most, peak(process.pid))
            time.sleep(LOOK_EVERY)
        took = time.perf_counter() - began
    assert process.returncode == 0  # noqa: S101 - what failed has no figures
    return took, most


def peak(pid: int) -> float:
    """The most memory that a process had so far, MiB. What `getrusage` says of one that came to its end is at least the
    memory of the process that started it."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def companies(kept: Path | None) -> Iterator[tuple[Path, Path, float]]:
    """The large and the small one, and the seconds that the large one took to be made; made anew unless `kept` names a
    directory that has them."""
    with tempfile.TemporaryDirectory(prefix="mailtui-bench-", dir="/var/tmp") as name:
        directory = kept or Path(name)
        paths = [directory / size / f"{size}.db" for size in company.SIZES]
        began = time.perf_counter()
        for path, size in zip(paths, company.SIZES.values(), strict=True):
            if not path.exists():
                company.fill(path, size)
                gc.collect()
        yield paths[0], paths[1], time.perf_counter() - began


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - printing is what this program is for


def verdict(what: str, big: Sequence[float], small: Sequence[float], limit: float, unit: str = "ms") -> bool:
    """Print one line; whether the limit was kept."""
    large, little = median(big), max(median(small), 0.1)
    kept = large <= limit * little or (unit == "ms" and large - little < UNDECIDED)
    ratio = f"{large / little:>5.2f}x of {limit:.1f}x"
    say(f"{what:<34} {large:>8.1f} {unit:<4} {little:>8.1f} {unit:<4} {ratio}  {'kept' if kept else 'MISSED'}")
    return kept


def answered(what: str, big: Sequence[float], small: Sequence[float]) -> bool:
    """The same, for the keys typed into a filter, whose limit is a time."""
    large, kept = median(big), median(big) <= FILTER_LIMIT
    say(f"{what:<34} {large:>8.1f} ms   {median(small):>8.1f} ms   at most {FILTER_LIMIT:.0f} ms  "
        f"{'kept' if kept else 'MISSED'}, the slowest {max(big):.0f} ms")  # fmt: skip
    return kept


def absolute(what: str, value: float, limit: float, unit: str) -> bool:
    """The same, for a limit that is no ratio."""
    kept = value <= limit
    say(f"{what:<34} {value:>8.1f} {unit:<4} {'':>13} at most {limit:.0f} {unit}  {'kept' if kept else 'MISSED'}")
    return kept


def main(kept: Path | None) -> int:
    big, small = Measured(), Measured()
    with companies(kept) as (large, little, seconds):
        if kept is None:
            say(f"The large company was made in {seconds:.0f} s: {large.stat().st_size / 2**20:.0f} MiB.")
        for run in range(RUNS + 1):  # the first writes the byte code and fills the caches; not counted
            for table in TABLES if run else TABLES[:1]:
                for database, into in ((large, big), (little, small)):
                    measure(database, table, into if run else Measured())
        for _ in range(OFFERS):
            big.offered.append(ask(large))
            small.offered.append(ask(little))
        with tempfile.TemporaryDirectory(prefix="mailtui-bench-", dir="/var/tmp") as name:
            took, most = imported(Path(name), company.BIG)
    size = company.BIG
    say(f"{size.addresses:,} addresses, {size.employees:,} employees, {size.projects:,} projects, {size.deliveries:,} "
        f"deliveries, against {company.SMALL.addresses} of each:")  # fmt: skip
    say(f"{'':<34} {'large':>13} {'small':>13}")
    verdicts = [verdict("first frame", big.first_frame, small.first_frame, KEY_LIMIT)]
    for table in TABLES:
        verdicts.append(verdict(f"{table.name}: open", big.opened[table.name], small.opened[table.name], KEY_LIMIT))
        for name in MOVES:
            key = table.name, name
            verdicts.append(verdict(f"{table.name}: {name}", big.keys[key], small.keys[key], KEY_LIMIT))
        typed = big.filtered[table.name], small.filtered[table.name]
        verdicts.append(answered(f"{table.name}: filter", *typed))
    verdicts += [
        verdict("memory", big.memory, small.memory, MEMORY_LIMIT, "MiB"),
        verdict("offered, as a process", big.offered, small.offered, OFFERED_LIMIT),
        absolute(f"import of {size.addresses:,} addresses", took, IMPORT_LIMIT, "s"),
        absolute("its memory", most, IMPORT_MEMORY, "MiB"),
    ]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    os.environ.setdefault("MAILTUI_CONFIG", os.devnull)
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))

"""What an import says: its plan, how far it is, and what the tests after it found."""

import os
import sys
import time
from typing import Final

import click
from pydantic import JsonValue

from mailtui.cli import exit_codes
from mailtui.cli.output import mark_of, print_table, say
from mailtui.cli.step_lines import CLEAR_LINE
from mailtui.core.text import clean
from mailtui.operations.import_company import Progress
from mailtui.operations.import_outcome import Counts, ImportOutcome, Planned
from mailtui.operations.plan_words import ONE, SIGNS, again_words, change_words, found_words
from mailtui.operations.test_accounts import Tested
from mailtui.tui.marks import NEXT

COLOURS: Final = {"added": "green", "changed": "yellow", "removed": "red"}

REDRAWN: Final = 0.1
"""Seconds between two states of the line that shows progress."""


class ProgressLine:
    """One line on standard error, where that is a terminal; nothing anywhere else."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._next = 0.0

    def __call__(self, progress: Progress) -> None:
        self.show(f"{progress.stage} {progress.done:,} of {progress.total:,}", last=progress.done == progress.total)

    def show(self, words: str, *, last: bool = False) -> None:
        if self._live and (last or time.monotonic() >= self._next):
            click.echo(f"{CLEAR_LINE}{words}", nl=False, err=True)
            self._next = time.monotonic() + REDRAWN

    def clear(self) -> None:
        if self._live:
            click.echo(CLEAR_LINE, nl=False, err=True)


class TestedLines:
    """Each test as it ends, on standard error: for people, and so with JSON only where a terminal shows it."""

    def __init__(self, line: ProgressLine, *, as_json: bool) -> None:
        self._line = line
        self._shown = not as_json or sys.stderr.isatty()

    def __call__(self, tested: Tested, done: int, total: int) -> None:
        if self._shown:
            self._line.clear()
            click.echo(f"{mark_of(tested.ok)} {clean(tested.address)}  {found_words(tested)}", err=True)
            self._line.show(f"tested {done:,} of {total:,}", last=True)


def print_plan(outcome: ImportOutcome, *, dry_run: bool, to_be_tested: bool) -> None:
    """Everything that changes; of what is added the names, and those only while nothing is done yet. `to_be_tested`:
    the tests come next, and need not be asked for."""
    for planned in outcome.plan:
        if dry_run or planned.change != "added":
            _print_planned(planned)
    columns = (outcome.added, outcome.changed, outcome.removed, outcome.unchanged)
    print_table(
        ("Would be" if dry_run else "", "Added", "Changed", "Removed", "Unchanged"),
        (("", kind, *(f"{getattr(counts, kind):,}" for counts in columns)) for kind in Counts.model_fields),
        empty="",
    )
    again = sum(planned.test_again is True for planned in outcome.plan)
    if again and not to_be_tested:
        addresses = "1 address is" if again == 1 else f"{again:,} addresses are"
        say(f"{addresses} offered only after a test: --test, or mailtui address test")


def print_tests(tests: tuple[Tested, ...]) -> None:
    """How many succeeded, and what to do about each that did not."""
    say(f"{sum(one.ok for one in tests):,} of {len(tests):,} tested addresses can send.")
    for one in tests:
        if one.ok:
            continue
        say(f"{mark_of(False)} {clean(one.address)}: {found_words(one)}")
        if one.test is not None:
            for remedy in one.test.remedy[:1]:
                say(f"  - {clean(remedy)}")


def document(outcome: ImportOutcome, tests: tuple[Tested, ...] | None) -> dict[str, JsonValue]:
    """As `mailtui import --json` prints it; `tests` only where they were asked for."""
    found = outcome.model_dump(mode="json")
    if tests is not None:
        found["tests"] = [_test_document(one) for one in tests]
    return found


def exit_code(tests: tuple[Tested, ...] | None) -> int:
    """0 all ok or none made; else as that of `address test`, 78 where no server could be asked, the most telling of
    several."""
    codes = (exit_codes.of_test(one.test) if one.test is not None else os.EX_CONFIG for one in tests or ())
    return exit_codes.of_tests(codes)


def _print_planned(planned: Planned) -> None:
    line = f"{SIGNS[planned.change]} {ONE[planned.kind]} {clean(planned.name)}"
    tested = again_words(planned)
    say(click.style(line, fg=COLOURS[planned.change]) + (f"  {tested}" if tested else ""))
    if planned.change == "changed":
        for change in planned.fields:
            say(f"    {change.field}: {change_words(change, str(NEXT))}")


def _test_document(tested: Tested) -> dict[str, JsonValue]:
    if tested.test is not None:
        return tested.test.model_dump(mode="json")
    return {"ok": False, "address": tested.address, "error": tested.error}

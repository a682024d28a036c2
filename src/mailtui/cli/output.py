"""What the command line prints: one JSON document on standard output, or short lines for people."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

import click

from mailtui.core.text import clean, clean_lines
from mailtui.tui.marks import Mark
from mailtui.tui.tones import Tone

if TYPE_CHECKING:
    from pydantic import JsonValue  # 40 ms to import, and errors and help are written without it

Function = TypeVar("Function", bound=Callable[..., object])

COLOURS: Final = {Tone.GOOD: "green", Tone.BAD: "red", Tone.WARN: "yellow", Tone.MUTED: "bright_black"}

MANY: Final = 50_000
"""Parts of a document that are printed at once."""

BETWEEN: Final = "  "
"""Stands between two columns."""

ESCAPE: Final = "\x1b"
"""Begins what gives a mark its colour."""


def json_option(command: Function) -> Function:
    """Gives a command `--json`, as its parameter `as_json`. Given to a command that has others below it, it holds for
    those, too."""
    option = click.option("--json", "as_json", is_flag=True, callback=_or_above, help="Print one JSON document.")
    return option(command)


def _or_above(context: click.Context, option: click.Parameter, given: bool) -> bool:
    return given or bool(context.parent and context.parent.params.get("as_json"))


def print_json(document: "JsonValue") -> None:
    """Everything outside ASCII is escaped, and so nothing that a stranger wrote can do anything to a terminal."""
    parts = json.JSONEncoder(indent=2).iterencode(document)
    while some := "".join(islice(parts, MANY)):  # All parts of a large one at once take ten times its size.
        click.echo(some, nl=False)
    click.echo()


def say(line: str = "") -> None:
    """A line of the answer, for people."""
    click.echo(line)


def tell(text: str) -> None:
    """Something that is not the answer itself, to standard error; the text may hold foreign words."""
    click.echo(clean_lines(text), err=True)


def marked(mark: Mark, *, word: bool = False) -> str:
    """The mark in its colour, with its word on request; colour is left out where none is wanted or shown."""
    return click.style(mark.said if word else str(mark), fg=COLOURS.get(mark.tone))


def mark_of(ok: bool) -> str:
    return marked(Mark.READY if ok else Mark.FAILING)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Aligned columns under their heads; `empty` where there is no row.

    The first cell of each row is a mark and has no head; the others are made safe for a terminal here.
    """
    cells = [(row[0], *map(clean, row[1:])) for row in rows]
    if not cells:
        say(empty)
        return
    table = [("", *heads), *cells]
    if not any(mark for mark, *_ in table):
        table = [row[1:] for row in table]
    columns = [_aligned(column) for column in zip(*table, strict=True)]
    say("\n".join(BETWEEN.join(row).rstrip() for row in zip(*columns, strict=True)))


def _aligned(cells: Sequence[str]) -> list[str]:
    """The cells of one column, each as wide as the widest."""
    widths = [_width(cell) for cell in cells]
    widest = max(widths)
    return [cell + " " * (widest - width) for cell, width in zip(cells, widths, strict=True)]


def _width(cell: str) -> int:
    """Terminal columns: wide characters take two, combining ones none (Unicode TR 11)."""
    text = click.unstyle(cell) if ESCAPE in cell else cell
    return len(text) if text.isascii() else sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1

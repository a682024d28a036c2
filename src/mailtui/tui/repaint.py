"""What a repaint changes: of all that a frame draws, only the cells that the terminal does not show already are sent.

Textual draws a whole widget, or the whole screen, whenever something in it changed. A slow line carries what differs.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len

from mailtui.tui.cells import WORTH_ERASING, Cell, Line, Run, blank_from, differing, moved, runs_over
from mailtui.tui.pens import ON_BLANKS, PLAIN, Pen, change, for_blanks, pen

BEGIN: Final = "\x1b[?2026h"
END: Final = "\x1b[?2026l"
"""Around a frame, for terminals that show it at once (synchronized output)."""

OTHER_SCREEN: Final = "\x1b[?1049"
"""Goes to the screen of full-screen programs, or back."""

DRAWING: Final = re.compile("\x1b\\[([0-9;]*)([Hm])([^\x1b]*)")
"""A move of the cursor or a change of the pen, and the text that follows it: all that a frame is made of."""

MODES: Final = ("\x1b[?", "\x1b[>", "\x1b[<")
"""What modes and questions begin with; they draw nothing."""

BELL: Final = "\x07"
WORDS: Final = ("\x1b]", BELL)
"""What the title, the clipboard and the shape of the pointer begin with, which end with a bell; and the bell itself."""

UNSURE: Final = frozenset({"Mn", "Me", "Mc", "Cf", "Cs", "Co", "Cn", "Cc"})
"""Kinds of characters that terminals draw over their neighbours, or as they like."""

PICTURES: Final = "\U0001f000"
"""The first of the characters of which some terminals join several, or draw one over two cells."""

BLANKS: Final = re.compile(f"( {{{WORTH_ERASING},}})")

ERASES: Final = "\x1b["
"""What a piece begins with that erases; text has no escape in it."""

Place = tuple[int, int]
"""Line and column, from 0."""


class Repaint:
    """What the terminal shows, as far as it is known; `shorten` each thing that is written to it, in its order.

    A line with a character whose width terminals do not agree upon is sent as it is, and its cells count as unknown.
    """

    def __init__(self) -> None:
        self.erases_in_colour = False
        """Whether the terminal erases with the paper of the pen, and not with its own."""
        self.erases_cells = False
        """Whether it erases some cells of a line too, and not only up to its end."""
        self._columns = 0
        self._lines: dict[int, list[Cell | None]] = {}
        self._cursor: Place | None = None
        """Where it is, if that is known."""
        self._begun = False
        """A frame was begun, and nothing of it was sent yet."""
        self._sure: set[str] = set()
        """Characters known to take one cell everywhere."""

    def resized(self, columns: int) -> None:
        """The terminal has that many columns now. What it shows it has moved, each terminal in its own way."""
        self._columns = columns
        self.forget()

    def forget(self) -> None:
        """The terminal may show anything now: whatever is drawn next is sent whole."""
        self._lines.clear()
        self._cursor = None

    def shorten(self, data: str) -> str:
        """What is to be sent in place of `data`; empty where nothing is."""
        if data == BEGIN:
            self._begun = True
            return ""
        if data == END:
            nothing_sent, self._begun = self._begun, False
            return "" if nothing_sent else END
        if draws_nothing(data):
            if OTHER_SCREEN in data:
                self.forget()
            return data
        drawn = self._drawn(data)
        if drawn is None:
            self.forget()
            return self._framed(data)
        return self._framed("".join(self._sent(*drawn)))

    def _framed(self, data: str) -> str:
        if not data or not self._begun:
            return data
        self._begun = False
        return BEGIN + data

    def _drawn(self, data: str) -> tuple[dict[int, list[Run]], Place | None] | None:
        """What is drawn, by line, and where the cursor is left; None where `data` holds something unknown."""
        found: dict[int, list[Run]] = {}
        line, column = -1, 0
        now: Pen | None = PLAIN
        length = 0
        for parameters, kind, text in DRAWING.findall(data):
            length += len(parameters) + len(text) + len("\x1b[H")
            if kind == "H":
                to_line, _, to_column = parameters.partition(";")
                if not to_column.isdecimal():
                    return None
                line, column = int(to_line) - 1, int(to_column) - 1
            elif parameters in {"", "0"}:
                now = PLAIN
            else:
                # Textual resets the pen behind every piece of text: one change on top of another is not expected.
                now = pen(parameters) if now == PLAIN else None
            if not text:
                continue
            text, ended, more = text.partition("\n")
            if now is None or more or line < 0:
                return None
            if text:
                found.setdefault(line, []).append(Run(column, text, now))
                column += len(text) if text.isascii() else cell_len(text)
            if ended:
                line, column = line + 1, 0
        if length != len(data) or now != PLAIN:
            return None
        return found, (line, column) if line >= 0 else None

    def _sent(self, drawn: dict[int, list[Run]], cursor: Place | None) -> Iterator[str]:
        wanted: dict[int, list[Cell | None]] = {}
        for line, runs in sorted(drawn.items()):
            if not all(self._is_sure(run.text) for run in runs):
                yield from self._as_it_is(line, runs)
                continue
            shown = self._lines.setdefault(line, [])
            cells = with_runs(shown, runs)
            if cells != shown:
                wanted[line] = cells
        yield from self._move(wanted)
        now = PLAIN
        for line, cells in sorted(wanted.items()):
            for text, of in self._line(line, cells):
                if of is not None:
                    before, now = now, for_blanks(now, of) if text.startswith(ERASES) else of
                    yield change(before, now)
                yield text
        yield change(now, PLAIN)
        if cursor is not None and cursor != self._cursor:
            yield self._to(*cursor)

    def _move(self, wanted: dict[int, list[Cell | None]]) -> Iterator[str]:
        """Let the terminal move lines where that spares sending them."""
        if (move := moved(self._lines, wanted)) is None:
            return
        first, last, up = move
        self._cursor = None
        yield f"\x1b[{first + 1};{last + 1}r"
        yield self._to(last if up > 0 else first, 0) + ("\n" if up > 0 else "\x1bM") * abs(up) + "\x1b[r"
        self._cursor = None
        before = {line: self._lines[line] for line in range(first, last + 1)}
        for line, cells in before.items():
            # What comes in is blank and of the terminal's own paper, which the pen has between two frames.
            self._lines[line] = before.get(line + up, [(" ", PLAIN)] * len(cells))
            wanted.setdefault(line, cells)

    def _line(self, line: int, wanted: list[Cell | None]) -> Iterator[tuple[str, Pen | None]]:
        """What makes a line as it is wanted: text with its pen, and moves of the cursor without one."""
        shown, self._lines[line] = self._lines[line], wanted
        columns = differing(shown, wanted)
        erased = self._erased(wanted, columns)
        for column, text, of in runs_over(wanted, columns[: len(columns) - len(erased)]):
            yield self._to(line, column), None
            for part in BLANKS.split(text) if self._can_erase(of, cells=True) else [text]:
                if len(part) >= WORTH_ERASING and part.isspace():
                    yield f"{ERASES}{len(part)}X{forward(len(part))}", of
                elif part:
                    yield part, of
            self._cursor = line, column + len(text)
        if erased and (cell := wanted[erased[0]]) is not None:
            yield self._to(line, erased[0]), None
            yield f"{ERASES}K", cell[1]

    def _erased(self, wanted: Line, columns: Sequence[int]) -> Sequence[int]:
        """Those of the columns that are erased up to the end of the line: none where blanks take less."""
        if len(wanted) != self._columns or len(columns) < WORTH_ERASING:
            return ()
        start = blank_from(wanted)
        if start == len(wanted) or (last := wanted[start]) is None or not self._can_erase(last[1]):
            return ()
        erased = columns[bisect_left(columns, start) :]
        return erased if len(erased) >= WORTH_ERASING else ()

    def _can_erase(self, of: Pen, *, cells: bool = False) -> bool:
        """Whether the terminal's erasing leaves what blanks of this pen look like."""
        plain = not of.attributes & ON_BLANKS and (self.erases_in_colour or not of.paper)
        return plain and (self.erases_cells or not cells)

    def _as_it_is(self, line: int, runs: Sequence[Run]) -> Iterator[str]:
        self._lines.pop(line, None)
        for column, text, of in runs:
            self._cursor = None
            yield self._to(line, column) + change(PLAIN, of) + text + change(of, PLAIN)
        self._cursor = None

    def _is_sure(self, text: str) -> bool:
        """Whether every character takes one cell everywhere."""
        if text.isascii() and text.isprintable():
            return True
        new = set(text) - self._sure
        if all(one < PICTURES and cell_len(one) == 1 and unicodedata.category(one) not in UNSURE for one in new):
            self._sure |= new
            return True
        return False

    def _to(self, line: int, column: int) -> str:
        """The shortest way of the cursor to a place."""
        before, self._cursor = self._cursor, (line, column)
        if before == (line, column):
            return ""
        place = f"\x1b[{line + 1};{column + 1}H" if column else f"\x1b[{line + 1}H"
        if before is None:
            return place
        from_line, from_column = before
        if line == from_line and column > from_column:
            return forward(column - from_column)
        if line == from_line + 1:
            return min(place, "\r\n" + forward(column), key=len)
        return place


def draws_nothing(data: str) -> bool:
    """Whether this is one sequence that leaves cells, pen and cursor as they are."""
    if data.startswith(MODES):
        return len(data.lstrip("\x1b[?><0123456789;$")) == 1
    return data.startswith(WORDS) and data.find(BELL) == len(data) - 1


def forward(cells: int) -> str:
    """Move the cursor to the right."""
    return f"\x1b[{cells if cells > 1 else ''}C" if cells else ""


def with_runs(shown: Line, runs: Sequence[Run]) -> list[Cell | None]:
    """A line over which runs are drawn."""
    cells = list(shown)
    for column, text, of in runs:
        if len(cells) < column:
            cells += [None] * (column - len(cells))
        cells[column : column + len(text)] = [(character, of) for character in text]
    return cells

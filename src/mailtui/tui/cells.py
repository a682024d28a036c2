"""Lines of cells: what one of them has to be sent to become another, and by how many lines a part of a screen moved."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, combinations, pairwise, zip_longest
from operator import ne
from typing import Final, NamedTuple

from mailtui.tui.pens import PLAIN, Pen, blank

Cell = tuple[str, Pen]
"""A character and how it is drawn."""

Line = Sequence[Cell | None]
"""Cells from the left on; None where it is not known what is shown."""

WORTH_A_JUMP: Final = 4
"""Cells between two that differ which are sooner sent again than jumped over."""

WORTH_ERASING: Final = 12
"""Blanks that are longer than the sequence that erases them and goes behind them."""

FURTHEST: Final = 3
"""Lines by which a table is moved: by one for a key, by more when keys come faster than frames."""

WORTH_MOVING: Final = 60
"""Cells that must be spared for lines to be moved: a move takes some twenty bytes, and the eye an odd frame where the
terminal does not show frames at once."""


ALIKE: Final = 3
"""Lines that must be the very same after a move, for it to be looked at."""


class Run(NamedTuple):
    """Text from a column on."""

    column: int
    text: str
    pen: Pen


Move = tuple[int, int, int]
"""Lines that the terminal moves by itself: the first and the last line of the part that moves, and by how many lines
they go up; less than 0 for downwards."""


def drawn_by(pen: Pen, cell: Cell) -> bool:
    """Whether a pen draws this cell as its own does: on a blank one sees the paper alone."""
    text, own = cell
    return own == pen or (text == " " and blank(own) == blank(pen))


def looks_like(cell: Cell, other: Cell | None) -> bool:
    """Whether one sees no difference; a cell that is not known looks like none."""
    return other is not None and cell[0] == other[0] and drawn_by(other[1], cell)


def differing(shown: Line, wanted: Line) -> list[int]:
    """The columns of what is wanted and not shown."""
    return [
        column
        for column, (cell, other) in enumerate(zip_longest(wanted, shown))
        if cell != other and cell is not None and not looks_like(cell, other)
    ]


def runs_over(wanted: Line, columns: Sequence[int]) -> list[Run]:
    """What a line has to be sent to be as it is wanted at these columns, in runs of one pen."""
    found: list[Run] = []
    start, text, last = 0, "", PLAIN
    for column in columns:
        cell = wanted[column]
        assert cell is not None  # noqa: S101 - what is not known is not wanted
        end = start + len(text)
        if text and column != end:
            between = wanted[end:column]
            if len(between) <= WORTH_A_JUMP and all(one is not None and drawn_by(last, one) for one in between):
                text += "".join(one[0] for one in between if one is not None)
                end = column
        if text and column == end and (cell[1] is last or drawn_by(last, cell)):
            text += cell[0]
            continue
        if text:
            found.append(Run(start, text, last))
        start, (text, last) = column, cell
    return [*found, Run(start, text, last)] if text else found


def blank_from(line: Line) -> int:
    """The column from which on a line is blank, of one paper; its length where it does not end so."""
    column = len(line)
    if not line or (last := line[-1]) is None or last[0] != " " or blank(last[1]).attributes:
        return column
    while column and (cell := line[column - 1]) is not None and cell[0] == " " and drawn_by(last[1], cell):
        column -= 1
    return column


def moved(shown: Mapping[int, Line], wanted: Mapping[int, Line]) -> Move | None:
    """The move after which the fewest cells differ; None where none is worth while. `wanted` has the lines that
    change, `shown` all."""
    width = max(map(len, shown.values()), default=0)
    now = {line: _far(shown.get(line, ()), cells) for line, cells in wanted.items()}
    best: Move | None = None
    most = WORTH_MOVING
    for up in (away * way for away in range(1, FURTHEST + 1) for way in (1, -1)):
        if sum(shown.get(line + up) == cells for line, cells in wanted.items()) < ALIKE:
            continue
        gains = [
            (line, now[line] - _far(shown[line + up], cells))
            for line, cells in sorted(wanted.items())
            if line + up in shown
        ]
        for first, last, gain in _stretches(gains):
            top, bottom = min(first, first + up), max(last, last + up)
            if not _are_known([shown.get(line, ()) for line in range(top, bottom + 1)], width):
                continue
            bare = range(bottom - up + 1, bottom + 1) if up > 0 else range(top, top - up)
            loses = sum(len(shown[line]) - now.get(line, 0) for line in bare)
            if gain - loses > most:
                best, most = (top, bottom, up), gain - loses
    return best


def _are_known(lines: Sequence[Line], width: int) -> bool:
    """Whether all cells of them can be sent anew, should they have to be."""
    return all(len(cells) == width and None not in cells for cells in lines)


def _far(one: Line, other: Line) -> int:
    """About how many cells differ."""
    return int(sum(map(ne, one, other))) + abs(len(one) - len(other))


def _stretches(gains: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Of neighbouring lines with their gains: the first and the last line of the best stretch of each, and its gain; of
    equal ones the shortest."""
    found: list[tuple[int, int, int]] = []
    together: list[tuple[int, int]] = []
    for gain, after in pairwise([*gains, (-2, 0)]):
        together.append(gain)
        if after[0] != gain[0] + 1:
            found.append(_best(together))
            together = []
    return found


def _best(gains: Sequence[tuple[int, int]]) -> tuple[int, int, int]:
    sums = list(accumulate((gain for _, gain in gains), initial=0))
    stretches = combinations(range(len(sums)), 2)
    start, end = max(stretches, key=lambda stretch: (sums[stretch[1]] - sums[stretch[0]], stretch[0] - stretch[1]))
    return gains[start][0], gains[end - 1][0], sums[end] - sums[start]

"""Over a slow link only what differs is sent, and the terminal shows the same (issue 6, section 6)."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.tui.pens import PLAIN, Pen, change, pen
from mailtui.tui.repaint import BEGIN, END, Repaint

COLUMNS: Final = 30
LINES: Final = 7

PENS: Final = ("", "1", "38;5;111", "1;38;5;252;48;5;235", "4;31", "7;48;2;1;2;3", "2;3;97;104", "9;44", "48;5;235")


def drawn(line: int, column: int, *pieces: tuple[str, str]) -> str:
    """A stretch of a line as Textual writes it: lines and columns from 0, pieces of a pen and a text each."""
    text = "".join(f"\x1b[{of}m{words}\x1b[0m" if of else words for of, words in pieces)
    return f"\x1b[{line + 1};{column + 1}H{text}"


def screen(*lines: str, of: str = "") -> str:
    """A frame that fills the screen."""
    return "\n".join(
        drawn(number, 0, (of, (lines[number] if number < len(lines) else "").ljust(COLUMNS))) for number in range(LINES)
    )


class Both:
    """Two terminals: one is sent all that is written, the other what is left of it."""

    def __init__(self, **abilities: bool) -> None:
        self.repaint = Repaint()
        self.repaint.resized(COLUMNS)
        for name, value in abilities.items():
            setattr(self.repaint, name, value)
        self.whole, self.short = (pyte.Screen(COLUMNS, LINES) for _ in range(2))
        self._whole, self._short = pyte.Stream(self.whole), pyte.Stream(self.short)

    def write(self, data: str) -> str:
        """What was sent."""
        sent = "".join(map(self.repaint.shorten, (BEGIN, data, END)))
        self._whole.feed(data)
        self._short.feed(sent)
        return sent

    def seen(self, of: "pyte.Screen") -> list[list[Any]]:
        return [[look(of.buffer[line][column]) for column in range(COLUMNS)] for line in range(LINES)]

    def show_the_same(self) -> None:
        assert self.seen(self.short) == self.seen(self.whole)
        cursors = [(of.cursor.y, min(of.cursor.x, COLUMNS - 1)) for of in (self.short, self.whole)]
        assert cursors[0] == cursors[1]


def look(cell: Any) -> Any:  # Any: pyte ships no types
    """What one sees of a cell: of a blank, its paper."""
    plain = not (cell.reverse or cell.underscore or cell.strikethrough)
    return (" ", cell.bg) if cell.data == " " and plain else cell


@st.composite
def stretches(draw: st.DrawFn) -> str:
    """A stretch of a line, of characters that every terminal draws alike and others."""
    line, column = draw(st.integers(0, LINES - 1)), draw(st.integers(0, COLUMNS - 1))
    room = COLUMNS - column
    pieces: list[tuple[str, str]] = []
    for _ in range(draw(st.integers(1, 4))):
        text = draw(st.text("ab  é─▌✓", min_size=1, max_size=8)) + " " * draw(st.sampled_from([0, 0, 14]))
        wide = draw(st.sampled_from(["", "", "", "", "日", "e\u0301"]))
        text = (text + wide if room > len(text) + 2 * len(wide) else text)[: max(0, room)]
        room -= len(text) + len(wide)
        if text:
            pieces.append((draw(st.sampled_from(PENS)), text))
    return drawn(line, column, *pieces) + draw(st.sampled_from(["", "\n"])) * (line < LINES - 1)


@st.composite
def scrolled(draw: st.DrawFn) -> list[str]:
    """Frames of a list that moves by some lines, between a title and a foot that stay."""
    rows = [f"{number:>3} row {number * number} of a list" for number in range(30)]
    tops = draw(st.lists(st.integers(0, 20), min_size=2, max_size=6))
    return [screen("Title", *rows[top : top + LINES - 2], draw(st.sampled_from(["foot", "other"]))) for top in tops]


FRAMES = st.one_of(
    st.lists(st.lists(stretches(), min_size=1, max_size=6).map("".join), min_size=1, max_size=8),
    scrolled(),
    st.lists(
        st.lists(st.sampled_from(["", "one", "two   three", "─" * COLUMNS]), max_size=LINES).map(
            lambda some: screen(*some)
        )
    ),
)


@given(FRAMES, st.booleans(), st.booleans())
def test_the_terminal_shows_the_same_as_if_all_were_sent(frames: Sequence[str], colour: bool, cells: bool) -> None:
    both = Both(erases_in_colour=colour, erases_cells=cells)
    for frame in frames:
        both.write(f"{frame}\x1b[2;3H")
        both.show_the_same()


@given(st.sampled_from(PENS), st.sampled_from(PENS))
def test_one_pen_becomes_another_by_one_sequence_at_most_as_long_as_from_nothing(before: str, after: str) -> None:
    one, other = pen(before), pen(after)
    assert one is not None
    assert other is not None
    terminal = pyte.Screen(2, 1)
    pyte.Stream(terminal).feed(f"{change(PLAIN, one)}{change(one, other)}a\x1b[0m{change(PLAIN, other)}b")
    assert terminal.buffer[0][0]._replace(data="b") == terminal.buffer[0][1]
    assert len(change(one, other)) <= len(f"\x1b[0;{after}m")


def test_a_frame_that_changes_nothing_sends_nothing() -> None:
    both = Both()
    both.write(screen("one", "two"))
    assert both.write(screen("one", "two")) == ""


def test_of_a_whole_screen_only_the_cells_that_differ_are_sent() -> None:
    both = Both()
    both.write(screen("one", "two", "three") + "\x1b[1;1H")
    assert both.write(screen("one", "twice", "three") + "\x1b[1;1H") == f"{BEGIN}\x1b[2;3Hice\x1b[1H{END}"
    both.show_the_same()


def test_what_is_blank_to_the_end_of_the_line_is_erased() -> None:
    both = Both()
    both.write(screen("a line of many words"))
    assert both.write(screen("a")) == f"{BEGIN}\x1b[1;3H\x1b[K\x1b[7;31H{END}"
    both.show_the_same()


def test_in_colour_it_is_erased_only_where_the_terminal_can() -> None:
    painted = screen("a", of="48;5;235")
    able, unable = Both(erases_in_colour=True), Both()
    assert "\x1b[K" in able.write(painted)
    assert "\x1b[K" not in unable.write(painted)
    able.show_the_same()
    unable.show_the_same()


def test_lines_that_move_are_moved_by_the_terminal() -> None:
    rows = [character * (COLUMNS - 1) for character in "abcdefghi"]
    both = Both()
    both.write(screen("Title", *rows[:5], "Foot"))
    sent = both.write(screen("Title", *rows[1:6], "Foot"))
    both.show_the_same()
    assert sent.startswith(f"{BEGIN}\x1b[2;6r")
    assert rows[5] in sent
    assert not any(row in sent for row in rows[:5])


def test_a_line_whose_width_terminals_see_differently_is_sent_whole() -> None:
    both = Both()
    line = drawn(1, 0, ("31", "Ana 日本"), ("", "  "))
    both.write(line)
    assert "Ana 日本" in both.write(line)
    both.show_the_same()


@pytest.mark.parametrize(
    "unknown",
    ["\x1b[2J", "\x1b[3;1Hx\x1b[5A", "\x1b[1;1H\x1b]8;id=1;https://x.example\x1b\\x", "x", "\x1bc", "\x1b]0;t\x07x"],
)
def test_what_is_not_known_is_sent_as_it_is_and_everything_after_it_whole(unknown: str) -> None:
    both = Both()
    both.write(screen("one"))
    assert unknown in both.write(unknown)
    assert "one" in both.write(screen("one"))


@pytest.mark.parametrize(
    "quiet",
    ["\x1b[?2048h", "\x1b[?2026$p", "\x1b]22;default\x07", "\x1b[?25l", "\x1b]0;mailtui\x07", "\x07", "\x1b[>1u"],
)
def test_what_draws_nothing_is_sent_and_nothing_is_forgotten(quiet: str) -> None:
    repaint = Repaint()
    repaint.shorten(screen("one"))
    assert repaint.shorten(quiet) == quiet
    assert repaint.shorten(screen("one")) == ""


@pytest.mark.parametrize("happens", ["the other screen", "another size", "a key"])
def test_what_the_terminal_may_have_lost_is_sent_again(happens: str) -> None:
    repaint = Repaint()
    repaint.shorten(screen("one"))
    match happens:
        case "the other screen":
            repaint.shorten("\x1b[?1049h")
        case "another size":
            repaint.resized(COLUMNS)
        case _:
            repaint.forget()
    assert "one" in repaint.shorten(screen("one"))


def pens(several: Iterable[str]) -> list[Pen | None]:
    return [pen(one) for one in several]


def test_pens_that_draw_alike_are_one() -> None:
    assert pens(["1;4", "0", "39;49"]) == pens(["4;1", "", ""])
    assert pen("38;5") is None
    assert pen("53") is None

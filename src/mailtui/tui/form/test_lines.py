"""What the panel of an account test says, line by line: the steps, and how a failure is explained."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.cells import cell_len
from textual.content import Content

from mailtui.core.account_test import AccountTest, Step, StepDone
from mailtui.core.text import clean
from mailtui.tui.marks import NEXT, Mark
from mailtui.tui.widgets.fit import fit

WORDS_WIDTH: Final = max(len(step.words) for step in Step) + 3
"""Cells of the column with the steps' names."""

MS_WIDTH: Final = 9
"""Cells of the column with the times; one more stays free behind it."""

INDENT: Final = "    "

MORE_WIDTH: Final = 16
"""Cells kept free behind the remedies, for the key that shows the rest."""

REPLY_LINES: Final = 3
"""Lines of a server's words in the panel; its reason page has them all."""


def step_line(done: StepDone, width: int, failed_as: str = "") -> Content:
    """`✓ connect   192.0.2.10, port 587   31 ms`; `failed_as` stands in place of a failed step's detail."""
    mark = Mark.READY if done.ok else Mark.FAILING
    room = max(0, width - 5 - WORDS_WIDTH - MS_WIDTH)
    detail = fit(done.detail if done.ok else failed_as or done.detail, room)
    return Content.assemble(
        (f"  {mark} ", "$success" if done.ok else "$error"),
        fit(done.step.words, WORDS_WIDTH),
        (detail, "$text-muted" if done.ok else "$error"),
        (f"{done.ms} ms".rjust(MS_WIDTH), "$text-muted"),
    )


def running_line(step: Step, turn: str, seconds: float, width: int) -> Content:
    """The step under way: it turns and counts."""
    room = max(0, width - 5 - WORDS_WIDTH - MS_WIDTH)
    return Content.assemble(
        (f"  {turn} ", "$accent"),
        fit(step.words, WORDS_WIDTH),
        " " * room,
        (f"{seconds:.1f} s".rjust(MS_WIDTH), "$text-muted"),
    )


def failure_lines(result: AccountTest, width: int, more: str) -> list[Content]:
    """The server's words, what they mean, and what to do first; `more` is the key that shows the rest."""
    said = [line for text in result.reply.splitlines() for line in wrapped(text, width, "$foreground bold")]
    do = wrapped(remedies(result.remedy, width), width)
    do[-1:] = [Content.assemble(line, "  ", (more, "$accent"), (" more", "$text-muted")) for line in do[-1:]]
    return [*said[:REPLY_LINES], *wrapped(result.meaning, width), *do]


def remedies(remedy: Iterable[str], width: int) -> str:
    """The first remedies, as many as two lines hold, and at least one."""
    kept: list[str] = []
    for each in remedy:
        longer = [*kept, f"{NEXT} {clean(each)}"]
        if kept and cell_len("  ".join(longer)) > 2 * (width - len(INDENT)) - MORE_WIDTH:
            break
        kept = longer
    return "  ".join(kept)


def said_lines(said: Sequence[str], width: int) -> list[Content]:
    """What is said before the first test."""
    return [line for text in said for line in wrapped(text, width, "$text-muted")]


def wrapped(text: str, width: int, style: str = "$foreground") -> list[Content]:
    """Indented lines of the text; none of an empty one."""
    if not text:
        return []
    lines = Content.styled(clean(text), style).wrap(max(10, width - len(INDENT) - 1))
    return [Content.assemble(INDENT, line) for line in lines]

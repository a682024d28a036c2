"""What the table of the settings file says of one error, one entry of the plan, and one test."""

from collections.abc import Mapping
from typing import Final

from mailtui.core.addresses import address_key
from mailtui.core.text import clean
from mailtui.operations.import_outcome import Planned
from mailtui.operations.plan_words import ONE, SIGNS, again_words, change_words, found_words
from mailtui.operations.review_import import Review
from mailtui.operations.test_accounts import Tested
from mailtui.operations.wrong_entries import Place, Problem
from mailtui.tui.marks import NEXT, Mark
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.rows import Cell, Column

Cells = tuple[Cell | str, ...]

SIGN: Final = Column("", width=1)

PROBLEM_COLUMNS: Final = (SIGN, Column("Line", width=8), Column("Entry", share=2), Column("What is wrong", share=3))
PLAN_COLUMNS: Final = (SIGN, Column("What", width=8), Column("Name", share=2), Column("Change", share=3))
TEST_COLUMNS: Final = (SIGN, Column("What", width=8), Column("Name", share=2), Column("Test", share=3))

TONES: Final = {"added": Tone.GOOD, "changed": Tone.WARN, "removed": Tone.BAD}

WAITS: Final = "waits for its test"

SETTLED: Final = "saved in its form"


def problem_cells(problem: Problem, places: Mapping[Problem, Place]) -> Cells:
    place = ":".join(map(str, places[problem])) if problem in places else ""
    return (Cell(str(Mark.FAILING), Tone.BAD), place, problem.entry, problem.words)


def problem_details(problem: Problem, places: Mapping[Problem, Place]) -> str:
    """The whole of it, with line and column; these are known of the first errors of very many."""
    place = f"Line {places[problem].line}, column {places[problem].column}" if problem in places else ""
    where = ", ".join(part for part in (place, problem.entry) if part)
    return f"{where}\n{problem.words}" if where else problem.words


def plan_cells(planned: Planned, *, settled: bool) -> Cells:
    """`settled`: it was saved in its form since."""
    words = SETTLED if settled else ": ".join(part for part in (again_words(planned), _fields(planned)) if part)
    sign = Cell(SIGNS[planned.change], TONES[planned.change])
    return (sign, ONE[planned.kind], planned.name, words or planned.change)


def plan_text(planned: Planned) -> str:
    """By what the filter finds it: its change, kind, name, whether it is to be tested, and which fields change."""
    fields = " ".join(change.field for change in planned.fields)
    return f"{planned.change} {ONE[planned.kind]} {planned.name} {again_words(planned)} {fields}"


def plan_details(planned: Planned, review: Review, *, done: bool) -> str:
    """What becomes of it, its fields, and what is missing to sign in with."""
    first = f"{'' if done else 'would be '}{planned.change}: {ONE[planned.kind]} {planned.name}"
    lines = (first[:1].upper() + first[1:], _fields(planned), _secret_words(planned, review))
    return "\n".join(clean(line) for line in lines if line)


def result_cells(address: str, found: Tested | None, *, settled: bool) -> Cells:
    """`found`: what its test showed, None as long as there is no result; `settled` as above."""
    if settled:
        return (Cell(str(Mark.READY), Mark.READY.tone), "address", address, SETTLED)
    if found is None:
        return (Cell(str(Mark.UNTESTED), Mark.UNTESTED.tone), "address", address, Cell(WAITS, Tone.MUTED))
    mark = Mark.READY if found.ok else Mark.FAILING
    return (Cell(str(mark), mark.tone), "address", address, Cell(found_words(found), _tone(found)))


def result_text(address: str, found: Tested | None) -> str:
    """By what the filter finds it."""
    return f"{address} {found_words(found) if found is not None else WAITS}"


def result_details(found: Tested | None) -> str:
    """What failed, what the server said, and what to do first."""
    if found is None or found.ok:
        return ""
    if found.test is None:
        return f"{clean(found.error)}\n{NEXT} Give it in its form."
    remedy = f"{NEXT} {found.test.remedy[0]}" if found.test.remedy else ""
    return "\n".join(clean(line) for line in (found_words(found), found.test.reply, remedy) if line)


def _tone(found: Tested) -> Tone:
    return Tone.PLAIN if found.ok else Tone.BAD


def _fields(planned: Planned) -> str:
    return ", ".join(f"{change.field} {change_words(change, str(NEXT))}" for change in planned.fields)


def _secret_words(planned: Planned, review: Review) -> str:
    if not planned.lacks:
        return ""
    where = "give it in its form after the import"
    if address_key(planned.name) in review.awaits:
        return f"Its {planned.lacks} would come from standard input (secret_stdin), which a screen has not: {where}."
    return f"Its {planned.lacks} is missing: {where}."

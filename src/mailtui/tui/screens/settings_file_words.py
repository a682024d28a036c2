"""What the page of the settings file says above its table, and asks before an import."""

from textual.content import Content

from mailtui.core.text import clean
from mailtui.operations.import_outcome import ImportOutcome
from mailtui.operations.plan_words import ONE, counts_words, total
from mailtui.operations.review_import import Review
from mailtui.operations.test_accounts import Tested
from mailtui.operations.wrong_entries import WrongEntries
from mailtui.tui.confirm import Confirm
from mailtui.tui.marks import BETWEEN, Mark
from mailtui.tui.screens.removal import listed_up_to

NAMED = 4
"""Things to be removed that the question names."""


def how() -> Content:
    """What stands in place of the table as long as there is none."""
    return Content.assemble(
        "The whole company as a file: people, groups, projects, providers and\n"
        "addresses, without any password. To keep, compare, edit and bring\n"
        "elsewhere.\n\n",
        ("      x", "$accent bold"),
        "   Export: write it to a file\n",
        ("      i", "$accent bold"),
        "   Import: name such a file, and see first what would change",
    )


def plan_words(review: Review) -> str:
    """How much the import would do."""
    name, outcome = clean(review.path.name), review.outcome
    if not outcome.plan:
        return f"{Mark.READY} {name} changes nothing: {_all(total(outcome.unchanged))} so already"
    return f"Plan of {name}: {_counted(outcome)}{_to_be_tested(outcome)}"


def imported_words(review: Review, outcome: ImportOutcome) -> str:
    return f"{Mark.READY} Imported {clean(review.path.name)}: {_counted(outcome)}{_to_be_tested(outcome)}"


def problems_words(name: str, wrong: WrongEntries) -> str:
    errors = "1 error" if len(wrong.problems) == 1 else f"{len(wrong.problems):,} errors"
    return f"{Mark.FAILING} {clean(name)} has {errors}: correct the file, then read it again"


def tested_words(results: tuple[Tested, ...], wanted: int, ending: str = "") -> str:
    """How the tests stand; `ending` is what is said behind that."""
    good = sum(one.ok for one in results)
    return f"Tested {len(results):,} of {wanted:,}: {good:,} can send{ending}"


def question_about(review: Review) -> Confirm:
    """Before it is done: what comes, changes and goes, and that nothing takes it back."""
    outcome = review.outcome
    gone = tuple(f"{ONE[one.kind]} {one.name}" for one in outcome.plan if one.change == "removed")
    lines = [
        f"{verb} {counts_words(counts)}."
        for verb, counts in (("Adds", outcome.added), ("Changes", outcome.changed), ("Removes", outcome.removed))
        if total(counts)
    ]
    if gone:
        lines.append(f"Removed for good: {listed_up_to(gone, NAMED)}.")
    if again := _again(outcome):
        lines.append(f"{'1 address is' if again == 1 else f'{again:,} addresses are'} offered only after a test.")
    lines += ["All of it is done, or nothing. It cannot be taken back:", "export first to keep how things are now."]
    return Confirm(f"Import {clean(review.path.name)}?", consequence=lines, key="a", do="Apply", keep="Not yet")


def _counted(outcome: ImportOutcome) -> str:
    words = ("added", "changed", "removed", "unchanged")
    counted = ((total(getattr(outcome, word)), word) for word in words)
    return ", ".join(f"{number:,} {word}" for number, word in counted if number)


def _to_be_tested(outcome: ImportOutcome) -> str:
    again = _again(outcome)
    return f" {BETWEEN} {again:,} to be tested" if again else ""


def _again(outcome: ImportOutcome) -> int:
    return sum(one.test_again is True for one in outcome.plan)


def _all(number: int) -> str:
    return "its one entry is" if number == 1 else f"all {number:,} entries are"

"""The table of the settings file: what is wrong in the file, what its import does, or how the tests after it end."""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import TypeVar

from textual.content import Content

from mailtui.operations.import_outcome import Planned
from mailtui.operations.review_import import Review
from mailtui.operations.test_accounts import Tested
from mailtui.operations.wrong_entries import Problem, WrongEntries
from mailtui.tui.screens.settings_file_rows import (
    PLAN_COLUMNS,
    PROBLEM_COLUMNS,
    TEST_COLUMNS,
    Cells,
    plan_cells,
    plan_details,
    plan_text,
    problem_cells,
    problem_details,
    result_cells,
    result_details,
    result_text,
)
from mailtui.tui.widgets.rows import Row
from mailtui.tui.widgets.store_table import StoreTable

Thing = TypeVar("Thing")


class Shown(Enum):
    """What the table lists."""

    NOTHING = auto()
    PROBLEMS = auto()
    PLAN = auto()
    IMPORTED = auto()
    """The plan, after it was done."""
    TESTS = auto()


class Listing:
    """Rows over things that are in memory, made as they are seen; the filter looks for words in each thing's text. The
    key of a row is the number of its thing, from 0."""

    def __init__(self) -> None:
        self.show((), lambda thing: (), str)

    def show(self, things: Sequence[Thing], cells: Callable[[Thing], Cells], text: Callable[[Thing], str]) -> None:
        """List these from now on."""
        self._cells: Callable[[int], Cells] = lambda number: cells(things[number])
        self._text: Callable[[int], str] = lambda number: text(things[number])
        self._all = range(len(things))
        self._texts: list[str] = []
        self._found: Sequence[int] = self._all
        self._matching = ""

    def count(self, matching: str) -> int:
        return len(self._matches(matching))

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        found = self._matches(matching)[offset : offset + limit]
        return [Row(str(number), self._cells(number)) for number in found]

    def _matches(self, matching: str) -> Sequence[int]:
        if matching != self._matching:
            self._matching = matching
            self._texts = self._texts or [self._text(number).casefold() for number in self._all]
            words = matching.casefold().split()
            texts = enumerate(self._texts)
            self._found = [number for number, text in texts if all(word in text for word in words)]
        return self._found


class FileTable(StoreTable):
    """Lists one of them at a time."""

    def __init__(self, *, empty: Content | str, follow: Callable[[], None]) -> None:
        self._listing = Listing()
        super().__init__(PLAN_COLUMNS, self._listing, empty=empty, follow=follow)
        self.shown = Shown.NOTHING
        self._problems: tuple[Problem, ...] = ()
        self._plan: tuple[Planned, ...] = ()
        self._tests: tuple[str, ...] = ()
        self._tested: dict[str, Tested] = {}
        self._settled: set[str] = set()

    @property
    def planned(self) -> Planned | None:
        """The marked entry of the plan, done or not."""
        number = self._number_in(Shown.PLAN, Shown.IMPORTED)
        return self._plan[number] if number is not None else None

    @property
    def tested(self) -> Tested | None:
        """The result of the marked test; None where it has none."""
        number = self._number_in(Shown.TESTS)
        return self._tested.get(self._tests[number]) if number is not None else None

    @property
    def address(self) -> str:
        """The marked address, where the company has it; empty where none is marked."""
        if (number := self._number_in(Shown.TESTS)) is not None:
            return self._tests[number]
        planned = self.planned if self.shown is Shown.IMPORTED else None
        there = planned is not None and planned.kind == "addresses" and planned.change != "removed"
        return planned.name if planned is not None and there else ""

    @property
    def results(self) -> tuple[Tested, ...]:
        """Of the tests that are listed, as far as there are."""
        return tuple(self._tested.values())

    def details(self, review: Review | None, wrong: WrongEntries | None) -> str:
        """What the columns of the marked row have no room for; the texts are foreign."""
        number = self._number_in(Shown.PROBLEMS)
        if number is not None and wrong is not None:
            return problem_details(self._problems[number], wrong.places)
        if (planned := self.planned) is not None and review is not None:
            return plan_details(planned, review, done=self.shown is Shown.IMPORTED)
        return result_details(self.tested)

    def show_nothing(self) -> None:
        self._plan = ()
        self._show(Shown.NOTHING)

    def show_problems(self, wrong: WrongEntries) -> None:
        self._problems = wrong.problems
        self._places = wrong.places
        self._show(Shown.PROBLEMS)

    def show_plan(self, plan: tuple[Planned, ...], *, imported: bool) -> None:
        self._plan = plan
        self._settled.clear()
        self._show(Shown.IMPORTED if imported else Shown.PLAN)

    def show_tests(self, addresses: tuple[str, ...]) -> None:
        """List the addresses as waiting for their tests."""
        self._tests = addresses
        self._tested.clear()
        self._settled.clear()
        self._show(Shown.TESTS)

    def note(self, tested: Tested) -> None:
        """A test has ended."""
        self._tested[tested.address] = tested
        self._show(Shown.TESTS)

    def settle(self, address: str) -> None:
        """It was saved in its form, which tested it."""
        self._settled.add(address)
        self._tested.pop(address, None)
        self._show(self.shown)

    def _number_in(self, *shown: Shown) -> int | None:
        """Of the marked row, where one of these is listed."""
        marked = self.marked if self.shown in shown else None
        return int(marked) if marked is not None else None

    def _show(self, shown: Shown) -> None:
        before, self.shown = self.shown, shown
        match shown:
            case Shown.PROBLEMS:
                columns, places = PROBLEM_COLUMNS, self._places
                self._listing.show(self._problems, lambda one: problem_cells(one, places),
                                   lambda one: problem_details(one, places))  # fmt: skip
            case Shown.TESTS:
                columns = TEST_COLUMNS
                self._listing.show(self._tests, self._result, lambda one: result_text(one, self._tested.get(one)))
            case _:
                columns = PLAN_COLUMNS
                self._listing.show(self._plan, lambda one: plan_cells(one, settled=one.name in self._settled),
                                   plan_text)  # fmt: skip
        if shown is not before:
            self.rows.show_columns(columns)
        self.reload()

    def _result(self, address: str) -> Cells:
        return result_cells(address, self._tested.get(address), settled=address in self._settled)

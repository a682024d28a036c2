"""What is wrong in a company file: every entry that cannot be used, at once, each with where it stands."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean
from mailtui.operations.company_file import CompanyFile

Path = tuple[str | int, ...]
"""Where in the document: keys and numbers from the top, as in `("addresses", 3, "security")`."""

MAX_SHOWN: Final = 50
"""Errors that are written out: who made more corrects these first."""


class Place(NamedTuple):
    """Where in the text, counted from 1; the column in characters."""

    line: int
    column: int


class Problem(Frozen):
    """One thing that is wrong."""

    path: Path
    entry: str
    """The path as a person reads it, with the name of the entry: `addresses[3] (sales@corp.example)`."""
    words: str
    """What is wrong, and what to do."""
    at_key: bool = False
    """The key itself is wrong, not its value."""


class WrongEntries(BadInput):
    """The file cannot be used; its text has a line a problem."""

    def __init__(
        self, problems: Sequence[Problem], name: str = "", places: Mapping[Problem, Place] | None = None,
        usable: CompanyFile | None = None,
    ) -> None:  # fmt: skip
        """`name` of the file; `places` of as many problems as it is known for."""
        self.problems = tuple(problems)
        self.located = bool(name)
        """Whether the lines say in which file, and where in it."""
        self.places = dict(places or {})
        """Where the first of the problems stand, as many as are written out."""
        self.usable = usable
        """The file without what is wrong in it, where the rest can still be looked through."""
        self.lines = tuple(_line(problem, name, self.places.get(problem)) for problem in self.problems[:MAX_SHOWN])
        """One a problem, safe for a terminal, and one that says how many more there are."""
        if len(self.problems) > MAX_SHOWN:
            self.lines += (f"... and {len(self.problems) - MAX_SHOWN:,} more",)
        super().__init__("\n".join(self.lines))


def _line(problem: Problem, name: str, place: Place | None) -> str:
    where = [clean(name)] if name else []
    where += map(str, place) if place is not None else []
    return ": ".join(
        [*([":".join(where)] if where else []), *([problem.entry] if problem.entry else []), problem.words]
    )

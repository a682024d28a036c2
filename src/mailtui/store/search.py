"""Looking for the rows that a filter finds, a little at a time, so that nobody at a keyboard waits for the last one."""

import time
from array import array
from collections.abc import Callable
from typing import Final

from mailtui.core.counts import AtLeast

ENOUGH: Final = 1_000
"""Rows that are looked for at first: more than anybody reads. Whoever goes further gets all."""

PATIENCE: Final = 0.008
"""Seconds of one look, which a key may have to wait for."""

FIRST_SLICE: Final = 8_192
"""Numbers looked through at once in the beginning; more and more, as long as it is fast."""

MOST: Final = 10_000
"""Rows taken in at once."""

DEEP: Final = 30_000
"""Numbers looked through after which it shows whether something is rare."""

RARE: Final = 30
"""Of so many rows not even one matches: every help of an index is worth its cost."""

Slice = Callable[[int, int, int, bool], list[int]]
"""Numbers of matching rows that are above the first number and not above the second, the highest first, at most so many
as the third says. The fourth tells that they are rare."""

Whole = Callable[[int], list[int]]
"""Numbers of at most so many matching rows in the table's order, -1 for all."""


class Found:
    """The numbers of the rows found so far, in their order, eight octets each."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self.complete = False
        """There are no others."""
        self._wanted = ENOUGH

    def reach(self, rows: int) -> None:
        """Look on until there are so many, in this call or in later ones. Beyond ENOUGH everything is looked for."""
        if rows > self._wanted:
            self._wanted = 1 << 62
        self._look()

    def stretch(self, offset: int, limit: int) -> list[int]:
        """Those at these places, as far as they were found."""
        return self._numbers[offset : offset + limit].tolist()

    def place(self, number: int) -> int | None:
        """Where that row stands; None where it was not found, or not yet."""
        try:
            return self._numbers.index(number)
        except ValueError:
            return None

    @property
    def count(self) -> int:
        """How many there are, or `AtLeast` where it is not known to the end."""
        number = len(self._numbers)
        return number if self.complete else AtLeast(number, rests=self.rests)

    @property
    def rests(self) -> bool:
        """There is nothing to do until more rows are wanted."""
        return self.complete or len(self._numbers) >= self._wanted

    def _look(self) -> None:
        raise NotImplementedError


class FoundAtOnce(Found):
    """In a table that is small enough to be looked through in one go."""

    def __init__(self, whole: Whole) -> None:
        super().__init__()
        self._whole = whole

    def _look(self) -> None:
        if self.rests:
            return
        limit = ENOUGH + 1 if self._wanted == ENOUGH else -1
        found = self._whole(limit)
        self.complete = limit < 0 or len(found) < limit
        self._numbers = array("q", found if self.complete else found[:ENOUGH])


class FoundBySlices(Found):
    """In a table of any size whose order is that of its numbers, the highest first."""

    def __init__(self, slice: Slice, highest: int, border: int) -> None:
        """`border`: no slice reaches over this number."""
        super().__init__()
        self._slice = slice
        self._highest = self._left = highest
        self._border = border
        self._size = FIRST_SLICE

    def _look(self) -> None:
        began = time.perf_counter()
        while not self.rests:
            lowest = max(self._border if self._left > self._border else 0, self._left - self._size)
            before = time.perf_counter()
            most = min(MOST, self._wanted - len(self._numbers))
            passed = self._highest - self._left
            rare = passed > DEEP and len(self._numbers) * RARE < passed
            found = self._slice(lowest, self._left, most, rare)
            self._numbers.extend(found)
            now = time.perf_counter()
            self._left = lowest if len(found) < most else found[-1] - 1
            self.complete = self._left <= 0
            if now - before < PATIENCE / 4:
                self._size *= 2
            elif now - before > PATIENCE / 2:
                self._size = max(FIRST_SLICE // 8, self._size // 2)
            if now - began > PATIENCE / 2:
                return

"""The steps of a session: each is reported as it happens, ends within its deadline, and fails in one way."""

import asyncio
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from mailtui.core.account_test import Report, Step, StepDone, StepStarted
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean
from mailtui.smtp.failures import EXPECTED, Refusal, StepFailed, failure_of


class Deadlines(Frozen):
    """How long a server may take."""

    step: float = 10.0
    """Seconds for each step."""
    total: float = 30.0
    """Seconds in all, from the first step on."""


PATIENT: Final = Deadlines(step=600.0, total=1800.0)
"""For handing in messages: RFC 5321 section 4.5.3.2 gives a server 10 minutes to answer the end of a message, and who
gives up earlier sends what was already taken a second time."""


class Progress:
    """A step under way."""

    def __init__(self, ends: float) -> None:
        self.ends = ends
        """When its deadline is, by the event loop's clock."""
        self.detail = ""
        """What was seen, to be filled in by the step."""
        self.silence = ""
        """What it would mean if nothing more came, to be filled in by the step."""


class Steps:
    """Runs steps one after the other; the clock of the total starts with the first object's making."""

    def __init__(self, report: Report, deadlines: Deadlines) -> None:
        self._report = report
        self.restart(deadlines)

    def ends(self, seconds: float) -> float:
        """When `seconds` from now are over, or all the time is, by the event loop's clock."""
        return min(asyncio.get_running_loop().time() + seconds, self._ends)

    def restart(self, deadlines: Deadlines) -> None:
        """Begins to count anew, for the next piece of work in the same session."""
        self._deadlines = deadlines
        self._ends = asyncio.get_running_loop().time() + deadlines.total

    @asynccontextmanager
    async def step(self, step: Step) -> AsyncIterator[Progress]:
        """One step. Raises StepFailed for everything that the outside can do wrong; a cancellation passes through."""
        now = asyncio.get_running_loop().time
        began = now()
        progress = Progress(self.ends(self._deadlines.step))
        self._report(StepStarted(step=step))
        try:
            async with asyncio.timeout_at(progress.ends):
                yield progress
        except (*EXPECTED, Refusal) as error:
            failure = failure_of(error, step, now() - began, progress.silence)
            # The frames that the error went through hold the password in their locals.
            traceback.clear_frames(error.__traceback__)
            self._done(step, False, began, failure.reply)
            lost = failure.code is None and not isinstance(error, Refusal)
            raise StepFailed(failure, lost=lost) from None
        self._done(step, True, began, progress.detail)

    def _done(self, step: Step, ok: bool, began: float, detail: str) -> None:
        elapsed = asyncio.get_running_loop().time() - began
        self._report(StepDone(step=step, ok=ok, ms=round(elapsed * 1000), detail=clean(detail)))

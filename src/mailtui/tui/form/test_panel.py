"""The panel in which an account test happens: a rule with how things stand, the steps as they come, the explanation."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final, cast

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.visual import Visual
from textual.widget import Widget

from mailtui.core.account_test import AccountTest, Step, StepDone, StepEvent, StepStarted
from mailtui.core.reasons import reason
from mailtui.tui.form.test_lines import failure_lines, running_line, step_line
from mailtui.tui.marks import prints_unicode
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.fit import shorten

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp

TURNS: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
ASCII_TURNS: Final = "|/-\\"

CALM_TICK: Final = 1.0
"""Where nothing is to turn, the seconds still count."""

TICK: Final = 0.2
"""Seconds between two turns: a slow line carries two changed lines five times a second."""

Said = Callable[[int], list[Content]]
"""Lines for a width in cells."""

COLOURS: Final = {
    Tone.PLAIN: "$text-muted",
    Tone.MUTED: "$text-muted",
    Tone.GOOD: "$success",
    Tone.BAD: "$error",
    Tone.WARN: "$warning",
    Tone.ACCENT: "$accent",
}


class AccountTestPanel(Widget):
    """Draws only the lines that changed. It shows a test; who runs it calls `begin`, `report` and `end`."""

    def __init__(self, more: str) -> None:
        """`more`: the key that shows all about a failure."""
        super().__init__()
        self._more = more
        self._lines: list[Content] = []
        self._steps: list[StepDone] = []
        self._result: AccountTest | None = None
        self._under_way: Step | None = None
        self._began = self._step_began = 0.0
        self._timer: Timer | None = None
        self._before: Said = _nothing
        self._answer: Said | None = None
        self._state: tuple[str, Tone] = ("", Tone.MUTED)

    @property
    def running(self) -> bool:
        """Whether a test is under way."""
        return self._timer is not None

    @property
    def result(self) -> AccountTest | None:
        """Of the test that is shown; None while it runs, when it was stopped, and before the first."""
        return self._result

    @property
    def seconds(self) -> float:
        """How long the test took that is shown."""
        return sum(step.ms for step in self._steps) / 1000

    def guide(self, before: Said, answer: Said | None) -> None:
        """`before` is said before a test; `answer` after one that failed, in place of what fits every server."""
        self._before, self._answer = before, answer
        self._write()

    def forget(self) -> None:
        """The test that is shown was of another service: say again what comes before one."""
        if not self.running:
            self._steps, self._result = [], None
            self._write()

    def say(self, state: str, tone: Tone) -> None:
        """How things stand, at the right end of the rule; while a test runs it counts there instead."""
        self._state = (state, tone)
        self._write()

    @property
    def _calm(self) -> bool:
        return cast("MailtuiApp", self.app).calm

    def begin(self) -> None:
        """A test starts."""
        self._steps, self._result, self._under_way = [], None, None
        self._began = self._step_began = monotonic()
        if self._timer is None:
            self._timer = self.set_interval(CALM_TICK if self._calm else TICK, self._write)
        self._write()

    def report(self, event: StepEvent) -> None:
        """A step of it began or ended."""
        match event:
            case StepStarted():
                self._under_way, self._step_began = event.step, monotonic()
            case StepDone():
                self._under_way = None
                self._steps.append(event)
        self._write()

    def end(self, result: AccountTest | None) -> None:
        """It is over; None where it was stopped or could not begin."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._result, self._under_way = result, None
        self._write()

    def _write(self) -> None:
        """Compose the lines anew, and draw those that are different."""
        if not self.is_attached or not self.size.width:
            return
        before, self._lines = self._lines, self._composed(self.size.width)
        rows = max(len(before), len(self._lines))
        changed = [y for y in range(rows) if not _same(before, self._lines, y)]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def _composed(self, width: int) -> list[Content]:
        now = monotonic()
        state, tone = (f"testing {now - self._began:.1f} s", Tone.ACCENT) if self.running else self._state
        result = self._result
        failed_as = reason(result.reason).title if result is not None and result.reason else ""
        lines = [_rule("Test", state, tone, width)]
        answer = self._answer if result is not None and not result.ok else None
        # The answer of a service needs the room of the steps that went well.
        shown = [done for done in self._steps if not done.ok or answer is None]
        lines += [step_line(done, width, failed_as) for done in shown]
        if self._under_way is not None:
            turn = TURNS if prints_unicode() else ASCII_TURNS
            sign = turn[0 if self._calm else int((now - self._began) / TICK) % len(turn)]
            lines.append(running_line(self._under_way, sign, now - self._step_began, width))
        if answer is not None:
            lines += answer(width)
        elif result is not None and not result.ok:
            lines += failure_lines(result, width, self._more)
        if not self._steps and not self.running:
            lines += self._before(width)
        return lines

    def on_resize(self, event: events.Resize) -> None:
        self._lines = self._composed(self.size.width)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strips = Visual.to_strips(self, self._lines[y], width, 1, self.visual_style)
        return strips[0].adjust_cell_length(width, self.rich_style)


def _nothing(width: int) -> list[Content]:
    return []


def _same(before: list[Content], after: list[Content], y: int) -> bool:
    return y < len(before) and y < len(after) and before[y].is_same(after[y])


def _rule(title: str, state: str, tone: Tone, width: int) -> Content:
    """` ─ Test ───────── failed in 0.2 s`"""
    state = shorten(state, width - cell_len(title) - 6)
    length = width - cell_len(title) - cell_len(state) - 6
    return Content.assemble(
        (" ─ ", "$border-blurred"),
        (title, "bold"),
        (f" {'─' * max(0, length)} ", "$border-blurred"),
        (state, COLOURS[tone]),
    )

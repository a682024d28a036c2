"""The steps of a session on standard error, each as it happens."""

import sys
from typing import Final

import click

from mailtui.cli.output import mark_of
from mailtui.core.account_test import TITLES, StepEvent, StepStarted
from mailtui.core.text import clean

CLEAR_LINE: Final = "\r\x1b[K"

TITLE_WIDTH: Final = max(map(len, TITLES.values()))


class StepLines:
    """Writes a line a step. Where standard error is a terminal, the step under way is shown, too."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._live = sys.stderr.isatty()

    @classmethod
    def unless_json(cls, as_json: bool) -> "StepLines":
        """Steps are for people: whoever asks for JSON sees them only where a terminal shows standard error."""
        return cls(shown=not as_json or sys.stderr.isatty())

    def __call__(self, event: StepEvent) -> None:
        if not self._shown:
            return
        if isinstance(event, StepStarted):
            if self._live:
                click.echo(f"  {event.step.words} ...", nl=False, err=True)
            return
        before = CLEAR_LINE if self._live else ""
        line = f"{mark_of(event.ok)} {event.step.words:<{TITLE_WIDTH}} {event.ms:>6} ms  {clean(event.detail)}"
        click.echo(f"{before}{line}", err=True)

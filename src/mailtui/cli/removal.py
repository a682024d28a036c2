"""Deletions: what each takes away is said, and a person is asked."""

from collections.abc import Callable
from typing import TypeVar

import click

from mailtui.cli.output import print_json, say, tell
from mailtui.cli.secret_input import a_person_answers
from mailtui.core.text import clean
from mailtui.operations.losses import SENTENCES, Losses

Function = TypeVar("Function", bound=Callable[..., object])


def removal_options(command: Function) -> Function:
    """Gives a command the options that `agreed` takes."""
    dry_run = click.option("--dry-run", is_flag=True, help="Say what it takes away, and delete nothing.")
    yes = click.option("--yes", is_flag=True, help="Do not ask.")
    return dry_run(yes(command))


def agreed(losses: Losses, *, dry_run: bool, yes: bool, as_json: bool) -> bool:
    """Whether to go on. What goes is told before a person is asked; where nobody can be asked, it is told and done."""
    told = words(losses)
    if dry_run:
        if as_json:
            print_json(losses.model_dump(mode="json"))
        else:
            say("\n".join(told))
    elif a_person_answers() and not yes:
        tell("\n".join(told))
        click.confirm("Delete it?" if len(losses.going) == 1 else "Delete them?", abort=True, err=True)
    elif told[1:]:
        tell("\n".join(told[1:]))
    return not dry_run


def words(losses: Losses) -> list[str]:
    """A line for what goes, and one for each kind of thing that changes by it."""
    named = ((sentence, getattr(losses, kind)) for kind, sentence in SENTENCES.items())
    lines = [f"{sentence}: {', '.join(map(clean, names))}" for sentence, names in named if names]
    return [*lines, losses.messages] if losses.messages else lines

"""Everything that the screens do, the command line does too, and the other way round (+21; issue 6, section 1)."""

import click

from mailtui.tui.every_command import every_command
from tests.parity import COMMAND_LINE, SCREENS
from tests.shared_data import contexts

PATHS = {
    context.command_path.removeprefix("mailtui ")
    for context in contexts()
    if context.parent is not None
    and (not isinstance(context.command, click.Group) or context.command.invoke_without_command)
}

NAMED = {path for named in SCREENS.values() if isinstance(named, tuple) for path in named}


def test_every_command_of_a_screen_has_its_line() -> None:
    ids = {id for id, binding in every_command().items() if not binding.system}

    assert ids - set(SCREENS) == set(), "add a line to tests/parity.py: what does the same on the command line?"
    assert set(SCREENS) - ids == set(), "these are gone from the screens: take their lines out of tests/parity.py"


def test_every_command_of_the_command_line_has_its_counterpart_or_a_reason() -> None:
    assert PATHS - NAMED - set(COMMAND_LINE) == set(), "name it in tests/parity.py: which screen does the same?"
    assert set(COMMAND_LINE) - PATHS == set(), "these commands are gone: take their lines out of tests/parity.py"
    assert set(COMMAND_LINE) & NAMED == set(), "these have a counterpart and need no reason"


def test_what_the_table_names_is_there() -> None:
    assert not NAMED - PATHS

"""Every command tells what it does, with an example that it would take (issue 6, section 1; +21)."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from tests.shared_data import contexts, explained

COMMANDS = {
    context.command_path: context
    for context in contexts()
    if not isinstance(context.command, click.Group) or context.command.invoke_without_command
}
"""Every command that does something."""


def examples_of(context: click.Context) -> Iterator[list[str]]:
    """The words of each example, without what the shell would do with them."""
    lines = " ".join(explained(context.command)[1]).replace("\\ ", "")
    for example in re.split(r"(?:^|\s)mailtui ", lines)[1:]:
        words = shlex.split(example)
        ends = [words.index(sign) for sign in ("<", ">", ">>", "|") if sign in words]
        yield words[: min(ends, default=len(words))]


@pytest.mark.parametrize("path", [path for path in COMMANDS if path != "mailtui"])
def test_every_command_has_an_example_that_it_takes(path: str) -> None:
    context = COMMANDS[path]
    examples = list(examples_of(context))

    assert "Example:" in (context.command.help or ""), f"{path} --help has no example"
    assert examples
    for words in examples:
        assert words[: len(path.split()) - 1] == path.split()[1:], f"an example of {path} is one of another command"
        options = words[len(path.split()) - 1 :]
        context.command.make_context(context.info_name, options, parent=context.parent).close()


@pytest.mark.parametrize("path", [path for path in COMMANDS if path != "mailtui"])
def test_every_command_takes_json(path: str) -> None:
    assert "--json" in {name for one in COMMANDS[path].command.params for name in one.opts}


@pytest.mark.parametrize("context", contexts(), ids=lambda context: context.command_path)
def test_every_help_fits_eighty_columns(context: click.Context) -> None:
    context.terminal_width = 80
    assert max(map(len, context.command.get_help(context).splitlines())) <= 80


@pytest.mark.parametrize("context", contexts(), ids=lambda context: context.command_path)
def test_every_option_says_what_it_is_for(context: click.Context) -> None:
    unsaid = [one.name for one in context.command.params if isinstance(one, click.Option) and not one.help]
    assert not unsaid

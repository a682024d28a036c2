"""Writes what a system keeps beside the program, made from its help: `python -m tests.shared_data share`.

Manual pages as man(7) wants them, one a command, and the completions of the shells. click-man, which does a part of it,
does not see commands that are imported when they are called, and escapes nothing.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from mailtui import __version__
from mailtui.cli.completion import script
from mailtui.cli.root import mailtui

COMPLETIONS: Final = {
    "bash": "bash-completion/completions/mailtui",
    "zsh": "zsh/site-functions/_mailtui",
    "fish": "fish/vendor_completions.d/mailtui.fish",
}
"""Where each shell looks, below `share`."""

ESCAPED: Final = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}
"""Characters that roff obeys, or that it would print as others (groff_char(7))."""

EXAMPLE: Final = "Example: "

ENVIRONMENT: Final = {
    "MAILTUI_DB": "The company's database, where --db names none.",
    "MAILTUI_AS": "The employee to act as, where --as names none.",
    "MAILTUI_CONFIG": "The configuration file, which has to be there.",
    "MAILTUI_PASSPHRASE_FILE": "A file of mode 0600 with the passphrase of the vault.",
    "MAILTUI_IDENTITY_FILE": "A file of mode 0600 with a plain age identity that opens the vault.",
    "NO_COLOR": "Set to anything, it leaves colours out.",
}

EXIT_CODES: Final = {
    "0": "done", "64": "wrong usage", "65": "something that was given is wrong", "66": "what was named is not there",
    "69": "a server cannot be reached", "70": "an error of mailtui's own", "73": "a file cannot be made or written",
    "74": "reading or writing failed", "75": "try again later", "76": "a server does not keep to the protocol",
    "77": "not allowed", "78": "something is to be done about the configuration",
}  # fmt: skip
"""Those of sysexits.h, as mailtui uses them."""


def contexts(
    command: click.Command = mailtui, name: str = "mailtui", parent: click.Context | None = None
) -> Iterator[click.Context]:
    """Every command there is, each in the context that its help is written in."""
    context = click.Context(command, info_name=name, parent=parent, **command.context_settings)
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            if (found := command.get_command(context, below)) is not None and not found.hidden:
                yield from contexts(found, below, context)


def page(context: click.Context) -> str:
    """The manual page of one command."""
    said, examples = explained(context.command)
    first, *paragraphs = said
    usage = " ".join(context.command.collect_usage_pieces(context))
    lines = [
        f'.TH "{_name(context).upper()}" 1 "" "mailtui {__version__}" "mailtui"',
        ".SH NAME",
        rf"{_name(context)} \- {escaped(_as_title(first))}",
        ".SH SYNOPSIS",
        rf"\fB{escaped(context.command_path)}\fR {escaped(usage)}",
        ".SH DESCRIPTION",
        escaped(first),
        *(line for paragraph in paragraphs for line in (".PP", escaped(paragraph))),
    ]
    records = (option.get_help_record(context) for option in context.command.get_params(context))
    options = [record for record in records if record and record[1]]  # An argument stands in the synopsis.
    lines += [
        ".SH OPTIONS",
        *(line for names, what in options for line in (".TP", f"\\fB{escaped(names)}\\fR", escaped(what))),
    ]
    if isinstance(context.command, click.Group):
        lines += [".SH COMMANDS", *(line for below in _below(context) for line in below)]
    if context.parent is None:
        lines += [".SH ENVIRONMENT", *_terms(ENVIRONMENT), ".SH EXIT STATUS", *_terms(EXIT_CODES)]
    if examples:
        lines += [".SH EXAMPLES", ".EX", *map(escaped, examples), ".EE"]
    if context.parent is not None:
        lines += [".SH SEE ALSO", rf"\fB{_name(context.parent)}\fR(1)"]
    return "\n".join(lines) + "\n"


def explained(command: click.Command) -> tuple[list[str], list[str]]:
    """The paragraphs of a command's help, and its examples, a line each."""
    text = re.sub(r"\n +", "\n", (command.help or "").replace("\b\n", ""))
    before, _, examples = text.partition(EXAMPLE)
    paragraphs = [" ".join(paragraph.split()) for paragraph in before.split("\n\n") if paragraph.strip()]
    return paragraphs, [line.strip() for line in examples.splitlines() if line.strip()]


def escaped(text: str) -> str:
    """A text that roff prints as it is."""
    found = "".join(ESCAPED.get(character, character) for character in text)
    return rf"\&{found}" if found.startswith(".") else found


def files() -> dict[str, str]:
    """Everything there is, by its path below `share`."""
    pages = {f"man/man1/{'-'.join(context.command_path.split())}.1": page(context) for context in contexts()}
    return {**pages, **{path: script(shell) for shell, path in COMPLETIONS.items()}}


def _below(context: click.Context) -> Iterator[tuple[str, str, str]]:
    assert isinstance(context.command, click.Group)
    for name in context.command.list_commands(context):
        found = context.command.get_command(context, name)
        assert found is not None
        yield ".TP", rf"\fB{_name(context)}\-{escaped(name)}\fR(1)", escaped(explained(found)[0][0])


def _terms(told: dict[str, str]) -> Iterator[str]:
    for term, what in told.items():
        yield from (".TP", rf"\fB{escaped(term)}\fR", escaped(what))


def _name(context: click.Context) -> str:
    return escaped("-".join(context.command_path.split()))


def _as_title(sentence: str) -> str:
    """The first sentence as whatis(1) lists it."""
    first = re.split(r"(?<=[a-z])\. ", sentence)[0].rstrip(".")
    return first[:1].lower() + first[1:]


def main(directory: Path) -> None:
    """Write all of it, and take away what belongs to no command any more."""
    wanted = files()
    for path, text in wanted.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text, encoding="utf-8")
    for left in (directory / "man" / "man1").iterdir():
        if str(left.relative_to(directory)) not in wanted:
            left.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

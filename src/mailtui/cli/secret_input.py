"""Where secrets come from: standard input, a file, or a hidden prompt where a person sits; never an argument."""

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import click
from pydantic import SecretBytes, SecretStr

from mailtui.cli.output import tell
from mailtui.core.errors import BadInput
from mailtui.operations.context import Context
from mailtui.operations.secret_files import read_secret_file, secret_line
from mailtui.secrets import Locked

T = TypeVar("T")

Function = TypeVar("Function", bound=Callable[..., object])

PASSPHRASE_TRIES: Final = 3
"""Slips of the keys that are forgiven; each costs seconds of scrypt."""


def secret_options(command: Function) -> Function:
    """Gives a command the options that `given_secret` takes."""
    from_stdin = click.option(
        "--secret-stdin", is_flag=True, help="Read the password from standard input; hidden where that is a terminal."
    )
    from_file = click.option(
        "--secret-file", type=click.Path(path_type=Path), help="Read the password from this file of mode 0600."
    )
    return from_stdin(from_file(command))


def given_secret(from_stdin: bool, file: Path | None) -> SecretStr | None:
    """The secret that the options name; None where they name none.

    Raises BadInput where there is not exactly one line, Misconfigured for a file that others may read.
    """
    if from_stdin and file is not None:
        raise click.UsageError("use one of --secret-stdin and --secret-file")
    if file is not None:
        return read_secret_file(file)
    if not from_stdin:
        return None
    return asked_secret("Password") if a_person_answers() else _piped_secret()


def a_person_answers() -> bool:
    """Whether questions may be asked: nothing ever waits for an answer where there is no terminal."""
    return sys.stdin.isatty()


def asked_secret(question: str, *, twice: bool = False) -> SecretStr:
    """Typed on the terminal without being shown."""
    return SecretStr(click.prompt(question, hide_input=True, err=True, confirmation_prompt=twice))


def unlocked(context: Context, work: Callable[[], T]) -> T:
    """What `work` returns. Where it finds the vault locked, a person is asked for the passphrase, and it is done
    again; whatever is used here does nothing before it has looked. Raises Locked where nobody can be asked."""
    try:
        return work()
    except Locked as locked:
        if not a_person_answers():
            raise
        new = locked.new
    if new:
        tell("There is no vault for passwords yet. Choose the passphrase that will open it.")
        context.secrets.create(asked_secret("New passphrase of the vault", twice=True))
    else:
        _unlock(context)
    return work()


def _unlock(context: Context) -> None:
    for tried in range(1, PASSPHRASE_TRIES + 1):
        passphrase = asked_secret("Passphrase of the vault")
        tell("opening the vault, which takes some seconds ...")
        try:
            return context.secrets.unlock(passphrase)
        except Locked as wrong:
            if tried == PASSPHRASE_TRIES:
                raise Locked(f"{wrong}; where it is forgotten, `mailtui vault reset` starts a new vault") from wrong
            tell(str(wrong))
    return None


def _piped_secret() -> SecretStr:
    octets = SecretBytes(sys.stdin.buffer.read())
    text: SecretStr | None = None
    with contextlib.suppress(UnicodeDecodeError):
        text = SecretStr(octets.get_secret_value().decode("utf-8"))
    if text is None:  # Raised here, since the error that was caught holds the secret.
        raise BadInput("the password on standard input is not UTF-8 text", field="password")
    return secret_line(text.get_secret_value(), "standard input")

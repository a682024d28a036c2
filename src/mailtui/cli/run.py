"""Running a command: every error becomes words on standard error and an exit code, here and nowhere else."""

import contextlib
import gc
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from mailtui.cli import exit_codes
from mailtui.cli.output import tell
from mailtui.cli.root import mailtui
from mailtui.core.errors import MailtuiError

COMPLETING = "_MAILTUI_COMPLETE"
"""Set by a shell that asks what could come next; the name that click gives it."""


NEW_THINGS: Final = 20_000
"""How many are made before Python looks for cycles among them. It looks after 700 of its own accord, and through all
that there are again and again: making a list of thousands, which has none, would take half as long again."""


def run(arguments: Sequence[str]) -> int:
    """The exit code. A reader that goes away ends the command quietly, by SystemExit, as click does it."""
    gc.set_threshold(NEW_THINGS)
    try:
        return _run(arguments)
    except OSError:  # Not even the words about an error could be written.
        return os.EX_IOERR
    finally:
        _let_go_of_output()


def _run(arguments: Sequence[str]) -> int:
    if sys.stdin is None:  # Closed by whoever started us: there is nothing to read.
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    if COMPLETING in os.environ:
        importlib.import_module("mailtui.cli.completion")  # Registers what it has better than click.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # What a locale cannot write becomes `?` and not a crash.
    try:
        code: int | None = mailtui.main(list(arguments), prog_name="mailtui", standalone_mode=False)
    except click.UsageError as error:
        return _usage(error)
    except click.ClickException as error:
        tell(f"mailtui: {error.format_message()}")
        return os.EX_NOINPUT
    except (click.Abort, KeyboardInterrupt):
        return exit_codes.INTERRUPTED
    except MailtuiError as error:
        tell(f"mailtui: {error}")
        return exit_codes.of_error(error)
    except (UnicodeEncodeError, OverflowError) as error:
        what = "octets that are no UTF-8 text" if isinstance(error, UnicodeEncodeError) else "too large a number"
        tell(f"mailtui: something that was given holds {what}: correct it and try again")
        return os.EX_DATAERR
    except OSError as error:
        tell(f"mailtui: reading or writing failed: {error.strerror or type(error).__name__} {error.filename or ''}")
        return os.EX_IOERR
    except Exception as error:
        from mailtui.store.database import in_words  # SQLite, which help and errors need not.

        if (known := in_words(error, "the database cannot be used")) is not None:
            tell(f"mailtui: {known}")
            return exit_codes.of_error(known)
        tell(f"mailtui: stopped on an error of its own, {_place(error)}; please report it")
        return os.EX_SOFTWARE
    return code or os.EX_OK


def _let_go_of_output() -> None:
    """What is still in the buffers is written, or goes nowhere where nobody takes it any more: Python would try again
    at its end, and end with a code of its own."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):  # No file of its own.
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _usage(error: click.UsageError) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return os.EX_USAGE
    if error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
    tell(f"mailtui: {error.format_message()}")
    if error.ctx is not None:
        click.echo(f"Try '{error.ctx.command_path} --help'.", err=True)
    return os.EX_USAGE


def _place(error: Exception) -> str:
    """The kind of error and where it was. Its own words stay out: they may quote what was typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"

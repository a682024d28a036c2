"""`mailtui` without a command: the settings screens."""

import os
import sys
from typing import TYPE_CHECKING, Final

import click

from mailtui.cli import exit_codes, locations

if TYPE_CHECKING:
    from mailtui.cli.caller import Caller
    from mailtui.operations.configuration import Configuration


BROWSER: Final = "textual.drivers.web_driver:WebDriver"
"""What `mailtui serve` names in TEXTUAL_DRIVER: a browser is the terminal then."""


def require_terminal() -> None:
    """Raises a usage error where there is nobody to look at a screen or to press a key."""
    if os.environ.get("TEXTUAL_DRIVER") == BROWSER:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("the screens need a terminal for input and output; mailtui --help lists the commands")


def open_screens(caller: "Caller") -> int:
    """Until they are left; the exit code."""
    require_terminal()
    from mailtui.tui.app import MailtuiApp

    configuration = _configuration()
    app = MailtuiApp(
        caller.open_company,
        theme=(configuration.theme or None) if configuration else None,
        keymap=configuration.keys if configuration else None,
        remembers=locations.state_directory(),
        starts_at_top=configuration is not None and configuration.start == "top",
        calm=configuration is not None and configuration.motion == "reduced",
    )
    app.run()
    if app.failure is not None:
        return exit_codes.of_error(app.failure)
    return app.return_code or 0


def _configuration() -> "Configuration | None":
    """What the file says; reading it costs the first frame 50 ms, which only those wait for who have one."""
    path = locations.configuration_file()
    if not path.exists():
        return None
    from mailtui.operations.configuration import load_configuration

    return load_configuration(path)

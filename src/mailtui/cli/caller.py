"""Who calls, and for which company: what the options before the command say."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailtui.cli import locations

if TYPE_CHECKING:
    from mailtui.operations.context import Context


@dataclass(frozen=True)
class Caller:
    """The options that every command shares."""

    database: Path
    act_as: str
    """Login of the employee to act as; empty for oneself."""

    def open_company(self) -> "Context":
        """The company, open until the command ends. Raises what opening it raises."""
        from mailtui.operations.configuration import load_configuration  # Pydantic and SQLite, which --help needs not.
        from mailtui.operations.context import open_context

        file = locations.configuration_file()
        context = open_context(
            self.database, act_as=self.act_as, configuration=load_configuration(file), configuration_file=file
        )
        click.get_current_context().call_on_close(context.store.close)
        return context

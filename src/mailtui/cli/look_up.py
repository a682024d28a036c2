"""`--lookup`: asking the outside for an address's settings, and what is said of the answer."""

import asyncio
import sys
from typing import TYPE_CHECKING, Final

import click

from mailtui.cli import locations
from mailtui.cli.address_options import Given
from mailtui.cli.output import mark_of, say, tell
from mailtui.cli.secret_input import a_person_answers
from mailtui.cli.step_lines import CLEAR_LINE
from mailtui.core.errors import NotAllowed, NotFound
from mailtui.core.look_up import TITLES, LookedUp, LookUpEvent, Proposal, SourceAsked
from mailtui.core.services import service
from mailtui.core.text import clean

if TYPE_CHECKING:
    from mailtui.core.addresses import SmtpAccount

TITLE_WIDTH: Final = max(map(len, TITLES.values()))


def looked_up(address: str, *, as_json: bool) -> LookedUp:
    """Look the settings up, each source on standard error as it is asked. Raises what `look_up` raises."""
    from mailtui.operations.configuration import load_configuration
    from mailtui.operations.look_up import look_up

    settings = load_configuration(locations.configuration_file()).look_up
    return asyncio.run(look_up(address, _Lines(shown=not as_json or sys.stderr.isatty()), settings=settings))


def looked_up_account(address: str, given: Given, *, as_json: bool) -> "SmtpAccount":
    """The account that was found, with what the options say instead. A person is asked whether to take it.

    Raises NotFound where no source knows anything, and NotAllowed where nobody can be asked about a server that the
    source does not prove to be the domain's.
    """
    if given.service or given.host:
        raise click.UsageError("use one of --lookup, --service and --host")
    proposal = looked_up(address, as_json=as_json).proposal
    if proposal is None:
        raise NotFound(f"no settings were found for {clean(address)}: give --host HOST, and --port where it is not 587")
    for line in words(proposal):
        tell(line)
    if a_person_answers():
        click.confirm("Use these settings?", default=not proposal.caution, abort=True, err=True)
    elif proposal.caution:
        raise NotAllowed(f"{proposal.caution}; then give --host {proposal.account.host} in place of --lookup")
    return proposal.account.model_validate({**proposal.account.model_dump(), **given.account_fields})


def print_looked_up(found: LookedUp) -> None:
    """For people."""
    if found.proposal is None:
        say(f"No settings were found for {found.address}: ask whoever runs its mail server, and give --host.")
        return
    for line in words(found.proposal):
        say(line)
    if found.proposal.account.service:
        for step in service(found.proposal.account.service).steps:
            say(f"- {step}")


def words(proposal: Proposal) -> list[str]:
    """The settings, where they come from, and what to look at first."""
    account = proposal.account
    name = f"{service(account.service).name}: " if account.service else ""
    who = f" as {account.username}" if account.username else ""
    lines = [
        f"{name}{account.host} port {account.port}, {account.security}, sign-in: {account.signin}{who}",
        f"Found by {proposal.source.words}: {proposal.said}",
    ]
    return [clean(line) for line in [*lines, proposal.caution] if line]


class _Lines:
    """A line a source. Where standard error is a terminal, the one being asked is shown, too."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._live = sys.stderr.isatty()

    def __call__(self, event: LookUpEvent) -> None:
        if not self._shown:
            return
        if isinstance(event, SourceAsked):
            if self._live:
                click.echo(f"  {event.source.words} ...", nl=False, err=True)
            return
        before = CLEAR_LINE if self._live else ""
        line = f"{mark_of(event.found)} {event.source.words:<{TITLE_WIDTH}} {event.ms:>6} ms  {clean(event.detail)}"
        click.echo(f"{before}{line}", err=True)

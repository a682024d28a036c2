"""What the tests of the form build on: the form, filled in by keys, and tested against a server on the loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from textual import events
from textual.pilot import Pilot

from mailtui.core.addresses import ExternalAddress
from mailtui.core.people import Employee
from mailtui.demo.servers import RunningServer
from mailtui.operations.addresses import put_secret
from mailtui.operations.context import Context
from mailtui.tui.form.address_form import AddressForm
from tests.company import an_address
from tests.tui.frame import shown
from tests.tui.pages import on_page, typed, until

SALES: Final = "sales@demo.example"

TO_HOST: Final = ("tab", "tab", "tab")
TO_PASSWORD: Final = ("tab",) * 7
"""From the address."""


async def says(pilot: Pilot[None], words: str) -> None:
    """Wait until the screen shows the words, wherever it breaks the lines."""
    await until(pilot, lambda: any(words in " ".join(text.split()) for text in (_everything(pilot), _dialog(pilot))))


def _everything(pilot: Pilot[None]) -> str:
    return shown(pilot).replace("│", " ")


def _dialog(pilot: Pilot[None]) -> str:
    """What stands between the borders of a dialog, without what is seen of the page at its sides."""
    return " ".join(line.split("│")[1] for line in shown(pilot).splitlines() if line.count("│") == 2)


async def pasted(pilot: Pilot[None], text: str) -> None:
    """Paste a text from the terminal into the focused field, in place of what stands there."""
    await pilot.press("end", "ctrl+u")
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


@asynccontextmanager
async def open_form(
    context: Context, stored: ExternalAddress | None = None, owner: Employee | None = None
) -> AsyncIterator[Pilot[None]]:
    """The form over the settings."""
    async with on_page(context, lambda: AddressForm(stored, owner)) as pilot:
        yield pilot


def form(pilot: Pilot[None]) -> AddressForm:
    """The form, whatever dialog lies over it."""
    return next(screen for screen in reversed(pilot.app.screen_stack) if isinstance(screen, AddressForm))


def is_closed(pilot: Pilot[None]) -> bool:
    return not any(isinstance(screen, AddressForm) for screen in pilot.app.screen_stack)


def focused(pilot: Pilot[None]) -> str:
    """Name of the field that has the focus."""
    return (pilot.app.focused and pilot.app.focused.id) or ""


async def choose(pilot: Pilot[None], words: str) -> None:
    """Choose in the focused list what the words find."""
    await pilot.press("enter")
    await typed(pilot, words)
    await pilot.press("enter")
    await pilot.pause()


async def fill(pilot: Pilot[None], server: RunningServer, *, address: str = SALES, password: str | None = None) -> None:
    """Everything that the server wants, typed from the address on: STARTTLS and its own authority."""
    await pasted(pilot, address)
    await pilot.press(*TO_HOST)
    await pasted(pilot, server.host)
    await pilot.press("tab")
    await pasted(pilot, str(server.port))
    await pilot.press("tab", "tab", "tab", "tab")
    await pasted(pilot, password if password is not None else server.password.get_secret_value())
    await pilot.press("tab")
    await choose(pilot, "own")
    await pilot.press("tab")
    await pasted(pilot, str(server.ca_file))


async def run_the_test(pilot: Pilot[None]) -> None:
    """Test the account and wait for the result."""
    await pilot.press("ctrl+t")
    panel = form(pilot).panel
    await until(pilot, lambda: panel.result is not None and not panel.running)


async def to_address(pilot: Pilot[None]) -> None:
    """Back to the first field, from wherever."""
    await pilot.press("f2")
    for _ in range(12):
        if focused(pilot) == "address":
            return
        await pilot.press("shift+tab")


def a_stored_address(
    context: Context, server: RunningServer, address: str = SALES, *, username: str | None = None
) -> ExternalAddress:
    """An address of the server's, tested as it stands."""
    secret_id = put_secret(context, server.password)
    made = an_address(address, account=server.account(username or address), secret_id=secret_id)
    with context.store.transaction():
        return context.store.addresses.save(made)

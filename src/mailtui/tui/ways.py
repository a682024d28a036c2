"""The ways through the pages: what a page is called from outside, how it is reached again, and how one goes back."""

import asyncio
import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from mailtui.core.errors import MailtuiError
from mailtui.tui.page import Page
from mailtui.tui.place import Stop, Thing
from mailtui.tui.screens.settings import LEAVES, SCREENS, Settings

if TYPE_CHECKING:
    from mailtui.operations.context import Context
    from mailtui.tui.app import MailtuiApp

ADDRESS: Final = "address"
EMPLOYEE: Final = "employee"
GROUP: Final = "group"
PROJECT: Final = "project"
OWN_ADDRESSES: Final = "own-addresses"
DELIVERY: Final = "delivery"

THINGS: Final[Mapping[str, str]] = {
    EMPLOYEE: f"{SCREENS}.employee:EmployeePage",
    GROUP: f"{SCREENS}.group:GroupPage",
    PROJECT: f"{SCREENS}.project:ProjectPage",
    OWN_ADDRESSES: f"{SCREENS}.employee_addresses:AddressesOf",
    DELIVERY: f"{SCREENS}.delivery:DeliveryPage",
}
"""Pages about one thing, `module:Class`, by the kind of thing."""

PLACES: Final[Mapping[str, str]] = {**{leaf.id: leaf.page for leaf in LEAVES}, **THINGS}
"""Every page that can be reached again, by its id."""

FOUND_BY_NAME: Final = frozenset({EMPLOYEE, GROUP, PROJECT})
"""Pages about a thing that one looks for by its name."""

IDS: Final = {place: id for id, place in PLACES.items()}


def stop_of(page: Page) -> Stop | None:
    """What the page is called, with its marked row; None for one that cannot be reached again."""
    id = IDS.get(f"{type(page).__module__}:{type(page).__qualname__}")
    if id is None or (id in THINGS) != bool(page.about):
        return None
    number, row, line = page.marked_row
    return Stop(page=id, thing=page.about, table=number, row=row[:400], line=line)


def way_to(pages: Sequence[object]) -> tuple[Stop, ...]:
    """The way along these screens, from the settings on, as far as it can be gone again."""
    found: list[Stop] = []
    for page in pages:
        if isinstance(page, Settings):
            continue
        stop = stop_of(page) if isinstance(page, Page) else None
        if stop is None:
            break
        found.append(stop)
    return tuple(found)


def page_of(stop: Stop, context: "Context") -> Page | None:
    """A new page for a stop; None where there is none such or its thing is gone."""
    module, _, name = PLACES.get(stop.page, "").partition(":")
    if not module or (stop.page in THINGS) != bool(stop.thing):
        return None
    kind: type[Page] = getattr(importlib.import_module(module), name)
    try:
        return kind.about_thing(context, stop.thing) if stop.thing else kind()
    except MailtuiError:
        return None


def way_to_thing(thing: Thing, context: "Context") -> tuple[Stop, ...]:
    """Where a thing is shown: its own page, or the list with its row marked. Raises NotFound where it is gone."""
    match thing.kind:
        case "address":
            from mailtui.operations.addresses import find_address

            owner = find_address(context, thing.key).owner
            if owner is None:
                return (Stop(page="company-addresses", row=thing.key),)
            own = Stop(page=OWN_ADDRESSES, thing=owner, row=thing.key)
            return (Stop(page="employee-addresses", row=owner), own)
        case "employee":
            return (Stop(page="people", row=thing.key), Stop(page=EMPLOYEE, thing=thing.key))
        case "group":
            return (Stop(page="people", table=1, row=thing.key), Stop(page=GROUP, thing=thing.key))
        case _:
            return (Stop(page="projects", row=thing.key), Stop(page=PROJECT, thing=thing.key))


async def go_back(app: "MailtuiApp", enough: Callable[[Page], bool]) -> bool:
    """Leave one page after the other until `enough` is true of the one that is shown; whether it came to that. A page
    that asks before it is left stays, with its question. For a worker alone: it waits for the program and its pages."""
    while not (isinstance(page := app.screen, Page) and enough(page)):
        if not isinstance(page, Page) or isinstance(page, Settings) or page.asks_before_leaving:
            return False
        await page.dismiss()
        for pump in (app, app.screen):  # What was to be done on the return to a page comes before it is left itself.
            done = asyncio.Event()
            pump.call_later(done.set)
            await done.wait()
    return True


async def go_to_level(app: "MailtuiApp", path: Sequence[str], level: int) -> None:
    """Go back to the level of a path that was pointed at: the page of that level, or the settings with it marked."""
    wanted = tuple(path[: level + 1])
    pages = [page for page in app.screen_stack if isinstance(page, Page) and not isinstance(page, Settings)]
    if pages and pages[-1].path == wanted:
        return
    at_page = any(page.path == wanted for page in pages)
    came = await go_back(app, lambda page: page.path == wanted if at_page else isinstance(page, Settings))
    if came and isinstance(app.screen, Settings):
        app.screen.mark_title(wanted[-1])


async def go(app: "MailtuiApp", stops: Sequence[Stop], *, narrow: bool = False) -> None:
    """Walk from the settings to a place, each page above the other, as far as there is one; where a page asks before
    it is left, from there. `narrow`: the last row is wanted wherever it is in its table."""
    if not stops:
        return
    if await go_back(app, lambda page: isinstance(page, Settings)) and isinstance(app.screen, Settings):
        app.screen.mark(stops[0].page)
    elif not isinstance(app.screen, Page):
        app.say("This form is open: save it or leave it first.")
        return
    for stop in stops:
        page = page_of(stop, app.context)
        if page is None:
            return
        await app.push_screen(page)
        page.mark_row(stop.table, stop.row, stop.line, narrow=narrow and stop is stops[-1])

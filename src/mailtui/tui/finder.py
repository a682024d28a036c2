"""Finding things by their names from anywhere: addresses, employees, groups and projects in the command palette."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from textual.command import DiscoveryHit, Hit, Hits
from textual.content import Content

from mailtui.core.text import clean
from mailtui.tui.commands import CommandsOfThePage
from mailtui.tui.marks import BETWEEN

if TYPE_CHECKING:
    from textual.visual import VisualType
    from textual.worker import Worker

    from mailtui.operations.finding import Found
    from mailtui.tui.app import MailtuiApp
    from mailtui.tui.outbox import BesideTheScreens

NAMES: Final = 120
"""Cells of a name that are shown: the palette cuts what is longer than its line."""

BEGINS: Final = 0.9
HOLDS: Final = 0.6
"""Scores against those of commands, which have 1 where the words are their name."""


class Finder(CommandsOfThePage):
    """Things and commands. The store is asked over a connection and in a thread of its own: no key waits for it."""

    async def startup(self) -> None:
        self._thread = ThreadPoolExecutor(1, "finder")  # SQLite's connections stay in the thread that made them.
        self._beside: BesideTheScreens | None = None

    async def shutdown(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    @property
    def _mailtui(self) -> "MailtuiApp":
        return cast("MailtuiApp", self.app)

    async def discover(self) -> Hits:
        """What was looked at last, the latest first; then what can be done here."""
        for found in self._recent():
            yield DiscoveryHit(_shown(found), self._open(found), text=found.name, help=_beside(found))
        async for hit in super().discover():
            yield hit

    async def search(self, query: str) -> Hits:
        async for hit in super().search(query):
            yield hit
        if self._mailtui.opened is None:
            return
        words = query.casefold().split()
        for found in await asyncio.get_running_loop().run_in_executor(self._thread, self._find, query):
            names = (found.name.casefold(), found.key.casefold())
            score = BEGINS if any(name.startswith(word) for name in names for word in words) else HOLDS
            yield Hit(score, _shown(found), self._open(found), text=found.name, help=_beside(found))

    def _recent(self) -> "Iterator[Found]":
        from mailtui.operations.finding import find_thing  # With the store, after the first frame.

        if (context := self._mailtui.opened) is not None:
            for thing in self._mailtui.whereabouts.place.recent:
                if (found := find_thing(context, thing.kind, thing.key)) is not None:
                    yield found

    def _find(self, query: str) -> "tuple[Found, ...]":
        from mailtui.operations.finding import find_things
        from mailtui.tui.outbox import BesideTheScreens

        if self._beside is None:
            self._beside = BesideTheScreens(self._mailtui.context)
        return find_things(self._beside, query)

    def _close(self) -> None:
        if self._beside is not None:
            self._beside.store.close()

    def _open(self, found: "Found") -> "partial[Worker[None]]":
        return partial(self._mailtui.open_thing, found.kind.value, found.key)


def _shown(found: "Found") -> "VisualType":
    return Content(clean(found.name or found.key, NAMES))


def _beside(found: "Found") -> str:
    # Textual's palette reads the second line as markup and says so in its type.
    return cast("str", Content(f"{found.kind} {BETWEEN} {clean(found.beside, NAMES)}" if found.beside else found.kind))

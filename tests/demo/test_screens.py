"""The demo's own screens: the guided text, and what arrived."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from mailtui.core.addresses import AddressState
from mailtui.demo.app import DemoApp
from mailtui.demo.company import DemoFiles
from mailtui.demo.history import LETTERS
from mailtui.demo.inbox import Inbox, LetterPage
from mailtui.demo.plans import GOOD
from mailtui.demo.tour import Tour
from mailtui.operations.listings import list_addresses
from mailtui.operations.send import SendRequest, send
from mailtui.tui.screens.settings import Settings
from mailtui.tui.widgets.store_table import StoreTable

Screens = Pilot[None]


@pytest.fixture
def kept(tmp_path: Path) -> DemoFiles:
    directory = tmp_path / "demo"
    directory.mkdir(mode=0o700)
    return DemoFiles(directory)


@asynccontextmanager
async def running(kept: DemoFiles) -> AsyncIterator[tuple[DemoApp, Screens]]:
    app = DemoApp(kept, theme="mailtui-dark")
    async with app.servers:
        async with app.run_test(size=(80, 24)) as pilot:
            yield app, pilot
        app.close()


@asynccontextmanager
async def lived(kept: DemoFiles) -> AsyncIterator[tuple[DemoApp, Screens]]:
    """The settings in front, and the company with its past."""
    async with running(kept) as (app, pilot):
        await pilot.press("x")
        await lived_through(app)
        await pilot.pause()
        yield app, pilot


async def lived_through(app: DemoApp) -> None:
    """Everything that comes to an end has; the outbox works for as long as the screens are open."""
    for worker in [worker for worker in app.workers if worker.group != "outbox"]:
        await worker.wait()


def text_of(app: DemoApp) -> str:
    return "\n".join(str(part.content) for part in app.screen.query(Static))


async def test_the_guide_comes_first_and_names_everything_to_be_typed(kept: DemoFiles) -> None:
    async with running(kept) as (app, _):
        good = app.servers[GOOD.name]
        assert isinstance(app.screen, Tour)
        guide = text_of(app)
        assert all(word in guide for word in (good.host, str(good.port), good.password.get_secret_value()))


async def test_the_guide_is_seen_whole_at_80x24(kept: DemoFiles) -> None:
    async with running(kept) as (app, _):
        assert app.screen.query_one("Tour > VerticalScroll").max_scroll_y == 0


@pytest.mark.parametrize("key", ["enter", "escape", "space", "x", "f12"])
async def test_any_key_goes_on_from_the_guide(kept: DemoFiles, key: str) -> None:
    async with running(kept) as (app, pilot):
        await pilot.press(key)
        assert isinstance(app.screen, Settings)


async def test_the_guide_and_the_inbox_are_one_key_away_over_any_screen(kept: DemoFiles) -> None:
    async with lived(kept) as (app, pilot):
        await pilot.press("question_mark", "f12")
        assert isinstance(app.screen, Tour)
        await pilot.press("x", "ctrl+n")
        assert isinstance(app.screen, Inbox)
        await pilot.press("ctrl+n")
        assert len([screen for screen in app.screen_stack if isinstance(screen, Inbox)]) == 1


async def test_the_accounts_are_tested_while_one_looks_at_the_guide(kept: DemoFiles) -> None:
    async with running(kept) as (app, _):
        await lived_through(app)
        assert isinstance(app.screen, Tour)
        assert {address.state for address in list_addresses(app.context)} == set(AddressState)


async def test_the_inbox_shows_what_was_sent(kept: DemoFiles) -> None:
    async with lived(kept) as (app, pilot):
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert app.screen.query_one(StoreTable).count == len(app.servers.arrivals)
        newest = app.servers.arrivals[-1]
        sent = next(letter for letter in LETTERS if letter.to in newest.recipients)
        assert sent.body.splitlines()[0] in text_of(app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, LetterPage)
        assert sent.subject in text_of(app)


async def test_a_message_that_arrives_appears_by_itself(kept: DemoFiles) -> None:
    async with lived(kept) as (app, pilot):
        await pilot.press("ctrl+n")
        await pilot.pause()
        before = app.screen.query_one(StoreTable).count
        request = SendRequest(project="brand-a", to=("eva@client.example",), subject="Now", body="Just now.\n")
        await send(app.context, request, lambda *_: None)
        await pilot.pause()
        assert app.screen.query_one(StoreTable).count == before + 1


async def test_the_inbox_is_filtered_like_every_table(kept: DemoFiles) -> None:
    async with lived(kept) as (app, pilot):
        await pilot.press("ctrl+n", "slash", *"tender")
        await pilot.pause()
        assert app.screen.query_one(StoreTable).count == 1

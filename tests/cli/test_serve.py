"""`mailtui serve`: the screens in a browser (issue 6, section 6)."""

import asyncio
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mailtui.cli.caller import Caller
from tests.cli.command_line import CommandLine
from tests.demo.running import LIMIT, Home

pytest.importorskip("textual_serve", reason="the extra mailtui[serve] is not installed")

from aiohttp import ClientSession, WSServerHandshakeError

from mailtui.cli.serve import command
from tests.cli.browser import CHROMIUM, browser


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@contextmanager
def served(home: Home, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`mailtui serve` on a free port, and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mailtui", "serve", "--port", "0", "--json", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=home.environment,
    )
    assert process.stdout is not None
    try:
        lines: list[str] = []
        while not lines or lines[-1] not in ("}\n", ""):
            lines.append(process.stdout.readline())
        yield process, json.loads("".join(lines))["url"]
    finally:
        process.terminate()
        process.communicate(timeout=LIMIT)


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
async def test_a_browser_shows_the_screens_and_takes_keys_and_asks_no_other_host(home: Home, tmp_path: Path) -> None:
    with served(home) as (_, url):
        async with browser(tmp_path / "profile") as page:
            await page.open(url)
            await page.shows("none yet")
            await page.shows("Company external e-mail addresses")
            await page.press("?")
            await page.shows("All settings, as a tree.")
            assert len(await page.picture()) > 10_000
            hosts = {asked.split("/")[2] for asked in page.asked_for if not asked.startswith("data:")}
            assert hosts == {url.split("/")[2]}


async def test_another_page_of_the_browser_cannot_reach_the_screens(home: Home) -> None:
    with served(home) as (_, url):
        async with ClientSession() as session:
            async with session.get(url) as page:
                assert page.status == 200
                assert "https://" not in await page.text()
                assert "default-src 'self'" in page.headers["Content-Security-Policy"]
            async with session.get(url, headers={"Host": "rebound.example"}) as page:
                assert page.status == 403
            with pytest.raises(WSServerHandshakeError) as refused:
                await session.ws_connect(f"{url}ws", headers={"Origin": "http://evil.example"})
            assert refused.value.status == 403


async def test_it_ends_with_the_screens_that_it_started(home: Home) -> None:
    with served(home, "--demo") as (process, url):
        async with ClientSession() as session, session.ws_connect(f"{url}ws") as screens:
            seen = b""
            while b"Things to try" not in seen:
                seen += (await screens.receive(timeout=LIMIT)).data
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.communicate, timeout=LIMIT)
    assert process.returncode == os.EX_OK
    assert home.left_behind == []


def test_a_port_that_is_taken_is_named_and_what_to_do(home: Home) -> None:
    with served(home) as (_, url):
        port = url.rstrip("/").rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, "-m", "mailtui", "serve", "--port", port],
            capture_output=True,
            text=True,
            env=home.environment,
        )
    assert second.returncode == os.EX_UNAVAILABLE
    assert f"port {port}: " in second.stderr
    assert "choose another with --port" in second.stderr


def test_a_host_that_others_reach_needs_a_word_that_says_so(mailtui: CommandLine) -> None:
    answer = mailtui("serve", "--host", "0.0.0.0")  # noqa: S104 - it is refused
    assert answer.code == os.EX_USAGE
    assert "there is no sign-in" in answer.err
    assert "--without-sign-in" in answer.err


def test_without_the_extra_it_says_how_to_get_it(mailtui: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    answer = mailtui("serve")
    assert answer.code == os.EX_CONFIG
    assert "pip install 'mailtui[serve]'" in answer.err


def test_the_browser_works_on_the_database_that_was_named(tmp_path: Path) -> None:
    database = tmp_path / "a b; c.db"
    words = shlex.split(command(Caller(database=database, act_as="ion"), demo=False))
    assert words[1:] == ["-m", "mailtui", "--db", str(database), "--as", "ion"]

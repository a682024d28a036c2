"""Draws the pictures of this repository from the demo: `python -m tests.pictures screenshots`.

A second run draws the same: the clock stands, and what a run finds by itself (ports, times, fingerprints, paths) is put
in an unchanging form of the same width.
"""

import asyncio
import html
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from mailtui.demo.app import DemoApp
from mailtui.demo.company import DemoFiles
from mailtui.demo.plans import GOOD

SIZE: Final = (80, 24)

CELL: Final = 12.2
"""Width of a terminal cell in Textual's SVG."""

LIMIT: Final = 20.0
"""Seconds to wait for the words that a picture must show."""

THEN: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""When the company's accounts were tested and its messages sent."""

NOW: Final = THEN + timedelta(hours=2)
"""When one looks at it."""


@dataclass(frozen=True)
class Picture:
    """A screen of the demo, reached from the settings by keys alone."""

    name: str
    keys: tuple[str, ...]
    """Keys as Textual names them; text to be typed begins with `=`, and words to wait for with `?`."""
    theme: str = "mailtui-dark"


def down(times: int) -> tuple[str, ...]:
    return ("down",) * times


COMPANY: Final = ("enter", "?archive@corp.example")
FORM: Final = (*COMPANY, "a", "?Shown as")
ACCOUNT: Final = (
    *("=shop@brand-a.example", "tab", "=Brand A Shop", "tab", "tab", "=127.0.0.1"),
    *("tab", "ctrl+u", "={port}", *["tab"] * 4, "=wrong"),
)
UNKNOWN: Final = (*FORM, *ACCOUNT, "ctrl+t", "?unknown authority")
CERTIFICATE: Final = (*UNKNOWN, "f7", "?SHA-256")
WRONG: Final = (*CERTIFICATE, "t", "?Wrong password")
RIGHT: Final = (*WRONG, "={password}", "ctrl+t", "?✓ recipient")
PROJECTS: Final = (*down(8), "enter", "?City tender")
PROJECT: Final = (*PROJECTS, "enter", "?Offered to Ana Pop")
ACTION: Final = (*PROJECT, "a", "?Subject")
MESSAGE: Final = (
    *("=eva.klein@client.example", "tab", "=Your chair", "tab"),
    *("=Dear Eva,", "enter", "enter", "=the chair that you asked for is in the shop again.", "enter", "enter", "=Ana"),
)

PICTURES: Final = (
    Picture("guide", ("f12", "?Things to try")),
    Picture("settings", ("?12 employees",)),
    Picture("settings-light", ("?12 employees",), theme="mailtui-light"),
    Picture("company-addresses", (*COMPANY, *down(11), "?info@corp.example is not offered")),
    Picture("company-addresses-16-colours", (*COMPANY, *down(11)), theme="mailtui-16"),
    Picture("look-up", (*FORM, "=shop@brand-c.example", "ctrl+l", "?Found by")),
    Picture("form-wrong-password", WRONG),
    Picture("form-certificate", CERTIFICATE),
    Picture("form-tested", RIGHT),
    Picture("form-access", (*RIGHT, "f3", "right", "tab", *down(3), "space", *down(6), "space", "?Sofia Weber")),
    Picture("employee-addresses", ("down", "enter", "?Maria Ionescu")),
    Picture("employees-and-groups", (*down(6), "enter", "?Lukas Braun")),
    Picture("projects", PROJECTS),
    Picture("project", PROJECT),
    Picture("offer-matrix", (*down(9), "enter", "?11 addresses", "right", "down", "down", "?rule 5")),
    Picture("who-writes", (*down(10), "enter", "?12 employees could write")),
    Picture("new-action", (*ACTION, *MESSAGE)),
    Picture("why-not", (*ACTION, "f1", "?help@brand-b.example")),
    Picture("sent", (*ACTION, *MESSAGE, "ctrl+s", "?250 2.0.0")),
    Picture("inbox", ("ctrl+n", "?Your order 1042")),
    Picture("deliveries", (*down(3), "enter", "?studio@design")),
    Picture("delivery", (*down(3), "enter", "?gone@client", *down(2), "enter", "?1 attempt")),
    Picture("reasons", (*down(4), "enter", "?Wrong password")),
    Picture("audit", (*down(12), "enter", "?Housekeeping", "slash", "=import", "?import address")),
    Picture("health", (*down(13), "enter", "?Housekeeping", "?mode")),
)


class StandingClock:
    """Shows `now` until it is set."""

    def __init__(self) -> None:
        self.now = THEN

    def __call__(self) -> datetime:
        return self.now


async def draw(picture: Picture, directory: Path) -> None:
    """Write `directory`/name.svg. Raises TimeoutError where words that are waited for do not come."""
    with tempfile.TemporaryDirectory(prefix="mailtui-demo-") as place:
        clock = StandingClock()
        app = DemoApp(DemoFiles(Path(place)), clock=clock, theme=picture.theme)
        app.keeps_sending = False  # What is due by then would be tried again at a moment that nobody knows.
        async with app.servers:
            async with app.run_test(size=SIZE) as pilot:
                await app.workers.wait_for_complete()
                clock.now = NOW
                app.look_again()
                await pilot.press("x")
                for key in picture.keys:
                    await _follow(app, pilot, key)
                for field in [*app.screen.query(Input), *app.screen.query(TextArea)]:
                    field.cursor_blink = False
                drawn = app.export_screenshot()
                ports = [server.port for server in app.servers]
            app.close()
    (directory / f"{picture.name}.svg").write_text(unchanging(drawn, ports), encoding="utf-8")


async def _follow(app: DemoApp, pilot: Pilot[None], key: str) -> None:
    if key.startswith("="):
        good = app.servers[GOOD.name]
        typed = key[1:].format(port=good.port, password=good.password.get_secret_value())
        await pilot.press(*typed)
    elif key.startswith("?"):
        try:
            async with asyncio.timeout(LIMIT):
                while key[1:] not in words(app.export_screenshot()):
                    await pilot.pause(0.02)
        except TimeoutError:
            raise TimeoutError(f"{key[1:]!r} did not come:\n{words(app.export_screenshot())}") from None
    else:
        await pilot.press(key)
    await pilot.pause()


TEXT: Final = re.compile(r'<text class="(?P<kind>[^"]*)" x="(?P<x>[^"]*)" (?P<y>y="[^"]*") textLength="[^"]*"(?P<clip>[^>]*)>(?P<text>[^<]*)</text>')  # fmt: skip  # noqa: E501 - one element


def words(svg: str) -> str:
    """Everything that a picture says, line by line."""
    lines: dict[str, str] = {}
    for found in TEXT.finditer(svg):
        lines[found["y"]] = lines.get(found["y"], "") + html.unescape(found["text"]).replace("\xa0", " ")
    return "\n".join(lines.values())


def unchanging(svg: str, ports: Iterable[int]) -> str:
    """The picture without what differs from run to run. Each word stands at its own place, since not every program that
    draws SVG keeps spaces and widths."""
    replace = replacements(ports)

    def again(found: re.Match[str]) -> str:
        text = html.unescape(found["text"])
        for pattern, put in replace:
            text = pattern.sub(put, text)
        return "".join(_placed(found, piece) for piece in PIECE.finditer(text))

    return re.sub(r"terminal-\d+", "terminal", TEXT.sub(again, svg))


PIECE: Final = re.compile(r"[^\xa0]+(?:\xa0[^\xa0]+)*")
"""Words with single spaces between them."""


def _placed(found: re.Match[str], piece: re.Match[str]) -> str:
    x = float(found["x"]) + CELL * piece.start()
    escaped = html.escape(piece[0], quote=False).replace("\xa0", "&#160;")
    return (
        f'<text class="{found["kind"]}" x="{x:.1f}" {found["y"]} textLength="{CELL * cell_len(piece[0]):.1f}"'
        f"{found['clip']}>{escaped}</text>"
    )


Replacement = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def replacements(ports: Iterable[int]) -> list[Replacement]:
    """What differs from run to run, and what stands for it; all of them keep the number of cells."""
    fixed = [(re.compile(rf"\b{port}\b"), str(42525 + number)) for number, port in enumerate(ports) if port > 9999]
    return [
        *fixed,
        (re.compile(r"\xa0*\b\d+(?=\xa0ms)"), lambda found: f"{12:>{len(found[0])}}".replace(" ", "\xa0")),
        (re.compile(r"\b\d+\.\d(?=\xa0s\b)"), "0.1"),
        (re.compile(r"\b[0-9a-f]{40,}\b"), lambda found: "5" * len(found[0])),
        (re.compile(r"\b[0-9a-f]{4}(?:\xa0[0-9a-f]{4})+\b"), lambda found: re.sub("[0-9a-f]", "5", found[0])),
        (re.compile(r"(?<=queued\xa0as\xa0)[0-9A-F]+"), lambda found: "4F2A90C17E"[: len(found[0])]),
        (re.compile(r"(?<=<)[0-9a-f]{24}(?=@)"), "5" * 24),
        (re.compile(r"(?<=#)[\w-]{16}(?![\w-])"), lambda found: "x" * len(found[0])),
        (re.compile(r"(?<=vault/)[0-9a-f]+"), lambda found: "5" * len(found[0])),
        (re.compile(r"(?<=/mailtui-)([a-z]+)-\w{8}"), r"\1-abcdefgh"),
    ]


def draw_all(directory: Path, wanted: Sequence[str]) -> None:
    """Those whose names begin as one of `wanted`; all of them where none is."""
    directory.mkdir(exist_ok=True)
    for picture in PICTURES:
        if not wanted or picture.name.startswith(tuple(wanted)):
            asyncio.run(draw(picture, directory))


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    draw_all(Path(sys.argv[1]), sys.argv[2:])

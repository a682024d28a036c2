"""However the demo ends, nothing of it is left, and nothing of the person's own was touched."""

import signal
from pathlib import Path

import pytest

from tests.demo.running import Home, headless, screens

CTRL_Q = b"\x11"
CTRL_C = b"\x03"

CRASHES = """
from mailtui.demo.app import DemoApp
from mailtui.demo.run import run_demo

def broken(self):
    raise ZeroDivisionError

DemoApp.action_inbox = broken
raise SystemExit(run_demo(headless=False))
"""
"""The demo with a defect in one of its keys."""

CTRL_N = b"\x0e"

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_while_it_runs_only_its_private_directory_is_there(home: Home) -> None:
    with screens(home):
        assert list(home.home.rglob("*")) == []
        assert {path.stat().st_mode & 0o777 for path in home.temporary.iterdir()} == {0o700}


@pytest.mark.parametrize("keys", [CTRL_Q, CTRL_C, b"x" + CTRL_C], ids=["ctrl+q", "ctrl+c", "ctrl+c later"])
def test_nothing_is_left_when_one_leaves_by_a_key(home: Home, keys: bytes) -> None:
    with screens(home) as demo:
        demo.press(keys)
        assert demo.ended() == 0
    assert home.left_behind == []


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_nothing_is_left_when_a_signal_ends_the_screens(home: Home, number: signal.Signals) -> None:
    with screens(home) as demo:
        demo.process.send_signal(number)
        assert demo.ended() == 128 + number
    assert home.left_behind == []


def test_nothing_is_left_when_the_terminal_is_closed(home: Home) -> None:
    with screens(home) as demo:
        demo.close()
        assert demo.ended() == 128 + signal.SIGHUP
    assert home.left_behind == []


def test_nothing_is_left_when_the_screens_crash(home: Home) -> None:
    with screens(home, "-c", CRASHES) as demo:
        demo.press(CTRL_N)
        assert demo.ended() == 70
    assert home.left_behind == []


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_nothing_is_left_when_a_signal_ends_the_headless_demo(home: Home, number: signal.Signals) -> None:
    with headless(home) as (process, document):
        assert Path(document["db"]).exists()
        process.send_signal(number)
        assert process.wait(20) == 0
    assert home.left_behind == []


def test_a_second_signal_does_not_disturb_the_clearing_away(home: Home) -> None:
    with headless(home) as (process, _):
        for _ in range(20):
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert home.left_behind == []

"""The terminal that all screen tests share: UTF-8, whatever the machine that runs them is set to."""

import time
from collections.abc import Iterator

import pytest

from mailtui.store import Store
from mailtui.tui.marks import prints_unicode


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    prints_unicode.cache_clear()
    yield
    prints_unicode.cache_clear()


@pytest.fixture(autouse=True)
def at_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Screens show local time: one zone for all who run the tests."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def company(store: Store, identity_file: object) -> Store:
    """The company of `pages.py`, on a real file."""
    from tests.tui.pages import a_working_company  # Here: most tests of the frame need no company.

    a_working_company(store)
    return store

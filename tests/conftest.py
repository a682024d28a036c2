"""What many tests start from: a database on a real file, and an administrator's context on it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest
from hypothesis import settings

from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context, open_context
from mailtui.store import Store
from tests.company import NOW

# A machine that is busy with other things makes no example wrong.
settings.register_profile("mailtui", deadline=None)
settings.load_profile("mailtui")

# What runs under nohup or in the background ignores these, and all that it starts does too, also the programs that a
# test ends by one of them. A signal that is caught begins anew in a program that is started (signal(7)).
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, lambda *_: None)

# What tests start writes as people's Python does, into buffers that may be full of what nobody takes any more.
os.environ.pop("PYTHONUNBUFFERED", None)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a database may be made: in a directory of mode 0700."""
    directory = tmp_path / "company"
    directory.mkdir(mode=0o700)
    return directory / "mailtui.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    store = Store(database)
    yield store
    store.close()


@pytest.fixture
def identity_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An age identity, named by the environment: the vault opens without a passphrase."""
    path = tmp_path / "identity"
    path.touch(mode=0o600)
    path.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    monkeypatch.setenv("MAILTUI_IDENTITY_FILE", str(path))
    return path


@pytest.fixture
def context(database: Path, identity_file: Path) -> Iterator[Context]:
    """The work of the person who installed mailtui, and so is its administrator. The clock stands at NOW."""
    context = open_context(database, configuration=Configuration(keyring="vault"), clock=lambda: NOW)
    yield context
    context.store.close()

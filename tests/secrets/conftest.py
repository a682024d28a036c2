"""Vaults in temporary directories, far from the keyring of whoever runs the tests."""

from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import pytest

from mailtui.secrets.vault import AgeVault


@pytest.fixture(autouse=True)
def _no_keyring_of_the_tester(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PYTHON_KEYRING_BACKEND", "DISPLAY", "WAYLAND_DISPLAY", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def identity_file(tmp_path: Path) -> Path:
    """A plain age identity, as a service has it."""
    return private(tmp_path / "identity", f"{pyrage.x25519.Identity.generate()}\n".encode())


@pytest.fixture
def vault(tmp_path: Path, identity_file: Path) -> AgeVault:
    """A vault that is there, opened by an identity file."""
    vault = AgeVault(tmp_path / "vault", identity_file=identity_file)
    vault.create(identity_file)
    return vault


def private(path: Path, content: bytes) -> Path:
    """A file of mode 0600."""
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path

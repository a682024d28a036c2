"""Which keeper is chosen, and what is said where the choice cannot be kept."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mailtui.core.errors import BadInput, Misconfigured, TryAgain
from mailtui.secrets import Backend, open_secrets
from mailtui.secrets.system import find_keyring
from mailtui.secrets.vault import AgeVault

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's keyring always answers")


def test_a_host_without_a_keyring_gets_a_vault(tmp_path: Path) -> None:
    secrets = open_secrets(tmp_path / "vault", "here")
    assert secrets.backend is Backend.VAULT
    assert "no keyring" in secrets.why


def test_a_vault_that_is_there_is_used_whatever_else_answers(vault: AgeVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    secrets = open_secrets(vault.directory, "here", remembered="system")
    assert secrets.backend is Backend.VAULT
    assert secrets.why == f"there is a vault {vault.directory}"


def test_a_database_that_remembers_a_vault_never_turns_to_a_keyring(tmp_path: Path) -> None:
    assert "before" in open_secrets(tmp_path / "vault", "here", remembered="vault").why


@pytest.mark.parametrize(("remembered", "prefer"), [("system", ""), ("", "system"), ("vault", "system")])
def test_a_system_keyring_that_is_needed_and_silent_is_never_replaced(
    tmp_path: Path, remembered: str, prefer: str
) -> None:
    with pytest.raises(Misconfigured, match="the system's keyring, but it cannot be used"):
        open_secrets(tmp_path / "vault", "here", remembered=remembered, prefer=prefer)


def test_the_configuration_can_demand_the_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert open_secrets(tmp_path / "vault", "here", prefer="vault", remembered="system").backend is Backend.VAULT


def test_an_unknown_keeper_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'cupboard'"):
        open_secrets(tmp_path / "vault", "here", prefer="cupboard")


UNSAFE = ["keyrings.alt.file.PlaintextKeyring", "keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_keyring_that_keeps_nothing_safe_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    with pytest.raises(Misconfigured, match=f"PYTHON_KEYRING_BACKEND names the keyring {name}"):
        open_secrets(tmp_path / "vault", "here")


@pytest.mark.parametrize("name", UNSAFE)
def test_a_keyring_that_keeps_nothing_safe_is_refused_in_its_settings_too(tmp_path: Path, name: str) -> None:
    settings = tmp_path / "config" / "python_keyring" / "keyringrc.cfg"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[backend]\ndefault-keyring = {name}\n")
    with pytest.raises(Misconfigured, match=f"{settings} names the keyring {name}"):
        open_secrets(tmp_path / "vault", "here")
    settings.write_text("default-keyring")
    with pytest.raises(Misconfigured, match=f"{settings} cannot be understood"):
        open_secrets(tmp_path / "vault", "here")


def test_a_keyring_that_mailtui_does_not_know_is_not_used_and_doctor_can_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "onepassword.Keyring\x1b[2J")
    secrets = open_secrets(tmp_path / "vault", "here")
    assert secrets.backend is Backend.VAULT
    assert "onepassword.Keyring" in secrets.why
    assert "\x1b" not in secrets.why


def test_a_bus_that_never_answers_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "bus"))
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        answer = find_keyring(limit=0.3)
        assert answer.keyring is None
        assert "did not answer within 0.3 s" in answer.why
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
        with pytest.raises(TryAgain, match="unlock it"):
            find_keyring(limit=0.3)


def test_nothing_of_weight_is_imported_before_a_keeper_is_opened() -> None:
    program = "import sys, mailtui.secrets; print(sorted({'keyring', 'pyrage', 'subprocess'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


DESKTOP = """
import sys
from pathlib import Path
from pydantic import SecretStr
from mailtui.secrets import open_secrets
secrets = open_secrets(Path(sys.argv[1]), "here", remembered="system")
secrets.put("sales", SecretStr("correct horse"))
assert secrets.has("sales") and secrets.get("sales").get_secret_value() == "correct horse"
assert not open_secrets(Path(sys.argv[1]), "another database").has("sales")
secrets.delete("sales")
secrets.delete("sales")
print(secrets.backend, secrets.why, secrets.has("sales"))
"""


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")), reason="needs GNOME's keyring"
)
def test_a_real_secret_service_is_used_where_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    script = 'echo -n pw | gnome-keyring-daemon --foreground --unlock --components=secrets & "$@"; kill $!'
    shown = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script, "sh", sys.executable, "-c", DESKTOP, str(tmp_path / "vault")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.stdout == "system keyring.backends.SecretService.Keyring answers False\n"

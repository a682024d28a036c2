"""The keyring of the desktop or the operating system, chosen by its name and tried before it is trusted."""

import configparser
import importlib
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, TypeVar, cast

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked
from keyring.util.platform_ import config_root
from pydantic import SecretStr

from mailtui.core.errors import MailtuiError, Misconfigured, NotFound, TryAgain
from mailtui.core.text import clean
from mailtui.secrets.contract import SERVICE, Backend, check_secret_id
from mailtui.secrets.private_files import shown

KNOWN: Final = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
)
"""Keyrings that encrypt. keyring left to itself takes whatever is installed, plain-text files included."""

REFUSED: Final = ("keyrings.alt.", "keyring.backends.null.", "keyring.backends.fail.")
"""Prefixes of those that write plain text, forget, or only fail."""

ANSWER_LIMIT: Final = 5.0
"""Seconds for a first look-up: a D-Bus that hangs never answers, and one that works needs some milliseconds."""

PROBE_NAME: Final = "is-anybody-there"
"""Looked up to see whether a keyring answers; nothing is ever kept under it."""

T = TypeVar("T")


class SystemKeyring:
    """Implements `Secrets` on a keyring of the system, which locks and unlocks itself and asks the person."""

    backend: Final = Backend.SYSTEM
    locked: Final = False

    def __init__(self, keyring: KeyringBackend, installation: str, why: str) -> None:
        """installation: keeps two databases of one person apart."""
        self._keyring = keyring
        self._installation = installation
        self.why = why

    def get(self, secret_id: str) -> SecretStr:
        found = self._look_up(secret_id)
        if found is None:
            raise NotFound(f"the keyring holds no secret {secret_id}: enter the password of its address again")
        return found

    def put(self, secret_id: str, secret: SecretStr) -> None:
        name = self._name(secret_id)
        self._ask(lambda: self._keyring.set_password(SERVICE, name, secret.get_secret_value()), secret)

    def delete(self, secret_id: str) -> None:
        name = self._name(secret_id)
        if self.has(secret_id):
            self._ask(lambda: self._keyring.delete_password(SERVICE, name))

    def has(self, secret_id: str) -> bool:
        return self._look_up(secret_id) is not None

    def names(self) -> None:
        """keyring offers no list."""

    def unlock(self, passphrase: SecretStr) -> None:
        """Nothing to do."""

    def create(self, passphrase: SecretStr) -> None:
        """Nothing to do."""

    def _name(self, secret_id: str) -> str:
        return f"{self._installation}:{check_secret_id(secret_id)}"

    def _look_up(self, secret_id: str) -> SecretStr | None:
        name = self._name(secret_id)

        def look_up() -> SecretStr | None:
            found = self._keyring.get_password(SERVICE, name)
            return None if found is None else SecretStr(found)

        return self._ask(look_up)

    def _ask(self, call: Callable[[], T], secret: SecretStr | None = None) -> T:
        """The call's result, or an error made after the keyring's own is gone, whose frames hold the secret."""
        failure: MailtuiError
        try:
            return call()
        except KeyringLocked:
            failure = TryAgain("the system's keyring stayed locked: unlock it, then try again")
        except Exception as error:  # each keyring has its own kinds: D-Bus, GLib, Win32
            words = clean(str(error)) or type(error).__name__
            if secret is not None and secret.get_secret_value() in str(error):
                words = type(error).__name__
            failure = Misconfigured(
                f"the system's keyring did not do it ({words}): look whether it runs, then try again"
            )
        raise failure


class Answer(NamedTuple):
    """What the search for a keyring found."""

    keyring: KeyringBackend | None
    why: str
    """Why it is this one, or why there is none."""


def find_keyring(limit: float = ANSWER_LIMIT) -> Answer:
    """The system's keyring, if one answers a look-up within `limit` seconds.

    Raises Misconfigured when keyring's own settings name one that does not keep a secret, and TryAgain when one waits
    to be unlocked on the screen.
    """
    source, named = _named_in_settings()
    if named.startswith(REFUSED):
        raise Misconfigured(
            f"{source} names the keyring {clean(named)}, which does not keep secrets safe, and mailtui uses no such: "
            "take it out there, or let mailtui use its vault"
        )
    candidates = (named,) if named in KNOWN else KNOWN
    found: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    # A daemon: a look-up that hangs for ever must not keep the program from ending.
    threading.Thread(target=lambda: found.put(_first_that_answers(candidates)), daemon=True).start()
    try:
        answer = found.get(timeout=limit)
    except queue.Empty:
        if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            raise TryAgain(
                f"the system's keyring did not answer within {limit:g} s; it may wait on the screen to be unlocked: "
                "unlock it, then try again"
            ) from None
        answer = Answer(None, f"the system's keyring did not answer within {limit:g} s")
    if named and named not in KNOWN:
        return answer._replace(why=f"{answer.why} ({source} names {clean(named)}, which mailtui does not know)")
    return answer


def _named_in_settings() -> tuple[str, str]:
    """Where keyring's own settings name a keyring, and its name; the name is empty where none is named."""
    if named := os.environ.get("PYTHON_KEYRING_BACKEND", ""):
        return "PYTHON_KEYRING_BACKEND", named.strip()
    path = Path(config_root()) / "keyringrc.cfg"
    settings = configparser.RawConfigParser()
    try:
        settings.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        raise Misconfigured(f"{shown(path)} cannot be understood: mend it or move it away") from error
    return shown(path), settings.get("backend", "default-keyring", fallback="").strip()


def _first_that_answers(candidates: tuple[str, ...]) -> Answer:
    viable: list[tuple[float, str, type[KeyringBackend]]] = []
    silent: list[str] = []
    for name in candidates:
        module, _, kind = name.rpartition(".")
        backend = cast(type[KeyringBackend], getattr(importlib.import_module(module), kind))
        if backend.viable:
            viable.append((backend.priority, name, backend))
    for _, name, backend in sorted(viable, key=lambda each: each[0], reverse=True):
        try:
            keyring = backend()
            keyring.get_password(SERVICE, PROBE_NAME)
        except Exception as error:  # each keyring has its own kinds
            silent.append(f"{name} said: {clean(str(error)) or type(error).__name__}")
        else:
            return Answer(keyring, f"{name} answers")
    return Answer(None, "; ".join(silent) or "there is no keyring of the desktop or the system here")

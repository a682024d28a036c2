"""Files that only their owner may read: opened with care, changed whole or not at all."""

import contextlib
import errno
import fcntl
import os
import shlex
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mailtui.core.errors import CannotCreate, MailtuiError, Misconfigured, TryAgain
from mailtui.core.text import clean

LOCK_WAIT: Final = 10.0
"""Seconds to wait for another process; a change takes milliseconds, so a longer wait means that one hangs."""

LOCK_POLL: Final = 0.02
"""Seconds between two tries: flock has no time limit of its own."""

LOCK_FILE: Final = ".lock"
NEW_FILE: Final = ".new"
"""The temporary file. One name is enough under the lock, and what a killed process left is found and removed."""


def read_private(path: Path) -> bytes:
    """What a file of ours holds.

    Raises FileNotFoundError when it is not there; Misconfigured when it is a link or no plain file, belongs to
    somebody else, can be read or written by others, or cannot be read.
    """
    try:
        # NONBLOCK: a named pipe in the file's place must not make us wait for its writer.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            _check_private(path, os.fstat(file.fileno()))
            return file.read()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unusable(path, error) from error


def check_private_directory(path: Path) -> None:
    """Raises FileNotFoundError when it is not there; Misconfigured when it is no directory, or not ours alone."""
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise Misconfigured(f"{shown(path)} is not a directory; move it away, or name another place for the vault")
    _check_owner_and_mode(path, found, allowed=0o700)


def _check_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Misconfigured(f"{shown(path)} is not a plain file; put the file itself there")
    if _is_service_credential(path, found):
        return
    _check_owner_and_mode(path, found, allowed=0o600)


def _is_service_credential(path: Path, found: os.stat_result) -> bool:
    """systemd hands a service its credentials as files of root that an access list lets it read, and the group bits
    show that list's mask (systemd.exec(5), Credentials)."""
    directory = os.environ.get("CREDENTIALS_DIRECTORY")
    given = bool(directory) and path.parent == Path(directory or "")
    return given and found.st_uid in (0, os.geteuid()) and not found.st_mode & 0o227


def _check_owner_and_mode(path: Path, found: os.stat_result, allowed: int) -> None:
    if found.st_uid != os.geteuid():
        raise Misconfigured(
            f"{shown(path)} belongs to the user with number {found.st_uid}, not to you ({os.geteuid()}): "
            "run mailtui as its owner, or give the file to the user who runs mailtui"
        )
    mode = stat.S_IMODE(found.st_mode)
    if mode & ~allowed & 0o077:
        raise Misconfigured(
            f"{shown(path)} is open to other users (mode {mode:04o}): run  chmod {allowed:o} {shlex.quote(shown(path))}"
        )


def _unusable(path: Path, error: OSError) -> MailtuiError:
    if error.errno in (errno.ELOOP, errno.EMLINK):  # what O_NOFOLLOW answers on Linux and macOS, and on FreeBSD
        return Misconfigured(f"{shown(path)} is a symbolic link, which is not followed; put the file itself there")
    return Misconfigured(f"{shown(path)} cannot be read ({error.strerror}); make it readable to you alone")


def shown(path: Path) -> str:
    """A path that is safe to print: a file name may hold anything."""
    return clean(str(path))


@contextlib.contextmanager
def changing(directory: Path, wait: float = LOCK_WAIT) -> Iterator[None]:
    """Hold the directory's lock: one process at a time changes it; readers need none, since files change whole.

    wait: seconds. Raises TryAgain when another process holds the lock for longer, CannotCreate when there can be no
    lock file.
    """
    path = directory / LOCK_FILE
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _unwritten(path, error) from error
    try:
        _take(lock, path, time.monotonic() + wait)
        (directory / NEW_FILE).unlink(missing_ok=True)
        yield
    finally:
        os.close(lock)  # which also gives the lock back


def _take(lock: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TryAgain(
                    f"another mailtui has been changing {shown(path.parent)} for a while; "
                    "try again, or end that one if it hangs"
                ) from None
            time.sleep(LOCK_POLL)
        else:
            return


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` in place of the file in one step that a crash or loss of power cannot halve; mode 0600 from its
    birth. Call it under `changing`, or in a directory that nobody else knows. Raises CannotCreate."""
    new = path.with_name(NEW_FILE)
    try:
        with os.fdopen(
            os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb"
        ) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
        sync_directory(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise _unwritten(path, error) from error


def remove(path: Path) -> None:
    """Take the file away, for good also after a loss of power. Raises CannotCreate."""
    try:
        path.unlink(missing_ok=True)
        sync_directory(path.parent)
    except OSError as error:
        raise _unwritten(path, error) from error


def sync_directory(directory: Path) -> None:
    """Make a rename or removal in it last: fsync of a file alone does not cover its name."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritten(path: Path, error: OSError) -> CannotCreate:
    return CannotCreate(
        f"{shown(path)} cannot be written ({error.strerror}); nothing was changed: "
        "look at the free space and the rights there, then try again"
    )

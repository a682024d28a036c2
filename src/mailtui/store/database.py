"""The one place that opens the database: file modes, versions, migrations, transactions (decision 5)."""

import contextlib
import os
import shlex
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from mailtui.core.errors import CannotCreate, MailtuiError, Misconfigured, TryAgain
from mailtui.store.schema import SCHEMA_VERSION, migrations
from mailtui.store.words import FOLD

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a statement waits for another process's transaction; ours last milliseconds."""

APPLICATION_ID: Final = int.from_bytes(b"mltu")
"""In the database's header, so that our files are told from those of other programs."""

HEADER: Final = ("application_id", "user_version")

UNWRITABLE: Final = frozenset({
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY
})  # fmt: skip

DAMAGED: Final = "the file is damaged and is left as it is: restore it from a backup"

LOCK_POLL: Final = 0.0003
"""Seconds between two tries for the writer's lock. Ours last less than a millisecond, and SQLite's own waits
grow from 1 to 100: several writers at once would spend their time asleep."""

FILE_MODE: Final = 0o600
DIRECTORY_MODE: Final = 0o700


def open_database(path: Path) -> Database:
    """The database at `path`, made when it is not there, brought to the newest schema.

    Raises Misconfigured where the modes are laxer than 0600 in 0700, the file is no database of ours, or a newer
    mailtui made it; CannotCreate where it cannot be made or written; TryAgain where another process holds it.
    """
    _prepare(path)
    try:
        # The sqlite3 module's own transactions stay off (isolation_level=None): a transaction begins where
        # `transaction` says so, and BEGIN IMMEDIATE there keeps two writers from a dead end between read and write.
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
        try:
            db = Database(connection, execute_plugins=False)
            version = _version(db, path)  # Before anything that writes: what is not ours is not touched.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.create_function(FOLD, 1, str.casefold, deterministic=True)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            if version < SCHEMA_VERSION:
                _migrate(db)
        except BaseException:
            connection.close()
            raise
    except sqlite3.DatabaseError as error:
        if (known := in_words(error, f"the database {path} cannot be opened")) is None:
            raise Misconfigured(f"{path} is not a mailtui database ({error}); name another with --db") from error
        raise known from error
    return db


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Everything within is written, or nothing. Inside another transaction it joins that one.

    Raises TryAgain where another process held the database too long, CannotCreate where the disk is full or the file
    cannot be written.
    """
    if db.conn.in_transaction:
        yield
        return
    try:
        _begin(db)
        try:
            yield
            db.conn.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise
    except sqlite3.DatabaseError as error:
        if (known := in_words(error, "nothing was written")) is None:
            raise
        raise known from error


@contextlib.contextmanager
def reading(db: Database) -> Iterator[None]:
    """Everything within is read as of one moment, and nobody is kept from writing meanwhile."""
    if db.conn.in_transaction:
        yield
        return
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.conn.execute("ROLLBACK")


def _begin(db: Database) -> None:
    """Take the writer's lock, looking again every LOCK_POLL for as long as BUSY_TIMEOUT_MS says."""
    ends = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    db.conn.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                db.conn.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                    raise
                time.sleep(LOCK_POLL)
            else:
                return
    finally:
        db.conn.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def laxer(path: Path, mode: int) -> int | None:
    """The mode of `path` where it lets more in than `mode` does, else None."""
    found = stat.S_IMODE(path.stat().st_mode)
    return found if found & ~mode & 0o777 else None


def _prepare(path: Path) -> None:
    """Make directory and file with their modes from the first moment, or check those that are there."""
    directory = path.parent
    try:
        directory.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
        if path.is_dir():
            raise CannotCreate(f"{path} is a directory; name the database in it with --db")
        _refuse_laxer(directory, DIRECTORY_MODE)
        # Of a link the target's directory, too: SQLite writes its log and its locks there.
        _refuse_laxer(Path(os.path.realpath(path)).parent, DIRECTORY_MODE)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))
        _refuse_laxer(path, FILE_MODE)
    except OSError as error:
        raise CannotCreate(f"the database {path} cannot be made: {error.strerror}; name another with --db") from error


def _refuse_laxer(place: Path, mode: int) -> None:
    if (found := laxer(place, mode)) is not None:
        raise Misconfigured(f"{place} has mode {found:04o} and lets others in: {_closing(place, mode)}")


def _closing(place: Path, mode: int) -> str:
    """How others are kept out: of a directory like /tmp, which is not for us alone, only by leaving it."""
    found = place.stat()
    if found.st_mode & stat.S_ISVTX or found.st_uid != os.getuid():
        return "name a database in a directory of your own with --db"
    close = f"chmod {mode:o} {shlex.quote(str(place))}"
    return f"{close}, or name a database in a directory of its own with --db" if place.is_dir() else close


def _version(db: Database, path: Path) -> int:
    """The schema's version; 0 for a new database. Raises Misconfigured where it is of a newer mailtui or of another
    program."""
    connection = db.conn
    connection.execute("BEGIN")  # One moment of the file, while another process may be making its tables.
    try:
        application, version = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in HEADER)
        holds_something = connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None
    finally:
        connection.execute("ROLLBACK")
    if application == APPLICATION_ID and version > SCHEMA_VERSION:
        raise Misconfigured(f"{path} was made by a newer mailtui and is not touched: install that version, or --db")
    if application != APPLICATION_ID and (application or version or holds_something):
        raise Misconfigured(f"{path} belongs to another program and is not touched; name another database with --db")
    return int(version)


def _migrate(db: Database) -> None:
    with transaction(db):
        migrations.apply(db)  # Looks again, under the lock: another process may have been first.
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def in_words(error: Exception, what: str) -> MailtuiError | None:
    """An error that the surroundings are to blame for, as a person can act upon it; None for any other."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # The primary result code, without its extension.
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TryAgain(f"{what}: another process holds the database ({error}); try again")
    if code in UNWRITABLE:
        return CannotCreate(f"{what} ({error}): look at the free space and the rights of file and directory there")
    if code == sqlite3.SQLITE_CORRUPT:
        return Misconfigured(f"{what} ({error}): {DAMAGED}")
    return None

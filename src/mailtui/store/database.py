"""The one place that opens the database: file modes, versions, migrations, transactions (decision 5)."""

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from mailtui.core.errors import CannotCreate, Misconfigured, TryAgain
from mailtui.store.schema import SCHEMA_VERSION, migrations

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a statement waits for another process's transaction; ours last milliseconds."""

FILE_MODE: Final = 0o600
DIRECTORY_MODE: Final = 0o700


def open_database(path: Path) -> Database:
    """The database at `path`, made when it is not there, brought to the newest schema.

    Raises Misconfigured where the modes are laxer than 0600 in 0700, the file is no database of ours, or a newer
    mailtui made it; CannotCreate where it cannot be made; TryAgain where another process holds it.
    """
    _prepare(path)
    try:
        # The sqlite3 module's own transactions stay off (isolation_level=None): a transaction begins where
        # `transaction` says so, and BEGIN IMMEDIATE there keeps two writers from a dead end between read and write.
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
        db = Database(connection, execute_plugins=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(db, path)
    except sqlite3.OperationalError as error:
        raise TryAgain(f"the database {path} is busy or cannot be read ({error}); try again") from error
    except sqlite3.DatabaseError as error:
        raise Misconfigured(f"{path} is not a mailtui database ({error}); name another with --db") from error
    return db


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Everything within is written, or nothing. Inside another transaction it joins that one.

    Raises TryAgain where another process held the database too long or the disk is full.
    """
    if db.conn.in_transaction:
        yield
        return
    try:
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.conn.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise
    except sqlite3.OperationalError as error:
        raise TryAgain(f"nothing was written: the database says {error}; try again") from error


def laxer(path: Path, mode: int) -> int | None:
    """The mode of `path` where it lets more in than `mode` does, else None."""
    found = stat.S_IMODE(path.stat().st_mode)
    return found if found & ~mode & 0o777 else None


def _prepare(path: Path) -> None:
    """Make directory and file with their modes from the first moment, or check those that are there."""
    directory = path.parent
    try:
        directory.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))
        for place, mode in ((directory, DIRECTORY_MODE), (path, FILE_MODE)):
            if (found := laxer(place, mode)) is not None:
                raise Misconfigured(f"{place} has mode {found:04o} and lets others in: chmod {mode:o} {place}")
    except OSError as error:
        raise CannotCreate(f"the database {path} cannot be made: {error.strerror}; name another with --db") from error


def _migrate(db: Database, path: Path) -> None:
    """Raises Misconfigured where the database is of a newer mailtui or of another program; neither is touched."""
    version = _version(db)
    if version == SCHEMA_VERSION:
        return
    if version > SCHEMA_VERSION:
        raise Misconfigured(f"{path} was made by a newer mailtui and is not touched: install that version, or --db")
    if version == 0 and not migrations.applied(db) and db.table_names():
        raise Misconfigured(f"{path} holds the tables of another program; name another database with --db")
    with transaction(db):
        migrations.apply(db)  # Looks again, under the lock: another process may have been first.
        db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _version(db: Database) -> int:
    return int(db.conn.execute("PRAGMA user_version").fetchone()[0])

"""Opening the database: how it is made, and what is refused without being touched (decision 5)."""

import os
import sqlite3
import stat
import tempfile
from pathlib import Path

import pytest

from mailtui.core.errors import CannotCreate, MailtuiError, Misconfigured
from mailtui.store import Store
from mailtui.store.schema import SCHEMA_VERSION
from tests.company import a_project, an_address
from tests.store.processes import bare_python, outcome, python

NOBODY = 65534


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def content(directory: Path) -> dict[str, bytes]:
    """Every file of the directory, octet by octet."""
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def asked(database: Path, question: str) -> list[tuple[object, ...]]:
    """The answer to `question` over a connection of its own."""
    connection = sqlite3.connect(database)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def made_by(database: Path, *statements: str) -> None:
    """A database that another program made by these statements."""
    database.touch(mode=0o600)
    connection = sqlite3.connect(database, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_database_and_directory_are_made_for_their_owner_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    database = tmp_path / "new" / "mailtui.db"
    before = os.umask(umask)
    try:
        store = Store(database)
        with store.transaction():
            store.meta.set("installation", "x")
    finally:
        os.umask(before)
    assert mode(database.parent) == 0o700
    assert {path.name: mode(path) for path in database.parent.iterdir()} == {
        "mailtui.db": 0o600,
        "mailtui.db-wal": 0o600,
        "mailtui.db-shm": 0o600,
    }
    store.close()


@pytest.mark.parametrize(("place", "lax"), [("directory", 0o750), ("directory", 0o701), ("file", 0o640)])
def test_a_place_that_lets_others_in_is_refused_with_the_chmod_that_shuts_it(
    database: Path, place: str, lax: int
) -> None:
    Store(database).close()
    path = database.parent if place == "directory" else database
    path.chmod(lax)
    with pytest.raises(Misconfigured) as refused:
        Store(database)
    assert f"{lax:04o}" in str(refused.value)
    assert f"chmod {700 if place == 'directory' else 600} {path}" in str(refused.value)


def test_nobody_is_told_to_close_a_directory_that_is_everybodys(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(Misconfigured) as refused:
        Store(tmp_path / "mailtui.db")
    assert "chmod" not in str(refused.value)
    assert "--db" in str(refused.value)


def test_a_chmod_can_be_pasted_whatever_the_directory_is_called(tmp_path: Path) -> None:
    directory = tmp_path / "our mail; and more"
    directory.mkdir()
    directory.chmod(0o755)
    with pytest.raises(Misconfigured, match=f"chmod 700 '{directory}'"):
        Store(directory / "mailtui.db")


def test_a_link_does_not_hide_that_the_database_lies_where_others_can_go(database: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o777)
    database.symlink_to(elsewhere / "mailtui.db")
    with pytest.raises(Misconfigured, match="0777"):
        Store(database)
    assert list(elsewhere.iterdir()) == []


def test_a_link_and_the_file_itself_are_one_database(database: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(database)
    stores = [Store(database), Store(link)]
    assert stores[0].path == stores[1].path
    for store in stores:
        store.close()


def test_the_database_is_in_wal_mode_with_foreign_keys_and_strict_tables(store: Store, database: Path) -> None:
    assert asked(database, "PRAGMA journal_mode") == [("wal",)]
    ours = [row for row in asked(database, "PRAGMA table_list") if not str(row[1]).startswith(("sqlite_", "_sqlite_"))]
    assert len(ours) > 10
    # The tables of a full-text index are SQLite's own.
    assert all(row[5] for row in ours if row[2] == "table"), "a table is not STRICT"
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.addresses.save(an_address("help@corp.example", projects={"no-such-project"}))


def test_a_new_database_is_at_the_newest_schema_and_opening_it_again_changes_nothing(database: Path) -> None:
    Store(database).close()
    assert asked(database, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    before = content(database.parent)
    Store(database).close()
    assert content(database.parent) == before


def test_an_empty_file_becomes_a_database(database: Path) -> None:
    database.touch(mode=0o600)
    store = Store(database)
    assert store.projects.all() == []
    store.close()


def test_a_database_of_a_newer_mailtui_is_refused_and_not_touched(database: Path) -> None:
    Store(database).close()
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = content(database.parent)
    with pytest.raises(Misconfigured, match="newer mailtui"):
        Store(database)
    assert content(database.parent) == before


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE songs (title TEXT)",),
        ("CREATE TABLE songs (title TEXT)", f"PRAGMA user_version = {SCHEMA_VERSION}"),
        ("CREATE TABLE songs (title TEXT)", f"PRAGMA user_version = {SCHEMA_VERSION + 7}"),
        ("CREATE TABLE songs (title TEXT)", "CREATE TABLE _sqlite_migrations (x TEXT)"),
        ("CREATE VIEW meta AS SELECT 1", "PRAGMA user_version = 1"),
    ],
)
def test_a_database_of_another_program_is_refused_and_not_touched(database: Path, statements: tuple[str, ...]) -> None:
    made_by(database, *statements)
    before = content(database.parent)
    with pytest.raises(Misconfigured, match="another program"):
        Store(database)
    assert content(database.parent) == before


@pytest.mark.parametrize("octets", [b"this is a letter, not a database\n" * 40, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_file_that_is_no_database_is_refused_and_not_touched(database: Path, octets: bytes) -> None:
    database.touch(mode=0o600)
    database.write_bytes(octets)
    with pytest.raises(Misconfigured, match="not a mailtui database"):
        Store(database)
    assert content(database.parent) == {database.name: octets}


def test_a_directory_in_the_databases_place_is_refused(database: Path) -> None:
    database.mkdir(mode=0o700)
    with pytest.raises(MailtuiError, match="is a directory"):
        Store(database)


def test_a_place_where_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(CannotCreate, match="--db"):
        Store(in_the_way / "mailtui.db")


OPENING = """
import os
from pathlib import Path
from mailtui.core.errors import MailtuiError
from mailtui.core.projects import Project
from mailtui.store import Store
if os.geteuid() == 0:
    os.setuid({user})  # file modes do not stop root
try:
    store = Store(Path({database!r}))
    with store.transaction():
        store.projects.save(Project(key="brand-a", name="Brand A"))
except MailtuiError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("there", [True, False])
def test_a_directory_that_cannot_be_written_is_a_clear_error(there: bool) -> None:
    user = NOBODY if os.geteuid() == 0 else os.geteuid()
    with tempfile.TemporaryDirectory() as directory:
        database = Path(directory) / "mailtui.db"
        if there:
            Store(database).close()
            os.chown(database, user, -1)
        os.chown(directory, user, -1)
        database.parent.chmod(0o500)
        said = outcome(bare_python(OPENING.format(database=str(database), user=user)))
        database.parent.chmod(0o700)
    assert said.startswith("CannotCreate")
    assert str(database) in said


FILLING = """
import resource
from mailtui.core.errors import MailtuiError
from mailtui.core.projects import Project
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
written = 0
try:
    for number in range(1, 10_000):
        with store.transaction():
            store.projects.save(Project(key=f"p{number}", name="x" * 1_000))
        written = number
except MailtuiError as error:
    print(written, type(error).__name__, error)
"""


def test_a_full_disk_is_a_clear_error_and_what_was_written_before_stays(database: Path) -> None:
    Store(database).close()
    written, said = outcome(python(FILLING, database)).split(" ", 1)
    assert said.startswith("CannotCreate")
    assert "nothing was written" in said and "space" in said
    store = Store(database)
    assert store.projects.count() == int(written) > 10
    assert store.meta.integrity() == "ok"
    with store.transaction():
        store.projects.save(a_project("brand-a"))
    store.close()


def test_many_processes_that_open_a_new_database_at_once_make_it_once(database: Path) -> None:
    code = "with store.transaction(): pass\nprint(store.meta.integrity())"
    processes = [python(code, database) for _ in range(6)]
    assert [outcome(process) for process in processes] == ["ok\n"] * 6
    assert asked(database, "SELECT count(*) FROM _sqlite_migrations") == [(1,)]


def test_a_refused_database_is_not_kept_open(database: Path) -> None:
    made_by(database, "CREATE TABLE songs (title TEXT)")
    with pytest.raises(Misconfigured):
        Store(database)
    held = [link.resolve() for link in Path("/proc/self/fd").iterdir()]
    assert database not in held

"""What no person types, but a script may hand over: octets, huge numbers, closed streams, endless files, damage."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailtui.operations import given_files
from mailtui.store import Store
from tests.cli.command_line import CommandLine

NO_TEXT = os.fsdecode(b"brand\xff")
"""As Python hands over an argument that is not UTF-8."""

TOO_LARGE = str(2**70)


@pytest.mark.parametrize(
    "arguments",
    [
        ("offered", "--employee", NO_TEXT, "--project", "brand-a"),
        ("offered", "--project", NO_TEXT),
        ("address", "list", "--match", NO_TEXT),
        ("address", "remove", f"{NO_TEXT}@corp.example"),
        ("project", "add", "x", "--name", NO_TEXT),
        ("deliveries", "--limit", TOO_LARGE),
        ("deliveries", "retry", TOO_LARGE),
    ],
)
def test_what_cannot_be_looked_up_is_bad_input_and_no_defect(company: CommandLine, arguments: tuple[str, ...]) -> None:
    answer = company(*arguments, "--json")

    assert (answer.code, answer.out) == (65, "")
    assert "report it" not in answer.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("address", "list"), 0),
        ((), 64),
        (("address", "add", "a@corp.example", "--host", "127.0.0.1"), 64),
        (("address", "add", "a@corp.example", "--host", "127.0.0.1", "--secret-stdin"), 65),
        (("import", "-"), 0),
        (("explain", "--lines"), 0),
    ],
)
def test_a_closed_standard_input_is_an_empty_one(company: CommandLine, arguments: tuple[str, ...], code: int) -> None:
    command = [sys.executable, "-m", "mailtui", "--db", str(company.database), *arguments]

    done = subprocess.run(["sh", "-c", '"$@" <&-', "sh", *command], capture_output=True, check=False)

    assert done.returncode == code
    assert b"report it" not in done.stderr


@pytest.mark.parametrize("file", ["-", "FILE"])
def test_a_file_that_never_ends_is_not_read_to_its_end(
    mailtui: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.setattr(given_files, "MAX_OCTETS", 1_000)
    endless = tmp_path / "company.toml"
    endless.write_text("#" * 1_001)

    answer = mailtui("import", file.replace("FILE", str(endless)), stdin="#" * 1_001)

    assert answer.code == 65
    assert "1,000 octets" in answer.err


def test_a_secret_file_whose_name_holds_a_nul_is_bad_input(mailtui: CommandLine) -> None:
    company = '{"addresses": [{"address": "a@corp.example", "host": "127.0.0.1", "secret_file": "a\\u0000b"}]}'

    answer = mailtui("import", "-", stdin=company)

    assert answer.code == 65
    assert "secret file" in answer.err


@pytest.mark.parametrize("arguments", [("project", "list"), ("project", "add", "x", "--name", "X"), ("audit",)])
def test_a_damaged_database_ends_with_78_and_says_what_to_do(company: CommandLine, arguments: tuple[str, ...]) -> None:
    damage(company.database)

    answer = company(*arguments, "--json")

    assert (answer.code, answer.out) == (78, "")
    assert "backup" in answer.err


def test_the_doctor_names_the_damage(company: CommandLine) -> None:
    damage(company.database)

    answer = company("doctor", "--json")

    assert answer.code == 78
    found = {check["name"]: check for check in answer.document["checks"]}
    assert "backup" in found["database integrity"]["fix"]


def damage(database: Path) -> None:
    """The pages of projects and audit are overwritten; the header and the other tables are whole."""
    store = Store(database)
    pages = dict(store._db.conn.execute("SELECT name, rootpage FROM sqlite_schema WHERE name IN ('projects', 'audit')"))
    size = store._db.conn.execute("PRAGMA page_size").fetchone()[0]
    store.close()
    octets = bytearray(database.read_bytes())
    for page in pages.values():
        octets[(page - 1) * size : (page - 1) * size + 8] = b"\xff" * 8
    database.write_bytes(octets)


def test_an_attachment_cannot_come_from_standard_input_which_has_no_name(company: CommandLine) -> None:
    message = ("--project", "brand-a", "--to", "contact@client.example", "--subject", "Offer")
    answer = company("send", *message, "--body-file", "-", "--attach", "-", stdin="Hello.\n")

    assert (answer.code, answer.out) == (64, "")
    assert "name" in answer.err

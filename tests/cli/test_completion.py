"""The tab key completes commands, options and names, in a real shell where there is one (issue 6, section 1)."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mailtui.cli.completion import SHELLS
from mailtui.operations.beginnings import Noun, names_beginning
from mailtui.operations.context import open_context
from mailtui.store.beginnings import MOST
from tests.cli.command_line import CommandLine
from tests.cli.shells import AS_SHIPPED, WAYS, Shell, Way
from tests.company import an_address

ADDRESSES = ("sales@brand-a.example", "sales@brand-b.example", "Zoe@corp.example", "o'brien`id`@corp.example")


@pytest.fixture
def brands(company: CommandLine) -> CommandLine:
    """The company with addresses."""
    context = open_context(company.database)
    with context.store.transaction():
        for address in ADDRESSES:
            context.store.addresses.save(an_address(address))
        context.store.addresses.save(an_address("bob@corp.example", owner="bob"))
    context.store.close()
    return company


@contextmanager
def somebody(way: Way, database: Path, directory: Path) -> Iterator[Shell]:
    """At this shell, where there is one."""
    if shutil.which(way.program[0]) is None:
        pytest.skip(f"there is no {way.program[0]}")
    home = directory / "home"
    home.mkdir()
    (home / "the company.toml").touch()
    shell = Shell(way, database, home)
    try:
        yield shell
    finally:
        shell.end()


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, brands: CommandLine, tmp_path: Path) -> Iterator[Shell]:
    with somebody(WAYS[request.param], brands.database, tmp_path) as shell:
        yield shell


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_finds_the_script_that_is_shipped_every_time(name: str, brands: CommandLine, tmp_path: Path) -> None:
    with somebody(AS_SHIPPED[name], brands.database, tmp_path) as shell:
        for _ in range(3):
            assert shell.completes("address test Z") == "address test Zoe@corp.example"


def test_a_shell_completes_commands_options_names_and_files(shell: Shell) -> None:
    for line, found in (
        ("addr", "address "),
        ("address ac", "address access "),
        ("address test sal", "address test sales@brand-"),
        ("address test sales@brand-a", "address test sales@brand-a.example "),
        ("address test Z", "address test Zoe@corp.example "),
        ("address access sales@brand-a.example --allow @s", "address access sales@brand-a.example --allow @support "),
        ("address access sales@brand-a.example --deny a", "address access sales@brand-a.example --deny ana "),
        ("address projects sales@brand-a.example --add=br", "address projects sales@brand-a.example --add=brand-"),
        ("employee edit b", "employee edit bob "),
        ("project archive brand-b", "project archive brand-b "),
        ("deliveries --state d", "deliveries --state deferred "),
        ("deliveries --state=d", "deliveries --state=deferred "),
        ("deliveries --reason wrong", "deliveries --reason wrong-password "),
        ("settings set look_up.n", "settings set look_up.name_server "),
        ("settings get keys.addresses.te", "settings get keys.addresses.test "),
        ("settings set theme mailtui-l", "settings set theme mailtui-light "),
        ("address add x@y.example --service gma", "address add x@y.example --service gmail "),
        ("vault export --rec", "vault export --recipient "),
        ("import the", "import the company.toml "),
        ("send --attach=the", "send --attach=the company.toml "),
        ("send --attach=none", "send --attach=none"),
    ):
        assert shell.completes(line) == found.rstrip()


def test_a_name_that_a_shell_would_obey_is_quoted(shell: Shell) -> None:
    assert shell.completes("address test o") == "address test o'brien`id`@corp.example"


def test_where_nothing_is_known_nothing_is_said_and_no_company_is_made(shell: Shell, tmp_path: Path) -> None:
    nowhere, damaged = tmp_path / "none.db", tmp_path / "damaged.db"
    damaged.write_bytes(b"no database")
    for database in (nowhere, damaged):
        assert shell.completes(f"--db {database} address test s") == f"--db {database} address test s"
    assert not nowhere.exists()


def test_a_company_is_found_behind_a_tilde(shell: Shell, brands: CommandLine, tmp_path: Path) -> None:
    database = f"~/../{brands.database.relative_to(tmp_path)}"
    found = shell.completes(f"--db {database} address test Z")
    assert found.endswith("address test Zoe@corp.example")


def test_a_member_completes_no_address_of_another_employee(brands: CommandLine) -> None:
    for who, seen in (("ana", []), ("bob", ["bob@corp.example"])):
        context = open_context(brands.database, act_as=who)
        assert names_beginning(context, Noun.ADDRESS, "bob") == seen
        context.store.close()


def test_of_very_many_names_some_are_shown_and_their_common_beginning_is_right(brands: CommandLine) -> None:
    context = open_context(brands.database)
    with context.store.transaction():
        for number in range(3 * MOST):
            context.store.addresses.save(an_address(f"n{number:05}@corp.example"))
    found = context.store.beginnings.addresses("n")
    assert len(found) == MOST + 1
    assert found[-1] == f"n{3 * MOST - 1:05}@corp.example"
    context.store.close()
    with closing(sqlite3.connect(brands.database)) as database:
        sql = "SELECT address FROM addresses WHERE address_key >= 'n' AND address_key < 'o' ORDER BY address_key"
        plan = database.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    assert "USING INDEX" in str(plan)


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_its_script_and_reads_it(mailtui: CommandLine, shell: str, tmp_path: Path) -> None:
    script = mailtui("completion", shell).out
    assert "_MAILTUI_COMPLETE" in script
    assert mailtui.json("completion", shell) == {"shell": shell, "script": script}
    if (program := shutil.which(shell)) is not None:
        file = tmp_path / "script"
        file.write_text(script)
        subprocess.run([program, "-n", str(file)], check=True, capture_output=True)


def test_completing_an_address_imports_neither_screens_nor_mail_nor_keyring(brands: CommandLine) -> None:
    line = f"mailtui --db {brands.database} address test sales@brand-a"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mailtui"], capture_output=True, text=True, check=False,
        env={**os.environ, "COMP_LINE": line, "_MAILTUI_COMPLETE": "bash_complete"},
    )  # fmt: skip
    lines = (told for told in done.stderr.splitlines() if told.startswith("import time:"))
    packages = {told.rpartition("|")[2].strip().partition(".")[0] for told in lines}
    assert done.stdout == "plain,sales@brand-a.example\n"
    assert not packages & {"textual", "rich", "aiosmtplib", "keyring", "pyrage", "cryptography"}

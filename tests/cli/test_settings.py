"""Settings on the command line (issue 6, section 1)."""

import os
from pathlib import Path

import pytest

from mailtui.operations.configuration import known_settings
from tests.cli.command_line import CommandLine


def test_settings_are_listed_with_value_default_and_source(mailtui: CommandLine) -> None:
    rows = {row["name"]: row for row in mailtui.json("settings", "get")}

    assert set(rows) == {known.name for known in known_settings()}
    assert rows["test.step_seconds"] == {
        "name": "test.step_seconds", "value": 1, "default": 10, "source": "file",
        "about": "Time of one step of a test, in seconds.", "choices": [],
    }  # fmt: skip
    table = mailtui("settings", "get").out.splitlines()
    assert table[0].split() == ["Setting", "Value", "Default", "From"]
    assert "test.step_seconds                1          10         file" in table


def test_one_is_read_set_and_put_back(mailtui: CommandLine) -> None:
    assert mailtui.json("settings", "set", "sending.retry_minutes", "2,4.5")["value"] == [2, 4.5]
    assert mailtui("settings", "get", "sending.retry_minutes").out == "2,4.5\n"
    assert mailtui.json("settings", "unset", "sending.retry_minutes")["value"] == [1, 5, 15, 60]
    assert mailtui("settings", "set", "theme", "mailtui-light").out == "theme is mailtui-light.\n"
    assert mailtui("settings", "unset", "theme").out == "theme is not set (the default).\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("get", "sending.conections"), 66, "did you mean sending.connections?"),
        (("set", "sending.connections", "-3"), 65, "greater than or equal to 1"),
        (("set", "keys.adresses.test", "f9"), 66, "did you mean keys.addresses.test?"),
        (("set", "theme"), 64, "VALUE"),
    ],
)
def test_what_is_wrong_is_said(mailtui: CommandLine, arguments: tuple[str, ...], code: int, words: str) -> None:
    answer = mailtui("settings", *arguments)
    assert answer.code == code
    assert words in answer.err


def test_settings_need_no_company_and_make_none(mailtui: CommandLine) -> None:
    mailtui.json("settings", "set", "keys.addresses.test", "t,f9")
    assert not mailtui.database.exists()
    assert "t,f9" in Path(os.environ["MAILTUI_CONFIG"]).read_text()

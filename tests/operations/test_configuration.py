"""The configuration file: all of it may be left out, and what is wrong in it is named."""

from pathlib import Path

import pytest

from mailtui.core.errors import Misconfigured
from mailtui.operations.configuration import Configuration, load_configuration


def test_without_a_file_everything_is_as_it_is_meant_to_be(tmp_path: Path) -> None:
    assert load_configuration(tmp_path / "config.toml") == Configuration()


def test_what_is_not_in_the_file_keeps_its_default(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('theme = "mailtui-dark"\n[test]\nstep_seconds = 5\n')
    configuration = load_configuration(path)
    assert configuration.theme == "mailtui-dark"
    assert (configuration.test.step_seconds, configuration.test.total_seconds) == (5, 30)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme = ", "not TOML"),
        ("x = " + "9" * 5_000, "not TOML"),
        ("colour = 1", "colour"),
        ('"a\\u001bb" = 1', "a"),
        ("[sending]\nconections = 1", "did you mean sending.connections"),
        ("[test]\nstep_seconds = 0", r"test\.step_seconds"),
        ('keyring = "file"', "keyring"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(Misconfigured, match=rf"config\.toml.*{words}") as refusal:
        load_configuration(path)
    assert "\x1b" not in str(refusal.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(Misconfigured, match="cannot be read"):
        load_configuration(path)

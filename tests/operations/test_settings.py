"""Settings are changed in the file that people edit, too (issue 6, section 1)."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mailtui.core.errors import BadInput, Misconfigured, NotFound
from mailtui.operations.configuration import Configuration, Known, known_settings, load_configuration
from mailtui.operations.settings import all_settings, as_typed, find_setting, set_setting, unset_setting
from mailtui.tui.themes import THEMES

WRITTEN_BY_HAND = """\
# Ours.
theme = "mailtui-light"  # bright rooms

[sending]
# Our provider takes no more.
connections = 5

[keys]
"addresses.test" = "t,f9"  # as before
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(WRITTEN_BY_HAND)
    return path


def test_every_setting_has_its_value_its_default_and_where_it_comes_from(file: Path) -> None:
    found = {setting.name: setting for setting in all_settings(file)}

    connections, retries = found["sending.connections"], found["sending.retry_minutes"]
    assert (connections.value, connections.default, connections.source) == (5, 10, "file")
    assert (retries.value, retries.source) == ([1, 5, 15, 60], "default")
    assert found["keys.addresses.test"].value == "t,f9"
    assert all(setting.about for setting in found.values())


def test_a_change_leaves_comments_and_order(file: Path) -> None:
    set_setting(file, "sending.connections", "7")
    set_setting(file, "theme", "mailtui-16")

    assert file.read_text() == WRITTEN_BY_HAND.replace("= 5", "= 7").replace("mailtui-light", "mailtui-16")


def test_what_is_put_back_is_gone_from_the_file_and_its_default_holds(file: Path) -> None:
    set_setting(file, "test.step_seconds", "2.5")
    assert find_setting(file, "test.step_seconds").value == 2.5

    assert unset_setting(file, "test.step_seconds").source == "default"
    assert file.read_text().strip() == WRITTEN_BY_HAND.strip()
    assert unset_setting(file, "sending.connections").value == 10
    assert "# Our provider takes no more." in file.read_text()


def test_the_parts_of_a_list_are_separated_by_commas(file: Path) -> None:
    assert set_setting(file, "sending.retry_minutes", "1, 2.5,30").value == [1, 2.5, 30]
    assert tomllib.loads(file.read_text())["sending"]["retry_minutes"] == [1, 2.5, 30]


@pytest.mark.parametrize("written", ["sending.connections = 3 # five\n", "sending = { connections = 3 }\n", "\n"])
def test_a_setting_is_changed_however_the_file_writes_its_table(tmp_path: Path, written: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(written)

    set_setting(path, "sending.connections", "4")
    set_setting(path, "sending.connections_per_account", "2")
    set_setting(path, "theme", "mailtui-dark")

    sending = load_configuration(path).sending
    assert (sending.connections, sending.connections_per_account) == (4, 2)


def test_a_file_that_is_not_there_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"

    set_setting(path, "theme", "mailtui-light")

    assert load_configuration(path).theme == "mailtui-light"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_configuration_of_a_whole_host_stays_readable_and_a_link_stays_a_link(tmp_path: Path, file: Path) -> None:
    file.chmod(0o644)
    link = tmp_path / "linked" / "config.toml"
    link.parent.mkdir()
    link.symlink_to(file)

    set_setting(link, "theme", "mailtui-dark")

    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o644
    assert load_configuration(file).theme == "mailtui-dark"


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("sending.conections", "sending.connections"),
        ("retry_minutes", "sending.retry_minutes"),
        ("them", "theme"),
        ("keys.", "keys"),
    ],
)
def test_a_name_that_is_none_is_refused_with_the_nearest_one(file: Path, name: str, like: str) -> None:
    with pytest.raises(NotFound, match=like):
        set_setting(file, name, "1")
    with pytest.raises(NotFound, match=like):
        unset_setting(file, name)
    assert file.read_text() == WRITTEN_BY_HAND


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sending.connections", "0"),
        ("sending.connections", "many"),
        ("sending.retry_minutes", "1,-1"),
        ("sending.retry_every_hours", "nan"),
        ("theme", "dark"),
        ("look_up.name_server", "ns.corp.example"),
        ("keys.addresses.test", " , "),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_written(file: Path, name: str, value: str) -> None:
    with pytest.raises(BadInput, match=name.split(".")[0]):
        set_setting(file, name, value)
    assert file.read_text() == WRITTEN_BY_HAND


def test_what_else_is_wrong_in_the_file_is_named_and_the_file_stays(file: Path) -> None:
    file.write_text("colour = 1\n")
    with pytest.raises(Misconfigured, match=r"config\.toml: colour"):
        set_setting(file, "theme", "mailtui-dark")
    assert file.read_text() == "colour = 1\n"


def test_a_setting_that_is_wrong_is_put_right(file: Path) -> None:
    file.write_text("[sending]\nconnections = 0\n")
    set_setting(file, "sending.connections", "3")
    assert load_configuration(file).sending.connections == 3


def test_two_who_change_the_file_at_once_lose_nothing(file: Path) -> None:
    def change(name: str) -> None:
        for value in range(1, 21):
            set_setting(file, name, str(value))

    names = ("sending.connections", "sending.connections_per_account", "sending.purge_after_days")
    with ThreadPoolExecutor() as pool:
        list(pool.map(change, names))

    assert [find_setting(file, name).value for name in names] == [20, 20, 20]
    assert "# Our provider takes no more." in file.read_text()


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.sampled_from(tuple(known_settings())), unique_by=lambda known: known.name, max_size=6))
def test_each_default_can_be_written_and_changes_nothing(tmp_path: Path, chosen: list[Known]) -> None:
    path = tmp_path / "config.toml"
    path.unlink(missing_ok=True)
    for known in chosen:
        set_setting(path, known.name, as_typed(known.default))
    assert load_configuration(path) == Configuration()


def test_the_themes_that_can_be_set_are_those_that_there_are() -> None:
    (theme,) = (known for known in known_settings() if known.name == "theme")
    assert set(theme.choices) == {"", *(one.name for one in THEMES)}

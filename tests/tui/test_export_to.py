"""What a page shows is written to a file as a whole, or nothing of it (issue 6, sections 1 and 3)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.core.errors import BadInput, CannotCreate, NotAllowed
from mailtui.tui.screens.export_to import place_for, write_file


def refused() -> Iterator[str]:
    yield "begun\n"
    raise NotAllowed("bob is a member")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_file_is_its_owners_alone_and_its_lines_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "company.toml"
    assert write_file(path, ["a\nb\n", "c\n"], replace=False) == 3
    assert (path.read_text(), mode(path)) == ("a\nb\nc\n", 0o600)


def test_what_appeared_since_it_was_asked_about_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "company.toml"
    path.write_text("of somebody else")
    with pytest.raises(CannotCreate, match="File exists; name another"):
        write_file(path, ["new\n"], replace=False)
    assert path.read_text() == "of somebody else"


def test_a_file_gives_way_only_once_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "company.toml"
    path.write_text("old")
    with pytest.raises(NotAllowed):
        write_file(path, refused(), replace=True)
    assert [one.name for one in tmp_path.iterdir()] == ["company.toml"]
    assert path.read_text() == "old"
    write_file(path, ["new\n"], replace=True)
    assert (path.read_text(), [one.name for one in tmp_path.iterdir()]) == ("new\n", ["company.toml"])


def test_nothing_is_left_of_a_new_file_that_could_not_be_finished(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        write_file(tmp_path / "company.toml", refused(), replace=False)
    assert list(tmp_path.iterdir()) == []


def test_a_link_goes_on_leading_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("old")
    link = tmp_path / "company.toml"
    link.symlink_to("kept")
    write_file(link, ["new\n"], replace=True)
    assert link.is_symlink()
    assert (tmp_path / "kept").read_text() == "new\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "name a file"), (".", "name a file"), ("/dev/null", "no ordinary file"), ("nowhere/x", "no directory"),
     ("~nobody-knows-him/x", "cannot be used")],
)  # fmt: skip
def test_where_nothing_can_be_written_is_said_in_words(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        place_for(text)

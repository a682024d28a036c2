"""The files that go with a message: added by path, dropped from a list."""

from pathlib import Path

import pytest

from mailtui.core.errors import BadInput
from mailtui.store import Store
from mailtui.tui.screens.files import LARGEST, Files, completed, read_file, said
from tests.tui.frame import shown
from tests.tui.pages import ANA, Compare, as_employee, looks_as_before, on_page, until


async def test_a_file_is_dropped_again(company: Store, tmp_path: Path) -> None:
    (tmp_path / "order.txt").write_text("one chair")
    async with on_page(as_employee(company, ANA), lambda: Files([read_file(str(tmp_path / "order.txt"))])) as pilot:
        assert "order.txt" in shown(pilot)
        await pilot.press("tab", "d")
        await until(pilot, lambda: "No file yet." in shown(pilot))


@pytest.mark.parametrize("path", ["", ".", "/", "no/such/file", "\0", "~no-such-user/x"])
def test_what_is_no_readable_file_is_refused(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput):
        read_file(path)


def test_a_file_larger_than_any_server_takes_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(LARGEST + 1)
    with pytest.raises(BadInput, match=r"film\.mp4 has 50\.0 MB"):
        read_file(str(tmp_path / "film.mp4"))


def test_a_path_is_completed_to_the_first_name_that_fits(tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "1042.txt").touch()
    assert completed(f"{tmp_path}/or") == f"{tmp_path}/orders/"
    assert completed(f"{tmp_path}/orders/") == f"{tmp_path}/orders/1042.txt"
    assert completed(f"{tmp_path}/nothing") is None
    assert completed("~no-such-user/") is None


def test_a_size_is_said_as_people_say_it() -> None:
    assert [said(size) for size in (9, 1_500, 2_340_000)] == ["9 B", "2 kB", "2.3 MB"]


def test_the_list_looks_as_before(snap_compare: Compare, company: Store, tmp_path: Path) -> None:
    (tmp_path / "order.txt").write_text("one chair")
    files = [read_file(str(tmp_path / "order.txt"))]
    assert looks_as_before(snap_compare, as_employee(company, ANA), lambda: Files(files), seen="order.txt")

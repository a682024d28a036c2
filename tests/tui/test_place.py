"""mailtui opens where one was, and what is kept of it can do no harm (issue 6, section 6)."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.app import MailtuiApp
from mailtui.tui.page import Page
from mailtui.tui.place import RECENT, Place, Stop, Thing, file_of, read_place, write_place
from mailtui.tui.screens.settings import Settings
from tests.company import an_address
from tests.tui.frame import SIZE, lines, shown
from tests.tui.pages import ANA, BOB, as_employee, until


def program(context: Context, state: Path, *, starts_at_top: bool = False) -> MailtuiApp:
    return MailtuiApp(
        lambda: context,
        theme="mailtui-dark",
        prepare=(),
        keeps_sending=False,
        remembers=state,
        starts_at_top=starts_at_top,
    )


async def at(pilot: Pilot[None], path: str) -> None:
    """Wait until the top line ends the path so."""
    await until(pilot, lambda: f"{path}  " in "".join(lines(pilot)[:1]) and isinstance(pilot.app.screen, Page))
    await until(pilot, lambda: "? Help" in lines(pilot)[-1])


def marked(pilot: Pilot[None]) -> str:
    """The line under the cursor."""
    return next((line for line in lines(pilot) if line.startswith(("▌", ">"))), "")


async def test_the_next_start_opens_the_page_and_row_that_was_left(company: Store, tmp_path: Path) -> None:
    context = as_employee(company, ANA)
    async with program(context, tmp_path).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "ana · admin" in lines(pilot)[0])
        await pilot.press("enter")
        await at(pilot, "Company external e-mail addresses")
        await pilot.press("down", "down")
        left = marked(pilot)
        assert "new@brand-b.example" in left or "press@corp.example" in left
        await pilot.press("ctrl+q")
    async with program(context, tmp_path).run_test(size=SIZE) as pilot:
        await at(pilot, "Company external e-mail addresses")
        assert marked(pilot) == left
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Settings))


async def test_escape_goes_up_from_there_as_if_one_had_walked(company: Store, tmp_path: Path) -> None:
    place = Place(stops=(Stop(page="projects", row="brand-b", line=1), Stop(page="project", thing="brand-b")))
    write_place(file_of(tmp_path, company.path, "ana"), place)
    async with program(as_employee(company, ANA), tmp_path).run_test(size=SIZE) as pilot:
        await at(pilot, "Brand B")
        await pilot.press("escape")
        await at(pilot, "Projects and their actions")
        assert "Brand B" in marked(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Settings))
        await pilot.press("enter")
        await at(pilot, "Projects and their actions")


async def test_the_first_start_begins_at_the_tree_and_the_setting_always_does(company: Store, tmp_path: Path) -> None:
    context = as_employee(company, ANA)
    async with program(context, tmp_path / "new").run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "ana · admin" in lines(pilot)[0])
        assert isinstance(pilot.app.screen, Settings)
    write_place(file_of(tmp_path, company.path, "ana"), Place(stops=(Stop(page="people"),)))
    async with program(context, tmp_path, starts_at_top=True).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "ana · admin" in lines(pilot)[0])
        await pilot.pause()
        assert isinstance(pilot.app.screen, Settings)


async def test_one_key_leads_to_the_top(company: Store, tmp_path: Path) -> None:
    place = Place(stops=(Stop(page="projects"), Stop(page="project", thing="brand-b")))
    write_place(file_of(tmp_path, company.path, "ana"), place)
    async with program(as_employee(company, ANA), tmp_path).run_test(size=SIZE) as pilot:
        await at(pilot, "Brand B")
        await pilot.press("ctrl+home")
        await until(pilot, lambda: isinstance(pilot.app.screen, Settings))


async def test_each_employee_has_a_place_of_his_own(company: Store, tmp_path: Path) -> None:
    assert file_of(tmp_path, company.path, "ana") != file_of(tmp_path, company.path, "bob")
    assert file_of(tmp_path, company.path, "ana") != file_of(tmp_path, tmp_path / "other.db", "ana")
    write_place(file_of(tmp_path, company.path, "ana"), Place(stops=(Stop(page="people"),)))
    async with program(as_employee(company, BOB), tmp_path).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "bob · member" in lines(pilot)[0])
        assert isinstance(pilot.app.screen, Settings)


async def test_what_is_gone_meanwhile_is_passed_over(company: Store, tmp_path: Path) -> None:
    place = Place(
        stops=(Stop(page="projects", row="gone", line=99), Stop(page="project", thing="gone")),
        recent=(Thing(kind="project", key="gone"), Thing(kind="nonsense", key="x")),
    )
    write_place(file_of(tmp_path, company.path, "ana"), place)
    async with program(as_employee(company, ANA), tmp_path).run_test(size=SIZE) as pilot:
        await at(pilot, "Projects and their actions")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Name of an address" in shown(pilot))


async def test_the_file_is_for_its_owner_alone_and_holds_no_secret(company: Store, tmp_path: Path) -> None:
    with company.transaction():
        company.addresses.save(an_address("zoe@corp.example", name="Zoe"))
    state = tmp_path / "state"
    async with program(as_employee(company, ANA), state).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "ana · admin" in lines(pilot)[0])
        await pilot.press("enter")
        await at(pilot, "Company external e-mail addresses")
        await pilot.press("G", "ctrl+q")
    kept = list(state.iterdir())
    assert kept == [file_of(state, company.path, "ana")]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert set(read_place(kept[0]).model_dump()) == {"stops", "recent"}
    assert "zoe@corp.example" in kept[0].read_text()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"stops": [{"page": "../../x"}], "more": 1}', "\x00" * 200_000])
def test_nonsense_in_the_file_is_as_if_there_were_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "place.json"
    path.write_text(content)
    assert read_place(path) == Place()


@pytest.mark.parametrize(
    "stop", [Stop(page="nowhere"), Stop(page="people", thing="x"), Stop(page="delivery", thing="9" * 400)]
)
async def test_a_page_that_does_not_exist_leaves_one_at_the_top(company: Store, tmp_path: Path, stop: Stop) -> None:
    write_place(file_of(tmp_path, company.path, "ana"), Place(stops=(stop,)))
    async with program(as_employee(company, ANA), tmp_path).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "ana · admin" in lines(pilot)[0])
        await pilot.pause()
        assert isinstance(pilot.app.screen, Settings)


def test_a_place_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_place(tmp_path / "file" / "place.json", Place())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@given(st.lists(st.tuples(st.sampled_from(["project", "employee"]), st.text(max_size=5)), max_size=30))
def test_what_was_looked_at_last_comes_first_and_once(things: list[tuple[str, str]]) -> None:
    place = Place()
    for kind, key in things:
        place = place.met(Thing(kind=kind, key=key))
    expected = list(dict.fromkeys(reversed(things)))[:RECENT]
    assert [(thing.kind, thing.key) for thing in place.recent] == expected

"""The offer matrix: projects down, addresses across, for an employee or a group (issue 6, section 3)."""

from pathlib import Path

import pytest

from mailtui.core.projects import Project
from mailtui.operations.context import Context
from mailtui.operations.projects import save_project
from mailtui.store import Store
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.screens.employee import EmployeePage
from mailtui.tui.screens.group import GroupPage
from mailtui.tui.screens.offer_matrix import OfferMatrixPage
from mailtui.tui.screens.project import ProjectPage
from mailtui.tui.screens.settings import Settings
from mailtui.tui.widgets.cross_table import CrossTable
from tests.company import an_address
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, Compare, as_employee, looks_as_before, on_page, typed, until, words


@pytest.fixture
def ana(company: Store) -> Context:
    return as_employee(company, ANA)


def many(store: Store, projects: int, addresses: int) -> None:
    with store.transaction():
        for number in range(projects):
            store.projects.save(Project(key=f"p{number:03}", name=f"Project {number:03}"))
        for number in range(addresses):
            store.addresses.save(an_address(f"a{number:03}@many.example"))


async def test_every_cell_says_in_a_sign_and_a_word_what_the_rule_says(ana: Context) -> None:
    async with on_page(ana, OfferMatrixPage) as pilot:
        rows = {line.split("  ")[0].lstrip(): line for line in lines(pilot)}
        assert rows["Brand A"].split()[2:6] == ["▌✓", "default", "–", "rule"]
        assert "✓ default" in rows["Brand B"] and "✓ offered" in rows["Brand B"]
        assert "✓" not in rows["Old brand"]
        assert "ana@corp.example is the first choice of Ana Pop in Brand A." in words(pilot)


async def test_the_sentence_below_follows_the_cell_in_both_directions(ana: Context) -> None:
    async with on_page(ana, OfferMatrixPage) as pilot:
        await pilot.press("right")
        await until(
            pilot, lambda: "hello@corp.example is not offered to Ana Pop in Brand A: Brand A is strict" in words(pilot)
        )
        assert "(rule 6)" in words(pilot) and "project 1 of 3 · address 2 of 4" in words(pilot)
        await pilot.press("down", "end")
        await until(pilot, lambda: "press@corp.example is offered to Ana Pop in Brand B." in words(pilot))
        await pilot.press("G", "home")
        await until(
            pilot,
            lambda: "ana@corp.example is not offered to Ana Pop in Old brand: Old brand is archived" in words(pilot),
        )


async def test_of_a_group_each_cell_says_how_many_of_its_members(ana: Context) -> None:
    async with on_page(ana, lambda: OfferMatrixPage(group="support")) as pilot:
        await until(pilot, lambda: "Offered to Support, 2 members" in words(pilot))
        assert "1 of 2" in shown(pilot) and "2 of 2" in shown(pilot)
        await until(
            pilot,
            lambda: "to 1 of 2 members of Support in Brand A; else: it belongs to ana, not to bob" in words(pilot),
        )


async def test_enter_opens_the_address_and_p_the_project(ana: Context) -> None:
    async with on_page(ana, OfferMatrixPage) as pilot:
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AddressForm))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, OfferMatrixPage))
        await pilot.press("p")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, ProjectPage) and "Offered to Ana Pop, in" in shown(pilot)
        )


async def test_a_person_and_a_group_lead_to_their_matrix(ana: Context) -> None:
    async with on_page(ana, lambda: EmployeePage("bob")) as pilot:
        await pilot.press("x")
        await until(pilot, lambda: "Offered to Bob Ionescu" in words(pilot))
    async with on_page(ana, lambda: GroupPage("press")) as pilot:
        await pilot.press("x")
        await until(pilot, lambda: "Offered to Press, 1 member " in words(pilot))


async def test_one_who_was_removed_meanwhile_is_no_crash(ana: Context) -> None:
    async with on_page(ana, lambda: OfferMatrixPage(employee="gone")) as pilot:
        await until(
            pilot, lambda: "there is no employee 'gone'" in words(pilot) and "Offered to Ana Pop" in words(pilot)
        )


async def test_another_employee_or_a_group_is_chosen_by_a_key(ana: Context) -> None:
    async with on_page(ana, OfferMatrixPage) as pilot:
        await pilot.press("w", "down", "enter")
        await until(pilot, lambda: "Offered to Bob Ionescu" in words(pilot))
        await pilot.press("u", "enter")
        await until(pilot, lambda: "Offered to Press, 1 member " in words(pilot))


async def test_both_sides_are_filtered_each_by_its_own_key_and_escape_brings_all_back(ana: Context) -> None:
    async with on_page(ana, OfferMatrixPage) as pilot:
        await pilot.press("slash")
        await typed(pilot, "brand-b")
        await pilot.press("enter", "f")
        await typed(pilot, "press")
        await pilot.press("enter")
        await until(pilot, lambda: "1 project · 1 address offered somewhere" in words(pilot))
        assert "Brand A" not in shown(pilot) and "ana" not in lines(pilot)[4]
        await pilot.press("escape")
        await until(pilot, lambda: "3 projects · 4 addresses offered somewhere" in words(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Settings))


async def test_every_address_has_a_column_on_request(ana: Context) -> None:
    async with on_page(ana, OfferMatrixPage) as pilot:
        await pilot.press("v")
        await until(pilot, lambda: "3 projects · all 6 addresses" in words(pilot))
        await pilot.press("right")
        await until(pilot, lambda: "bob@corp.example is not offered to Ana Pop in Brand A" in words(pilot))


async def test_only_what_is_seen_is_read_in_both_directions(company: Store) -> None:
    many(company, 300, 300)
    async with on_page(as_employee(company, ANA), OfferMatrixPage) as pilot:
        table = pilot.app.screen.query_one(CrossTable)
        assert len(table._cells) < 200
        await pilot.press("G", "end")
        await until(pilot, lambda: "project 303 of 303 · address 304 of 304" in words(pilot))
        await pilot.press("pageup", "ctrl+left")
        await until(pilot, lambda: "address 300 of 304" in words(pilot))
        assert len(table._cells) < 500
        await pilot.press("g", "home")
        await until(pilot, lambda: "project 1 of 303 · address 1 of 304" in words(pilot))


async def test_what_others_change_shows_without_a_key(company: Store, database: Path) -> None:
    async with on_page(as_employee(company, ANA), OfferMatrixPage) as pilot:
        other = as_employee(Store(database), ANA)
        save_project(other, Project(key="new", name="A new one"))
        other.store.close()
        await until(pilot, lambda: "A new one" in shown(pilot))


async def test_the_matrix_is_written_as_a_file_that_no_spreadsheet_carries_out(company: Store, tmp_path: Path) -> None:
    with company.transaction():
        company.projects.save(Project(key="evil", name="=HYPERLINK(1)"))
    file = tmp_path / "matrix.csv"
    async with on_page(as_employee(company, ANA), OfferMatrixPage) as pilot:
        await pilot.press("x")
        await until(pilot, lambda: "Write the matrix of Ana Pop" in shown(pilot))
        await pilot.press("end", "ctrl+u")
        await typed(pilot, str(file))
        await pilot.press("enter")
        await until(pilot, file.exists)
        await until(pilot, lambda: "Wrote 5 lines" in words(pilot))
        await pilot.press("x", "end", "ctrl+u")
        await typed(pilot, str(file))
        await pilot.press("enter")
        await until(pilot, lambda: "is there already" in words(pilot))
    assert file.stat().st_mode & 0o777 == 0o600
    written = file.read_text().splitlines()
    assert written[0] == "project,name,ana@corp.example,hello@corp.example,help@brand-a.example,press@corp.example"
    assert written[1] == "evil,'=HYPERLINK(1),no: rule 5,default,no: rule 5,offered"
    assert written[2].startswith("brand-a,Brand A,default,no: rule 6,offered,no: rule 6")


async def test_a_member_sees_his_own_and_no_key_for_others(company: Store) -> None:
    async with on_page(as_employee(company, BOB), OfferMatrixPage) as pilot:
        assert "Offered to Bob Ionescu" in words(pilot)
        assert "As whom" not in lines(pilot)[-1] and "enter" not in lines(pilot)[-1]


async def test_an_empty_company_is_told_what_a_matrix_needs(store: Store, identity_file: object) -> None:
    async with on_page(as_employee(store, ANA), OfferMatrixPage) as pilot:
        assert "a matrix needs a project, and an address that is ready" in words(pilot)
        assert "enter" not in lines(pilot)[-1]


async def test_it_fits_a_very_small_terminal_and_a_very_wide_one(ana: Context) -> None:
    for size in ((30, 8), (200, 60)):
        async with on_page(ana, OfferMatrixPage, size=size) as pilot:
            await pilot.press("right", "down")
            await until(pilot, lambda: "–" in shown(pilot))
            assert all(len(line) <= size[0] for line in lines(pilot))


def test_the_matrix_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    assert looks_as_before(snap_compare, ana, OfferMatrixPage, "down", "right", seen="address 2 of 4")

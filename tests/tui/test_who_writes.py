"""Who could write as a brand, and where: one screen (issue 6, section 3)."""

from pathlib import Path

import pytest

from mailtui.operations.context import Context
from mailtui.operations.projects import find_project
from mailtui.store import Store
from mailtui.tui.screens.company_addresses import CompanyAddresses
from mailtui.tui.screens.offer_matrix import OfferMatrixPage
from mailtui.tui.screens.project import ProjectPage
from mailtui.tui.screens.who_writes import WhoWritesPage
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, Compare, as_employee, looks_as_before, on_page, typed, until, words


@pytest.fixture
def ana(company: Store) -> Context:
    return as_employee(company, ANA)


async def test_by_address_it_says_how_many_and_whom_each_lets_in(ana: Context) -> None:
    async with on_page(ana, lambda: WhoWritesPage(project="brand-b")) as pilot:
        said = words(pilot)
        assert "3 employees could write" in said
        for row in (
            "✓ ana@corp.example 1 ana alone",
            "✓ hello@corp.example 3 everybody",
            "– new@brand-b.example 0 nobody: its settings were not t…",
            "✓ press@corp.example 1 @press",
        ):
            assert row in said


async def test_by_employee_it_says_through_which_addresses_and_by_what(ana: Context) -> None:
    async with on_page(ana, lambda: WhoWritesPage(project="brand-a")) as pilot:
        await pilot.press("tab")
        await until(pilot, lambda: "ana: ana@corp.example (own); help@brand-a.example (group support)" in words(pilot))
        assert "bob help@brand-a.example (group support)" in words(pilot) and "Eve" not in shown(pilot)
        await pilot.press("tab")
        await until(pilot, lambda: "ana alone" in shown(pilot))


async def test_enter_on_an_address_says_where_and_on_an_employee_opens_his_matrix(ana: Context) -> None:
    async with on_page(ana, lambda: WhoWritesPage(project="brand-b")) as pilot:
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: "3 employees could write, in Brand B" in words(pilot))
        assert "hello@corp.example (everybody)" in words(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OfferMatrixPage) and "Bob Ionescu" in shown(pilot))


async def test_a_project_leads_to_it_and_another_one_is_chosen_by_a_key(ana: Context) -> None:
    async with on_page(ana, lambda: ProjectPage(find_project(ana, "brand-a"))) as pilot:
        await pilot.press("b")
        await until(pilot, lambda: "2 employees could write · strict" in words(pilot))
        await pilot.press("p", "down", "enter")
        await until(pilot, lambda: "3 employees could write" in words(pilot))


async def test_an_address_leads_to_it(ana: Context) -> None:
    async with on_page(ana, CompanyAddresses) as pilot:
        await pilot.press("p")
        await until(pilot, lambda: "3 employees could write, in Brand B" in words(pilot))


async def test_it_is_written_as_a_file(ana: Context, tmp_path: Path) -> None:
    file = tmp_path / "who.csv"
    async with on_page(ana, lambda: WhoWritesPage(project="brand-a")) as pilot:
        await pilot.press("x")
        await until(pilot, lambda: "Write who could write" in shown(pilot))
        await pilot.press("end", "ctrl+u")
        await typed(pilot, str(file))
        await pilot.press("enter")
        await until(pilot, lambda: "Wrote 4 lines" in words(pilot))
    assert file.read_text().splitlines() == [
        "login,name,address,access",
        "ana,Ana Pop,ana@corp.example,own",
        "ana,Ana Pop,help@brand-a.example,group support",
        "bob,Bob Ionescu,help@brand-a.example,group support",
    ]


async def test_a_project_that_was_removed_meanwhile_is_no_crash(ana: Context) -> None:
    async with on_page(ana, lambda: WhoWritesPage(project="gone")) as pilot:
        await until(pilot, lambda: "there is no project 'gone'" in words(pilot))


async def test_a_member_is_told_that_only_an_admin_may_ask(company: Store) -> None:
    async with on_page(as_employee(company, BOB), WhoWritesPage) as pilot:
        assert "Only an admin may ask who could write as a brand." in words(pilot)
        assert "CSV" not in lines(pilot)[-1]


async def test_without_a_project_it_says_where_they_are_added(store: Store, identity_file: object) -> None:
    async with on_page(as_employee(store, ANA), WhoWritesPage) as pilot:
        assert "There is no project yet" in words(pilot)


def test_the_page_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    assert looks_as_before(snap_compare, ana, lambda: WhoWritesPage(project="brand-b"), "down", seen="everybody")


def test_by_employee_it_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    assert looks_as_before(snap_compare, ana, lambda: WhoWritesPage(project="brand-b"), "tab", seen="Through")

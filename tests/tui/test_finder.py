"""`ctrl+p` finds any address, person, group and project by its name (issue 6, section 6)."""

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot

from mailtui.core.people import Employee
from mailtui.core.projects import Project
from mailtui.operations.finding import Found, Kind, find_thing, find_things
from mailtui.store import Store
from mailtui.tui.page import Page
from mailtui.tui.screens.settings import Settings
from tests.company import an_address, an_employee
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, as_employee, on_page, typed, until


async def find(pilot: Pilot[None], name: str, seen: str) -> None:
    """Type a name into the palette and open what is shown with the words `seen`, the first that was found."""
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
    await typed(pilot, name)
    await until(pilot, lambda: seen in shown(pilot))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, Page))


@pytest.mark.parametrize(
    ("name", "seen", "path", "row"),
    [
        ("press@", "address", "Company external e-mail addresses", "press@corp.example"),
        ("bob@corp", "bob@corp.example", "Bob Ionescu", "bob@corp.example"),
        ("Ionescu", "employee · bob", "Bob Ionescu", ""),
        ("Support", "group · support", "Support", ""),
        ("brand-b", "project · brand-b", "Brand B", ""),
    ],
)
async def test_a_thing_is_found_by_its_name_and_opened_on_its_page(
    company: Store, name: str, seen: str, path: str, row: str
) -> None:
    async with on_page(as_employee(company, ANA), Settings) as pilot:
        await find(pilot, name, seen)
        await until(pilot, lambda: f"{path}  " in "".join(lines(pilot)[:1]))
        if row:
            await until(pilot, lambda: any(line.startswith("▌") and row in line for line in lines(pilot)))


async def test_what_was_opened_last_comes_first_when_nothing_is_typed(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Settings) as pilot:
        await find(pilot, "brand-b", "project · brand-b")
        await find(pilot, "Ionescu", "employee · bob")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "project · brand-b" in shown(pilot))
        text = shown(pilot)
        assert text.index("employee · bob") < text.index("project · brand-b") < text.index("e: Change name")


async def test_a_command_is_still_found_by_its_name(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Settings) as pilot:
        await pilot.press("ctrl+p")
        await typed(pilot, "colours")
        await until(pilot, lambda: "f2: Choose dark" in shown(pilot))


async def test_foreign_names_are_neither_markup_nor_escape_sequences(company: Store) -> None:
    with company.transaction():
        company.projects.save(Project(key="odd", name="[bold]Odd[/] [red \x1b[2J"))
        company.employees.save(Employee(login="odd", name="[/nonsense] Odd"))
    async with on_page(as_employee(company, ANA), Settings) as pilot:
        await pilot.press("ctrl+p")
        await typed(pilot, "odd")
        await until(pilot, lambda: "[bold]Odd[/] [red" in shown(pilot) and "[/nonsense] Odd" in shown(pilot))
        assert "\x1b" not in shown(pilot)


async def test_back_from_what_was_found_leads_up_its_own_path(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Settings) as pilot:
        await find(pilot, "brand-b", "project · brand-b")
        await find(pilot, "Ionescu", "employee · bob")
        await pilot.press("escape")
        await until(pilot, lambda: "Employees and groups  " in lines(pilot)[0])
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Settings))


async def test_an_address_far_down_its_list_is_marked_all_the_same(company: Store) -> None:
    with company.transaction():
        for number in range(1500):
            company.addresses.save(an_address(f"sales-{number:04}@corp.example"))
    async with on_page(as_employee(company, ANA), Settings) as pilot:
        await find(pilot, "sales-1400", "sales-1400@corp.example")
        await until(pilot, lambda: any(line.startswith("▌") and "sales-1400@" in line for line in lines(pilot)))


def test_a_member_finds_what_he_may_see_and_no_more(company: Store) -> None:
    found = find_things(as_employee(company, BOB), "o")
    keys = {(one.kind, one.key) for one in found}
    assert (Kind.ADDRESS, "bob@corp.example") in keys
    assert (Kind.ADDRESS, "ana@corp.example") not in keys
    assert {key for kind, key in keys if kind is Kind.EMPLOYEE} <= {"bob"}
    assert find_thing(as_employee(company, BOB), "address", "ana@corp.example") is None
    assert find_thing(as_employee(company, BOB), "employee", "ana") is None


def test_a_search_reads_a_few_of_each_kind_whatever_there_is(company: Store) -> None:
    with company.transaction():
        for number in range(50):
            company.addresses.save(an_address(f"sales-{number:02}@corp.example"))
    found = find_things(as_employee(company, ANA), "sales", most=3)
    assert [one.key for one in found if one.kind is Kind.ADDRESS] == [
        f"sales-0{number}@corp.example" for number in range(3)
    ]
    assert all(isinstance(one, Found) for one in found)


def test_a_member_finds_himself_behind_any_number_of_others_whose_rows_nobody_reads(company: Store) -> None:
    with company.transaction():
        for number in range(50):
            company.employees.save(an_employee(f"a-bob-{number:02}"))
    made: list[str] = []
    company._db.conn.set_trace_callback(made.append)

    found = find_things(as_employee(company, BOB), "bob", most=3)

    company._db.conn.set_trace_callback(None)
    assert [one.key for one in found if one.kind is Kind.EMPLOYEE] == ["bob"]
    (read,) = [sql for sql in made if "FROM employees e" in sql and "LIKE" in sql]
    plan = company._db.conn.execute(f"EXPLAIN QUERY PLAN {read}").fetchall()
    assert "SEARCH e USING" in str(plan)
    assert "login=?" in str(plan)

"""The mouse works where there is one; everything that it does a key does too (issue 6, section 6)."""

from textual.events import MouseScrollDown
from textual.pilot import Pilot
from textual.widgets import Input

from mailtui.store import Store
from mailtui.tui.confirm import Confirm
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.help import Help
from mailtui.tui.screens.projects import Projects
from mailtui.tui.screens.settings import Settings
from mailtui.tui.widgets.table_rows import TableRows
from tests.tui.frame import SIZE, OneScreen, addresses, lines, list_of, shown, until
from tests.tui.pages import ANA, as_employee, on_page


async def click_on(pilot: Pilot[None], words: str) -> None:
    """Click on the first place where the terminal shows `words`."""
    y, line = next((y, line) for y, line in enumerate(lines(pilot)) if words in line)
    await pilot.click(offset=(line.index(words), y))


async def test_a_click_on_a_key_of_the_last_line_does_what_the_key_does() -> None:
    page = list_of(addresses(3))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "a Add" in lines(pilot)[-1])
        await click_on(pilot, "Add  enter")
        await until(pilot, lambda: page.done == ["add"])
        await click_on(pilot, "? Help")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))


async def test_a_click_marks_a_row_and_another_one_opens_it() -> None:
    page = list_of(addresses(30))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await click_on(pilot, "address-7")
        await until(pilot, lambda: page.table.marked == "address-7")
        assert page.done == []
        await click_on(pilot, "address-7")
        await until(pilot, lambda: page.done == ["edit address-7"])


async def test_the_wheel_scrolls_a_table() -> None:
    page = list_of(addresses(300))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        rows = page.query_one(TableRows)
        for _ in range(10):
            await pilot._post_mouse_events([MouseScrollDown], rows, offset=(5, 5), button=0)
        await until(pilot, lambda: rows.scroll_y > 0)
        await until(pilot, lambda: "address-0 " not in shown(pilot))


async def test_a_click_on_a_level_of_the_path_goes_back_to_it(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Projects) as pilot:
        await click_on(pilot, "Brand B")
        await click_on(pilot, "Brand B")
        await until(pilot, lambda: "/ Brand B " in lines(pilot)[0])
        await click_on(pilot, "Projects /")
        await until(pilot, lambda: isinstance(pilot.app.screen, Settings))
        tree = pilot.app.screen.query_one("SettingsTree")
        assert str(tree.cursor_node.label) == "Projects"  # type: ignore[attr-defined]  # found by its name


async def test_a_click_opens_a_page_of_the_tree_and_a_level(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Settings) as pilot:
        await click_on(pilot, "Employees and groups")
        await until(pilot, lambda: "Bob Ionescu" in shown(pilot))


async def test_a_click_moves_to_a_field_and_to_another_tab_of_the_form(company: Store) -> None:
    async with on_page(as_employee(company, ANA), AddressForm) as pilot:
        await until(pilot, lambda: "User name" in shown(pilot))
        await click_on(pilot, "User name")
        y, line = next((y, line) for y, line in enumerate(lines(pilot)) if "User name" in line)
        await pilot.click(offset=(line.index("User name") + 14, y))
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        await click_on(pilot, "Access  f4")
        await until(pilot, lambda: "everybody" in shown(pilot))


async def test_a_click_answers_a_question() -> None:
    page = list_of(addresses(3))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        answers: list[bool | None] = []
        await until(pilot, lambda: page.table.count)
        pilot.app.push_screen(Confirm("Delete it?", key="d", do="Delete", keep="Keep"), answers.append)
        await until(pilot, lambda: "d Delete" in shown(pilot))
        await click_on(pilot, "Delete    esc")
        await until(pilot, lambda: answers == [True])
        pilot.app.push_screen(Confirm("Delete it?", key="d", do="Delete", keep="Keep"), answers.append)
        await until(pilot, lambda: "d Delete" in shown(pilot))
        await click_on(pilot, "esc Keep")
        await until(pilot, lambda: answers == [True, False])

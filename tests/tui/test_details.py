"""The lines below a table that say more of the marked row."""

from textual.app import ComposeResult
from textual.geometry import Region

from mailtui.tui.page import Page
from mailtui.tui.styles import style
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.store_table import StoreTable
from tests.tui.frame import COLUMNS, SIZE, OneScreen, addresses, lines, shown, until


class WithDetails(Page):
    """A table, and two lines about the marked row."""

    CSS_PATH = style("table")

    def content(self) -> ComposeResult:
        yield StoreTable(COLUMNS, addresses(20), follow=self.show_details)
        yield Details()

    def show_details(self) -> None:
        marked = self.query_one(StoreTable).marked
        self.query_one(Details).show(f"{marked} is [bold]ready[/bold]\nthe same for all")


async def test_the_details_follow_the_cursor_and_are_no_markup() -> None:
    page = WithDetails()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "address-0 is [bold]ready[/bold]" in shown(pilot))
        await pilot.press("down")
        await until(pilot, lambda: lines(pilot)[-4] == " address-1 is [bold]ready[/bold]")
        assert page.query_one(Details).text.startswith("address-1 is")


async def test_only_the_lines_that_changed_are_drawn_anew() -> None:
    page = WithDetails()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "the same for all" in shown(pilot))
        details = page.query_one(Details)
        drawn: list[Region] = []
        refresh = details.refresh

        def noted(*regions: Region) -> Details:
            drawn.extend(regions)
            return refresh(*regions)

        details.refresh = noted  # type: ignore[method-assign, assignment]  # notes, and passes on
        page.query_one(StoreTable).rows.move_to(1)
        assert [region.y for region in drawn] == [0]
        page.show_details()
        assert len(drawn) == 1


async def test_a_padding_above_leaves_no_line_as_it_was() -> None:
    page = WithDetails()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "the same for all" in shown(pilot))
        page.query_one(Details).styles.padding = (1, 1, 0, 1)
        await until(pilot, lambda: lines(pilot)[-3] == " address-0 is [bold]ready[/bold]")
        page.query_one(StoreTable).rows.move_to(1)
        await until(pilot, lambda: lines(pilot)[-3] == " address-1 is [bold]ready[/bold]")


async def test_details_longer_than_their_lines_leave_the_keys_in_place() -> None:
    page = WithDetails()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Help" in lines(pilot)[-1])
        page.query_one(Details).show("\n".join(f"line {number}" for number in range(9)))
        await until(pilot, lambda: "line 2" in lines(pilot)[-2])
        assert "line 3" not in shown(pilot)
        assert "Help" in lines(pilot)[-1]

"""A table whose rows are found a little at a time, beside the keys (issue 6, section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailtui.core.counts import AtLeast
from mailtui.tui.widgets.rows import PAGE, PAGES_KEPT, Row, Window
from tests.tui.frame import SIZE, Addresses, OneScreen, addresses, list_of, shown, until

ENOUGH = 2 * PAGE
STEP = 20


@dataclass
class Unhurried(Addresses):
    """Of a filter it knows some rows more whenever it is asked; beyond `ENOUGH` only once somebody wants them."""

    known: int = 0
    wanted: int = ENOUGH
    held: bool = False
    """Finds nothing for now."""
    asked: str = ""

    def count(self, matching: str) -> int:
        whole = super().count(matching)
        if not matching:
            return whole
        if matching != self.asked:
            self.asked, self.known, self.wanted = matching, 0, ENOUGH
        if not self.held:
            self.known = min(whole, self.wanted, self.known + STEP)
        return whole if self.known == whole else AtLeast(self.known, rests=self.known >= self.wanted)

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        if not matching:
            return super().window(offset, limit, matching)
        if offset + limit > self.wanted:
            self.wanted = 1 << 62
        return list(super().window(0, self.known, matching))[offset : offset + limit]


def unhurried(rows: int, *, held: bool = False) -> Unhurried:
    return Unhurried([f"address-{number}" for number in range(rows)], held=held)


async def test_rows_come_without_a_key_until_there_are_enough() -> None:
    source = unhurried(500)
    page = list_of(source)
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count == 500)
        await pilot.press("slash", "d")
        await until(pilot, lambda: f"{ENOUGH}+ found" in shown(pilot))
        assert page.table.marked == "address-0"
        assert source.known == ENOUGH


async def test_while_nothing_is_found_yet_the_table_says_so_and_the_keys_work() -> None:
    source = unhurried(500, held=True)
    page = list_of(source)
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count == 500)
        await pilot.press("slash", "4", "9", "9")
        await until(pilot, lambda: "Looking through all of them" in shown(pilot))
        await pilot.press("enter", "a")
        assert page.done == ["add"]
        source.held = False
        await until(pilot, lambda: "1 found" in shown(pilot))
        assert page.table.marked == "address-499"


async def test_the_last_row_is_gone_to_once_it_is_found() -> None:
    page = list_of(unhurried(500))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count == 500)
        await pilot.press("slash", "d", "enter")
        await until(pilot, lambda: f"{ENOUGH}+ found" in shown(pilot))
        await pilot.press("G")
        await until(pilot, lambda: page.table.marked == "address-499")
        assert "500 found" in shown(pilot)


async def test_whoever_moves_meanwhile_is_not_thrown_to_the_end() -> None:
    source = unhurried(500)
    page = list_of(source)
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count == 500)
        await pilot.press("slash", "d", "enter")
        await until(pilot, lambda: f"{ENOUGH}+ found" in shown(pilot))
        source.held = True
        await pilot.press("G", "g")
        source.held = False
        await until(pilot, lambda: "500 found" in shown(pilot))
        assert page.table.marked == "address-0"


async def test_another_filter_is_answered_for_itself() -> None:
    source = unhurried(500, held=True)
    page = list_of(source)
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count == 500)
        await pilot.press("slash", "d", "9", "9")
        source.held = False
        await until(pilot, lambda: "0 found" in shown(pilot))
        await pilot.press("backspace", "backspace", "backspace", "-", "9", "9")
        await until(pilot, lambda: "1 found" in shown(pilot))
        assert page.table.marked == "address-99"


def test_a_window_keeps_a_few_pages_whatever_was_looked_at() -> None:
    window = Window(addresses(100_000))
    window.read("")
    for index in range(0, 100_000, 777):
        window.row(index)
    assert len(window._pages) <= PAGES_KEPT

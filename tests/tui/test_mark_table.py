"""Tables with an order and with marks (issue 6, section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from mailtui.tui.marks import prints_unicode
from mailtui.tui.page import Page
from mailtui.tui.widgets.mark_table import MarkTable
from mailtui.tui.widgets.rows import Column, Row
from tests.tui.frame import SIZE, ListPage, OneScreen, lines, shown, until

COLUMNS = (Column("Address", order="address"), Column("Server", width=20, order="server"))


@dataclass
class Ordered:
    """A hundred addresses, of ten servers."""

    order: str = ""

    def _found(self, matching: str) -> list[tuple[str, str]]:
        rows = [(f"address-{number:02}", f"smtp-{9 - number % 10}") for number in range(100)]
        found = [row for row in rows if matching in row[0]]
        if self.order.removeprefix("-") == "server":
            found.sort(key=lambda row: (row[1], row[0]))
        return found[::-1] if self.order.startswith("-") else found

    def count(self, matching: str) -> int:
        return len(self._found(matching))

    def keys(self, matching: str) -> list[str]:
        return [address for address, _ in self._found(matching)]

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        return [Row(row[0], row) for row in self._found(matching)[offset : offset + limit]]


def marks_of(page: Page) -> frozenset[str]:
    return page.query_one(MarkTable).marks


def a_page(*, markable: bool = True) -> ListPage:
    return ListPage(MarkTable(COLUMNS, Ordered(), markable=markable))


async def test_one_key_orders_by_the_next_column_and_another_turns_the_order() -> None:
    page = a_page()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "▌address-00" in shown(pilot))
        assert "Address ▲" in shown(pilot)
        await pilot.press("down", "o")
        await until(pilot, lambda: "Server ▲" in shown(pilot) and "▌address-09" in shown(pilot))
        assert "Address ▲" not in shown(pilot)
        await pilot.press("O")
        await until(pilot, lambda: "Server ▼" in shown(pilot) and "▌address-90" in shown(pilot))
        await pilot.press("o")
        await until(pilot, lambda: "Address ▲" in shown(pilot) and "▌address-00" in shown(pilot))


async def test_the_order_stays_while_a_filter_is_typed() -> None:
    page = a_page()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("O", "slash", "1")
        await until(pilot, lambda: page.table.count == 19)
        rows = [line.split()[0] for line in lines(pilot) if "address-" in line]
        assert rows[0] == "▏address-91"


async def test_an_order_is_signed_in_ascii_where_nothing_else_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    prints_unicode.cache_clear()
    page = a_page()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await pilot.press("m")
        await until(pilot, lambda: "Address ^" in shown(pilot) and "* address-00" in shown(pilot))
        await pilot.press("O")
        await until(pilot, lambda: "Address v" in shown(pilot))


async def test_a_key_marks_a_row_and_goes_on_and_the_number_is_said_in_words() -> None:
    page = a_page()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        before = lines(pilot)[1]
        await pilot.press("m", "m")
        await until(pilot, lambda: "2 marked" in shown(pilot))
        assert marks_of(page) == {"address-00", "address-01"}
        assert " ● address-00" in shown(pilot)
        assert "▌  address-02" in shown(pilot)
        await pilot.press("up", "m")
        await until(pilot, lambda: "1 marked" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "marked" not in shown(pilot))
        assert page.is_current
        assert lines(pilot)[1] == before


async def test_the_cursor_and_the_mark_of_its_row_are_both_seen() -> None:
    page = a_page()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("m", "up")
        await until(pilot, lambda: "▌● address-00" in shown(pilot))


async def test_all_that_the_filter_shows_are_marked_and_dropped_by_one_key() -> None:
    page = a_page()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("m", "slash", "9", "enter", "asterisk")
        await until(pilot, lambda: "20 marked" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: page.table.count == 100)
        assert len(marks_of(page)) == 20, "the filter's end drops no mark"
        await pilot.press("slash", "9", "enter", "asterisk")
        await until(pilot, lambda: "1 marked" in shown(pilot))
        assert marks_of(page) == {"address-00"}


async def test_escape_clears_the_filter_then_the_marks_then_leaves() -> None:
    page = a_page()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("m", "slash", "1", "enter", "escape")
        await until(pilot, lambda: page.table.count == 100)
        assert marks_of(page)
        await pilot.press("escape")
        await until(pilot, lambda: not marks_of(page))
        assert page.is_current
        await pilot.press("escape")
        await until(pilot, lambda: not page.is_current)


async def test_who_may_do_nothing_to_rows_marks_none() -> None:
    page = a_page(markable=False)
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("m", "asterisk")
        assert not marks_of(page)
        assert "Mark" not in lines(pilot)[-1]

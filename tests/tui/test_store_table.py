"""Tables over the store."""

from hypothesis import given
from hypothesis import strategies as st

from mailtui.tui.widgets.filter_line import FilterText
from mailtui.tui.widgets.pick_table import PickTable
from mailtui.tui.widgets.rows import PAGE, PAGES_KEPT, Column, Window, widths
from tests.tui.frame import SIZE, OneScreen, addresses, lines, list_of, picks_of, shown, until

MOVES = [("j", 1), ("down", 2), ("k", 1), ("up", 0), ("up", 0), ("end", 99), ("down", 99), ("home", 0)]
MOVES += [("pagedown", 20), ("pageup", 0), ("G", 99), ("g", 0)]
"""Keys, and the row of a hundred that is marked after each."""


async def test_a_hundred_thousand_rows_are_read_by_the_window() -> None:
    source = addresses(100_000)
    page = list_of(source)
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "address-0" in shown(pilot))
        await pilot.press("G")
        await until(pilot, lambda: "address-99999" in shown(pilot))
        await pilot.press("g")
        await until(pilot, lambda: "address-0 " in shown(pilot))
        assert source.read <= PAGE * PAGES_KEPT * 2


async def test_the_keys_of_tables_move_the_marked_row() -> None:
    page = list_of(addresses(100))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        for key, expected in MOVES:
            await pilot.press(key)
            assert page.table.marked == f"address-{expected}", key
        assert page.marked[:4] == ["address-0", "address-1", "address-2", "address-1"]


async def test_a_move_of_the_cursor_repaints_two_lines() -> None:
    page = list_of(addresses(20))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        asked: list[int] = []
        refresh_line = page.table.rows.refresh_line

        def counted(y: int) -> None:
            asked.append(y)
            refresh_line(y)

        page.table.rows.refresh_line = counted  # type: ignore[method-assign]  # counts, and passes on
        await pilot.press("down")
        assert asked == [0, 1]


async def test_a_letter_and_the_rows_that_it_leaves_are_drawn_in_one_frame() -> None:
    """A message between the two would cost a frame, 16 to 33 ms, and as many bytes again."""
    page = list_of(addresses(30))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("slash")
        page.query_one(FilterText).value = "29"
        assert page.table.count == 1


async def test_the_filter_shows_only_what_matches_and_escape_shows_all() -> None:
    page = list_of(addresses(30))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("slash", "2", "9")
        await until(pilot, lambda: page.table.count == 1)
        assert "1 found" in shown(pilot)
        await pilot.press("enter")
        assert page.table.marked == "address-29"
        await pilot.press("e")
        assert page.done == ["edit address-29"]
        await pilot.press("escape")
        await until(pilot, lambda: page.table.count == 30)
        assert page.is_current
        await pilot.press("escape")
        await until(pilot, lambda: not page.is_current)


async def test_a_filter_without_a_match_says_so_and_keeps_the_keys_working() -> None:
    page = list_of(addresses(30))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("slash", "x", "y", "enter")
        await until(pilot, lambda: "matches the filter" in shown(pilot))
        assert page.table.marked is None
        await pilot.press("a")
        assert page.done == ["add"]


async def test_after_a_change_the_cursor_stays_on_its_row() -> None:
    source = addresses(200)
    page = list_of(source)
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press(*["down"] * 5)
        source.names[0:0] = ["before-1", "before-2"]
        page.table.reload()
        assert page.table.marked == "address-5"
        source.names.remove("address-5")
        page.table.reload()
        assert page.table.marked == "address-6"
        page.table.reload(mark="address-150")
        await until(pilot, lambda: "address-150" in shown(pilot))
        assert page.table.marked == "address-150"
        del source.names[3:]
        page.table.reload()
        assert page.table.marked == "address-0"


async def test_an_empty_table_says_what_to_press_and_the_key_works() -> None:
    page = list_of(addresses(0), empty="Messages go out from here.\n\n  a   Add external e-mail address")
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Add external e-mail address" in shown(pilot))
        assert page.table.marked is None
        assert "Server" not in shown(pilot)
        await pilot.press("a")
        assert page.done == ["add"]


async def test_foreign_text_in_a_cell_is_neither_markup_nor_obeyed() -> None:
    source = addresses(0)
    source.names = ["[bold]x[/bold]", "evil\x1b[2J\u202eback"]
    async with OneScreen(list_of(source)).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "[bold]x[/bold]" in shown(pilot))
        assert "evil�[2J�back" in shown(pilot)


async def test_picks_survive_a_filter() -> None:
    page = picks_of(addresses(30), picked=["address-7"])
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        table = page.table
        assert isinstance(table, PickTable)
        await until(pilot, lambda: table.count)
        assert any(line.startswith(" [x]  address-7") for line in lines(pilot))
        await pilot.press("slash", "2", "9", "enter", "space")
        await until(pilot, lambda: "[x]  address-29" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: table.count == 30)
        assert table.picked == {"address-7", "address-29"}
        await pilot.press("space")
        assert table.picked == {"address-7"}


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5), st.integers(0, 120)), min_size=1, max_size=8),
    st.integers(0, 300),
)
def test_columns_fill_the_table_and_no_more(given_columns: list[tuple[int, int, int]], total: int) -> None:
    columns = [Column("x", width=width, share=share, shows_from=start) for width, share, start in given_columns]
    found = widths(columns, total)
    assert len(found) == len(columns)
    assert all(width >= 0 for width in found)
    for column, width in zip(columns, found, strict=True):
        if column.shows_from > total:
            assert width == 0
        elif column.width:
            assert width == column.width
    shown_ones = [(c, w) for c, w in zip(columns, found, strict=True) if c.shows_from <= total]
    sharing = [w for c, w in shown_ones if not c.width]
    if any(sharing):
        taken = sum(c.width + (1 if c.width == 1 else 2) if c.width else w + 2 for c, w in shown_ones)
        assert taken == total + 2


@given(st.integers(0, 500), st.lists(st.integers(0, 499), max_size=20))
def test_a_window_gives_every_row_as_the_source_has_it(count: int, wanted: list[int]) -> None:
    source = addresses(count)
    window = Window(source)
    window.read("")
    for index in wanted:
        row = window.row(index)
        assert (row.key if row else None) == (f"address-{index}" if index < count else None)

"""What all pages share: path, keys, help, commands, questions."""

from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import work
from textual.binding import Binding, BindingType
from textual.widgets import Input

from mailtui.tui.commands import CommandsOfThePage, commands
from mailtui.tui.confirm import Confirm
from mailtui.tui.help import Help
from mailtui.tui.marks import Mark, prints_unicode_in
from mailtui.tui.page import Page
from mailtui.tui.standing import Standing
from mailtui.tui.themes import fitting
from mailtui.tui.widgets.fit import fit
from mailtui.tui.widgets.path_line import head_and_last
from mailtui.tui.widgets.store_table import StoreTable
from tests.tui.frame import COLUMNS, SIZE, ListPage, OneScreen, addresses, lines, list_of, shown, until

PATH = ("Account management", "E-mail", "Outgoing messages", "Company external e-mail addresses")


def test_a_name_as_long_as_the_line_leaves_the_head_in_sight() -> None:
    head, last = head_and_last(["Account management", "Projects", "long " * 40], 60)
    assert head == "… / Projects / "
    assert last.endswith("…")


async def test_the_path_loses_its_head_before_its_end() -> None:
    async with OneScreen(list_of(addresses(3))).run_test(size=SIZE) as pilot:
        pilot.app.standing = Standing("ana", "admin", 2)  # type: ignore[attr-defined]  # the pilot knows only App
        await until(pilot, lambda: "ana" in lines(pilot)[0])
        assert lines(pilot)[0].startswith(" … / Outgoing messages / Company external e-mail addresses ")
        assert lines(pilot)[0].endswith("ana · admin  ✉2")


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6), st.integers(1, 120))
def test_a_path_never_takes_more_than_its_width(path: list[str], width: int) -> None:
    head, last = head_and_last(path, width)
    assert cell_len(head + last) <= width


@given(st.text(max_size=60), st.integers(0, 40))
def test_fitted_text_takes_exactly_its_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


async def test_the_last_line_names_the_keys_of_the_page_first_and_always_the_help() -> None:
    async with OneScreen(list_of(addresses(3))).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Edit" in lines(pilot)[-1])
        assert lines(pilot)[-1] == " a Add  enter Edit  d Delete  / Filter  esc Back  ctrl+p Find  ? Help"
        await pilot.resize_terminal(50, 24)
        await until(pilot, lambda: lines(pilot)[-1] == " a Add  enter Edit  d Delete  / Filter  ? Help")


async def test_help_and_palette_say_what_the_footer_says() -> None:
    page = list_of(addresses(3))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Edit" in lines(pilot)[-1])
        known = commands(page)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))
        await until(pilot, lambda: "The addresses that the company writes from." in shown(pilot))
        for command in known:
            if not command.moves:
                assert f"{', '.join(command.keys)}  {command.help}" in shown(pilot)
        await pilot.press("escape", "ctrl+p")
        await until(pilot, lambda: "a: Add an external e-mail address" in shown(pilot))


async def test_a_command_of_the_palette_acts_on_the_page_below() -> None:
    page = list_of(addresses(3))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("down", "ctrl+p", *"delete")
        await until(pilot, lambda: "d: Delete the marked address" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: page.done == ["delete address-1"])


async def test_a_key_of_the_configuration_takes_the_place_of_the_usual_one_everywhere() -> None:
    page = list_of(addresses(3))
    app = OneScreen(page)
    app.set_keymap({"list.add": "n"})
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "n Add" in lines(pilot)[-1])
        await pilot.press("a", "n")
        assert page.done == ["add"]
        await pilot.press("question_mark")
        await until(pilot, lambda: "n  Add an external e-mail address" in shown(pilot))


class Asking(Page):
    """Asks before it deletes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("d", "delete", "Delete", id="asking.delete")]

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[bool] = []

    @work
    async def action_delete(self) -> None:
        loss = "Brand A loses its sender."
        question = Confirm("Delete [b]x[/b]?", consequence=loss, key="d", do="Delete", keep="Keep")
        answer: bool = await self.app.push_screen_wait(question)
        self.answers.append(answer)


async def test_a_question_says_what_follows_and_takes_its_own_keys_only() -> None:
    page = Asking()
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.is_current)
        await pilot.press("d")
        await until(pilot, lambda: "Brand A loses its sender." in shown(pilot))
        assert "Delete [b]x[/b]?" in shown(pilot)
        assert "d Delete    esc Keep" in shown(pilot)
        await pilot.press("y", "enter", "escape")
        await until(pilot, lambda: page.answers == [False])
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("d")
        await until(pilot, lambda: page.answers == [False, True])


async def test_the_keys_of_a_question_stay_in_sight_in_a_terminal_of_few_lines() -> None:
    page = list_of(addresses(1))
    async with OneScreen(page).run_test(size=(40, 12)) as pilot:
        await until(pilot, lambda: page.table.count)
        loss = "It loses this, and that, and one thing more. " * 9
        pilot.app.push_screen(Confirm("Delete it?", consequence=loss, key="d", do="Delete", keep="Keep"))
        await until(pilot, lambda: "d Delete    esc Keep" in shown(pilot))
        assert "Delete it?" in shown(pilot)


async def test_the_palette_names_each_action_once_and_not_itself() -> None:
    async with OneScreen(list_of(addresses(1))).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "a Add" in lines(pilot)[-1])
        found = [str(hit.text) async for hit in CommandsOfThePage(pilot.app.screen).discover()]
        assert len(found) == len(set(found))
        assert "Find" not in found


async def test_the_filter_comes_after_what_a_table_does_with_its_rows() -> None:
    class OfItsOwn(StoreTable):
        BINDINGS: ClassVar[list[BindingType]] = [Binding("a", "add", "Add", id="own.add")]

    page = ListPage(OfItsOwn(COLUMNS, addresses(3)))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "/ Filter" in lines(pilot)[-1])
        titles = [command.title for command in commands(page)]
        assert titles.index("Filter") > titles.index("Add")


async def test_typing_in_the_filter_is_no_command() -> None:
    page = list_of(addresses(30))
    async with OneScreen(page).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: page.table.count)
        await pilot.press("slash", "a", "d", "question_mark", "slash")
        assert page.done == []
        assert page.query_one(Input).value == "ad?/"


def test_a_mark_has_a_word_and_ascii_where_nothing_else_prints() -> None:
    assert [mark.said for mark in Mark] == ["✓ ready", "✗ failing", "? untested", "– off"]
    assert len({mark.value.ascii for mark in Mark}) == len(Mark)
    assert all(mark.value.ascii.isascii() for mark in Mark)
    assert prints_unicode_in({"LANG": "ro_RO.UTF-8"})
    assert prints_unicode_in({"LC_ALL": "", "LC_CTYPE": "de_DE.utf8", "LANG": "C"})
    assert not prints_unicode_in({"LC_CTYPE": "C.UTF-8", "LANG": "C"})  # as Python leaves it where LANG=C was set
    assert not prints_unicode_in({"LC_ALL": "C", "LANG": "ro_RO.UTF-8"})
    assert not prints_unicode_in({"LANG": "ro_RO.ISO-8859-2"})
    assert not prints_unicode_in({"LANG": "en_US.UTF-8", "TERM": "linux"})


def test_a_terminal_of_few_colours_gets_the_theme_of_sixteen() -> None:
    assert fitting("truecolor") == fitting("256") == "mailtui-dark"
    assert fitting("standard") == fitting(None) == "mailtui-16"

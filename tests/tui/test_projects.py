"""Projects, and the page of one: what is offered there in which order, why not the others, and what was sent."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.core.people import Role
from mailtui.operations.offers import explained_addresses, offered_addresses
from mailtui.operations.projects import archive_project, save_project
from mailtui.store import Store
from mailtui.store.window import Window
from mailtui.tui.screens import project as project_page
from mailtui.tui.screens.delivery import DeliveryPage
from mailtui.tui.screens.offer_rows import OfferRows
from mailtui.tui.screens.project import ProjectPage
from mailtui.tui.screens.projects import Projects
from tests.company import Company, companies
from tests.tui.frame import lines, shown
from tests.tui.pages import (
    ANA,
    BOB,
    Compare,
    as_employee,
    looks_as_before,
    on_page,
    some_deliveries,
    typed,
    until,
    words,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=companies(), admin=st.booleans(), limit=st.integers(1, 4), only_others=st.booleans())
def test_every_window_is_a_part_of_the_whole_explanation(
    tmp_path: Path, random: Company, admin: bool, limit: int, only_others: bool
) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path) as directory:
        store = Store(Path(directory) / "company.db")
        random.stored_in(store)
        role = Role.ADMIN if admin else Role.MEMBER
        ana = as_employee(store, next(e for e in random.employees if e.login == "ana"), role=role)
        whole = explained_addresses(ana, "ana", "brand-a")
        offered = () if only_others else tuple(offer.address for offer in whole.offered)
        rows = OfferRows(ana, offered_addresses(ana, "ana", "brand-a"), only_others=only_others)
        windows = [rows.window(offset, limit, "") for offset in range(0, rows.count(""), limit)]
        store.close()
    found = [row.key for window in windows for row in window]
    assert found[: len(offered)] == list(offered)
    assert sorted(found[len(offered) :]) == sorted(refusal.address for refusal in whole.refused)
    assert all(len(window) == limit for window in windows[:-1])


def page_of(store: Store, key: str) -> ProjectPage:
    project = store.projects.get(key)
    assert project is not None
    return ProjectPage(project)


def order(page: ProjectPage) -> list[str]:
    """The addresses that are marked as offered, from top to bottom."""
    screen = "".join(segment.text for strip in page._compositor.render_strips() for segment in strip)
    found = re.findall(r"[✓] (\S+@\S+) +(?:ana|bob|company)", screen)
    return [str(address) for address in found]


async def test_a_project_is_added_and_strict(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Projects) as pilot:
        await pilot.press("a")
        await typed(pilot, "brand-c")
        await pilot.press("tab")
        await typed(pilot, "Brand C")
        await pilot.press("tab", "space", "ctrl+s")
        await until(pilot, lambda: "Saved Brand C" in shown(pilot))
    project = company.projects.get("brand-c")
    assert project is not None
    assert project.strict


async def test_one_key_makes_a_project_strict_and_back(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Projects) as pilot:
        await until(pilot, lambda: "Brand A is strict" in shown(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "its own addresses are offered first" in shown(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "Brand A is strict" in shown(pilot))


async def test_a_project_is_archived_restored_and_removed_only_when_archived(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Projects) as pilot:
        assert "Delete" not in lines(pilot)[-1]
        await pilot.press("x")
        await until(pilot, lambda: "1 archived" in shown(pilot))
        await until(pilot, lambda: "Brand A is archived" in shown(pilot))
        await pilot.press("x")
        await until(pilot, lambda: "1 restored" in shown(pilot))
        await pilot.press("x", "d")
        await until(pilot, lambda: "No longer bound here: ana@corp.example, help@brand-a.example" in words(pilot))
        assert "offered nowhere until bound again: help@brand-a.example Nothing opens" in words(pilot)
        await pilot.press("d")
        await until(pilot, lambda: "1 deleted" in shown(pilot))
    address = company.addresses.get("help@brand-a.example")
    assert address is not None
    assert address.projects == frozenset()


async def test_several_projects_are_archived_at_once_and_that_is_taken_back(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Projects) as pilot:
        await pilot.press("asterisk", "x")
        await until(pilot, lambda: "2 archived · ctrl+z takes it back" in words(pilot))
        assert [row.project.archived for row in company.projects.rows(Window())] == [True] * 3
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "2 taken back" in shown(pilot))
    assert {row.project.key for row in company.projects.rows(Window()) if row.project.archived} == {"old"}


async def test_marked_projects_that_are_archived_already_are_restored(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Projects) as pilot:
        await pilot.press("G", "m")
        await until(pilot, lambda: "x Restore" in lines(pilot)[-1])
        await pilot.press("x")
        await until(pilot, lambda: "1 restored" in shown(pilot))


async def test_active_projects_are_not_deleted_and_archived_ones_not_with_them(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Projects) as pilot:
        await pilot.press("asterisk", "d")
        await until(pilot, lambda: "Delete 3 projects?" in shown(pilot))
        await pilot.press("d")
        await until(pilot, lambda: "Brand A is active: archive it first" in words(pilot))
    assert company.projects.count() == 3


async def test_a_member_opens_a_project_and_changes_none(company: Store) -> None:
    async with on_page(as_employee(company, BOB), Projects) as pilot:
        keys = lines(pilot)[-1]
        assert "Open" in keys
        assert not any(word in keys for word in ("Add", "Edit", "Strict", "Archive", "Delete"))
        await pilot.press("s", "x", "d", "a", "e", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProjectPage))
        assert "As whom" not in lines(pilot)[-1]
    project = company.projects.get("brand-a")
    assert project is not None
    assert project.strict
    assert not project.archived


async def test_addresses_stand_in_the_order_in_which_they_are_offered(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: page_of(company, "brand-b")) as pilot:
        page = pilot.app.screen
        assert isinstance(page, ProjectPage)
        assert order(page) == ["ana@corp.example", "hello@corp.example", "press@corp.example"]
        assert "first choice, bound to this project" in shown(pilot)


async def test_every_other_address_has_its_sentence(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: page_of(company, "brand-a")) as pilot:
        await pilot.press("down", "down", "down")
        await until(
            pilot,
            lambda: (
                "hello@corp.example is not offered to Ana Pop: Brand A is strict, and this address is not bound to it"
                in words(pilot)
            ),
        )


async def test_another_employee_is_offered_other_addresses(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: page_of(company, "brand-b")) as pilot:
        page = pilot.app.screen
        assert isinstance(page, ProjectPage)
        await pilot.press("w", "down", "enter")
        await until(pilot, lambda: "Offered to Bob Ionescu" in shown(pilot))
        assert order(page) == ["bob@corp.example", "hello@corp.example"]


async def test_an_archived_project_offers_nothing_and_says_so(company: Store) -> None:
    async with on_page(as_employee(company, ANA), lambda: page_of(company, "old")) as pilot:
        await until(pilot, lambda: "0 offered · 6 not · archived" in shown(pilot))
        await until(pilot, lambda: "Old brand is archived" in shown(pilot))


async def test_an_action_opens_as_a_delivery(company: Store) -> None:
    some_deliveries(company)
    async with on_page(as_employee(company, ANA), lambda: page_of(company, "brand-a")) as pilot:
        assert "full@client.example" not in shown(pilot)
        await pilot.press("tab", "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DeliveryPage))
        await until(pilot, lambda: "To gone@client.example" in shown(pilot))


async def test_what_another_process_changes_is_seen_without_a_key(
    company: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_page, "LOOK_EVERY", 0.01)
    async with on_page(as_employee(company, ANA), lambda: page_of(company, "brand-b")) as pilot:
        other = Store(company.path)
        archive_project(as_employee(other, ANA), "brand-b", archived=True)
        other.close()
        await until(pilot, lambda: "0 offered · 6 not · archived" in shown(pilot))


def test_the_projects_look_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(snap_compare, as_employee(company, ANA), Projects, seen="Brand A is strict")


def test_a_project_looks_as_before(snap_compare: Compare, company: Store) -> None:
    some_deliveries(company)
    page = lambda: page_of(company, "brand-a")  # noqa: E731 - short, and named for the line below
    keys = ("down", "down", "down")
    assert looks_as_before(snap_compare, as_employee(company, ANA), page, *keys, seen="hello@corp.example is not")


async def test_what_another_administrator_saved_first_is_shown_after_ones_own_is_given_up(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Projects) as pilot:
        await until(pilot, lambda: "Brand A" in shown(pilot))
        await pilot.press("e")
        other = Store(company.path)
        project = other.projects.get("brand-a")
        assert project is not None
        save_project(as_employee(other, ANA), project.model_copy(update={"name": "Brand Alpha"}))
        other.close()
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: "nothing was written" in words(pilot))
        await pilot.press("escape", "escape", "d")
        await until(pilot, lambda: "▌✓ Brand Alpha" in shown(pilot))


def test_the_form_of_a_project_looks_as_before(snap_compare: Compare, company: Store) -> None:
    assert looks_as_before(snap_compare, as_employee(company, ANA), Projects, "e", seen="Edit Brand A")

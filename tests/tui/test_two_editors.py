"""Two administrators in one form: the second decides field by field, and loses nothing (issue 6, section 4)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from textual.screen import Screen

from mailtui.core.people import Role
from mailtui.demo.plans import GOOD
from mailtui.demo.servers import LoopbackServers, in_thread
from mailtui.operations.addresses import draft_of, put_secret, save_address
from mailtui.operations.context import Context
from mailtui.operations.people import find_employee, save_employee, set_members
from mailtui.operations.projects import archive_project, find_project, save_project
from mailtui.store import Store
from mailtui.tui.screens.employee_form import EmployeeForm
from mailtui.tui.screens.group_form import GroupForm
from mailtui.tui.screens.project_form import ProjectForm
from mailtui.tui.screens.settle import Settle
from tests.company import names
from tests.tui.filling import SALES, a_stored_address, form, is_closed, open_form, run_the_test, says
from tests.tui.frame import shown
from tests.tui.pages import ANA, BOB, Compare, as_employee, looks_as_before, on_page, typed, until


@pytest.fixture(scope="module")
def servers() -> Iterator[LoopbackServers]:
    with in_thread((GOOD,)) as running:
        yield running


@pytest.fixture
def ana(company: Store) -> Context:
    return as_employee(company, ANA)


def bob(store: Store) -> Context:
    return as_employee(store, BOB, role=Role.ADMIN)


def bob_edits(store: Store, **fields: object) -> None:
    stored = store.addresses.get(SALES)
    assert stored is not None
    save_address(bob(store), draft_of(stored).model_copy(update=fields))


async def test_each_field_is_decided_by_itself_and_what_i_alone_changed_stays(
    ana: Context, servers: LoopbackServers
) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        await pilot.press("tab")
        await typed(pilot, "Mine")
        await pilot.press("f4", "space", "tab", "space")  # only for Brand A
        bob_edits(ana.store, name="From Bob", access=names("bob", "@press"))
        await pilot.press("ctrl+s")
        await says(pilot, "was changed by bob")
        await says(pilot, "shown name [x] Mine [ ] From Bob")
        await says(pilot, "access [ ] all [x] @press, bob")
        assert "brand-a" not in shown(pilot), "nobody else changed the projects"
        await pilot.press("enter")
        await says(pilot, "The form holds what you chose")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None
    assert (saved.name, saved.access, saved.projects) == ("Mine", names("bob", "@press"), frozenset({"brand-a"}))


async def test_all_of_mine_or_all_of_theirs_is_one_key(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        await pilot.press("tab")
        await typed(pilot, "Mine")
        bob_edits(ana.store, name="From Bob", access=names("bob"))
        await pilot.press("ctrl+s")
        await says(pilot, "access [ ] all [x] bob")
        await pilot.press("m")
        await says(pilot, "access [x] all [ ] bob")
        await pilot.press("t")
        await says(pilot, "shown name [ ] Mine [x] From Bob")
        await pilot.press("left")
        await says(pilot, "shown name [x] Mine [ ] From Bob")
        await pilot.press("down", "space", "enter", "ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None and (saved.name, saved.access) == ("Mine", None)


async def test_back_decides_nothing_and_asks_again_at_the_next_saving(ana: Context, servers: LoopbackServers) -> None:
    async with open_form(ana, a_stored_address(ana, servers["good"])) as pilot:
        await pilot.press("tab")
        await typed(pilot, "Mine")
        bob_edits(ana.store, name="From Bob")
        await pilot.press("ctrl+s")
        await says(pilot, "was changed by bob")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is form(pilot))
        assert form(pilot).account.display_name.value == "Mine"
        await pilot.press("ctrl+s")
        await says(pilot, "was changed by bob")


async def test_settings_that_became_others_must_be_tested_again(ana: Context, servers: LoopbackServers) -> None:
    good = servers["good"]
    stored = a_stored_address(ana, good)
    async with open_form(ana, stored) as pilot:
        await pilot.press("tab")
        await typed(pilot, "Mine")
        other = stored.account.model_copy(update={"username": "somebody"})
        with ana.store.transaction():
            ana.store.addresses.save(stored.model_copy(update={"account": other}))
        await pilot.press("ctrl+s")
        await says(pilot, f"user name [ ] {SALES} [x] somebody")
        await pilot.press("m", "enter")
        await says(pilot, "The form holds what you chose")
        await pilot.press("ctrl+s")
        await says(pilot, "Not saved: test the account first")
        await run_the_test(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: is_closed(pilot))
    saved = ana.store.addresses.get(SALES)
    assert saved is not None and (saved.account.username, saved.name) == (SALES, "Mine")


async def test_a_password_that_both_changed_is_decided_about_without_being_shown(
    ana: Context, servers: LoopbackServers
) -> None:
    good = servers["good"]
    stored = a_stored_address(ana, good)
    async with open_form(ana, stored) as pilot:
        password = good.password.get_secret_value()
        form(pilot).account.password.value = password
        await run_the_test(pilot)
        theirs = put_secret(ana, good.password)
        with ana.store.transaction():
            ana.store.addresses.save(stored.model_copy(update={"secret_id": theirs}))
        await pilot.press("ctrl+s")
        await says(pilot, "password [x] typed anew [ ] another one")
        assert password not in shown(pilot)
        await pilot.press("t", "enter")
        await until(pilot, lambda: form(pilot).account.password.value == "")
        assert form(pilot).draft().secret is None


async def saved_after(
    context: Context, page: Callable[[], Screen[Any]], mine: tuple[str, ...], theirs: Callable[[], object], *keys: str
) -> None:
    """Open a form, type `mine`, let somebody else save, save, and answer with `keys`."""
    async with on_page(context, page) as pilot:
        await pilot.press(*mine)
        theirs()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, Settle))
        await pilot.press(*keys)
        await says(pilot, "The form holds what you chose")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "The form holds" not in shown(pilot))


async def test_a_project_is_settled_in_the_same_way(ana: Context) -> None:
    project = find_project(ana, "brand-b")

    def theirs() -> None:
        save_project(bob(ana.store), project.model_copy(update={"name": "From Bob", "strict": True}))
        archive_project(bob(ana.store), "brand-b", archived=True)

    await saved_after(ana, lambda: ProjectForm(project), ("end", "X"), theirs, "enter")
    saved = find_project(ana, "brand-b")
    assert (saved.name, saved.strict, saved.archived) == ("Brand BX", True, True)


async def test_an_employee_is_settled_in_the_same_way(ana: Context) -> None:
    eve = find_employee(ana, "eve")

    def theirs() -> None:
        save_employee(bob(ana.store), eve.model_copy(update={"name": "Eve B", "groups": frozenset({"press"})}))

    await saved_after(
        ana, lambda: EmployeeForm(eve), ("end", "X", "tab", "e", "@", "x", ".", "r", "o"), theirs, "enter"
    )
    saved = find_employee(ana, "eve")
    assert (saved.name, saved.email, saved.groups) == ("Eve MarinX", "e@x.ro", frozenset({"press"}))


async def test_members_that_another_added_meanwhile_are_not_dropped_unasked(ana: Context) -> None:
    group = ana.store.groups.get("support")
    members = frozenset(employee.login for employee in ana.store.employees.members("support"))

    def theirs() -> None:
        set_members(bob(ana.store), "support", members | {"eve"})

    await saved_after(ana, lambda: GroupForm(group, members), ("end", "X", "tab", "space"), theirs, "t", "enter")
    assert {employee.login for employee in ana.store.employees.members("support")} == members | {"eve"}
    found = ana.store.groups.get("support")
    assert found is not None and found.name == "SupportX"


async def test_where_both_saved_the_same_nothing_is_asked(ana: Context) -> None:
    project = find_project(ana, "brand-b")
    async with on_page(ana, lambda: ProjectForm(project)) as pilot:
        await pilot.press("end", "X")
        save_project(bob(ana.store), project.model_copy(update={"name": "Brand BX"}))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Edit Brand B" not in shown(pilot))
    assert find_project(ana, "brand-b").name == "Brand BX"


def test_the_choice_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    from mailtui.core.two_editors import Difference

    different = [
        Difference(field="name", before="Sales", mine="Mine", theirs="From Bob", touched=True),
        Difference(field="projects", before="all", mine="all", theirs="brand-a, brand-b", touched=False),
    ]
    first = "address sales@demo.example was changed by bob at 2026-03-02 10:00 UTC (edit address), after you opened it"
    assert looks_as_before(
        snap_compare, ana, lambda: Settle(first, different, {"name": "shown name"}), "down", seen="brand-a"
    )

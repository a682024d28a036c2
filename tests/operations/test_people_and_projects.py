"""Employees, groups and projects: what may be changed, and what a change does to the rest."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailtui.core.errors import BadInput, Conflict, NotAllowed, NotFound
from mailtui.operations.addresses import find_address, save_address
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context, open_context
from mailtui.operations.people import (
    find_employee,
    find_group,
    remove_employee,
    remove_group,
    save_employee,
    save_group,
    save_group_and_members,
    set_members,
)
from mailtui.operations.projects import archive_project, find_project, remove_project, save_project
from tests.company import NOW, a_company, a_draft, a_group, a_project, after_a_test, an_employee, names


@pytest.fixture
def company(context: Context) -> Context:
    a_company(context)
    return context


@pytest.fixture
def second(company: Context, database: Path) -> Iterator[Context]:
    """Somebody else at work on the same company."""
    context = open_context(database, configuration=Configuration(keyring="vault"), clock=lambda: NOW)
    yield context
    context.store.close()


def add(context: Context, address: str, owner: str | None = None, **restricted: object) -> None:
    draft = a_draft(address).model_copy(update={"owner": owner, **restricted})
    save_address(context, after_a_test(context, draft))


@pytest.mark.parametrize(
    ("save", "field"),
    [
        (lambda c: save_employee(c, an_employee("e v e")), "login"),
        (lambda c: save_employee(c, an_employee("eve").model_copy(update={"name": " "})), "name"),
        (lambda c: save_employee(c, an_employee("eve").model_copy(update={"email": "eve"})), "email"),
        (lambda c: save_employee(c, an_employee("eve", groups={"nobodies"})), "groups"),
        (lambda c: save_group(c, a_group("a/b")), "key"),
        (lambda c: save_group(c, a_group("night").model_copy(update={"name": "a\x1bb"})), "name"),
        (lambda c: save_project(c, a_project("")), "key"),
        (lambda c: save_project(c, a_project("brand-c").model_copy(update={"name": ""})), "name"),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(
    company: Context, save: Callable[[Context], object], field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        save(company)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "again",
    [
        lambda c: save_employee(c, an_employee("ana")),
        lambda c: save_group(c, a_group("support")),
        lambda c: save_project(c, a_project("brand-a")),
    ],
)
def test_what_exists_already_is_not_added_again(company: Context, again: Callable[[Context], object]) -> None:
    with pytest.raises(BadInput, match="exists already"):
        again(company)


@pytest.mark.parametrize(
    "change",
    [
        lambda one, two: (find_employee(one, "ana"), save_employee),
        lambda one, two: (find_group(one, "support"), save_group),
        lambda one, two: (find_project(one, "brand-a"), save_project),
    ],
)
def test_the_second_of_two_editors_is_told_who_was_first(
    company: Context, second: Context, change: Callable[[Context, Context], tuple[object, Callable[..., object]]]
) -> None:
    opened, save = change(company, second)
    save(second, opened)
    with pytest.raises(Conflict, match=f"was changed by {second.employee.login} at"):
        save(company, opened)


@pytest.mark.parametrize(
    "remove",
    [
        lambda c: remove_employee(c, "eve"),
        lambda c: remove_group(c, "night"),
        lambda c: remove_project(c, "brand-z"),
        lambda c: archive_project(c, "brand-z", archived=True),
        lambda c: set_members(c, "night", frozenset()),
        lambda c: set_members(c, "support", frozenset({"eve"})),
    ],
)
def test_what_is_not_there_is_named(company: Context, remove: Callable[[Context], object]) -> None:
    with pytest.raises(NotFound, match="there is no"):
        remove(company)


def test_an_employee_who_comes_back_under_his_login_gets_none_of_his_old_rights(company: Context) -> None:
    add(company, "help@corp.example", access=names("bob", "@support"))
    set_members(company, "support", frozenset({"ana", "bob"}))
    remove_employee(company, "bob")
    save_employee(company, an_employee("bob"))
    assert find_employee(company, "bob").groups == frozenset()
    assert find_address(company, "help@corp.example").access == names("@support")


def test_an_access_list_whose_last_group_was_removed_lets_nobody_in(company: Context) -> None:
    add(company, "help@corp.example", access=names("@support"))
    remove_group(company, "support")
    save_group(company, a_group("support"))
    assert find_address(company, "help@corp.example").access == names()
    assert find_employee(company, "ana").groups == frozenset()


def test_members_are_exactly_those_that_were_set_and_keep_their_other_groups(company: Context) -> None:
    set_members(company, "sales", frozenset({"ana"}))
    set_members(company, "support", frozenset({"bob"}))
    assert find_employee(company, "ana").groups == {"sales"}
    assert find_employee(company, "bob").groups == {"support"}


def test_a_group_and_its_members_are_saved_both_or_neither(company: Context) -> None:
    ana = frozenset({"ana"})
    with pytest.raises(NotFound, match="eve"):
        save_group_and_members(company, "night", a_group("night"), ana | {"eve"}, seen=frozenset())
    assert company.store.groups.get("night") is None
    assert find_employee(company, "ana").groups == {"support"}

    saved = save_group_and_members(company, "night", a_group("night"), ana, seen=frozenset())
    again = save_group_and_members(company, "night", None, frozenset(), seen=ana)

    assert again == saved == find_group(company, "night")
    assert find_employee(company, "ana").groups == {"support"}


def test_an_active_project_is_archived_before_it_is_removed(company: Context) -> None:
    with pytest.raises(NotAllowed, match="archive it first"):
        remove_project(company, "brand-a")
    archive_project(company, "brand-a", archived=True)
    remove_project(company, "brand-a")


def test_archiving_keeps_the_bindings_and_removing_leaves_the_address_nowhere(company: Context) -> None:
    add(company, "help@corp.example", projects=frozenset({"brand-a"}))
    archive_project(company, "brand-a", archived=True)
    assert find_address(company, "help@corp.example").projects == frozenset({"brand-a"})
    archive_project(company, "brand-a", archived=False)
    assert find_address(company, "help@corp.example").projects == frozenset({"brand-a"})
    archive_project(company, "brand-a", archived=True)
    remove_project(company, "brand-a")
    save_project(company, a_project("brand-a"))
    assert find_address(company, "help@corp.example").projects == frozenset()

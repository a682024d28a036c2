"""The second of two who edit the same thing is told who was first, and writes nothing (decision 5)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mailtui.core.audit import Author
from mailtui.core.errors import BadInput, Conflict
from mailtui.core.frozen import Frozen
from mailtui.store import Store
from tests.company import NOW, a_group, a_project, an_address, an_employee

Save = Callable[[Frozen], Frozen]


def saver(store: Store, kind: str) -> tuple[Callable[..., Frozen], Frozen, str]:
    """How a thing of that kind is saved, a new one, and what the audit calls it."""
    match kind:
        case "employee":
            return store.employees.save, an_employee("ana"), "employee ana"
        case "group":
            return store.groups.save, a_group("support"), "group support"
        case "project":
            return store.projects.save, a_project("brand-a"), "project brand-a"
        case _:
            return store.addresses.save, an_address("help@corp.example"), "address help@corp.example"


REMOVALS: dict[str, Callable[[Store], None]] = {
    "employee": lambda store: store.employees.remove("ana"),
    "group": lambda store: store.groups.remove("support"),
    "project": lambda store: store.projects.remove("brand-a"),
    "address": lambda store: store.addresses.remove(1),
}

KINDS = pytest.mark.parametrize("kind", ["employee", "group", "project", "address"])


@KINDS
def test_the_second_of_two_editors_is_told_who_was_first_and_when(store: Store, kind: str) -> None:
    save, new, thing = saver(store, kind)
    with store.transaction():
        opened = save(new)
        save(opened.model_copy(update={"name": "First"}))
        store.audit.record(NOW, Author(login="ana", employee="bob"), f"edit {kind}", thing, None, None)
        store.audit.record(
            NOW + timedelta(hours=1), Author(login="eve", employee="eve"), "edit", f"{thing}x", None, None
        )
    with pytest.raises(Conflict) as refused, store.transaction():
        save(opened.model_copy(update={"name": "Second"}))
    assert f"{thing} was changed by ana as bob at 2026-03-02 10:00 UTC" in str(refused.value)
    assert "nothing was written" in str(refused.value)


@KINDS
def test_every_change_counts_the_version_up_by_one(store: Store, kind: str) -> None:
    save, thing, _ = saver(store, kind)
    with store.transaction():
        for version in (1, 2, 3):
            thing = save(thing)
            assert thing.model_dump()["version"] == version


@KINDS
def test_what_was_removed_meanwhile_is_not_brought_back_by_an_edit(store: Store, kind: str) -> None:
    save, new, _ = saver(store, kind)
    with store.transaction():
        opened = save(new)
        REMOVALS[kind](store)
    with pytest.raises(Conflict), store.transaction():
        save(opened)
    assert store.employees.count() + store.groups.count() + store.projects.count() + store.addresses.count() == 0


@KINDS
def test_what_exists_already_is_not_added_a_second_time(store: Store, kind: str) -> None:
    save, new, thing = saver(store, kind)
    with store.transaction():
        save(new)
    with pytest.raises(BadInput, match=f"{thing} exists already"), store.transaction():
        save(new)


def test_an_address_is_the_same_one_without_regard_to_case(store: Store) -> None:
    with store.transaction():
        store.addresses.save(an_address("Help@corp.example"))
    with pytest.raises(BadInput, match="exists already"), store.transaction():
        store.addresses.save(an_address("HELP@corp.example"))
    found = store.addresses.get("hElP@Corp.Example")
    assert found is not None and found.address == "Help@corp.example"

"""The same done to many: all or nothing, each with an audit row, and the last of it taken back (issue 6, section 3)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.core.errors import BadInput, Conflict, MailtuiError, NotAllowed, NotFound
from mailtui.core.people import Employee, Role
from mailtui.operations.addresses import find_address, switch_address
from mailtui.operations.bulk import (
    MOST,
    add_to_group,
    archive_projects,
    bind_addresses,
    change_access,
    give_access,
    remove_addresses,
    remove_employees,
    remove_from_group,
    remove_groups,
    remove_projects,
    switch_addresses,
)
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context, open_context
from mailtui.operations.identity import Actor
from mailtui.operations.people import find_employee, remove_employee, remove_group, save_group
from mailtui.operations.projects import find_project, save_project
from mailtui.operations.undo import Done, take_back
from mailtui.store import Store
from mailtui.store.window import Window
from tests.company import (
    GROUPS,
    LOCAL_PARTS,
    LOGINS,
    NOW,
    PROJECTS,
    Company,
    a_company,
    a_group,
    an_address,
    companies,
    names,
)

HELP, INFO = "help@corp.example", "info@corp.example"
BOTH = (HELP, INFO)


@pytest.fixture
def company(context: Context) -> Context:
    """Ana is in support; HELP is open to everybody and everywhere, INFO to Ana alone and for brand-a."""
    a_company(context)
    with context.store.transaction():
        context.store.addresses.save(an_address(HELP))
        context.store.addresses.save(an_address(INFO, access=names("ana"), projects={"brand-a"}))
    return context


@pytest.fixture
def second(company: Context, database: Path) -> Iterator[Context]:
    """Somebody else at work on the same company."""
    context = open_context(database, configuration=Configuration(keyring="vault"), clock=lambda: NOW)
    yield context
    context.store.close()


def audited(context: Context) -> list[str]:
    """What was done to what, the oldest first."""
    return [f"{row.action}: {row.object}" for row in reversed(context.store.audit.rows(Window()))]


def a_member(context: Context) -> Context:
    bob = find_employee(context, "bob")
    return Context(context.store, Actor(employee=bob, login="bob"), Configuration(), lambda: NOW)


ACTIONS: dict[str, Callable[[Context], Done]] = {
    "archive": lambda c: archive_projects(c, ["brand-a", "brand-b"], archived=True),
    "add to group": lambda c: add_to_group(c, ["ana", "bob"], "sales"),
    "remove from group": lambda c: remove_from_group(c, ["ana", "bob"], "support"),
    "bind": lambda c: bind_addresses(c, BOTH, "brand-b"),
    "give access": lambda c: give_access(c, BOTH, names("bob", "@support")),
    "change access": lambda c: change_access(c, names("ana"), given=[], taken=[INFO]),
    "disable": lambda c: switch_addresses(c, BOTH, enabled=False),
}
"""Every bulk action that can be taken back."""

REMOVALS: dict[str, Callable[[Context], Done]] = {
    "addresses": lambda c: remove_addresses(c, BOTH),
    "employees": lambda c: remove_employees(c, ["ana", "bob"]),
    "groups": lambda c: remove_groups(c, ["support", "sales"]),
    "projects": lambda c: remove_projects(c, ["closed"]),
}


def test_what_was_so_already_is_not_counted_and_leaves_no_trace(company: Context) -> None:
    before = audited(company)
    done = archive_projects(company, ["brand-a", "closed"], archived=True)
    assert done.count == 1
    assert audited(company)[len(before) :] == ["archive project: project brand-a"]
    assert archive_projects(company, ["brand-a"], archived=True).count == 0


def test_each_thing_has_its_own_audit_row(company: Context) -> None:
    before = audited(company)
    switch_addresses(company, BOTH, enabled=False)
    assert audited(company)[len(before) :] == [f"disable address: address {address}" for address in BOTH]


def test_binding_adds_a_project_and_what_was_for_all_is_for_that_one(company: Context) -> None:
    assert bind_addresses(company, BOTH, "brand-b").count == 2
    assert find_address(company, HELP).projects == frozenset({"brand-b"})
    assert find_address(company, INFO).projects == frozenset({"brand-a", "brand-b"})


def test_access_is_given_to_lists_and_what_is_open_to_everybody_stays_open(company: Context) -> None:
    assert give_access(company, BOTH, names("bob", "@support")).count == 1
    assert find_address(company, HELP).access is None
    assert find_address(company, INFO).access == names("ana", "bob", "@support")


def test_access_lists_are_edited_from_the_end_of_a_person_and_of_a_group(company: Context) -> None:
    change_access(company, names("@support"), given=[INFO], taken=[])
    assert find_address(company, INFO).access == names("ana", "@support")
    change_access(company, names("ana"), given=[], taken=[INFO])
    change_access(company, names("@support"), given=[], taken=[INFO])
    assert find_address(company, INFO).access == names(), "an empty list lets nobody in, and does not open"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda c: archive_projects(c, ["brand-a", "zzz"], archived=True), NotFound),
        (lambda c: add_to_group(c, ["bob", "zzz"], "sales"), NotFound),
        (lambda c: add_to_group(c, ["bob"], "zzz"), NotFound),
        (lambda c: bind_addresses(c, [HELP, "zzz@corp.example"], "brand-b"), NotFound),
        (lambda c: bind_addresses(c, BOTH, "zzz"), NotFound),
        (lambda c: give_access(c, BOTH, names("zzz")), BadInput),
        (lambda c: switch_addresses(c, [HELP, "zzz@corp.example"], enabled=False), NotFound),
        (lambda c: remove_addresses(c, [HELP, "zzz@corp.example"]), NotFound),
        (lambda c: remove_employees(c, ["ana", "zzz"]), NotFound),
        (lambda c: remove_groups(c, ["sales", "zzz"]), NotFound),
        (lambda c: remove_projects(c, ["closed", "brand-a"]), NotAllowed),
    ],
)
def test_nothing_is_done_where_one_of_them_cannot_be_done(
    company: Context, change: Callable[[Context], Done], error: type[MailtuiError]
) -> None:
    before = everything(company.store), audited(company)
    with pytest.raises(error):
        change(company)
    assert (everything(company.store), audited(company)) == before


def test_no_action_keeps_others_from_writing_for_longer_than_they_wait(company: Context) -> None:
    with pytest.raises(BadInput, match="5001 at once are too many: take at most 5000"):
        switch_addresses(company, [f"a{number}@corp.example" for number in range(MOST + 1)], enabled=False)


@pytest.mark.parametrize("change", [*ACTIONS.values(), *REMOVALS.values()], ids=[*ACTIONS, *REMOVALS])
def test_a_member_does_none_of_it(company: Context, change: Callable[[Context], Done]) -> None:
    with pytest.raises(NotAllowed, match="bob is a member"):
        change(a_member(company))


@pytest.mark.parametrize("act", ACTIONS.values(), ids=ACTIONS)
def test_the_last_action_is_taken_back_with_a_trace(company: Context, act: Callable[[Context], Done]) -> None:
    before = everything(company.store)
    done = act(company)
    assert everything(company.store) != before
    written = len(audited(company))
    assert take_back(company, done) == done.count
    assert everything(company.store) == before
    assert [row.split(":")[0] for row in audited(company)[written:]] == [f"undo {done.action}"] * done.count


@pytest.mark.parametrize("remove", REMOVALS.values(), ids=REMOVALS)
def test_a_removal_has_nothing_to_take_back(company: Context, remove: Callable[[Context], Done]) -> None:
    assert remove(company).changes == ()


def test_a_member_takes_nothing_back(company: Context) -> None:
    done = switch_addresses(company, BOTH, enabled=False)
    with pytest.raises(NotAllowed):
        take_back(a_member(company), done)


def test_nothing_is_taken_back_where_one_thing_was_changed_meanwhile(company: Context, second: Context) -> None:
    done = archive_projects(company, ["brand-a", "brand-b"], archived=True)
    changed = find_project(second, "brand-b").model_copy(update={"name": "Another"})
    save_project(second, changed)
    with pytest.raises(Conflict, match=f"project brand-b was changed by {second.employee.login}.*nothing was taken"):
        take_back(company, done)
    assert find_project(company, "brand-a").archived


def test_nothing_is_taken_back_where_one_thing_is_gone(company: Context, second: Context) -> None:
    done = switch_addresses(company, BOTH, enabled=False)
    remove_addresses(second, [INFO])
    with pytest.raises(Conflict, match=f"address {INFO} was removed meanwhile"):
        take_back(company, done)
    assert not find_address(company, HELP).enabled


def test_a_test_that_was_made_meanwhile_is_kept(company: Context) -> None:
    done = switch_addresses(company, [HELP], enabled=False)
    stored = find_address(company, HELP)
    assert stored.last_test is not None
    later = stored.last_test.model_copy(update={"ok": False, "reason": "wrong-password"})
    with company.store.transaction():
        company.store.addresses.record_test(stored, later)
    take_back(company, done)
    assert find_address(company, HELP).last_test == later


def test_a_new_employee_of_the_same_login_does_not_get_the_access_that_is_taken_back(company: Context) -> None:
    done = change_access(company, names("ana"), given=[], taken=[INFO])
    remove_employee(company, "ana")
    with pytest.raises(BadInput, match="there is no employee 'ana'"):
        take_back(company, done)
    assert find_address(company, INFO).access == names()


def test_a_group_that_was_deleted_and_made_anew_is_not_entered_by_taking_back(company: Context) -> None:
    done = add_to_group(company, ["bob"], "support")
    remove_group(company, "support")
    save_group(company, a_group("support"))
    with pytest.raises(Conflict, match="nothing was taken back"):
        take_back(company, done)
    assert find_employee(company, "bob").groups == frozenset()


def test_who_left_a_group_that_is_gone_does_not_come_back_into_it(company: Context) -> None:
    done = remove_from_group(company, ["ana"], "support")
    remove_group(company, "support")
    with pytest.raises(Conflict, match="was in support, which is gone"):
        take_back(company, done)


def test_what_belonged_to_somebody_who_was_removed_is_not_switched_on_by_taking_back(company: Context) -> None:
    with company.store.transaction():
        company.store.addresses.save(an_address("bob@corp.example", owner="bob"))
    done = switch_addresses(company, ["bob@corp.example"], enabled=False)
    remove_employee(company, "bob")
    with pytest.raises(BadInput, match="there is no employee 'bob'"):
        take_back(company, done)
    assert not find_address(company, "bob@corp.example").enabled


def test_one_address_of_a_former_employee_keeps_all_from_being_switched_on(company: Context) -> None:
    with company.store.transaction():
        company.store.addresses.save(an_address("bob@corp.example", owner="bob"))
    remove_employee(company, "bob")
    switch_address(company, HELP, enabled=False)
    with pytest.raises(NotAllowed, match=r"bob@corp\.example stays off, and so nothing was switched on"):
        switch_addresses(company, [HELP, "bob@corp.example"], enabled=True)
    assert not find_address(company, HELP).enabled


def everything(store: Store) -> dict[str, object]:
    """The whole company, without the versions."""
    things = [*store.employees.all(), *store.groups.all(), *store.projects.all(), *store.addresses.all()]
    return {
        f"{type(thing).__name__} {getattr(thing, 'login', getattr(thing, 'key', getattr(thing, 'address', '')))}":
        thing.model_dump(exclude={"version", "id"})
        for thing in things
    }  # fmt: skip


ADDRESSES = st.sets(st.sampled_from([f"{local_part}@corp.example" for local_part in LOCAL_PARTS]))
PEOPLE = st.builds(lambda chosen: names(*chosen), st.sets(st.sampled_from((*LOGINS, "@support", "@night"))))

ANY_ACTION: st.SearchStrategy[Callable[[Context], Done]] = st.one_of(
    st.builds(
        lambda keys, archived: lambda c: archive_projects(c, keys, archived=archived),
        st.sets(st.sampled_from(PROJECTS)), st.booleans(),
    ),
    st.builds(lambda who, key: lambda c: add_to_group(c, who, key), st.sets(st.sampled_from(LOGINS)),
              st.sampled_from(GROUPS)),
    st.builds(lambda who, key: lambda c: remove_from_group(c, who, key), st.sets(st.sampled_from(LOGINS)),
              st.sampled_from(GROUPS)),
    st.builds(lambda some, key: lambda c: bind_addresses(c, some, key), ADDRESSES, st.sampled_from(PROJECTS)),
    st.builds(lambda some, who: lambda c: give_access(c, some, who), ADDRESSES, PEOPLE),
    st.builds(lambda some, who: lambda c: change_access(c, who, given=[], taken=some), ADDRESSES, PEOPLE),
    st.builds(lambda some, on: lambda c: switch_addresses(c, some, enabled=on), ADDRESSES, st.booleans()),
)  # fmt: skip


@given(companies(), ANY_ACTION)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_was_done_taking_it_back_leaves_everything_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, company: Company, act: Callable[[Context], Done]
) -> None:
    directory = tmp_path_factory.mktemp("company")
    directory.chmod(0o700)
    store = Store(directory / "mailtui.db")
    company.stored_in(store)
    admin = Actor(employee=Employee(login="boss", name="Boss", role=Role.ADMIN), login="boss")
    context = Context(store, admin, Configuration(), lambda: NOW)
    before = everything(store)
    try:
        done = act(context)
    except NotFound:  # of an address that this company does not have
        assert everything(store) == before
    else:
        assert done.count == len(done.changes)
        take_back(context, done)
        assert everything(store) == before
    store.close()

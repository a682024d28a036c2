"""Taking something away never lets anybody write from an address from which he could not before."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.core.errors import MailtuiError
from mailtui.core.offers import offered
from mailtui.core.people import Employee, Role
from mailtui.operations.addresses import switch_address
from mailtui.operations.bulk import remove_addresses
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context
from mailtui.operations.identity import Actor
from mailtui.operations.people import find_group, remove_employee, remove_group, set_members
from mailtui.operations.projects import archive_project, remove_project
from mailtui.store import Store
from tests.company import GROUPS, LOCAL_PARTS, LOGINS, NOW, PROJECTS, Company, companies

ADDRESSES = tuple(f"{local_part}@corp.example" for local_part in LOCAL_PARTS)

REMOVALS = st.one_of(
    st.tuples(st.just("archive project"), st.sampled_from(PROJECTS)),
    st.tuples(st.just("remove project"), st.sampled_from(PROJECTS)),
    st.tuples(st.just("remove group"), st.sampled_from(GROUPS)),
    st.tuples(st.just("empty group"), st.sampled_from(GROUPS)),
    st.tuples(st.just("remove employee"), st.sampled_from(LOGINS)),
    st.tuples(st.just("remove address"), st.sampled_from(ADDRESSES)),
    st.tuples(st.just("disable address"), st.sampled_from(ADDRESSES)),
)


def take_away(context: Context, what: str, name: str) -> None:
    """One removal; where the thing is gone already, or may not go, nothing."""
    removals: dict[str, Callable[[], object]] = {
        "archive project": lambda: archive_project(context, name, archived=True),
        "remove project": lambda: remove_project(context, name),
        "remove group": lambda: remove_group(context, name),
        "empty group": lambda: set_members(context, find_group(context, name).key, frozenset()),
        "remove employee": lambda: remove_employee(context, name),
        "remove address": lambda: remove_addresses(context, [name]),
        "disable address": lambda: switch_address(context, name, enabled=False),
    }
    with contextlib.suppress(MailtuiError):
        removals[what]()


def offers(store: Store) -> set[tuple[str, str, str]]:
    """Who may write where from which address."""
    addresses = store.addresses.all()
    return {
        (employee.login, project.key, offer.address)
        for employee in store.employees.all()
        for project in store.projects.all()
        for offer in offered(employee, project, addresses)
    }


@given(companies(), st.lists(REMOVALS, min_size=1, max_size=6))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_offered_never_grows_by_a_removal(
    tmp_path_factory: pytest.TempPathFactory, company: Company, removals: list[tuple[str, str]]
) -> None:
    directory = tmp_path_factory.mktemp("company")
    directory.chmod(0o700)
    store = Store(directory / "mailtui.db")
    company.stored_in(store)
    admin = Actor(employee=Employee(login="boss", name="Boss", role=Role.ADMIN), login="boss")
    context = Context(store, admin, Configuration(), lambda: NOW)
    before = offers(store)
    for removal in removals:
        take_away(context, *removal)
        after = offers(store)
        assert after <= before, removal
        before = after
    store.close()

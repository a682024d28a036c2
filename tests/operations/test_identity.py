"""Who asks, and as whom (decision 10)."""

import os
import pwd
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailtui.core.errors import NotAllowed, NotFound
from mailtui.core.people import Role
from mailtui.operations.addresses import find_address
from mailtui.operations.context import Context, open_context
from mailtui.operations.export_company import export_company
from mailtui.operations.identity import identify
from mailtui.operations.import_company import import_company
from mailtui.operations.offers import explained_addresses, offered_addresses
from mailtui.operations.overview import overview
from mailtui.operations.people import find_employee, save_employee
from mailtui.store import Store
from tests.company import NOW, a_company, a_project, an_address, an_employee, names
from tests.store.processes import bare_python, outcome
from tests.store.test_transactions import a_delivery


@pytest.fixture
def company(context: Context) -> Context:
    a_company(context)
    with context.store.transaction():
        for address in (
            an_address("help@corp.example"),
            an_address("ana@corp.example", owner="ana"),
            an_address("bob@corp.example", owner="bob"),
            an_address("nobody@corp.example", access=names()),
        ):
            context.store.addresses.save(address)
    return context


@pytest.fixture
def as_ana(company: Context, database: Path) -> Iterator[Context]:
    context = open_context(database, act_as="ana", clock=lambda: NOW)
    yield context
    context.store.close()


def test_who_installs_mailtui_is_its_first_admin(context: Context) -> None:
    assert context.actor.is_admin
    assert context.actor.by == context.employee.login == pwd.getpwuid(os.getuid()).pw_name
    assert [employee.role for employee in context.store.employees.all()] == [Role.ADMIN]


def test_whatever_the_system_calls_its_first_admin_can_be_exported_and_imported(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = pwd.struct_passwd(
        ("CORP\\ana", "x", os.getuid(), 0, "Ana \x1b[31m\u202e" + "a" * 300 + ",,", "/", "/bin/sh")
    )
    monkeypatch.setattr(pwd, "getpwuid", lambda _: entry)
    context = open_context(database, clock=lambda: NOW)
    [admin] = context.store.employees.all()
    assert admin.login == "CORP\\ana"
    assert "\x1b" not in admin.name
    assert import_company(context, export_company(context)).unchanged.employees == 1
    context.store.close()


INSTALLING = """
from pathlib import Path
from mailtui.operations.context import open_context
context = open_context(Path({database!r}))
print(context.store.meta.get("installation"))
"""


def test_several_first_starts_at_once_install_once(database: Path) -> None:
    processes = [bare_python(INSTALLING.format(database=str(database))) for _ in range(4)]
    assert len({outcome(process) for process in processes}) == 1
    store = Store(database)
    assert (store.employees.count(), store.audit.count()) == (1, 1)
    store.close()


def test_the_owner_of_the_file_is_an_admin_even_where_the_list_says_otherwise(context: Context) -> None:
    own = context.employee.login
    save_employee(context, find_employee(context, own).model_copy(update={"role": Role.MEMBER}))
    assert identify(context.store, own).is_admin
    assert identify(context.store, "somebody-unlisted").is_admin


def test_whoever_is_neither_listed_nor_the_owner_is_not_let_in(
    company: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12_345)
    with pytest.raises(NotAllowed, match="eve is not an employee here"):
        identify(company.store, "eve")
    assert not identify(company.store, "ana").is_admin


def test_only_an_admin_acts_as_another(company: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12_345)
    with pytest.raises(NotAllowed, match="ana is not an admin and cannot act as bob"):
        identify(company.store, "ana", "bob")
    save_employee(company, an_employee("boss", role=Role.ADMIN))
    acting = identify(company.store, "boss", "ana")
    assert (acting.by, acting.is_admin) == ("boss as ana", False)


def test_one_cannot_act_as_somebody_who_is_not_there(company: Context) -> None:
    with pytest.raises(NotFound, match="'eve' to act as"):
        identify(company.store, company.employee.login, "eve")


def test_a_member_sees_company_addresses_and_his_own(as_ana: Context) -> None:
    assert find_address(as_ana, "Ana@corp.example").owner == "ana"
    assert find_address(as_ana, "nobody@corp.example")
    with pytest.raises(NotFound, match="no external address bob@"):
        find_address(as_ana, "bob@corp.example")


def test_a_member_is_told_why_not_about_addresses_that_he_may_see_alone(as_ana: Context) -> None:
    choice = explained_addresses(as_ana, "ana", "brand-a")
    assert [offer.address for offer in choice.offered] == ["ana@corp.example", "help@corp.example"]
    assert [(refusal.address, refusal.rule) for refusal in choice.refused] == [("nobody@corp.example", 4)]


def test_an_admin_is_told_about_every_address(company: Context) -> None:
    choice = explained_addresses(company, "ana", "brand-a")
    seen = {*(offer.address for offer in choice.offered), *(refusal.address for refusal in choice.refused)}
    assert seen == {address.address for address in company.store.addresses.all()}
    alone = explained_addresses(company, "ana", "brand-a", "bob@corp.example")
    assert [(refusal.address, refusal.rule) for refusal in alone.refused] == [("bob@corp.example", 3)]


@pytest.mark.parametrize("ask", [offered_addresses, explained_addresses])
def test_what_is_not_there_is_named(company: Context, ask: Callable[[Context, str, str], object]) -> None:
    with pytest.raises(NotFound, match="'eve'"):
        ask(company, "eve", "brand-a")
    with pytest.raises(NotFound, match="'brand-z'"):
        ask(company, "ana", "brand-z")


def test_a_members_figures_are_about_his_own_things(company: Context, as_ana: Context) -> None:
    from mailtui.core.deliveries import Attempt, DeliveryState

    with company.store.transaction():
        company.store.projects.save(a_project("brand-c", strict=True))
        for number, by in enumerate(("ana", "bob", "bob")):
            delivery = a_delivery(f"<{number}@corp.example>").model_copy(update={"by": by})
            accepted = company.store.deliveries.accept(delivery, b"")
            failed = accepted.model_copy(update={"state": DeliveryState.FAILED})
            company.store.deliveries.record(failed, Attempt(at=NOW, ok=False))
            company.store.deliveries.accept(delivery.model_copy(update={"message_id": f"<w{number}@x>"}), b"")
    mine, all_of_it = overview(as_ana), overview(company)
    assert (mine.employee_addresses, mine.deliveries_waiting, mine.deliveries_failed_today) == (1, 1, 1)
    assert (all_of_it.employee_addresses, all_of_it.deliveries_waiting, all_of_it.deliveries_failed_today) == (2, 3, 3)
    assert mine.company_addresses == all_of_it.company_addresses == 2
    assert all_of_it.strict_projects == 2

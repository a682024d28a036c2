"""Every order of a table: the same rows as a sorted list, read by an index (issue 6, section 3)."""

from collections.abc import Callable

import pytest

from mailtui.store import Store
from mailtui.store.addresses import Owner
from mailtui.store.window import Window
from tests.company import a_group, a_project, an_account, an_address, an_employee, names


@pytest.fixture
def company(store: Store) -> Store:
    with store.transaction():
        for number in range(12):
            login = f"u{number * 7 % 12:02}"
            group = a_group(f"g{login}").model_copy(update={"name": f"Group {number % 5}"})
            store.groups.save(group)
            store.employees.save(an_employee(login).model_copy(update={"email": f"{number % 4}@corp.example"}))
            store.projects.save(a_project(f"p{number * 5 % 12:02}", archived=number % 3 == 0))
            store.addresses.save(
                an_address(
                    f"a{number * 11 % 12:02}@corp.example",
                    account=an_account(f"smtp{number % 3}.example"),
                    tested="failed" if number % 4 == 0 else "passed",
                    enabled=number % 5 != 0,
                )
            )
    return store


ORDERS: dict[str, Callable[[Store, Window], list[str]]] = {
    "employees login": lambda s, w: [row.employee.login for row in s.employees.rows(w)],
    "employees email": lambda s, w: [f"{r.employee.email} {r.employee.login}" for r in s.employees.rows(w)],
    "employees role": lambda s, w: [f"{r.employee.role} {r.employee.name}" for r in s.employees.rows(w)],
    "groups key": lambda s, w: [row.group.key for row in s.groups.rows(w)],
    "groups name": lambda s, w: [f"{r.group.name} {r.group.key}" for r in s.groups.rows(w)],
    "projects key": lambda s, w: [row.project.key for row in s.projects.rows(w)],
    "projects state": lambda s, w: [f"{r.project.archived:d} {r.project.name}" for r in s.projects.rows(w)],
    "addresses address": lambda s, w: [a.address for a in s.addresses.rows(w, Owner.COMPANY)],
    "addresses server": lambda s, w: [f"{a.account.host} {a.address}" for a in s.addresses.rows(w, Owner.COMPANY)],
    "addresses state": lambda s, w: [
        f"{not a.enabled:d} {a.state} {a.address}" for a in s.addresses.rows(w, Owner.COMPANY)
    ],
}
"""What is read of each table in an order: words that are in the order of their letters."""


@pytest.mark.parametrize("name", ORDERS)
def test_rows_stand_in_the_order_that_is_asked_for_and_in_its_reverse(company: Store, name: str) -> None:
    read, order = ORDERS[name], name.split()[1]
    whole = read(company, Window(order=order))
    assert len(whole) == 12
    assert whole == sorted(whole)
    assert read(company, Window(order=f"-{order}")) == whole[::-1]
    windows = [read(company, Window(offset=offset, limit=5, order=order)) for offset in (0, 5, 10)]
    assert [row for window in windows for row in window] == whole


@pytest.mark.parametrize(
    ("table", "where", "columns"),
    [
        ("employees e", "1", "e.role, e.name COLLATE NOCASE, e.login"),
        ("employees e", "1", "e.email, e.login"),
        ("projects p", "1", "p.archived, p.name COLLATE NOCASE, p.key"),
        ("addresses a", "a.owner IS NULL AND a.restricted = 1", "a.address_key"),
        ("addresses a", "a.owner IS NULL", "a.host, a.address_key"),
        ("addresses a", "a.owner IS NULL", "a.tested_at, a.address_key"),
        ("addresses a", "a.owner IS NULL", "a.enabled DESC, a.state, a.address_key"),
        ("addresses a", "a.owner IS NULL", "a.enabled, a.state DESC, a.address_key DESC"),
    ],
)
def test_no_order_sorts_what_an_index_holds_in_order(company: Store, table: str, where: str, columns: str) -> None:
    sql = f"EXPLAIN QUERY PLAN SELECT rowid FROM {table} WHERE {where} ORDER BY {columns} LIMIT 64"  # noqa: S608 - ours
    plan = " ".join(row[3] for row in company._db.conn.execute(sql))
    assert "TEMP B-TREE" not in plan, plan


def test_the_keys_of_all_that_match_are_read_without_their_rows(company: Store) -> None:
    assert sorted(company.employees.keys("u0")) == [f"u{number:02}" for number in range(10)]
    assert sorted(company.projects.keys()) == [f"p{number:02}" for number in range(12)]
    assert company.groups.keys("nothing") == []
    assert sorted(company.addresses.keys("smtp1", Owner.COMPANY)) == sorted(
        a.address for a in company.addresses.all() if a.account.host == "smtp1.example"
    )


def test_what_somebody_may_use_and_what_is_closed_to_him_are_all_of_the_companys_addresses(company: Store) -> None:
    with company.transaction():
        company.employees.save(an_employee("ana", groups={"gu01"}))
        company.addresses.save(an_address("own@corp.example", owner="ana"))
        company.addresses.save(an_address("named@corp.example", access=names("ana")))
        company.addresses.save(an_address("grouped@corp.example", access=names("@gu01", "@gu02")))
        company.addresses.save(an_address("closed@corp.example", access=names("u01", "@gu02")))
        company.addresses.save(an_address("nobodys@corp.example", access=names()))
    ana = company.employees.get("ana")
    assert ana is not None
    usable = [a.address for a in company.addresses.usable(ana, Window())]
    closed = [a.address for a in company.addresses.closed_to(ana, Window())]
    assert closed == ["closed@corp.example", "nobodys@corp.example"]
    assert {"named@corp.example", "grouped@corp.example"} < set(usable)
    assert "own@corp.example" not in usable
    assert len(usable) + len(closed) == company.addresses.count(whose=Owner.COMPANY)
    assert company.addresses.count_usable(ana) == len(usable)
    assert company.addresses.count_closed_to(ana, "nobodys") == 1

"""The store finds every address that may be offered, at a cost that follows the offer and not the company's size."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from mailtui.core.offers import offered
from mailtui.store import Store
from mailtui.store.addresses import CANDIDATES
from tests.company import Company, a_group, a_project, an_address, an_employee, companies, names

ANA = an_employee("ana", groups={"support"})
BRAND_A = a_project("brand-a")

LIKENESS = 4
"""How many times longer a question may take in a company that is a thousand times larger; a scan takes some 500."""


@given(companies())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_what_the_store_finds_is_offered_like_everything_that_there_is(
    tmp_path_factory: pytest.TempPathFactory, company: Company
) -> None:
    directory = tmp_path_factory.mktemp("company")
    directory.chmod(0o700)
    store = Store(directory / "mailtui.db")
    company.stored_in(store)
    for employee in company.employees:
        for project in company.projects:
            found = store.addresses.candidates(employee, project)
            assert offered(employee, project, found) == offered(employee, project, company.addresses)
    store.close()


def a_company_beside(addresses: int) -> Company:
    """Three addresses that Ana is offered, and so many of another project, of others, restricted or switched off."""
    others = []
    for number in range(addresses // 5):
        others += [
            an_address(f"p{number}@other.example", projects={"brand-b"}),
            an_address(f"r{number}@other.example", access=names("@night")),
            an_address(f"o{number}@other.example", owner="bob"),
            an_address(f"d{number}@other.example", enabled=False),
            an_address(f"g{number}@other.example", access=names("@support"), projects={"brand-b"}),
        ]
    return Company(
        groups=(a_group("support"), a_group("night")),
        employees=(ANA, an_employee("bob", groups={"night"})),
        projects=(BRAND_A, a_project("brand-b")),
        addresses=(
            an_address("help@brand-a.example", projects={"brand-a"}),
            an_address("info@corp.example"),
            an_address("team@corp.example", access=names("@support")),
            *others,
        ),
    )


def seconds_to_ask(store: Store) -> float:
    """The least of several, since the machine may be busy with other things."""
    spans = []
    for _ in range(30):
        began = time.perf_counter()
        found = store.addresses.candidates(ANA, BRAND_A)
        spans.append(time.perf_counter() - began)
        assert len(offered(ANA, BRAND_A, found)) == 3
    return min(spans)


def test_a_company_of_20_000_other_addresses_answers_as_fast_as_one_of_20(tmp_path: Path) -> None:
    seconds = {}
    for addresses in (20, 20_000):
        directory = tmp_path / str(addresses)
        store = Store(directory / "mailtui.db")
        a_company_beside(addresses).stored_in(store)
        seconds[addresses] = seconds_to_ask(store)
        store.close()
    assert seconds[20_000] < LIKENESS * seconds[20]


def test_no_table_of_addresses_is_read_from_end_to_end(store: Store) -> None:
    a_company_beside(20).stored_in(store)
    question = f"EXPLAIN QUERY PLAN SELECT * FROM addresses a WHERE {CANDIDATES} ORDER BY a.address_key"  # noqa: S608 - our own words
    plan = store._db.execute(question, {"login": "ana", "project": "brand-a", "strict": False}).fetchall()
    scans = [row[3] for row in plan if row[3].startswith("SCAN") and "CONSTANT" not in row[3]]
    assert scans == []

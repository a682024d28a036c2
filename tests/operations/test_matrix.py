"""The offer matrix, and who could write as a brand: the core's rule, cell by cell (issue 6, section 3)."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from mailtui.core.errors import BadInput, NotAllowed, NotFound
from mailtui.core.matrix import Place
from mailtui.core.offers import offered, why_not
from mailtui.core.people import Role
from mailtui.operations import matrix_lines
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context
from mailtui.operations.identity import Actor
from mailtui.operations.matrix import OfferMatrix, Part, subject_of
from mailtui.operations.who_writes import WhoWrites
from mailtui.store import Store
from tests.company import NOW, Company, a_group, a_project, an_address, an_employee, companies, names

SLOW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)


def admin(store: Store) -> Context:
    actor = Actor(employee=an_employee("admin", role=Role.ADMIN), login="admin")
    return Context(store, actor, Configuration(keyring="vault"), lambda: NOW)


def stored(company: Company, directory: Path) -> Store:
    """The company in a database of its own; each example gets one."""
    place = directory / "company"
    place.mkdir(mode=0o700, exist_ok=True)
    for file in place.iterdir():
        file.unlink()
    store = Store(place / "mailtui.db")
    company.stored_in(store)
    return store


@SLOW
@given(company=companies())
def test_every_cell_of_an_employee_is_the_answer_of_the_rule(company: Company, tmp_path: Path) -> None:
    store = stored(company, tmp_path)
    for employee in company.employees:
        matrix = OfferMatrix(admin(store), subject_of(admin(store), employee=employee.login), everything=True)
        for project, cells in matrix.rows(Part()):
            assert len(cells) == len(company.addresses)
            offers = offered(employee, project, company.addresses)
            for address in company.addresses:
                [cell] = [cell for cell in cells if cell.address == address.address]
                refusal = why_not(employee, project, address)
                assert (cell.rule, cell.why) == ((refusal.rule, refusal.why) if refusal else (0, ""))
                assert (cell.place is Place.REFUSED) is (refusal is not None)
                is_default = bool(offers) and offers[0].address == cell.address
                assert (cell.place is Place.DEFAULT) is is_default
    store.close()


@SLOW
@given(company=companies())
def test_every_cell_of_a_group_counts_the_answers_of_the_rule(company: Company, tmp_path: Path) -> None:
    store = stored(company, tmp_path)
    for group in company.groups:
        members = [employee for employee in company.employees if group.key in employee.groups]
        matrix = OfferMatrix(admin(store), subject_of(admin(store), group=group.key), everything=True)
        for project, cells in matrix.rows(Part()):
            for address in company.addresses:
                [cell] = [cell for cell in cells if cell.address == address.address]
                may = [member for member in members if why_not(member, project, address) is None]
                assert (cell.offered, cell.of) == (len(may), len(members))
                expected = Place.REFUSED if not may else Place.OFFERED if len(may) == len(members) else Place.SOME
                assert cell.place is expected
    store.close()


@SLOW
@given(company=companies())
def test_no_column_is_left_out_that_is_offered_somewhere(company: Company, tmp_path: Path) -> None:
    store = stored(company, tmp_path)
    for employee in company.employees:
        shown = {a.address for a in OfferMatrix(admin(store), subject_of(admin(store), employee=employee.login))
                 .addresses(0, -1)}  # fmt: skip
        for project in company.projects:
            assert {offer.address for offer in offered(employee, project, company.addresses)} <= shown
    store.close()


@SLOW
@given(company=companies())
def test_who_could_write_is_everybody_whom_the_rule_offers_something(company: Company, tmp_path: Path) -> None:
    store = stored(company, tmp_path)
    for project in company.projects:
        answer = WhoWrites(admin(store), project=project.key)
        writers = {w.employee.login: {address for address, _ in w.through} for w in answer.every_writer()}
        expected = {
            employee.login: {offer.address for offer in offered(employee, project, company.addresses)}
            for employee in company.employees
        }
        assert writers == {login: addresses for login, addresses in expected.items() if addresses}
        assert answer.count_writers() == len(writers)
        assert all(access for w in answer.every_writer() for _, access in w.through)
        senders = {s.address.address: s.employees for s in answer.senders(0, -1)}
        for address in company.addresses:
            may = sum(why_not(employee, project, address) is None for employee in company.employees)
            assert senders.get(address.address, 0) == may
    store.close()


@SLOW
@given(company=companies())
def test_who_could_write_as_an_address_and_where(company: Company, tmp_path: Path) -> None:
    store = stored(company, tmp_path)
    for address in company.addresses:
        answer = WhoWrites(admin(store), address=address.address)
        may = {(employee.login, project.key) for employee in company.employees for project in company.projects
               if why_not(employee, project, address) is None}  # fmt: skip
        places = {project.key for project in answer.places()}
        writers = {writer.employee.login for writer in answer.every_writer()}
        assert {(login, key) for login in writers for key in places} == may
    store.close()


@pytest.fixture
def brands(store: Store) -> Store:
    Company(
        groups=(a_group("support"),),
        employees=(an_employee("ana", groups=["support"]), an_employee("bob", groups=["support"]), an_employee("eve")),
        projects=(a_project("brand-a"), a_project("brand-b", strict=True)),
        addresses=(
            an_address("help@corp.example", access=names("@support", "eve")),
            an_address("bob@corp.example", owner="bob"),
            an_address("old@corp.example", enabled=False),
        ),
    ).stored_in(store)
    return store


def test_a_column_stands_for_what_can_be_offered_somewhere_unless_all_are_wanted(brands: Store) -> None:
    ana = subject_of(admin(brands), employee="ana")
    assert [a.address for a in OfferMatrix(admin(brands), ana).addresses(0, -1)] == ["help@corp.example"]
    every = OfferMatrix(admin(brands), ana, everything=True)
    assert every.count_addresses() == 3 and every.count_addresses("old") == 1
    assert [a.address for a in every.addresses(1, 1)] == ["help@corp.example"]


def test_a_group_is_offered_something_as_a_whole_in_part_or_not(brands: Store) -> None:
    matrix = OfferMatrix(admin(brands), subject_of(admin(brands), group="support"), everything=True)
    [(_, in_a), (_, in_b)] = matrix.rows(Part())
    assert [(cell.place, cell.offered, cell.of) for cell in in_a] == [
        (Place.SOME, 1, 2), (Place.OFFERED, 2, 2), (Place.REFUSED, 0, 2),
    ]  # fmt: skip
    assert in_a[0].why == "it belongs to bob, not to ana"
    assert {cell.place for cell in in_b} == {Place.REFUSED}
    assert [project.key for project, _ in matrix.rows(Part(projects=("brand-b",)))] == ["brand-b"]


def test_the_access_by_which_somebody_writes_is_named(brands: Store) -> None:
    writers = {w.employee.login: w for w in WhoWrites(admin(brands), project="brand-a").every_writer()}
    said = {login: [(a, way.way, way.name) for a, by in w.through for way in by] for login, w in writers.items()}
    assert said["bob"] == [("bob@corp.example", "own", "bob"), ("help@corp.example", "group", "support")]
    assert said["eve"] == [("help@corp.example", "list", "eve")]
    assert WhoWrites(admin(brands), project="brand-b").count_writers() == 0


def test_a_member_looks_at_his_own_matrix_alone(brands: Store) -> None:
    ana = Context(brands, Actor(employee=an_employee("ana", groups=["support"]), login="ana"), Configuration())
    every = OfferMatrix(ana, subject_of(ana), everything=True)
    assert [a.address for a in every.addresses(0, -1)] == ["help@corp.example", "old@corp.example"]
    for asked in ({"employee": "bob"}, {"group": "support"}):
        with pytest.raises(NotAllowed, match="what others are offered"):
            subject_of(ana, **asked)
    with pytest.raises(NotAllowed, match="who could write"):
        WhoWrites(ana, project="brand-a")


def test_what_is_not_there_is_said(brands: Store) -> None:
    with pytest.raises(NotFound, match="no group 'x'"):
        subject_of(admin(brands), group="x")
    with pytest.raises(NotFound, match="no project 'x'"):
        OfferMatrix(admin(brands), subject_of(admin(brands), employee="ana")).rows(Part(projects=("x",)))
    with pytest.raises(NotFound, match="no project 'x'"):
        WhoWrites(admin(brands), project="x")


def test_a_table_that_no_spreadsheet_takes_is_refused_before_it_is_made(
    brands: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = OfferMatrix(admin(brands), subject_of(admin(brands), employee="bob"), everything=True)
    monkeypatch.setattr(matrix_lines, "MOST_COLUMNS", 2)
    with pytest.raises(BadInput, match="3 addresses has more columns than a spreadsheet takes"):
        matrix_lines.matrix_csv(matrix, Part())
    assert next(matrix_lines.matrix_csv(matrix, Part(addresses_matching="bob"))) == "project,name,bob@corp.example\n"

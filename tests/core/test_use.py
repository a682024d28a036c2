"""What somebody may use at all is what some project can offer him (rules 1, 3, 4 and 5)."""

from hypothesis import given

from mailtui.core.offers import offered
from mailtui.core.projects import Project
from mailtui.core.removals import can_send, without_employees, without_groups, without_projects
from mailtui.core.use import by_what, why_nowhere
from tests.company import LOGINS, PROJECTS, Company, an_address, an_employee, companies, names

OPEN_PROJECTS = tuple(Project(key=key, name=key) for key in (*PROJECTS, "another"))


@given(companies())
def test_an_address_is_nowhere_exactly_where_no_open_project_offers_it(company: Company) -> None:
    for employee in company.employees:
        somewhere = {
            offer.address for project in OPEN_PROJECTS for offer in offered(employee, project, company.addresses)
        }
        for address in company.addresses:
            assert (why_nowhere(employee, address) is None) == (address.address in somewhere)


@given(companies())
def test_by_what_somebody_may_use_it_is_said_unless_rules_3_or_4_refuse(company: Company) -> None:
    for employee in company.employees:
        for address in company.addresses:
            refused = why_nowhere(employee, address)
            if by_what(employee, address, str) is None:
                assert refused is not None
            elif refused is not None:
                assert refused.rule in (1, 4, 5), "an own address may have a list too"


def test_the_way_in_is_named() -> None:
    ana = an_employee("ana", groups={"support", "night"})
    ways = {
        "his own": an_address("a@corp.example", owner="ana"),
        "everybody": an_address("b@corp.example"),
        "by name": an_address("c@corp.example", access=names("ana", "@support")),
        "through NIGHT": an_address("d@corp.example", access=names("bob", "@support", "@night")),
        None: an_address("e@corp.example", access=names("bob", "@sales")),
    }
    assert {by_what(ana, address, str.upper): address for address in ways.values()} == ways


@given(companies())
def test_whoever_and_whatever_goes_no_address_opens_by_it(company: Company) -> None:
    gone = frozenset(LOGINS[:1])
    left = [employee for employee in company.employees if employee.login not in gone]
    for after in (
        [without_employees(address, gone) for address in company.addresses],
        [without_groups(address, frozenset({"support"})) for address in company.addresses],
        [without_projects(address, frozenset(PROJECTS[:1])) for address in company.addresses],
    ):
        for employee in left:
            for project in OPEN_PROJECTS:
                before = {offer.address for offer in offered(employee, project, company.addresses)}
                assert {offer.address for offer in offered(employee, project, after)} <= before


def test_an_address_that_is_off_or_nobodys_sends_nothing() -> None:
    assert can_send(an_address("a@corp.example"))
    assert can_send(an_address("a@corp.example", access=names("ana")))
    assert not can_send(an_address("a@corp.example", access=names()))
    assert not can_send(an_address("a@corp.example", enabled=False))

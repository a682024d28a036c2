"""The rule of the product against a plain oracle, and each of its conditions by name."""

import unicodedata

import pytest
from hypothesis import given

from mailtui.core.addresses import ExternalAddress
from mailtui.core.offers import offered, why_not
from mailtui.core.people import Employee
from mailtui.core.projects import Project
from tests.company import Company, a_project, an_address, an_employee, companies, names


def first_broken_rule(employee: Employee, project: Project, address: ExternalAddress) -> int | None:
    """The six rules, written down from the specification without a look at the program."""
    bound_here = address.projects is not None and project.key in address.projects
    test, access = address.last_test, address.access
    holds = {
        1: address.enabled and test is not None and test.ok and test.fingerprint == address.fingerprint,
        2: not project.archived,
        3: address.owner is None or address.owner == employee.login,
        4: access is None or employee.login in access.employees or bool(access.groups & employee.groups),
        5: address.projects is None or bound_here,
        6: not project.strict or bound_here,
    }
    return next((rule for rule in sorted(holds) if not holds[rule]), None)


def order(employee: Employee, project: Project, address: ExternalAddress) -> tuple[int, int, str]:
    own = address.owner == employee.login
    bound_here = address.projects is not None and project.key in address.projects
    return (0 if own else 1, 0 if bound_here else 1, address.address.lower())


@given(companies())
def test_the_offer_is_what_a_plain_reading_of_the_rule_gives(company: Company) -> None:
    for employee in company.employees:
        for project in company.projects:
            fitting = [a for a in company.addresses if first_broken_rule(employee, project, a) is None]
            expected = sorted(fitting, key=lambda a: order(employee, project, a))
            answer = offered(employee, project, company.addresses)
            assert [offer.address for offer in answer] == [a.address for a in expected]


@given(companies())
def test_the_reason_given_is_the_first_rule_that_does_not_hold(company: Company) -> None:
    for employee in company.employees:
        for project in company.projects:
            for address in company.addresses:
                refusal = why_not(employee, project, address)
                assert (refusal.rule if refusal else None) == first_broken_rule(employee, project, address)


@given(companies())
def test_the_order_of_the_offer_does_not_depend_on_the_order_of_storing(company: Company) -> None:
    backwards = tuple(reversed(company.addresses))
    for employee in company.employees:
        for project in company.projects:
            assert offered(employee, project, backwards) == offered(employee, project, company.addresses)


@given(companies())
def test_exactly_the_first_offer_is_the_default(company: Company) -> None:
    for employee in company.employees:
        for project in company.projects:
            defaults = [offer.default for offer in offered(employee, project, company.addresses)]
            assert defaults == [True, *[False] * (len(defaults) - 1)][: len(defaults)]


@given(companies())
def test_every_refusal_is_one_sentence_that_a_terminal_can_show(company: Company) -> None:
    for employee in company.employees:
        for project in company.projects:
            for address in company.addresses:
                refusal = why_not(employee, project, address)
                if refusal is not None:
                    assert refusal.address == address.address
                    assert refusal.why.strip() == refusal.why != ""
                    assert not any(unicodedata.category(character).startswith("C") for character in refusal.why)


ANA = an_employee("ana", groups={"support"})
BOB = an_employee("bob")
BRAND_A = a_project("brand-a")
BRAND_B = a_project("brand-b")
STRICT = a_project("strict", strict=True)
CLOSED = a_project("closed", archived=True)


def is_offered(employee: Employee, project: Project, address: ExternalAddress) -> bool:
    return bool(offered(employee, project, [address]))


def refused_by(employee: Employee, project: Project, address: ExternalAddress) -> int | None:
    refusal = why_not(employee, project, address)
    return refusal.rule if refusal else None


def test_an_address_bound_to_a_project_is_not_offered_in_another() -> None:
    address = an_address("help@brand-a.example", projects={"brand-a"})
    assert is_offered(ANA, BRAND_A, address)
    assert refused_by(ANA, BRAND_B, address) == 5


def test_an_address_whose_last_project_is_gone_is_offered_nowhere() -> None:
    left_behind = an_address("help@brand-a.example", projects=())
    assert refused_by(ANA, BRAND_A, left_behind) == 5
    assert refused_by(ANA, STRICT, left_behind) == 5


def test_an_empty_access_list_lets_nobody_in_not_even_the_owner() -> None:
    assert refused_by(ANA, BRAND_A, an_address("help@corp.example", access=names())) == 4
    assert refused_by(ANA, BRAND_A, an_address("ana@corp.example", owner="ana", access=names())) == 4


def test_a_group_on_the_access_list_lets_its_members_in_and_nobody_else() -> None:
    address = an_address("help@corp.example", access=names("@support"))
    assert is_offered(ANA, BRAND_A, address)
    assert refused_by(BOB, BRAND_A, address) == 4


def test_a_group_named_like_an_employee_does_not_let_that_employee_in() -> None:
    assert refused_by(BOB, BRAND_A, an_address("help@corp.example", access=names("@bob"))) == 4


def test_an_employees_address_without_an_access_list_is_offered_to_him_and_to_nobody_else() -> None:
    address = an_address("ana@corp.example", owner="ana")
    assert is_offered(ANA, BRAND_A, address)
    assert refused_by(BOB, BRAND_A, address) == 3


def test_an_access_list_does_not_lend_out_another_employees_address() -> None:
    assert refused_by(BOB, BRAND_A, an_address("ana@corp.example", owner="ana", access=names("bob"))) == 3


def test_a_strict_project_offers_only_what_is_bound_to_it() -> None:
    assert refused_by(ANA, STRICT, an_address("info@corp.example")) == 6
    assert is_offered(ANA, STRICT, an_address("vip@corp.example", projects={"strict"}))


@pytest.mark.parametrize("tested", ["failed", "changed since", "never"])
def test_an_address_that_did_not_pass_the_test_of_these_very_settings_is_not_offered(tested: str) -> None:
    address = an_address("help@corp.example", tested=tested)  # type: ignore[arg-type] # mypy widens the parameter
    assert refused_by(ANA, BRAND_A, address) == 1


def test_nothing_is_offered_in_an_archived_project() -> None:
    assert refused_by(ANA, CLOSED, an_address("help@corp.example", projects={"closed"})) == 2


def test_own_addresses_come_first_then_bound_ones_then_by_address_without_regard_to_case() -> None:
    company = [
        an_address("Zeta@corp.example"),
        an_address("alpha@corp.example"),
        an_address("zulu@brand-a.example", projects={"brand-a"}),
        an_address("ana@private.example", owner="ana"),
        an_address("ana@brand-a.example", owner="ana", projects={"brand-a"}),
    ]
    assert [offer.address for offer in offered(ANA, BRAND_A, company)] == [
        "ana@brand-a.example",
        "ana@private.example",
        "zulu@brand-a.example",
        "alpha@corp.example",
        "Zeta@corp.example",
    ]


def test_no_address_left_is_a_normal_answer() -> None:
    assert offered(ANA, BRAND_A, []) == ()


def test_a_project_cannot_smuggle_escape_sequences_or_overrides_into_the_reason() -> None:
    hostile = Project(key="brand-a", name="Brand\x1b[31m\u202eA", strict=True)
    refusal = why_not(ANA, hostile, an_address("info@corp.example"))
    assert refusal is not None
    assert "\x1b" not in refusal.why and "\u202e" not in refusal.why

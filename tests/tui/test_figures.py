"""The figures beside the leaves of the settings tree."""

from mailtui.core.people import Role
from mailtui.store import Store
from mailtui.tui.figures import look
from tests.tui.pages import ANA, BOB, as_employee, some_deliveries


def test_what_waits_and_what_was_refused_stands_beside_its_leaf(company: Store) -> None:
    some_deliveries(company)
    figures = look(as_employee(company, ANA)).figures
    assert figures["deliveries"] == "1 waiting, 1 failed today"
    assert figures["reasons"] == "3 refusals in 30 days"


def test_where_nothing_wants_attention_it_is_said_too(company: Store) -> None:
    figures = look(as_employee(company, ANA)).figures
    assert figures["deliveries"] == "nothing waits"
    assert figures["reasons"] == "no refusals in 30 days"


def test_a_member_is_told_of_what_he_sent_himself(company: Store) -> None:
    some_deliveries(company)
    standing = look(as_employee(company, BOB))
    assert (standing.role, standing.waiting, standing.figures["deliveries"]) == (Role.MEMBER, 0, "nothing waits")

"""Who may use an address, and for which projects, without a test (S5, S9, +21)."""

import pytest

from mailtui.operations.context import open_context
from tests.cli.command_line import CommandLine
from tests.company import an_address

SALES = "sales@corp.example"


@pytest.fixture
def sales(company: CommandLine) -> CommandLine:
    """The company with a ready address that is open to everybody and for every project."""
    context = open_context(company.database)
    with context.store.transaction():
        context.store.addresses.save(an_address(SALES))
    context.store.close()
    return company


def state_of(company: CommandLine) -> str:
    return str(company.json("address", "list")[0]["state"])


def test_access_is_shown_given_and_taken(sales: CommandLine) -> None:
    assert sales.json("address", "access", SALES) == {"address": SALES, "access": None}
    begun = sales.json("address", "access", SALES, "--nobody", "--allow", "ana", "--allow", "@support")
    assert begun["access"] == {"employees": ["ana"], "groups": ["support"]}
    more = sales.json("address", "access", SALES, "--allow", "bob", "--deny", "ana", "--deny", "@support")
    assert more["access"] == {"employees": ["bob"], "groups": []}
    assert sales.json("address", "access", SALES, "--nobody")["access"] == {"employees": [], "groups": []}
    assert sales("address", "access", SALES).out == f"{SALES} may be used by nobody.\n"
    assert sales.json("address", "access", SALES, "--everybody")["access"] is None
    assert state_of(sales) == "ready"


def test_a_list_is_not_begun_by_accident(sales: CommandLine) -> None:
    for option in ("--allow", "--deny"):
        answer = sales("address", "access", SALES, option, "ana")
        assert (answer.code, "--nobody" in answer.err) == (65, True)
    assert sales.json("address", "access", SALES)["access"] is None


def test_whom_a_group_still_lets_in_is_told(sales: CommandLine) -> None:
    sales.json("address", "access", SALES, "--nobody", "--allow", "ana", "--allow", "@support")
    assert "ana still may use it, through @support" in sales("address", "access", SALES, "--deny", "ana").err


def test_who_is_not_there_is_not_let_in(sales: CommandLine) -> None:
    answer = sales("address", "access", SALES, "--nobody", "--allow", "@nosuch")
    assert (answer.code, "nosuch" in answer.err) == (65, True)


def test_projects_are_shown_added_and_removed(sales: CommandLine) -> None:
    assert sales.json("address", "projects", SALES) == {"address": SALES, "projects": None}
    assert sales.json("address", "projects", SALES, "--only", "brand-a")["projects"] == ["brand-a"]
    assert sales.json("address", "projects", SALES, "--add", "brand-b")["projects"] == ["brand-a", "brand-b"]
    moved = sales.json("address", "projects", SALES, "--remove", "brand-a")
    assert moved["projects"] == ["brand-b"]
    assert sales.json("address", "projects", SALES, "--all")["projects"] is None
    assert state_of(sales) == "ready"


def test_removing_the_last_project_opens_the_address_nowhere(sales: CommandLine) -> None:
    sales.json("address", "projects", SALES, "--only", "brand-a")
    refused = sales("address", "projects", SALES, "--remove", "brand-a")
    assert (refused.code, "--all" in refused.err) == (65, True)
    assert sales.json("address", "projects", SALES)["projects"] == ["brand-a"]
    assert sales.json("address", "projects", SALES, "--remove", "brand-a", "--add", "brand-b")["projects"] == [
        "brand-b"
    ]


def test_adding_a_project_does_not_close_an_address_that_is_for_all(sales: CommandLine) -> None:
    refused = sales("address", "projects", SALES, "--add", "brand-a")
    assert (refused.code, "--only" in refused.err) == (65, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("access", SALES, "--everybody", "--allow", "ana"),
        ("access", SALES, "--allow", "ana", "--deny", "ana"),
        ("projects", SALES, "--all", "--add", "brand-a"),
        ("projects", SALES, "--only", "brand-a", "--remove", "brand-b"),
    ],
)
def test_options_that_contradict_each_other_are_a_usage_error(sales: CommandLine, arguments: tuple[str, ...]) -> None:
    assert sales("address", *arguments).code == 64


def test_every_change_is_in_the_audit_and_a_member_makes_none(sales: CommandLine) -> None:
    sales.json("address", "projects", SALES, "--only", "brand-a")
    newest = sales.json("audit", "--limit", "1")[0]
    assert (newest["action"], newest["after"]["projects"]) == ("edit address", ["brand-a"])
    assert sales("address", "access", SALES, "--nobody", act_as="bob").code == 77
    assert sales("address", "projects", SALES, "--all", act_as="bob").code == 77


def test_what_an_employee_may_use_is_told_with_what_lets_him_in(sales: CommandLine) -> None:
    sales.json("address", "access", SALES, "--nobody", "--allow", "@support")
    assert sales.json("employee", "access", "ana") == {
        "login": "ana",
        "uses": [{"address": SALES, "by": "through Support", "projects": None}],
    }
    closed = sales.json("employee", "access", "bob", "--closed")
    assert (closed["uses"], [row["address"] for row in closed["closed"]]) == ([], [SALES])
    assert "names neither bob" in closed["closed"][0]["why"]
    assert "May not use" in sales("employee", "access", "bob", "--closed").out
    assert sales("employee", "access", "ana", act_as="bob").code == 77
    assert sales("employee", "access", "bob", act_as="bob").code == 0


def test_access_lists_are_changed_from_the_employee_and_from_the_group(sales: CommandLine) -> None:
    sales.json("address", "access", SALES, "--nobody")
    assert [use["address"] for use in sales.json("employee", "access", "bob", "--give", SALES)["uses"]] == [SALES]
    assert sales.json("group", "access", "support", "--give", SALES) == {"key": "support", "addresses": [SALES]}
    assert sales.json("address", "access", SALES)["access"] == {"employees": ["bob"], "groups": ["support"]}
    sales.json("employee", "access", "bob", "--take", SALES)
    sales.json("group", "access", "support", "--take", SALES)
    assert sales.json("address", "access", SALES)["access"] == {"employees": [], "groups": []}
    assert sales("employee", "access", "bob", "--give", SALES, "--take", SALES).code == 64
    assert sales("group", "access", "support", "--give", SALES, act_as="bob").code == 77

"""Changing, testing, switching and removing stored addresses."""

import pytest

from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine

ROW_FIELDS = {
    *("address", "owner", "enabled", "state", "service", "host", "port", "security", "signin", "username", "access"),
    *("projects", "tested_at", "reason", "failing_since"),
}

SALES = "sales@corp.example"


@pytest.fixture
def sales(company: CommandLine, servers: LoopbackServers) -> CommandLine:
    """The company with one address that is ready."""
    assert company.add(SALES, servers["good"], "--project", "brand-a").code == 0
    return company


def test_the_list_has_the_fields_of_the_contract(sales: CommandLine, servers: LoopbackServers) -> None:
    (row,) = sales.json("address", "list")

    assert set(row) == ROW_FIELDS
    assert {field: row[field] for field in ROW_FIELDS - {"tested_at"}} == {
        "address": SALES,
        "owner": None,
        "enabled": True,
        "state": "ready",
        "service": "",
        "host": "127.0.0.1",
        "port": servers["good"].port,
        "security": "starttls",
        "signin": "password",
        "username": SALES,
        "access": None,
        "projects": ["brand-a"],
        "reason": "",
        "failing_since": None,
    }
    assert row["tested_at"].endswith("+00:00")


def test_access_and_projects_change_without_a_test(sales: CommandLine) -> None:
    row = sales.json("address", "edit", SALES, "--allow", "@support", "--all-projects", "--name", "Sales")

    assert (row["saved"], row["test"]) == (True, None)
    assert set(row) - {"saved", "test"} == ROW_FIELDS
    assert (row["access"], row["projects"], row["state"]) == ({"employees": [], "groups": ["support"]}, None, "ready")


def test_a_changed_server_is_tested_and_saved(sales: CommandLine, servers: LoopbackServers) -> None:
    other = servers["mailbox-full"]

    edited = sales("address", "edit", SALES, "--port", str(other.port), "--json")

    assert edited.code == 77, "the other server has another password"
    assert (edited.document["saved"], edited.document["port"]) == (False, servers["good"].port)
    assert edited.document["test"]["failed_step"] == "sign_in"


def test_a_new_password_that_is_wrong_leaves_the_stored_one_in_use(sales: CommandLine) -> None:
    edited = sales("address", "edit", SALES, "--secret-stdin", "--json", stdin="wrong")

    assert (edited.code, edited.document["saved"]) == (77, False)
    assert sales.json("address", "test", SALES)["ok"] is True


def test_a_user_name_that_the_server_takes_is_saved_with_the_stored_password(sales: CommandLine) -> None:
    row = sales.json("address", "edit", SALES, "--username", "somebody")

    assert (row["saved"], row["username"], row["state"]) == (True, "somebody", "ready")


def test_a_stored_address_is_tested_as_it_stands(sales: CommandLine) -> None:
    test = sales.json("address", "test", SALES.upper())

    assert (test["ok"], test["failed_step"], test["reason"]) == (True, None, "")


def test_changing_nothing_is_a_usage_error(sales: CommandLine) -> None:
    assert sales("address", "edit", SALES).code == 64


def test_without_its_own_authority_the_server_is_not_believed_and_nothing_is_saved(sales: CommandLine) -> None:
    elsewhere = ("address", "edit", SALES, "--host", "localhost", "--ca-file", "", "--json")
    assert sales(*elsewhere).code == 64, "the stored password is shown to no other host"

    edited = sales(*elsewhere, "--secret-stdin", stdin="s3cret")

    assert (edited.code, edited.document["saved"]) == (76, False)
    assert edited.document["test"]["reason"] == "certificate-invalid"


def test_an_own_address_can_become_one_of_the_company_and_back(sales: CommandLine) -> None:
    assert sales.json("address", "edit", SALES, "--owner", "ana")["owner"] == "ana"
    assert sales.json("address", "edit", SALES, "--company")["owner"] is None
    assert sales("address", "edit", SALES, "--company", "--owner", "ana").code == 64


def test_switching_off_and_on_keeps_the_test(sales: CommandLine) -> None:
    assert sales.json("address", "disable", SALES)["enabled"] is False
    assert "off" in sales("address", "list").out
    row = sales.json("address", "enable", SALES)
    assert (row["enabled"], row["state"]) == (True, "ready")


def test_removing_says_which_projects_lose_their_sender(sales: CommandLine) -> None:
    removed = sales("address", "remove", SALES, "--json")

    assert removed.document["address"] == SALES
    assert "Brand A" in removed.err
    assert sales.json("address", "list") == []
    assert sales.json("doctor")["ok"] is True


def test_an_address_that_is_not_there_ends_with_66_and_an_empty_output(sales: CommandLine) -> None:
    for command in ("test", "remove", "enable", "disable", "edit"):
        answer = sales("address", command, "nobody@corp.example", "--json")
        assert (answer.code, answer.out) == (66, "")
        assert "nobody@corp.example" in answer.err


def test_a_member_sees_company_addresses_and_his_own_and_changes_none(
    sales: CommandLine, servers: LoopbackServers
) -> None:
    sales.add("ana@corp.example", servers["good"], "--owner", "ana")
    sales.add("bob@corp.example", servers["good"], "--owner", "bob")

    seen = [row["address"] for row in sales.json("address", "list", act_as="ana")]
    others = sales("address", "list", "--owner", "bob", act_as="ana")
    refused = sales("address", "disable", SALES, act_as="ana")

    assert seen == ["ana@corp.example", SALES]
    assert (others.code, refused.code) == (77, 77)


def test_the_list_can_be_narrowed(sales: CommandLine, servers: LoopbackServers) -> None:
    sales.add("ana@corp.example", servers["good"], "--owner", "ana")

    assert [row["address"] for row in sales.json("address", "list", "--company")] == [SALES]
    assert [row["address"] for row in sales.json("address", "list", "--owner", "ana")] == ["ana@corp.example"]
    assert [row["address"] for row in sales.json("address", "list", "--match", "sales")] == [SALES]

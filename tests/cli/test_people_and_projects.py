"""Employees, groups and projects."""

from tests.cli.command_line import CommandLine
from tests.cli.terminal import at_a_terminal


def test_employees_have_the_shape_of_the_import_file(company: CommandLine) -> None:
    rows = {row["login"]: row for row in company.json("employee", "list")}

    assert rows["ana"] == {
        "login": "ana",
        "name": "Ana Pop",
        "email": "",
        "role": "member",
        "groups": ["support"],
        "addresses": 0,
    }


def test_what_is_not_named_stays_when_an_employee_is_edited(company: CommandLine) -> None:
    edited = company.json("employee", "edit", "ana", "--role", "admin")

    assert edited == {"login": "ana", "name": "Ana Pop", "email": "", "role": "admin", "groups": ["support"]}
    assert company.json("employee", "edit", "ana", "--no-groups")["groups"] == []


def test_a_removed_employee_is_gone(company: CommandLine) -> None:
    assert company.json("employee", "remove", "bob")["login"] == "bob"
    assert company("employee", "edit", "bob", "--name", "Bob").code == 66


def test_groups_show_their_members(company: CommandLine) -> None:
    added = company.json("group", "add", "sales", "--name", "Sales", "--member", "ana", "--member", "bob")
    edited = company.json("group", "edit", "sales", "--name", "Sales people", "--member", "bob")

    assert added == {"key": "sales", "name": "Sales", "members": ["ana", "bob"]}
    assert edited == {"key": "sales", "name": "Sales people", "members": ["bob"]}
    assert company.json("group", "edit", "sales", "--no-members")["members"] == []
    assert company.json("group", "remove", "sales")["key"] == "sales"
    assert [group["key"] for group in company.json("group", "list")] == ["support"]


def test_a_group_with_an_unknown_member_is_not_added(company: CommandLine) -> None:
    added = company("group", "add", "sales", "--name", "Sales", "--member", "nobody")

    assert added.code == 66
    assert [group["key"] for group in company.json("group", "list")] == ["support"]


def test_projects_are_archived_before_they_are_removed(company: CommandLine) -> None:
    assert company("project", "remove", "brand-a").code == 77
    assert company.json("project", "archive", "brand-a")["archived"] is True
    assert company.json("project", "restore", "brand-a")["archived"] is False
    assert company.json("project", "archive", "brand-a")["archived"] is True
    assert company.json("project", "remove", "brand-a")["key"] == "brand-a"


def test_projects_have_the_shape_of_the_import_file(company: CommandLine) -> None:
    edited = company.json("project", "edit", "brand-a", "--strict")

    assert edited == {"key": "brand-a", "name": "Brand A", "strict": True, "archived": False}
    assert company.json("project", "list")[0] == {**edited, "addresses": 0}


def test_what_exists_is_not_added_again(company: CommandLine) -> None:
    for noun, key in (("employee", "ana"), ("group", "support"), ("project", "brand-a")):
        again = company(noun, "add", key, "--name", "Again")
        assert (again.code, "exists already" in again.err) == (65, True)


def test_a_member_changes_nothing(company: CommandLine) -> None:
    for arguments in (
        ("employee", "add", "ion", "--name", "Ion"),
        ("group", "add", "sales", "--name", "Sales"),
        ("project", "archive", "brand-a"),
        ("import", "-"),
        ("export",),
        ("audit",),
        ("doctor",),
    ):
        assert company(*arguments, act_as="ana").code == 77


def test_the_lists_are_tables_for_people(company: CommandLine) -> None:
    assert company("employee", "list").out.splitlines()[0] == "Login  Name     E-mail  Role    Groups   Own addresses"
    assert company("group", "list").out.splitlines() == ["Key      Name     Members", "support  Support  ana"]
    assert "strict" in company("project", "list").out


def test_who_changed_what_names_both_where_one_acts_for_another(company: CommandLine) -> None:
    company.json("employee", "edit", "ana", "--role", "admin")
    company.json("project", "archive", "brand-a", act_as="ana")

    newest = company.json("audit", "--limit", "1")[0]

    assert set(newest) >= {"at", "by", "action", "object", "before", "after"}
    assert newest["by"].endswith(" as ana")
    assert (newest["action"], newest["object"]) == ("archive project", "project brand-a")
    assert (newest["before"]["archived"], newest["after"]["archived"]) == (False, True)
    assert "archive project" in company("audit").out


def test_members_of_a_group_are_listed_put_in_and_taken_out(company: CommandLine) -> None:
    assert company("group", "members", "support").out.splitlines() == ["Login  Name", "ana    Ana Pop"]
    both = company.json("group", "members", "support", "--add", "bob")
    assert both == {"key": "support", "name": "Support", "members": ["ana", "bob"]}
    assert company.json("group", "members", "support", "--remove", "ana")["members"] == ["bob"]
    assert company("group", "members", "support", "--remove", "ana").code == 66
    assert company("group", "members", "support", "--add", "nobody").code == 66
    assert company("group", "members", "support", "--add", "ana", "--remove", "ana").code == 64
    assert company("group", "members", "support", "--add", "ana", act_as="bob").code == 77


def test_a_removal_says_what_goes_and_a_dry_run_removes_nothing(company: CommandLine) -> None:
    document = company.json("group", "remove", "support", "--dry-run")
    assert (document["going"], document["members"]) == (["Support"], ["Ana Pop"])
    assert "Lose the group, and stay employees: Ana Pop" in company("group", "remove", "support", "--dry-run").out
    assert company.json("employee", "remove", "ana", "--dry-run")["groups"] == ["Support"]
    assert company.json("project", "remove", "brand-a", "--dry-run")["going"] == ["Brand A"]
    assert [group["members"] for group in company.json("group", "list")] == [["ana"]]
    removed = company("group", "remove", "support")
    assert (removed.code, "Ana Pop" in removed.err) == (0, True)


def test_a_person_is_asked_before_a_removal(company: CommandLine) -> None:
    with at_a_terminal("--db", str(company.database), "employee", "remove", "ana") as terminal:
        terminal.wait_for("Leaves: Support")
        terminal.wait_for("Delete it?")
        terminal.type("n")
        assert terminal.end() == 130
    assert "ana" in {row["login"] for row in company.json("employee", "list")}
    with at_a_terminal("--db", str(company.database), "employee", "remove", "ana", "--yes") as terminal:
        assert terminal.end() == 0
    assert "ana" not in {row["login"] for row in company.json("employee", "list")}

"""What a screen does to marked rows, a command does to several names: all or none of them (issue 6, section 1)."""

import pytest

from mailtui.operations.configuration import Configuration
from mailtui.operations.context import open_context
from tests.cli.command_line import CommandLine
from tests.company import an_address, names

SALES, PRESS, OPEN = "sales@corp.example", "press@corp.example", "open@corp.example"


@pytest.fixture
def office(company: CommandLine) -> CommandLine:
    """Two addresses with access lists and a project, and one that is open to everybody everywhere."""
    context = open_context(company.database, configuration=Configuration(keyring="vault"))
    with context.store.transaction():
        for address in (SALES, PRESS):
            context.store.addresses.save(an_address(address, access=names("@support"), projects={"brand-a"}))
        context.store.addresses.save(an_address(OPEN))
    context.store.close()
    return company


def audited(line: CommandLine) -> list[str]:
    """What was done, the last first."""
    return [f"{row['action']}: {row['object']}" for row in line.json("audit")]


def test_projects_are_archived_and_restored_at_once_and_each_is_said(office: CommandLine) -> None:
    archived = office("project", "archive", "brand-a", "brand-b", "brand-a")
    assert archived.out.splitlines() == ["brand-a is archived.", "brand-b is archived."]
    assert audited(office)[:2] == ["archive project: project brand-b", "archive project: project brand-a"]
    restored = office.json("project", "restore", "brand-b", "brand-a")
    assert [(row["key"], row["archived"]) for row in restored] == [("brand-b", False), ("brand-a", False)]


def test_one_name_has_the_document_of_before_and_several_a_list_of_it(office: CommandLine) -> None:
    one = office.json("project", "archive", "brand-a")
    assert office.json("project", "archive", "brand-a", "brand-b")[0] == one
    assert office.json("address", "disable", SALES)["enabled"] is False
    assert [row["enabled"] for row in office.json("address", "enable", SALES, PRESS)] == [True, True]
    assert office.json("address", "projects", SALES) == office.json("address", "projects", SALES, PRESS)[0]
    assert office.json("address", "access", SALES) == office.json("address", "access", SALES, PRESS)[0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("project", "archive", "brand-a", "nowhere"), 66),
        (("project", "remove", "brand-b", "brand-a"), 77),
        (("employee", "remove", "bob", "nobody"), 66),
        (("group", "remove", "support", "nobody"), 66),
        (("address", "disable", SALES, "nobody@corp.example"), 66),
        (("address", "remove", SALES, "nobody@corp.example"), 66),
        (("address", "projects", SALES, OPEN, "--add", "brand-b"), 65),
        (("address", "access", SALES, OPEN, "--allow", "ana"), 65),
    ],
    ids=lambda one: " ".join(one[:2]) if isinstance(one, tuple) else "",
)
def test_where_one_cannot_be_changed_none_is(office: CommandLine, arguments: tuple[str, ...], code: int) -> None:
    if arguments[1] == "remove":
        office("project", "archive", "brand-b")
    before = audited(office)
    answer = office(*arguments)
    assert (answer.code, answer.out) == (code, "")
    assert audited(office) == before


def test_employees_and_groups_are_removed_at_once_and_what_goes_is_told_together(office: CommandLine) -> None:
    going = office.json("employee", "remove", "ana", "bob", "--dry-run")["going"]
    assert going == ["Ana Pop", "Bob"]
    removed = office("employee", "remove", "bob", "ana")
    assert (removed.out, removed.err) == ("bob is removed.\nana is removed.\n", "Leaves: Support\n")
    assert office("group", "remove", "support", "--yes").out == "support is removed.\n"


def test_addresses_are_removed_at_once_however_they_are_written(office: CommandLine) -> None:
    removed = office("address", "remove", SALES, SALES.upper(), PRESS)
    assert removed.out.splitlines() == [f"{SALES} is removed.", f"{PRESS} is removed."]
    assert [row["address"] for row in office.json("address", "list")] == [OPEN]


def test_several_addresses_are_bound_and_opened_at_once(office: CommandLine) -> None:
    bound = office.json("address", "projects", SALES, PRESS, "--add", "brand-b")
    assert bound == [{"address": address, "projects": ["brand-a", "brand-b"]} for address in (SALES, PRESS)]
    allowed = office("address", "access", SALES, PRESS, "--allow", "bob", "--deny", "ana")
    assert allowed.out.splitlines() == [f"{address} may be used by bob, @support." for address in (SALES, PRESS)]
    assert allowed.err.count("ana still may use it, through @support") == 2


def test_looking_at_several_writes_nothing(office: CommandLine) -> None:
    before = audited(office)
    assert len(office.json("address", "access", SALES, OPEN)) == 2
    assert audited(office) == before


def test_no_name_at_all_is_a_wrong_use(office: CommandLine) -> None:
    assert office("project", "archive").code == 64

"""The offer matrix and who could write, on the command line (issue 6, section 3)."""

import csv
import io
import json

import pytest

from mailtui.operations.configuration import Configuration
from mailtui.operations.context import open_context
from tests.cli.command_line import CommandLine
from tests.company import an_address, names


@pytest.fixture
def brands(company: CommandLine) -> CommandLine:
    """Help for those in support, Ana's own, a general one, and one that is off."""
    context = open_context(company.database, configuration=Configuration(keyring="vault"))
    with context.store.transaction():
        for address in (
            an_address("help@corp.example", access=names("@support", "bob"), projects={"brand-a"}),
            an_address("ana@corp.example", owner="ana"),
            an_address("hello@corp.example"),
            an_address("old@corp.example", enabled=False),
        ):
            context.store.addresses.save(address)
    context.store.close()
    company.json("project", "add", "evil", "--name", "+1+cmd|' /C calc'!A0")
    return company


def test_each_project_and_address_of_an_employee_is_a_line(brands: CommandLine) -> None:
    answer = brands("offers", "matrix", "--employee", "ana", "--project", "brand-a", "--project", "brand-b")
    assert answer.code == 0
    assert [line.split()[1:4] for line in answer.out.splitlines()[1:4]] == [
        ["brand-a", "ana@corp.example", "default"],
        ["brand-a", "hello@corp.example", "offered"],
        ["brand-a", "help@corp.example", "offered"],
    ]
    assert "Brand B is strict, and this address is not bound to it" in answer.out


def test_the_document_has_a_cell_for_each_with_rule_and_sentence(brands: CommandLine) -> None:
    document = brands.json("offers", "matrix", "--employee", "bob", "--all", "--project", "brand-a")
    assert document["employee"] == "bob"
    [row] = document["projects"]
    assert row["project"] == "brand-a"
    assert {cell["address"]: (cell["place"], cell["rule"]) for cell in row["cells"]} == {
        "ana@corp.example": ("refused", 3),
        "hello@corp.example": ("offered", 0),
        "help@corp.example": ("default", 0),
        "old@corp.example": ("refused", 1),
    }
    assert row["cells"][0]["why"] == "it belongs to ana, not to bob"


def test_the_document_agrees_with_what_offered_says(brands: CommandLine) -> None:
    for employee in ("ana", "bob"):
        for row in brands.json("offers", "matrix", "--employee", employee, "--all")["projects"]:
            answer = brands.json("offered", "--employee", employee, "--project", row["project"], "--why")
            offered = {cell["address"] for cell in row["cells"] if cell["place"] != "refused"}
            assert offered == {offer["address"] for offer in answer["offered"]}
            assert {cell["address"]: cell["rule"] for cell in row["cells"] if cell["rule"]} == {
                refusal["address"]: refusal["rule"] for refusal in answer["refused"]
            }


def test_a_group_is_counted(brands: CommandLine) -> None:
    document = brands.json("offers", "matrix", "--group", "support", "--project", "brand-a")
    assert document["group"] == "support"
    assert [(cell["offered"], cell["of"]) for cell in document["projects"][0]["cells"]] == [(1, 1)] * 3


def test_the_table_for_a_spreadsheet_holds_no_formula(brands: CommandLine) -> None:
    answer = brands("offers", "matrix", "--employee", "ana", "--csv")
    rows = list(csv.reader(io.StringIO(answer.out)))
    assert rows[0] == ["project", "name", "ana@corp.example", "hello@corp.example", "help@corp.example"]
    assert rows[1] == ["evil", "'+1+cmd|' /C calc'!A0", "default", "offered", "no: rule 5"]
    narrow = brands("offers", "matrix", "--employee", "ana", "--csv", "--match", "help").out.splitlines()
    assert narrow[0] == "project,name,help@corp.example"
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in rows for cell in row)


def test_who_could_write_in_a_project_by_address_and_by_employee(brands: CommandLine) -> None:
    said = brands("offers", "who", "--project", "brand-a").out
    assert said.splitlines()[0] == "3 employees could write; --employees names them."
    assert "✓  help@corp.example   2          @support, bob" in said.replace("+", "✓")
    named = brands("offers", "who", "--project", "brand-a", "--employees").out
    assert [line.split()[-1] for line in named.splitlines() if line.startswith("ana")] == [
        "own",
        "support",
        "everybody",
    ]


def test_who_could_write_is_a_document_and_a_table_for_a_spreadsheet(brands: CommandLine) -> None:
    document = brands.json("offers", "who", "--project", "brand-a")
    assert [(row["address"], row["employees"]) for row in document["addresses"]] == [
        ("ana@corp.example", 1), ("hello@corp.example", 3), ("help@corp.example", 2),
    ]  # fmt: skip
    bob = next(row for row in document["employees"] if row["login"] == "bob")
    assert bob["through"][0] == {"address": "help@corp.example", "access": [{"way": "list", "name": "bob"}]}
    lines = brands("offers", "who", "--project", "brand-a", "--csv").out.splitlines()
    assert lines[0] == "login,name,address,access" and "bob,Bob,help@corp.example,named" in lines


def test_who_could_write_as_an_address_and_where(brands: CommandLine) -> None:
    document = brands.json("offers", "who", "--address", "HELP@corp.example")
    assert (document["address"], document["projects"]) == ("help@corp.example", ["brand-a"])
    assert [row["login"] for row in document["employees"]] == ["ana", "bob"]
    assert brands("offers", "who", "--address", "old@corp.example").out.splitlines() == [
        "In no project:", "Nobody could write.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("matrix", "--employee", "ana", "--group", "support"), 64),
        (("who",), 64),
        (("who", "--project", "brand-a", "--address", "help@corp.example"), 64),
        (("matrix", "--employee", "nobody"), 66),
        (("matrix", "--project", "nope"), 66),
        (("who", "--project", "nope"), 66),
        (("who", "--address", "nope@corp.example"), 66),
        (("who", "--address", "nope"), 65),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_its_exit_code(
    brands: CommandLine, arguments: tuple[str, ...], code: int
) -> None:
    answer = brands("offers", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.strip()


def test_a_member_asks_about_himself_alone(brands: CommandLine) -> None:
    assert brands("offers", "matrix", act_as="bob").code == 0
    assert brands("offers", "matrix", "--employee", "ana", act_as="bob").code == 77
    assert brands("offers", "who", "--project", "brand-a", act_as="bob").code == 77


def test_the_audit_is_filtered_and_written_a_line_each(brands: CommandLine) -> None:
    lines = brands("audit", "--object", "project", "--lines").out.splitlines()
    assert [json.loads(line)["object"] for line in lines] == ["project evil", "project brand-b", "project brand-a"]
    everything = brands.json("audit")
    assert brands.json("audit", "--by", everything[0]["login"], "--limit", "1") == everything[:1]
    assert brands.json("audit", "--since", "2099-01-01") == brands.json("audit", "--until", "1999-01-01") == []
    assert {"at", "by", "action", "object", "before", "after", "employee", "login", "uid", "number", "hash"} == set(
        everything[0]
    )
    assert brands("audit", "--since", "soon").code == 65
    assert brands("audit", "--lines", act_as="bob").code == 77


def test_a_hash_that_was_noted_is_looked_for_by_the_doctor(brands: CommandLine) -> None:
    number, noted = brands("audit", "--head").out.split()
    assert brands.json("audit", "--head") == {"number": int(number), "hash": noted}
    brands.json("group", "add", "night", "--name", "Night")

    def trail(hash: str) -> tuple[bool, str]:
        checks = json.loads(brands("doctor", "--audit-head", hash, "--json").out)["checks"]
        return next((check["ok"], check["detail"]) for check in checks if check["name"] == "audit trail")

    assert trail(noted)[0] and "the noted hash is among them" in trail(noted)[1]
    assert trail("0" * 64) == (False, "no row has the hash that you noted: the rows up to it were written anew")
    assert brands("doctor", "--audit-head", "0" * 64).code == 78
    assert brands("doctor", "--audit-head", "xyz").code == 65

"""Import and export."""

import json
from pathlib import Path

import pytest

from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine

COMPANY = """
[[employees]]
login = "ana"
name = "Ana Pop"
email = "ana@corp.example"
role = "admin"
groups = ["support"]

[[groups]]
key = "support"
name = "Support"

[[projects]]
key = "brand-a"
name = "Brand A"
strict = true

[[addresses]]
address = "sales@brand-a.example"
name = "Brand A Sales"
host = "127.0.0.1"
port = {port}
security = "starttls"
ca_file = "{ca_file}"
secret_file = "{secret_file}"
access = {{ employees = ["ana"], groups = ["support"] }}
projects = ["brand-a"]

[[addresses]]
address = "closed@brand-a.example"
host = "127.0.0.1"
signin = "none"
access = {{ employees = [], groups = [] }}
"""


@pytest.fixture
def file(mailtui: CommandLine, servers: LoopbackServers, tmp_path: Path) -> Path:
    """A company whose one address signs in to the good server."""
    good = servers["good"]
    path = tmp_path / "company.toml"
    path.write_text(
        COMPANY.format(port=good.port, ca_file=good.ca_file, secret_file=mailtui.secret_file(good)), encoding="utf-8"
    )
    return path


def test_a_file_that_an_editor_of_windows_wrote_is_read(mailtui: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "company.toml"
    path.write_bytes(b'\xef\xbb\xbf[[projects]]\r\nkey = "brand-a"\r\nname = "Brand A"\r\n')

    assert mailtui.json("import", str(path))["added"]["projects"] == 1


def test_what_was_exported_changes_nothing_when_it_is_imported(
    mailtui: CommandLine, file: Path, tmp_path: Path
) -> None:
    mailtui.json("import", str(file))
    audit = mailtui.json("audit")

    for exported in (mailtui("export").out, mailtui("export", "--json").out):
        (tmp_path / "exported").write_text(exported, encoding="utf-8")
        outcome = mailtui.json("import", str(tmp_path / "exported"))
        assert outcome["unchanged"] == {"employees": 2, "groups": 1, "projects": 1, "providers": 0, "addresses": 2}
        assert not any(outcome["added"].values())
        assert not any(outcome["changed"].values())
    assert mailtui.json("audit") == audit


def test_imported_addresses_are_offered_only_after_a_test(mailtui: CommandLine, file: Path) -> None:
    outcome = mailtui.json("import", str(file))
    before = mailtui.json("offered", "--employee", "ana", "--project", "brand-a", "--why")
    assert mailtui.json("address", "test", "sales@brand-a.example")["ok"] is True
    after = mailtui.json("offered", "--employee", "ana", "--project", "brand-a")

    assert outcome["added"] == {"employees": 1, "groups": 1, "projects": 1, "providers": 0, "addresses": 2}
    assert [row["state"] for row in mailtui.json("address", "list")] == ["untested", "ready"]
    assert before["offered"] == []
    assert {row["rule"] for row in before["refused"]} == {1}
    assert [offer["address"] for offer in after["offered"]] == ["sales@brand-a.example"]


def test_the_same_file_a_second_time_changes_nothing(mailtui: CommandLine, file: Path) -> None:
    mailtui.json("import", str(file))

    outcome = mailtui.json("import", "-", stdin=file.read_text())

    assert outcome["unchanged"] == {"employees": 1, "groups": 1, "projects": 1, "providers": 0, "addresses": 2}


def test_a_rehearsal_changes_nothing(mailtui: CommandLine, file: Path) -> None:
    outcome = mailtui.json("import", str(file), "--dry-run")

    assert outcome["added"]["addresses"] == 2
    assert mailtui.json("address", "list") == []
    assert "Would be" in mailtui("import", str(file), "--dry-run").out


def test_a_wrong_entry_is_named_and_nothing_is_imported(mailtui: CommandLine, file: Path) -> None:
    file.write_text(file.read_text().replace('projects = ["brand-a"]', 'projects = ["brand-x"]'))

    answer = mailtui("import", str(file), "--json")

    assert (answer.code, answer.out) == (65, "")
    assert "sales@brand-a.example" in answer.err
    assert mailtui.json("project", "list") == []


@pytest.mark.parametrize("content", ["[[", '{"employees": 1}', "employees = 1", "x = 1", "{"])
def test_a_file_that_is_none_of_ours_is_bad_input(mailtui: CommandLine, tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text(content)

    assert mailtui("import", str(tmp_path / "file")).code == 65


def test_octets_that_are_no_text_are_bad_input(mailtui: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xff\xfe")

    assert mailtui("import", str(tmp_path / "file")).code == 65


def test_a_file_that_is_not_there_ends_with_66(mailtui: CommandLine, tmp_path: Path) -> None:
    answer = mailtui("import", str(tmp_path / "nowhere.toml"))

    assert answer.code == 66
    assert "nowhere.toml" in answer.err


def test_no_password_is_in_what_is_exported_listed_or_recorded(
    mailtui: CommandLine, file: Path, servers: LoopbackServers
) -> None:
    mailtui.json("import", str(file))
    mailtui("address", "test", "sales@brand-a.example")
    said = [
        mailtui(*command)
        for command in (("export",), ("export", "--json"), ("audit", "--json"), ("address", "list", "--json"))
    ]

    assert not any(servers["good"].password.get_secret_value() in answer.out + answer.err for answer in said)


def test_an_exported_company_is_one_json_document(mailtui: CommandLine, file: Path) -> None:
    mailtui.json("import", str(file))

    document = json.loads(mailtui("export", "--json").out)

    assert set(document) == {"employees", "groups", "projects", "providers", "addresses"}
    assert "secret_file" not in document["addresses"][1]

"""A reviewed file as the company's settings: plan, prune, secrets from elsewhere, and the tests after it (issue 6,
section 2)."""

import json
from pathlib import Path

import pytest

from mailtui.demo.servers import LoopbackServers, RunningServer
from tests.cli.command_line import Answer, CommandLine
from tests.cli.terminal import at_a_terminal

COMPANY = """
[[groups]]
key = "support"
name = "Support"

[[employees]]
login = "ana"
name = "Ana Pop"
groups = ["support"]

[[projects]]
key = "brand-a"
name = "Brand A"

[[addresses]]
address = "help@brand-a.example"
host = "127.0.0.1"
signin = "none"
access = { groups = ["support"] }
projects = ["brand-a"]
"""


def an_account(server: RunningServer, address: str, source: str) -> str:
    """An address that signs in to the server with the secret of `source`."""
    return f"""
[[addresses]]
address = "{address}"
host = "{server.host}"
port = {server.port}
security = "{server.plan.security}"
ca_file = "{server.ca_file}"
{source}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "company.toml"
    path.write_text(COMPANY)
    return path


def changed(file: Path, before: str, after: str) -> Path:
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))
    return file


def plan_of(answer: Answer) -> dict[tuple[str, str], dict[str, object]]:
    """What the JSON document says of each thing."""
    return {(step["change"], step["name"]): step for step in answer.document["plan"]}


def test_the_plan_names_what_is_added_changed_and_removed_and_says_what_must_be_tested_again(
    mailtui: CommandLine, file: Path
) -> None:
    mailtui.json("import", str(file))
    changed(file, 'host = "127.0.0.1"', 'host = "127.0.0.2"')
    changed(file, 'name = "Ana Pop"', 'name = "Ana Popescu"')
    changed(file, 'projects = ["brand-a"]', 'projects = ["brand-b"]')
    changed(file, 'key = "brand-a"\nname = "Brand A"', 'key = "brand-b"\nname = "Brand B"')

    answer = mailtui("import", str(file), "--dry-run", "--prune", "--json")

    assert answer.code == 0
    plan = plan_of(answer)
    assert set(plan) >= {
        ("added", "brand-b"),
        ("changed", "ana"),
        ("changed", "help@brand-a.example"),
        ("removed", "brand-a"),
    }
    assert plan["changed", "ana"]["fields"] == [{"field": "name", "before": "Ana Pop", "after": "Ana Popescu"}]
    assert plan["changed", "help@brand-a.example"]["test_again"] is True
    assert answer.document["removed"] == {"employees": 1, "groups": 0, "projects": 1, "providers": 0, "addresses": 0}
    assert [row["key"] for row in mailtui.json("project", "list")] == ["brand-a"]


def test_a_change_that_no_test_covers_keeps_the_test(
    mailtui: CommandLine, file: Path, servers: LoopbackServers
) -> None:
    mailtui.ready_on(servers["good"], "sales@brand-a.example")
    (row,) = mailtui.json("address", "list")
    exported = json.loads(mailtui("export", "--json").out)
    exported["addresses"][0]["name"] = "Brand A Sales"
    file.write_text(json.dumps(exported))

    answer = mailtui("import", str(file), "--json")

    assert plan_of(answer)["changed", row["address"]]["test_again"] is False
    assert mailtui.json("address", "list") == [row]


def test_pruning_leaves_exactly_what_the_file_names(mailtui: CommandLine, file: Path) -> None:
    mailtui.json("import", str(file))
    exported = mailtui("export").out
    mailtui.json("group", "add", "night", "--name", "Night")
    mailtui.json("employee", "add", "bob", "--name", "Bob", "--group", "night")
    mailtui.json("project", "add", "brand-b", "--name", "Brand B")
    file.write_text(exported)

    outcome = mailtui.json("import", str(file), "--prune")

    assert outcome["removed"] == {"employees": 1, "groups": 1, "projects": 1, "providers": 0, "addresses": 0}
    assert mailtui("export").out == exported
    actions = [row["action"] for row in mailtui.json("audit")]
    assert {"remove employee", "remove group", "archive project", "remove project"} <= set(actions)


def test_the_plan_is_shown_with_signs_and_in_colour_only_at_a_terminal_that_wants_it(
    mailtui: CommandLine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {}
    for no_colour in ("", "1"):
        monkeypatch.setenv("NO_COLOR", no_colour)
        with at_a_terminal("--db", str(mailtui.database), "import", str(file), "--dry-run") as terminal:
            assert terminal.end() == 0
            shown[no_colour] = terminal.shown

    assert "\x1b[32m+ address help@brand-a.example\x1b[0m  to be tested" in shown[""]
    assert "+ address help@brand-a.example  to be tested" in shown["1"]
    assert "\x1b[3" not in shown["1"]
    assert "+ group support" in mailtui("import", str(file), "--dry-run").out


def test_imported_accounts_are_tested_at_once_and_each_is_reported(
    mailtui: CommandLine, file: Path, servers: LoopbackServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", servers["good"].password.get_secret_value())
    monkeypatch.setenv("WRONG", "not this one")
    good = servers["good"]
    file.write_text(
        an_account(good, "a@corp.example", 'secret_env = "SECRET"')
        + an_account(good, "b@corp.example", 'secret_env = "WRONG"')
        + an_account(good, "c@corp.example", "")
        + an_account(good, "off@corp.example", "enabled = false")
    )

    answer = mailtui("import", str(file), "--test", "--json")

    assert answer.code == 77, "the account that was refused tells most"
    tests = {test["address"]: test for test in answer.document["tests"]}
    assert {address: test["ok"] for address, test in tests.items()} == {
        "a@corp.example": True,
        "b@corp.example": False,
        "c@corp.example": False,
    }
    assert tests["b@corp.example"]["reason"] == "wrong-password"
    assert "password is missing" in tests["c@corp.example"]["error"]
    states = {row["address"]: row["state"] for row in mailtui.json("address", "list")}
    assert states["a@corp.example"] == "ready", "a test that succeeded counts (S6)"
    assert states["b@corp.example"] == "failing"


def test_a_second_import_tests_only_what_is_not_ready_yet(
    mailtui: CommandLine, file: Path, servers: LoopbackServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", servers["good"].password.get_secret_value())
    file.write_text(an_account(servers["good"], "a@corp.example", 'secret_env = "SECRET"'))

    first = mailtui("import", str(file), "--test")
    again = mailtui("import", str(file), "--test", "--json")

    assert first.code == again.code == 0
    assert "1 of 1 tested addresses can send." in first.out
    assert "a@corp.example" in first.err
    assert again.document["tests"] == []


def test_secrets_come_from_standard_input_a_line_an_address(
    mailtui: CommandLine, file: Path, servers: LoopbackServers
) -> None:
    password = servers["good"].password.get_secret_value()
    file.write_text(
        an_account(servers["good"], "a@corp.example", "secret_stdin = true")
        + an_account(servers["good"], "b@corp.example", "secret_stdin = true")
    )

    answer = mailtui(
        *("import", str(file), "--secrets-stdin", "--test", "--json"),
        stdin=f"A@corp.example\t{password}\nb@corp.example\t{password}\n",
    )
    again = mailtui("import", str(file), "--json")

    assert answer.code == 0
    assert [test["ok"] for test in answer.document["tests"]] == [True, True]
    assert again.document["unchanged"]["addresses"] == 2, "what is stored stays where nothing is handed over"
    assert password not in answer.out + answer.err


def test_a_person_is_asked_for_the_secrets(mailtui: CommandLine, file: Path, servers: LoopbackServers) -> None:
    password = servers["good"].password.get_secret_value()
    file.write_text(an_account(servers["good"], "a@corp.example", "secret_stdin = true"))

    arguments = ("--db", str(mailtui.database), "import", str(file), "--secrets-stdin", "--test")
    with at_a_terminal(*arguments) as terminal:
        terminal.wait_for("Password of a@corp.example:")
        terminal.type(password)
        assert terminal.end() == 0

    assert password not in terminal.shown
    assert mailtui.json("address", "list")[0]["state"] == "ready"


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        ("hunter2\n", "line 1 of standard input"),
        ("hunter2\ta@corp.example\n", "line 1 of standard input"),
        ("a@corp.example\tx\nA@corp.example\thunter2\n", "line 2 of standard input"),
        ("a@corp.example\t\n", "line 1 of standard input"),
        ("", "--secrets-stdin"),
    ],
)
def test_lines_that_are_no_secrets_of_the_file_are_refused_without_a_word_of_them(
    mailtui: CommandLine, file: Path, servers: LoopbackServers, stdin: str, words: str
) -> None:
    file.write_text(an_account(servers["good"], "a@corp.example", "secret_stdin = true"))

    answer = mailtui("import", str(file), "--secrets-stdin", stdin=stdin)

    assert answer.code == 65
    assert words in answer.err
    assert "hunter2" not in answer.err
    assert mailtui.json("address", "list") == []


@pytest.mark.parametrize("arguments", [("--test", "--dry-run"), ("--secrets-stdin",)])
def test_options_that_contradict_each_other_are_usage_errors(mailtui: CommandLine, arguments: tuple[str, ...]) -> None:
    assert mailtui("import", "-", *arguments).code == 64


def test_everything_that_is_wrong_is_told_at_once_with_line_and_column(mailtui: CommandLine, file: Path) -> None:
    changed(file, 'groups = ["support"]\n\n', 'groups = ["suport"]\nrole = "admn"\n\n')
    changed(file, 'host = "127.0.0.1"', 'hots = "127.0.0.1"\npassword = "hunter2"')

    answer = mailtui("import", str(file))

    assert answer.code == 65
    assert answer.err.splitlines() == [
        f"{file}:9:11: employees[0] (ana): there is no group 'suport': did you mean 'support'?",
        f"{file}:10:8: employees[0] (ana).role: must be 'admin' or 'member': did you mean 'admin'?",
        f"{file}:18:1: addresses[0] (help@brand-a.example): unknown key 'hots': did you mean 'host'?",
        f"{file}:19:1: addresses[0] (help@brand-a.example): 'password' would lie open in the file and is not read from"
        " it: use secret_file, secret_env or secret_stdin",
        f"mailtui: {file} has 4 errors: nothing was imported",
    ]
    assert mailtui.json("group", "list") == []


def test_a_flood_of_errors_is_bounded(mailtui: CommandLine, file: Path) -> None:
    file.write_text("".join(f'[[groups]]\nkey = "g{n}"\nname = {n}\n' for n in range(1_000)))

    answer = mailtui("import", str(file))

    lines = answer.err.splitlines()
    assert len(lines) == 52
    assert lines[-2:] == ["... and 950 more", f"mailtui: {file} has 1,000 errors: nothing was imported"]


def test_the_plan_says_which_address_has_nothing_to_sign_in_with_yet(
    mailtui: CommandLine, file: Path, servers: LoopbackServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "of a")
    accounts = [
        ("a@corp.example", 'secret_env = "SECRET"'),
        ("b@corp.example", ""),
        ("c@corp.example", 'signin="none"'),
    ]
    file.write_text("".join(an_account(servers["good"], *account) for account in accounts))

    plan = plan_of(mailtui("import", str(file), "--dry-run", "--json"))

    assert {name: step["lacks"] for (_, name), step in plan.items()} == {
        "a@corp.example": "", "b@corp.example": "password", "c@corp.example": "",
    }  # fmt: skip
    assert "+ address b@corp.example  to be tested, no password yet" in mailtui("import", str(file), "--dry-run").out

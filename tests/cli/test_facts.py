"""Services, reasons, explanations, and the doctor."""

import json

import pytest

from mailtui.core.reasons import reasons
from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine

EXPLAINED = {"reason", "retry", "evidence", "meaning", "remedy"}


def test_services_are_listed_or_found_by_an_address(mailtui: CommandLine) -> None:
    services = mailtui.json("services")
    (gmail,) = mailtui.json("services", "--match", "ana@gmail.com")

    assert len(services) >= 25
    assert (gmail["id"], gmail["host"]) == ("gmail", "smtp.gmail.com")
    assert mailtui.json("services", "--match", "ana@corp.example") == []
    assert "smtp.gmail.com:465" in mailtui("services").out


def test_every_reason_is_listed(mailtui: CommandLine) -> None:
    assert [reason["name"] for reason in mailtui.json("reasons")] == [reason.name for reason in reasons()]
    assert "wrong-password" in mailtui("reasons").out


def test_a_reply_is_explained(mailtui: CommandLine) -> None:
    document = mailtui.json("explain", "--step", "sign_in", "535 5.7.8 Error: authentication failed")

    assert set(document) == EXPLAINED
    assert (document["reason"], document["retry"]) == ("wrong-password", "account")
    assert document["remedy"]
    assert document["meaning"] in mailtui("explain", "535 5.7.8 Error: authentication failed").out


def test_many_replies_are_explained_a_line_each(mailtui: CommandLine) -> None:
    lines = ['{"reply": "550 5.1.1 User unknown", "step": "recipient"}', '{"reply": "452 4.2.2 over quota"}']

    answer = mailtui("explain", "--lines", stdin="\n".join(lines))

    documents = [json.loads(line) for line in answer.out.splitlines()]
    assert [document["reason"] for document in documents] == ["recipient-unknown", "mailbox-full"]
    assert [set(document) for document in documents] == [EXPLAINED, EXPLAINED]


@pytest.mark.parametrize("line", ["{", "[]", '{"step": "sign_in"}', '{"reply": "535", "step": "nowhere"}'])
def test_a_line_that_is_none_is_named(mailtui: CommandLine, line: str) -> None:
    answer = mailtui("explain", "--lines", stdin=f'{{"reply": "250 Ok"}}\n{line}\n')

    assert answer.code == 65
    assert "line 2" in answer.err


def test_explaining_nothing_is_a_usage_error(mailtui: CommandLine) -> None:
    assert mailtui("explain").code == 64
    assert mailtui("explain", "--lines", "535").code == 64


def test_a_healthy_installation_says_so(mailtui: CommandLine) -> None:
    document = mailtui.json("doctor")

    assert set(document) == {"ok", "checks"}
    assert document["ok"] is True
    assert all(set(check) == {"name", "ok", "detail", "fix"} for check in document["checks"])


def test_what_is_out_of_step_is_named_with_its_fix_and_repaired(mailtui: CommandLine, servers: LoopbackServers) -> None:
    mailtui.add("a@corp.example", servers["good"])
    vault = mailtui.database.with_name("mailtui.vault")
    (stray,) = [file for file in vault.glob("*.age") if file.name != "identity.age"]
    (vault / "left-over.age").touch(mode=0o600)
    (vault / "left-over.age").write_bytes(stray.read_bytes())

    found = mailtui("doctor")
    repaired = mailtui("doctor", "--repair", "--json")

    assert found.code == 78
    assert "to do: mailtui doctor --repair" in found.out
    assert (repaired.code, repaired.document["repaired"], repaired.document["ok"]) == (0, ["left-over"], True)
    assert stray.exists()


def test_one_reason_is_told_whole_and_an_unknown_one_is_named(mailtui: CommandLine) -> None:
    assert mailtui.json("reasons", "wrong-password")["field"]
    assert "Wrong password" in mailtui("reasons", "wrong-password").out
    assert mailtui("reasons", "wrong-pasword").code == 66

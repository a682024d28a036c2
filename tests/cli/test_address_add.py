"""`address add` and `edit` on real servers: tested first, saved only on success (S6)."""

from pathlib import Path

import pytest

from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine, connection

TEST_FIELDS = {
    *("ok", "address", "failed_step", "steps", "reply", "code", "enhanced", "reason", "meaning", "remedy", "field"),
    *("certificate", "saved"),
}


def test_an_address_whose_test_succeeds_is_saved_and_ready(mailtui: CommandLine, servers: LoopbackServers) -> None:
    added = mailtui.add("sales@brand-a.example", servers["good"], "--name", "Brand A Sales")

    assert (added.code, added.err) == (0, "")
    assert set(added.document) == TEST_FIELDS
    assert added.document["saved"] is True
    assert [step["step"] for step in added.document["steps"]] == [
        *("resolve", "connect", "encrypt", "greet", "sign_in", "sender", "recipient"),
    ]
    assert set(added.document["steps"][0]) == {"step", "ok", "ms", "detail"}
    (row,) = mailtui.json("address", "list")
    assert (row["address"], row["state"], row["username"]) == (
        "sales@brand-a.example",
        "ready",
        "sales@brand-a.example",
    )


@pytest.mark.parametrize(
    ("server", "step", "reason", "code"),
    [
        ("wrong-password", "sign_in", "wrong-password", 77),
        ("refuses-sender", "sender", "sender-not-allowed", 77),
        ("refuses-recipient", "recipient", "recipient-unknown", 76),
        ("mailbox-full", "recipient", "mailbox-full", 75),
        ("expired-certificate", "encrypt", "certificate-invalid", 76),
        ("silent", "connect", "timed-out", 69),
    ],
)
def test_an_address_whose_test_fails_is_not_saved(
    mailtui: CommandLine, servers: LoopbackServers, server: str, step: str, reason: str, code: int
) -> None:
    added = mailtui.add("sales@brand-a.example", servers[server])

    assert added.code == code
    assert (added.document["saved"], added.document["failed_step"], added.document["reason"]) == (False, step, reason)
    assert mailtui.json("address", "list") == []


def test_a_person_sees_the_steps_and_what_to_do(mailtui: CommandLine, servers: LoopbackServers) -> None:
    server = servers["good"]
    added = mailtui("address", "add", "a@corp.example", *connection(server), "--secret-stdin", stdin="not this one")

    assert "find the host" in added.err
    assert "535" in added.out
    assert "Nothing is saved." in added.out


def test_a_certificate_that_is_not_trusted_can_be_pinned_by_its_fingerprint(
    mailtui: CommandLine, servers: LoopbackServers
) -> None:
    refused = mailtui.add("a@corp.example", servers["unknown-authority"])
    shown = refused.document["certificate"]["sha256"].upper()
    colons = ":".join(shown[place : place + 2] for place in range(0, 64, 2))

    added = mailtui.add("a@corp.example", servers["unknown-authority"], "--pin-certificate", colons)

    assert (refused.code, added.code, added.document["saved"]) == (76, 0, True)


def test_the_password_may_come_from_a_file_that_only_its_owner_reads(
    mailtui: CommandLine, servers: LoopbackServers
) -> None:
    file = mailtui.secret_file(servers["good"])
    arguments = ("address", "add", "a@corp.example", *connection(servers["good"]), "--secret-file", file)
    Path(file).chmod(0o644)
    open_to_all = mailtui(*arguments)
    Path(file).chmod(0o600)

    assert open_to_all.code == 78
    assert file in open_to_all.err
    assert mailtui.json(*arguments)["saved"] is True


def test_without_a_terminal_nothing_waits_for_a_password(mailtui: CommandLine, servers: LoopbackServers) -> None:
    added = mailtui("address", "add", "a@corp.example", *connection(servers["good"]))

    assert added.code == 64
    assert "--secret-stdin or --secret-file" in added.err


def test_who_and_where_are_checked_before_any_server_is_asked(company: CommandLine, servers: LoopbackServers) -> None:
    nobody = company.add("a@corp.example", servers["silent"], "--allow", "nobody-here")
    nowhere = company.add("a@corp.example", servers["silent"], "--project", "brand-x")

    assert (nobody.code, nobody.out, nowhere.code) == (65, "", 65)
    assert "'nobody-here'" in nobody.err
    assert "'brand-x'" in nowhere.err


def test_an_address_that_exists_is_not_added_again(mailtui: CommandLine, servers: LoopbackServers) -> None:
    mailtui.add("sales@corp.example", servers["good"])

    again = mailtui.add("Sales@Corp.example", servers["good"])

    assert again.code == 65
    assert "exists already" in again.err


def test_access_and_projects_are_saved_as_they_were_given(company: CommandLine, servers: LoopbackServers) -> None:
    options = {
        "open": (),
        "few": ("--allow", "ana", "--allow", "@support", "--project", "brand-a"),
        "nobody": ("--allow-nobody",),
        "own": ("--owner", "ana"),
    }
    for name, given in options.items():
        assert company.add(f"{name}@corp.example", servers["good"], *given).code == 0

    rows = {row["address"]: row for row in company.json("address", "list")}
    assert {a: (r["owner"], r["access"], r["projects"]) for a, r in rows.items()} == {
        "open@corp.example": (None, None, None),
        "few@corp.example": (None, {"employees": ["ana"], "groups": ["support"]}, ["brand-a"]),
        "nobody@corp.example": (None, {"employees": [], "groups": []}, None),
        "own@corp.example": ("ana", None, None),
    }


def test_options_that_contradict_each_other_are_a_usage_error(company: CommandLine, servers: LoopbackServers) -> None:
    for options in (("--allow", "ana", "--everybody"), ("--project", "brand-a", "--all-projects")):
        assert company.add("a@corp.example", servers["good"], *options).code == 64


def test_a_known_domain_gets_its_service_proposed(mailtui: CommandLine) -> None:
    added = mailtui("address", "add", "someone@gmail.com", "--secret-stdin", stdin="secret")

    assert added.code == 64
    assert "--service gmail" in added.err


def test_a_test_can_send_one_real_message(mailtui: CommandLine, servers: LoopbackServers) -> None:
    added = mailtui.add("a@corp.example", servers["good"], "--message-to", "admin@corp.example")

    assert added.document["steps"][-1]["step"] == "message"
    assert servers.arrivals[-1].recipients == ("admin@corp.example",)

"""What is offered, and sending it."""

from pathlib import Path

import pytest

from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine

DELIVERY_FIELDS = {
    *("id", "project", "from", "to", "subject", "state", "attempts", "next_attempt_at", "reply", "step", "reason"),
    "note",
}


@pytest.fixture
def brands(company: CommandLine, servers: LoopbackServers) -> CommandLine:
    """An address for brand A, one for brand B, a general one, and Ana's own."""
    for address, *options in (
        ("sales@brand-a.example", "--project", "brand-a"),
        ("sales@brand-b.example", "--project", "brand-b"),
        ("hello@corp.example",),
        ("ana@corp.example", "--owner", "ana"),
    ):
        assert company.add(address, servers["good"], *options).code == 0
    return company


def send(
    mailtui: CommandLine, *options: str, project: str = "brand-a", to: str = "ion@client.example"
) -> tuple[str, ...]:
    return ("send", "--project", project, "--to", to, "--subject", "Offer", "--wait", *options)


def test_what_is_offered_comes_in_the_order_of_the_rule(brands: CommandLine) -> None:
    document = brands.json("offered", "--employee", "ana", "--project", "brand-a")

    assert document == {
        "offered": [
            {"address": "ana@corp.example", "kind": "employee", "bound": False, "default": True},
            {"address": "sales@brand-a.example", "kind": "company", "bound": True, "default": False},
            {"address": "hello@corp.example", "kind": "company", "bound": False, "default": False},
        ]
    }


def test_every_other_address_is_refused_with_its_rule(brands: CommandLine) -> None:
    every = brands.json("offered", "--employee", "ana", "--project", "brand-b", "--why")
    one = brands.json(
        "offered", "--employee", "ana", "--project", "brand-b", "--why", "--address", "hello@corp.example"
    )

    assert [offer["address"] for offer in every["offered"]] == ["sales@brand-b.example"]
    assert {row["address"]: row["rule"] for row in every["refused"]} == {
        "ana@corp.example": 6,
        "hello@corp.example": 6,
        "sales@brand-a.example": 5,
    }
    assert set(every["refused"][0]) == {"address", "rule", "why"}
    assert [row["address"] for row in one["refused"]] == ["hello@corp.example"]


def test_people_read_the_default_and_the_reasons(brands: CommandLine) -> None:
    shown = brands("offered", "--employee", "ana", "--project", "brand-b", "--why").out

    assert "the default" in shown
    assert "strict" in shown


def test_a_member_asks_for_himself_alone(brands: CommandLine) -> None:
    assert brands.json("offered", "--project", "brand-b", act_as="ana")["offered"]
    assert brands("offered", "--project", "brand-b", "--employee", "bob", act_as="ana").code == 77


def test_unknown_employees_and_projects_end_with_66(brands: CommandLine) -> None:
    assert brands("offered", "--employee", "nobody", "--project", "brand-a").code == 66
    assert brands("offered", "--employee", "ana", "--project", "brand-x").code == 66


def test_a_message_arrives_as_the_brand(brands: CommandLine, servers: LoopbackServers, tmp_path: Path) -> None:
    (tmp_path / "offer.txt").write_text("Bună ziua\n.dot\n", encoding="utf-8")
    (tmp_path / "price.csv").write_bytes(b"1;2\r\n")

    document = brands.json(
        *send(brands, "--from", "sales@brand-a.example", "--to", "eva@client.example"),
        *("--body-file", str(tmp_path / "offer.txt"), "--attach", str(tmp_path / "price.csv")),
        act_as="ana",
    )

    assert [set(row) for row in document["deliveries"]] == [{"id", "to", "state", "reply", "reason"}] * 2
    assert [(row["to"], row["state"]) for row in document["deliveries"]] == [
        ("ion@client.example", "sent"),
        ("eva@client.example", "sent"),
    ]
    arrived = servers.arrivals[-1]
    assert (arrived.sender, arrived.recipients) == ("sales@brand-a.example", ("eva@client.example",))
    assert b"price.csv" in arrived.content


def test_without_from_the_default_is_sent_from_and_the_text_may_come_from_a_pipe(
    brands: CommandLine, servers: LoopbackServers
) -> None:
    sent = brands(*send(brands, "--body-file", "-"), stdin="Good morning\n", act_as="ana")

    assert sent.code == 0
    assert "sent" in sent.out
    assert servers.arrivals[-1].sender == "ana@corp.example"
    assert b"Good morning" in servers.arrivals[-1].content


def test_an_address_of_another_brand_is_refused_with_its_rule(brands: CommandLine, servers: LoopbackServers) -> None:
    arrived = len(servers.arrivals)

    refused = brands(*send(brands, "--from", "sales@brand-b.example", "--json"), act_as="ana")

    assert (refused.code, refused.out) == (77, "")
    assert "rule 5" in refused.err
    assert (len(servers.arrivals), brands.json("deliveries")) == (arrived, [])


def test_a_subject_that_would_begin_a_header_is_bad_input(brands: CommandLine) -> None:
    answer = brands("send", "--project", "brand-a", "--to", "ion@client.example", "--subject", "a\nBcc: b@c.example")

    assert answer.code == 65
    assert brands.json("deliveries") == []


def test_a_file_to_attach_that_is_not_there_ends_with_66(brands: CommandLine, tmp_path: Path) -> None:
    assert brands(*send(brands, "--attach", str(tmp_path / "nothing"))).code == 66


@pytest.mark.parametrize(
    ("server", "code", "state", "step"),
    [
        ("refuses-recipient", 69, "failed", "recipient"),
        ("mailbox-full", 75, "deferred", "recipient"),
        ("refuses-sender", 77, "deferred", "sender"),
    ],
)
def test_the_code_of_a_send_says_what_became_of_it(
    brands: CommandLine, servers: LoopbackServers, server: str, code: int, state: str, step: str
) -> None:
    brands.ready_on(servers[server], "odd@corp.example")

    sent = brands(*send(brands, "--from", "odd@corp.example", "--json"), act_as="ana")

    assert sent.code == code
    assert sent.document["deliveries"][0]["state"] == state
    (row,) = brands.json("deliveries", "--state", state)
    assert set(row) == DELIVERY_FIELDS
    assert (row["from"], row["to"], row["subject"], row["attempts"]) == (
        "odd@corp.example",
        "ion@client.example",
        "Offer",
        1,
    )
    assert (row["step"], bool(row["next_attempt_at"])) == (step, code == 75)


def test_an_account_that_was_refused_is_not_offered_any_more(brands: CommandLine, servers: LoopbackServers) -> None:
    brands.ready_on(servers["wrong-password"], "odd@corp.example")

    assert brands(*send(brands, "--from", "odd@corp.example"), act_as="ana").code == 77
    again = brands(*send(brands, "--from", "odd@corp.example"), act_as="ana")

    assert again.code == 77
    assert "rule 1" in again.err


def test_a_member_sees_the_deliveries_of_his_own_messages(brands: CommandLine) -> None:
    brands(*send(brands), act_as="ana")
    brands(*send(brands), act_as="bob")

    assert len(brands.json("deliveries")) == 2
    assert [row["from"] for row in brands.json("deliveries", act_as="ana")] == ["ana@corp.example"]
    assert len(brands.json("deliveries", "--limit", "1")) == 1
    assert brands.json("deliveries", "--project", "brand-b") == []

"""Accepting, sending what waits, and changing its mind, on the command line."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine, in_a_process


@pytest.fixture
def brand(company: CommandLine, servers: LoopbackServers) -> CommandLine:
    assert company.add("sales@brand-a.example", servers["good"], "--project", "brand-a").code == 0
    return company


def accepted(mailtui: CommandLine, *recipients: str) -> list[int]:
    """The ids of what `send` without --wait took."""
    to = [word for recipient in recipients for word in ("--to", recipient)]
    document = mailtui.json("send", "--project", "brand-a", *to, "--subject", "Offer", act_as="ana")
    assert {row["state"] for row in document["deliveries"]} == {"queued"}
    return [row["id"] for row in document["deliveries"]]


def test_without_wait_a_message_is_only_accepted_and_the_outbox_sends_it(
    brand: CommandLine, servers: LoopbackServers
) -> None:
    arrived = len(servers.arrivals)
    accepted(brand, "ion@client.example", "eva@client.example")
    assert len(servers.arrivals) == arrived

    assert brand.json("outbox", "run", "--once") == {"sent": 2, "deferred": 0, "failed": 0}

    assert len(servers.arrivals) == arrived + 2
    assert {row["state"] for row in brand.json("deliveries")} == {"sent"}
    assert brand("outbox", "run", "--once").out == "sent 0, deferred 0, failed 0\n"


def test_what_waits_is_cancelled_or_tried_again_by_its_number(brand: CommandLine) -> None:
    first, second = accepted(brand, "ion@client.example", "eva@client.example")

    assert brand.json("deliveries", "cancel", str(first))["state"] == "cancelled"
    assert brand.json("outbox", "run", "--once")["sent"] == 1
    assert brand("deliveries", "cancel", str(second)).code == 77
    assert brand.json("deliveries", "retry", str(first))["state"] == "queued"
    assert brand.json("outbox", "run", "--once", "--concurrency", "1")["sent"] == 1
    assert brand("deliveries", "retry", "99").code == 66
    assert "sent" in brand("deliveries", "--state", "sent").out


def test_why_a_delivery_waits_is_in_its_note(brand: CommandLine, servers: LoopbackServers) -> None:
    brand.ready_on(servers["wrong-password"], "odd@corp.example")
    to = ("--project", "brand-a", "--from", "odd@corp.example", "--to", "ion@client.example", "--subject", "Offer")
    brand.json("send", *to, act_as="ana")

    assert brand.json("outbox", "run", "--once") == {"sent": 0, "deferred": 1, "failed": 0}

    (row,) = brand.json("deliveries")
    assert (row["state"], row["next_attempt_at"], row["reason"]) == ("deferred", None, "wrong-password")
    assert "until the account of odd@corp.example passes its test" in row["note"]
    assert row["note"] in brand("deliveries").out


def test_texts_are_purged_and_the_deliveries_stay(brand: CommandLine) -> None:
    (id,) = accepted(brand, "ion@client.example")
    brand.json("outbox", "run", "--once")
    assert brand.json("outbox", "purge") == {"purged": 0}
    assert brand.json("outbox", "purge", "--dry-run") == {"days": 90, "messages": 0, "oldest": None}
    told = brand("outbox", "purge", "--older-than", "0", "--dry-run").out
    assert told.startswith("1 messages that are over are older than 0 days, the oldest of 2")
    assert brand("outbox", "purge", "--older-than", "0").out == "purged 1 messages\n"
    assert [row["id"] for row in brand.json("deliveries")] == [id]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_outbox_well_with_what_it_did(brand: CommandLine, number: signal.Signals) -> None:
    accepted(brand, "ion@client.example")
    process = subprocess.Popen(
        [sys.executable, "-m", "mailtui", "--db", str(brand.database), "outbox", "run", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until_sent(brand)

    process.send_signal(number)

    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert json.loads(out) == {"sent": 1, "deferred": 0, "failed": 0}


def configured(directory: Path, monkeypatch: pytest.MonkeyPatch, sending: str) -> None:
    """The configuration file of the command line, with these limits on sending."""
    path = directory / "limits.toml"
    path.write_text(f'keyring = "vault"\n[sending]\n{sending}\n')
    monkeypatch.setenv("MAILTUI_CONFIG", str(path))


def wait_until_sent(mailtui: CommandLine) -> None:
    while not mailtui.json("deliveries", "--state", "sent"):
        pass


def test_a_locked_vault_ends_with_78_and_what_to_set(brand: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(brand, "ion@client.example")
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE")
    ended = brand("outbox", "run", "--once")
    assert (ended.code, ended.out) == (78, "")
    assert "MAILTUI_IDENTITY_FILE" in ended.err
    assert brand.json("deliveries")[0]["state"] == "queued"


def test_a_disk_that_is_full_ends_with_73_and_one_line_and_nothing_is_lost(
    brand: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(tmp_path, monkeypatch, "lease_seconds = 1")
    accepted(brand, *(f"c{number}@client.example" for number in range(200)))
    full = 'ulimit -f 60; exec "$@"'  # A limit of 60 KiB on what a file may grow to stands for the full disk.
    ended = subprocess.run(
        ["bash", "-c", full, "bash", sys.executable, "-m", "mailtui", "--db", str(brand.database), "outbox", "run"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (73, "")
    assert len(ended.stderr.splitlines()) == 1
    assert "free space" in ended.stderr
    sent = len(brand.json("deliveries", "--state", "sent", "--limit", "200"))
    while sent < 200:  # What the worker could not give back is under its lease for a second.
        sent += brand.json("outbox", "run", "--once")["sent"]
    assert sent == 200


def test_the_limit_of_a_recipient_can_be_configured(
    brand: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(tmp_path, monkeypatch, "recipient_messages = 1\nrecipient_minutes = 5")
    accepted(brand, "ion@client.example")
    accepted(brand, "ion@client.example")
    assert brand.json("outbox", "run", "--once") == {"sent": 1, "deferred": 1, "failed": 0}
    (row,) = brand.json("deliveries", "--state", "deferred")
    assert "at most 1 messages in 5 minutes" in row["note"] and row["next_attempt_at"]


def test_help_needs_no_company(tmp_path: Path) -> None:
    for arguments in (("outbox", "--help"), ("outbox", "run", "--help"), ("deliveries", "cancel", "--help")):
        assert in_a_process("--db", str(tmp_path / "none.db"), *arguments).code == 0
    assert not (tmp_path / "none.db").exists()


def test_one_delivery_is_told_with_every_attempt_and_its_message(brand: CommandLine) -> None:
    (id,) = accepted(brand, "ion@client.example")
    brand.json("outbox", "run", "--once")

    document = brand.json("deliveries", "show", str(id), "--message")

    assert document["id"] == id
    assert [attempt["ok"] for attempt in document["history"]] == [True]
    assert document["message"]["fields"]["Subject"] == "Offer"
    assert "Subject: Offer" in brand("deliveries", "show", str(id), "--message").out
    assert "message" not in brand.json("deliveries", "show", str(id))
    assert brand("deliveries", "show", str(id), act_as="bob").code == 66


def test_json_before_the_command_below_holds_for_it_and_what_narrows_the_list_is_refused(brand: CommandLine) -> None:
    (id,) = accepted(brand, "ion@client.example")

    answer = brand("deliveries", "--json", "cancel", str(id))

    assert answer.document["state"] == "cancelled"
    assert brand("deliveries", "--state", "sent", "retry", str(id)).code == 64
    assert brand.json("deliveries", "show", str(id))["state"] == "cancelled"


def test_deliveries_are_narrowed_by_reason_and_words(brand: CommandLine, servers: LoopbackServers) -> None:
    brand.ready_on(servers["wrong-password"], "odd@corp.example")
    to = ("--project", "brand-a", "--from", "odd@corp.example", "--to", "ion@client.example", "--subject", "Odd")
    brand("send", *to, "--wait", act_as="ana")
    accepted(brand, "eva@client.example")

    assert [row["subject"] for row in brand.json("deliveries", "--reason", "wrong-password")] == ["Odd"]
    assert [row["to"] for row in brand.json("deliveries", "--match", "eva")] == ["eva@client.example"]

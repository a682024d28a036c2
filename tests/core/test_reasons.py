"""What a server's words mean: every reason is complete, and replies are recognised by code, words and step."""

import re
import time
import tomllib
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core import recognition
from mailtui.core.account_test import Step
from mailtui.core.errors import NotFound
from mailtui.core.reasons import Recognised, Retry, Who, reason, reasons, recognise
from mailtui.core.text import clean

DATA: Final = Path(__file__).parent / "data"
FIELDS: Final = {"address", "host", "port", "security", "signin", "username", "password", "ca_file", ""}

ACCOUNT: Final = {
    "wrong-password",
    "app-password-required",
    "oauth-required",
    "token-expired",
    "sign-in-required",
    "sign-in-not-offered",
    "encryption-required",
    "certificate-invalid",
    "sender-not-allowed",
    "account-suspended",
    "relay-denied",
}
TEMPORARY: Final = {
    "mailbox-full",
    "host-unreachable",
    "timed-out",
    "greylisted",
    "rate-limited",
    "quota-exceeded",
    "server-out-of-order",
}


def written() -> list[tuple[str, Step | None, str]]:
    """The reason that is right, the step, and the reply, from written.toml."""
    table: dict[str, list[str | list[str]]] = tomllib.loads((DATA / "written.toml").read_text("utf-8"))
    return [
        (name, None, entry) if isinstance(entry, str) else (name, Step(entry[0]), entry[1])
        for name, replies in table.items()
        for entry in replies
    ]


# The reasons themselves


def test_there_are_34_reasons_and_each_is_found_by_its_name() -> None:
    assert len(reasons()) == 34
    assert all(reason(one.name) is one for one in reasons())


def test_each_reason_says_what_it_means_what_to_do_and_whether_to_try_again() -> None:
    for one in reasons():
        assert 2 <= len(one.title.split()) <= 4
        assert one.meaning.endswith(".")
        assert one.remedy and all(step.endswith(".") for step in one.remedy)
        assert one.examples
        assert one.field in FIELDS
        assert one.who in Who


def test_reasons_of_the_account_wait_for_an_administrator_and_passing_ones_are_tried_again() -> None:
    assert {one.name for one in reasons() if one.retry is Retry.ACCOUNT} == ACCOUNT
    assert {one.name for one in reasons() if one.retry is Retry.TEMPORARY} == TEMPORARY


def test_a_reason_that_does_not_exist_is_refused_with_near_names() -> None:
    with pytest.raises(NotFound, match="mailbox-full"):
        reason("mailbox-ful")
    with pytest.raises(NotFound, match="mailtui reasons"):
        reason("\x1b[31m" * 1000)


def test_the_examples_of_a_reason_are_recognised_as_that_reason() -> None:
    for one in reasons():
        assert [recognise(example).reason for example in one.examples] == [one.name] * len(one.examples)


# Recognising by words, in several languages


def test_every_reason_has_at_least_four_written_replies() -> None:
    names = [name for name, _, _ in written()]
    assert all(names.count(one.name) >= 4 for one in reasons())


@pytest.mark.parametrize(("name", "step", "reply"), written())
def test_a_written_reply_is_recognised(name: str, step: Step | None, reply: str) -> None:
    assert recognise(reply, step).reason == name


# What decides


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("550 5.2.2 User unknown", "mailbox-full"),
        ("550 5.1.1 Message refused", "recipient-unknown"),
        ("550 5.7.25 Message refused by policy", "no-reverse-dns"),
        ("554 5.3.4 Transaction failed", "message-too-large"),
    ],
)
def test_a_specific_enhanced_code_decides_before_the_text(reply: str, name: str) -> None:
    assert recognise(reply).reason == name
    assert recognise(reply).evidence.startswith("enhanced code")


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("550 5.0.0 User unknown", "recipient-unknown"),
        ("550 5.7.1 User unknown", "recipient-unknown"),
        ("550 5.2.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", "ip-blocked"),
        ("421 Mailbox full", "mailbox-full"),
        ("535 TLS certificate has expired", "certificate-invalid"),
        ("501 Sender address rejected", "sender-refused"),
    ],
)
def test_the_text_decides_before_a_general_enhanced_code_and_before_the_basic_code(reply: str, name: str) -> None:
    assert recognise(reply).reason == name
    assert "words" in recognise(reply).evidence


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("535 no", "wrong-password"),
        ("530 no", "sign-in-required"),
        ("556 no", "domain-unknown"),
        ("502 no", "protocol-error"),
    ],
)
def test_the_basic_code_decides_where_nothing_else_does(reply: str, name: str) -> None:
    assert recognise(reply).reason == name


def test_the_step_breaks_ties() -> None:
    assert recognise("550 Rejected", Step.GREET).reason == "ip-blocked"
    assert recognise("550 Rejected", Step.SIGN_IN).reason == "wrong-password"
    assert recognise("550 Rejected", Step.SENDER).reason == "sender-refused"
    assert recognise("550 Rejected", Step.MESSAGE).reason == "policy-refused"
    assert recognise("550 5.7.1 Rejected", Step.SENDER).reason == "sender-not-allowed"
    assert recognise("550 5.2.1 The account is disabled", Step.SIGN_IN).reason == "account-suspended"


def test_words_that_say_less_than_a_reason_would_are_not_given_one() -> None:
    assert recognise("550 5.7.1 Rejected", Step.RECIPIENT).reason == "policy-refused"
    assert recognise("554 Transaction failed", Step.MESSAGE).reason == "unknown"


@pytest.mark.parametrize(
    "reply",
    [
        "550-5.1.1 The email account that you tried\n550-5.1.1 to reach does\n550 5.1.1 not exist",
        "550-The email account\n550-that you tried to reach\n550 does not exist",
        "554 5.0.0 host mx.example.org said: 550 5.1.1 no",
        "554 5.0.0 <ana@example.org>: host mx.example.org[192.0.2.1] said: 550 User unknown (in reply to RCPT TO)",
        "550 5.1.1 User unknown 503 5.5.1 RCPT first 554 5.5.1 Error: no valid recipients",
    ],
)
def test_several_lines_and_replies_within_replies_are_read(reply: str) -> None:
    assert recognise(reply).reason == "recipient-unknown"


@pytest.mark.parametrize(
    "name",
    ["spam@example.org", "<virus-found@example.org>", "mailbox-full.example.org", "https://example.org/spam/dmarc"],
)
def test_what_somebody_is_called_is_not_what_the_server_says(name: str) -> None:
    assert recognise(f"550 {name}: no such user").reason == "recipient-unknown"
    assert recognise(f"554 {name}: transaction failed").reason == "unknown"


@pytest.mark.parametrize("reply", ["550 Rejected", "550 5.1.1 no", "550 Spamming is not allowed", "554 Mailbox full"])
def test_what_a_relaying_server_puts_around_a_reply_changes_nothing(reply: str) -> None:
    wrapped = f"host mx.example.org[192.0.2.1] said: {reply} (in reply to end of DATA command)"
    assert recognise(wrapped).reason == recognise(reply).reason
    assert recognise(f"Remote host said: {reply}").reason == recognise(reply).reason


def test_a_number_that_is_no_reply_code_does_not_count_as_one() -> None:
    assert recognise("Connection refused on port 587 ").evidence == "words “connection refused”"
    assert recognise("limit 535 items").reason == "unknown"


# Whether to try again


@pytest.mark.parametrize(
    ("reply", "retry"),
    [
        ("450 4.1.1 User unknown", Retry.TEMPORARY),
        ("450 User unknown", Retry.TEMPORARY),
        ("450 5.1.1 User unknown", Retry.PERMANENT),
        ("550 4.1.1 User unknown", Retry.TEMPORARY),
        ("550 User unknown", Retry.PERMANENT),
        ("552 5.2.2 Mailbox full", Retry.TEMPORARY),
        ("454 4.7.1 Relay access denied", Retry.ACCOUNT),
        ("535 5.7.8 Authentication failed", Retry.ACCOUNT),
        ("421 4.7.0 Messages from 192.0.2.1 temporarily deferred due to user complaints", Retry.TEMPORARY),
        ("450 what", Retry.TEMPORARY),
        ("550 what", Retry.PERMANENT),
        ("550 5.4.7 Delivery time expired", Retry.PERMANENT),
        ("421 4.4.2 Timeout exceeded", Retry.TEMPORARY),
        ("Connection timed out", Retry.TEMPORARY),
    ],
)
def test_a_refusal_that_asks_to_be_tried_again_is_tried_again(reply: str, retry: Retry) -> None:
    assert recognise(reply).retry is retry


def test_what_is_refused_for_good_at_the_sign_in_concerns_the_account_and_no_message() -> None:
    assert recognise("550 what", Step.SIGN_IN).retry is Retry.ACCOUNT
    assert recognise("550 5.7.1 what", Step.SIGN_IN).retry is Retry.ACCOUNT
    assert recognise("454 4.7.0 Temporary authentication failure", Step.SIGN_IN).retry is Retry.TEMPORARY


def test_certificate_invalid_is_said_only_where_the_words_say_it() -> None:
    assert recognise("454 4.7.0 TLS failed", Step.ENCRYPT).reason != "certificate-invalid"
    assert recognise("certificate has expired", Step.ENCRYPT).reason == "certificate-invalid"


# Hostile replies


def test_nothing_in_a_rule_repeats_without_a_bound() -> None:
    for rule in recognition.rules():
        for pattern in (rule.words, rule.unless):
            assert pattern is None or not re.search(r"(?<!\\)[*+]|\{\d+,\}", pattern.pattern)


@given(st.text(max_size=600), st.sampled_from([None, *Step]))
def test_any_text_is_answered_with_safe_evidence(text: str, step: Step | None) -> None:
    found = recognise(text, step)
    assert reason(found.reason)
    assert found.evidence and found.evidence == clean(found.evidence, 200)


FRAGMENTS: Final = [
    *("550 ", "550-", "5.1.1 ", "user ", "not ", "recipient ", "rejected ", "from ", "your ", "ip ", "192.0.2.1 "),
    *(
        "a.",
        "x@",
        "http://",
        ":1",
        "spam ",
        "邮箱",
        "не ",
        "\x1b[31m",
        "\u202e",
        "\x00",
        "\r\n",
        "\ufdfa",
        "(",
        "the message ",
    ),
]


@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6).map("".join), st.integers(1, 200_000))
def test_a_reply_of_any_length_takes_a_bounded_time(unit: str, times: int) -> None:
    text = unit * (times // len(unit) + 1)
    began = time.process_time()
    found = recognise(text, Step.MESSAGE)
    assert time.process_time() - began < 2
    assert isinstance(found, Recognised)
    assert found.evidence == clean(found.evidence, 200)

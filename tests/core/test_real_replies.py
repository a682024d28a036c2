"""What real servers said, against the classes that Sisimai gives: agreement, and each argued disagreement."""

import json
import random
import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

from mailtui.core import recognition
from mailtui.core.account_test import Step
from mailtui.core.reasons import recognise

DATA: Final = Path(__file__).parent / "data"

ACCEPTED: Final[dict[str, set[str]]] = {
    "authfailure": {"authentication-failed-spf-dkim"},
    "badreputation": {"ip-blocked"},
    "blocked": {"ip-blocked", "greylisted"},
    "contenterror": {"content-refused"},
    "emailtoolarge": {"message-too-large"},
    "exceedlimit": {"message-too-large", "quota-exceeded"},
    "expired": {"timed-out"},
    "filtered": {"recipient-unknown"},
    "hasmoved": {"recipient-moved"},
    "hostunknown": {"domain-unknown"},
    "mailboxfull": {"mailbox-full"},
    "mailererror": {"server-out-of-order"},
    "mesgtoobig": {"message-too-large"},
    "networkerror": {"host-unreachable"},
    "norelaying": {"relay-denied"},
    "notcompliantrfc": {"content-refused"},
    "notaccept": {"domain-unknown"},
    "onhold": {"unknown"},
    "policyviolation": {"policy-refused", "greylisted"},
    "ratelimited": {"rate-limited", "too-many-recipients"},
    "rejected": {"sender-refused", "sender-not-allowed", "policy-refused"},
    "requireptr": {"no-reverse-dns"},
    "securityerror": {
        "wrong-password",
        "app-password-required",
        "oauth-required",
        "token-expired",
        "sign-in-required",
        "sign-in-not-offered",
        "encryption-required",
        "certificate-invalid",
    },
    "spamdetected": {"spam-suspected"},
    "suspend": {"recipient-disabled", "account-suspended"},
    "syntaxerror": {"protocol-error"},
    "systemerror": {"server-out-of-order"},
    "systemfull": {"server-out-of-order"},
    "toomanyconn": {"rate-limited", "too-many-recipients"},
    "userunknown": {"recipient-unknown"},
    "virusdetected": {"virus-found"},
}
"""Which reasons agree with a class of Sisimai."""

STEP_OF: Final = {
    "CONN": Step.CONNECT,
    "EHLO": Step.GREET,
    "HELO": Step.GREET,
    "MAIL": Step.SENDER,
    "RCPT": Step.RECIPIENT,
    "DATA": Step.MESSAGE,
}


class RealReply:
    """A row of replies.jsonl."""

    def __init__(self, line: str) -> None:
        row: dict[str, str | None] = json.loads(line)
        self.text = row["reply"] or ""
        self.sisimai = row["sisimai_reason"] or ""
        self.ours = recognise(self.text, STEP_OF.get(row["command"] or "")).reason
        self.agrees = self.ours in ACCEPTED[self.sisimai]


@pytest.fixture(scope="module")
def real() -> list[RealReply]:
    return [RealReply(line) for line in (DATA / "replies.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def disagreements() -> list[dict[str, str]]:
    table: list[dict[str, str]] = tomllib.loads((DATA / "disagreements.toml").read_text("utf-8"))["disagreement"]
    return table


def test_nine_of_ten_real_replies_agree_or_are_argued_in_every_half(
    real: list[RealReply], disagreements: list[dict[str, str]]
) -> None:
    begins = tuple(entry["begins"] for entry in disagreements)
    for seed in range(10):
        half = random.Random(seed).sample(real, len(real) // 2)  # noqa: S311 - which half is looked at, no secret
        good = [one for one in half if one.agrees or one.text.startswith(begins)]
        assert len(good) >= 0.9 * len(half)


def test_real_replies_agree_without_arguments_in_more_than_six_of_seven(real: list[RealReply]) -> None:
    assert sum(one.agrees for one in real) >= len(real) * 6 / 7


def test_nine_of_ten_further_real_replies_agree_without_arguments() -> None:
    """More of the same collection."""
    further = [RealReply(line) for line in (DATA / "more_replies.jsonl").read_text("utf-8").splitlines()]
    assert sum(one.agrees for one in further) >= 0.9 * len(further)


def test_each_argued_disagreement_is_one_and_says_what_we_say(
    real: list[RealReply], disagreements: list[dict[str, str]]
) -> None:
    for entry in disagreements:
        argued = [one for one in real if one.text.startswith(entry["begins"]) and not one.agrees]
        assert argued and {one.ours for one in argued} == {entry["ours"]}, entry["begins"]


def test_no_rule_names_a_host_or_an_account_or_holds_a_whole_sentence(real: list[RealReply]) -> None:
    rules = Path(recognition.__file__).with_name("recognition.toml").read_text("utf-8")
    phrases = [phrase for rule in tomllib.loads(rules)["rule"] for phrase in rule.get("words", ())]
    assert not [phrase for phrase in phrases if re.search(r"@|\w\.(com|net|org|jp|ru)\b", phrase)]
    for one in real:
        words = recognition.read(one.text).words
        assert not (len(words.split()) > 6 and words in phrases)

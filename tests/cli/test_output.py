"""What is printed can do nothing to a terminal, and stays what it was."""

import tomllib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.cli.output import print_json, print_table
from mailtui.core.text import UNSAFE_CATEGORIES
from mailtui.demo.servers import LoopbackServers
from mailtui.operations.company_toml import to_toml
from tests.cli.command_line import CommandLine

WORDS = st.text(st.characters(exclude_categories=["Cs"]))


def obeyed(text: str) -> set[str]:
    """Characters that a terminal could obey."""
    return {character for character in text if unicodedata.category(character) in UNSAFE_CATEGORIES} - {"\n"}


@given(st.lists(st.dictionaries(st.sampled_from(["name", "login"]), WORDS)))
def test_exported_toml_is_read_back_as_it_was_and_holds_nothing_that_a_terminal_obeys(
    entries: list[dict[str, str]],
) -> None:
    text = "".join(to_toml({"employees": entries}))

    assert not obeyed(text)
    assert tomllib.loads(text) == {"employees": entries}


def test_json_escapes_what_a_stranger_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"reply": "535 \x1b[31mno\u202e \u0219"})

    assert capsys.readouterr().out == '{\n  "reply": "535 \\u001b[31mno\\u202e \\u0219"\n}\n'


def test_columns_are_aligned_for_wide_and_combining_characters_too(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Name", "Role"), [("", "日本", "a"), ("", "e\u0301va", "b"), ("", "Ana\x1b[2J", "c")], empty="")

    assert capsys.readouterr().out.splitlines() == [
        "Name     Role",
        "日本     a",
        "e\u0301va      b",
        "Ana\ufffd[2J  c",
    ]


HEADS = {
    ("address", "list"): "   Address Owner Server Who may use Projects State",
    ("employee", "list"): "Login Name E-mail Role Groups Own addresses",
    ("group", "list"): "Key Name Members",
    ("group", "members", "support"): "Login Name",
    ("project", "list"): "Key Name State Addresses bound",
    ("deliveries",): "   Id State To From Subject Answer",
    ("services",): "Id Name Server Security Sign-in",
    ("reasons",): "Reason Retry Who acts In short",
    ("settings", "get"): "Setting Value Default From",
}
"""The columns of each list: programs may not, but people's habits do hold on to them."""


@pytest.mark.parametrize("arguments", HEADS)
def test_the_columns_of_each_list_stay(
    company: CommandLine, servers: LoopbackServers, arguments: tuple[str, ...]
) -> None:
    company.add("sales@corp.example", servers["good"], "--project", "brand-a")
    to = ("--to", "ion@client.example", "--subject", "Offer")
    company.json("send", "--project", "brand-a", *to, act_as="ana")

    head = company(*arguments).out.splitlines()[0]

    assert head.split() == HEADS[arguments].split()

"""Foreign text is safe for a terminal, whatever it holds."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.text import JOINERS, UNSAFE_CATEGORIES, clean, clean_lines, decode, listed

ANYTHING = st.text(st.characters())
"""Surrogates, controls and unassigned characters included."""


def is_safe(line: str) -> bool:
    return all(c in JOINERS or unicodedata.category(c) not in UNSAFE_CATEGORIES for c in line)


@given(ANYTHING, st.integers(1, 80))
def test_a_cleaned_line_is_safe_bounded_and_on_one_line(text: str, limit: int) -> None:
    line = clean(text, limit)
    assert is_safe(line)
    assert len(line) <= limit
    assert line == line.strip()


@given(ANYTHING)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANYTHING, st.integers(1, 40), st.integers(1, 5))
def test_cleaned_lines_are_safe_and_bounded_in_both_directions(text: str, limit: int, lines: int) -> None:
    cleaned = clean_lines(text, limit, lines).split("\n")
    assert len(cleaned) <= lines
    assert all(is_safe(line) and len(line) <= limit for line in cleaned)


@given(st.binary())
def test_every_octet_sequence_can_be_decoded_and_cleaned(octets: bytes) -> None:
    assert is_safe(clean(decode(octets)))


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=200))
def test_ordinary_words_in_any_script_are_left_alone(word: str) -> None:
    assert clean(word) == word


def test_escape_sequences_and_overrides_are_taken_out_visibly() -> None:
    assert clean("a\x1b[2Jb") == "a\ufffd[2Jb"
    assert clean("a\x9b31mb") == "a\ufffd31mb"
    assert clean("safe\u202egnp.exe") == "safe\ufffdgnp.exe"
    assert clean("two\u2028lines") == "two\ufffdlines"


def test_what_was_cut_says_so() -> None:
    assert clean("x" * 600) == "x" * 499 + "…"
    assert clean(" " * 10_000 + "hidden").endswith("…")
    assert clean_lines("a\nb\nc", lines=2).endswith("…")


def test_lines_are_told_apart_by_every_line_end_that_servers_use() -> None:
    assert clean_lines("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_a_list_reads_as_a_person_would_write_it() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]

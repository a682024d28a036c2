"""Reading what a server said: its codes, and its words as they stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.text import MAX_LINES, clean_lines
from mailtui.smtp.replies import enhanced_code, spoken

classes = st.sampled_from("245")
numbers = st.integers(0, 999)


@given(kind=classes, subject=numbers, detail=numbers, words=st.text(st.characters(categories=["L"])))
def test_an_enhanced_code_at_the_beginning_is_found(kind: str, subject: int, detail: int, words: str) -> None:
    code = f"{kind}.{subject}.{detail}"
    assert enhanced_code(int(f"{kind}50"), f"{code} {words}") == code


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        (550, "5.1.1 no such user", "5.1.1"),
        (550, "5.1.1", "5.1.1"),
        (550, "first line\n5.7.1 second line", "5.7.1"),
        (450, "5.1.1 contradicts its basic code", ""),
        (550, "5.1.1.1 is an address", ""),
        (550, "55.1.1 is no class", ""),
        (550, "5.1234.1 is too long", ""),
        (550, "see 5.1.1", ""),
        (550, "", ""),
    ],
)
def test_only_an_enhanced_code_of_rfc_2034_counts(code: int, text: str, found: str) -> None:
    assert enhanced_code(code, text) == found


@given(text=st.text())
def test_any_octets_give_a_code_or_none(text: str) -> None:
    assert enhanced_code(550, text) == "" or enhanced_code(550, text) in text


def test_a_reply_of_several_lines_stands_as_on_the_wire() -> None:
    assert spoken(550, "5.7.1 no\nsee the help page") == "550-5.7.1 no\n550 see the help page"


@given(text=st.text())
def test_a_spoken_reply_is_safe_and_short(text: str) -> None:
    said = spoken(550, text)
    assert clean_lines(said) == said
    assert said.count("\n") < MAX_LINES

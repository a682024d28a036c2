"""The chain of the audit shows every change of it (issue 6, section 4), and its filter is read as it is typed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.audit import (
    BEGINNING,
    ChainCheck,
    Head,
    Link,
    Wanted,
    chained,
    parse_hash,
    parse_moment,
    parse_wanted,
)
from mailtui.core.errors import BadInput

Kept = list[tuple[Link, str]]

LINKS = st.builds(
    Link,
    number=st.just(0),
    at=st.just("2026-03-02T10:00:00+00:00"),
    by=st.sampled_from(["ana", "bob as ana"]),
    login=st.sampled_from(["ana", "bob"]),
    employee=st.sampled_from(["ana", "bob"]),
    uid=st.none() | st.integers(0, 2000),
    action=st.text(max_size=5),
    object=st.text(max_size=5),
    before=st.none() | st.text(max_size=5),
    after=st.none() | st.text(max_size=5),
)


@st.composite
def trails(draw: st.DrawFn) -> Kept:
    """A chain of a few rows."""
    hash, kept = BEGINNING, []
    for number, link in enumerate(draw(st.lists(LINKS, min_size=1, max_size=8)), start=1):
        link = link._replace(number=number)
        hash = chained(hash, link)
        kept.append((link, hash))
    return kept


def broken(kept: Kept, head: Head | None, noted: str = "") -> list[int]:
    """The rows that are named."""
    check = ChainCheck(noted)
    return [found.number for found in (*check.follow(kept), *check.end(head))]


def head_of(kept: Kept) -> Head:
    return Head(kept[-1][0].number, kept[-1][1])


@given(trails())
def test_a_chain_that_nobody_touched_holds(kept: Kept) -> None:
    assert broken(kept, head_of(kept)) == []
    assert broken(kept, head_of(kept), noted=kept[0][1]) == []


@given(trails(), st.data())
def test_any_other_character_or_value_in_any_column_is_found_in_its_row(kept: Kept, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(kept) - 1))
    link, hash = kept[place]
    column = data.draw(st.sampled_from(Link._fields[1:]))
    value = data.draw(st.none() | st.integers() if column == "uid" else st.none() | st.text(max_size=6))
    forged = Link(**{**link._asdict(), column: value})
    if forged == link:
        return
    kept = [*kept[:place], (forged, hash), *kept[place + 1 :]]
    assert broken(kept, head_of(kept)) == [link.number]


@given(trails(), st.data())
def test_one_other_bit_of_a_hash_is_found(kept: Kept, data: st.DataObject) -> None:
    place, bit = data.draw(st.integers(0, len(kept) - 1)), data.draw(st.integers(0, 255))
    link, hash = kept[place]
    head = head_of(kept)
    kept = [*kept[:place], (link, f"{int(hash, 16) ^ (1 << bit):064x}"), *kept[place + 1 :]]
    assert broken(kept, head)[0] == link.number


@given(trails(), st.data())
def test_rows_that_are_gone_are_named_wherever_they_were(kept: Kept, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(kept) - 1))
    head = head_of(kept)
    assert broken([*kept[:place], *kept[place + 1 :]], head)[0] == place + 1


@given(trails(), st.data())
def test_rows_that_changed_places_are_found(kept: Kept, data: st.DataObject) -> None:
    one, other = sorted((data.draw(st.integers(0, len(kept) - 1)), data.draw(st.integers(0, len(kept) - 1))))
    if kept[one][0][1:] == kept[other][0][1:]:
        return
    moved = list(kept)
    moved[one] = (kept[other][0]._replace(number=one + 1), kept[other][1])
    moved[other] = (kept[one][0]._replace(number=other + 1), kept[one][1])
    assert broken(moved, head_of(kept))[0] == one + 1


@given(trails(), LINKS)
def test_a_row_that_mailtui_did_not_write_is_found_at_the_end(kept: Kept, link: Link) -> None:
    forged = link._replace(number=len(kept) + 1)
    assert broken([*kept, (forged, chained(kept[-1][1], forged))], head_of(kept)) == [forged.number]


@given(trails())
def test_a_trail_that_was_written_anew_as_a_whole_is_shown_by_a_noted_hash_alone(kept: Kept) -> None:
    hash, anew = BEGINNING, []
    for link, _ in kept:
        link = link._replace(action=link.action + "!")
        hash = chained(hash, link)
        anew.append((link, hash))
    assert broken(anew, head_of(anew)) == []
    assert broken(anew, head_of(anew), noted=kept[-1][1]) == [0]


def test_without_the_note_of_its_end_a_trail_does_not_pass_for_whole() -> None:
    link = Link(1, "", "ana", "ana", "ana", None, "add", "it", None, None)
    assert broken([(link, chained(BEGINNING, link))], None) == [1]
    assert broken([], None) == []


def test_a_filter_is_read_as_it_is_typed() -> None:
    zone = timezone(timedelta(hours=2))
    assert parse_wanted("by:ana object:project since:2026-11-01 until:2026-11-01 old name", zone) == Wanted(
        by="ana",
        object="project",
        since=datetime(2026, 10, 31, 22, tzinfo=UTC),
        until=datetime(2026, 11, 1, 22, tzinfo=UTC),
        words="old name",
    )
    assert parse_wanted("by: smtp:x since:", zone) == Wanted(words="smtp:x")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01T14:30", datetime(2026, 11, 1, 14, 30, tzinfo=UTC)),
        ("2026-11-01T14:30+02:00", datetime(2026, 11, 1, 12, 30, tzinfo=UTC)),
    ],
)
def test_a_time_may_name_its_zone(text: str, moment: datetime) -> None:
    assert parse_moment(text, UTC) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "9999-12-31", "2026-11-01T25:00"])
def test_what_is_no_time_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput, match="write 2026-11-01"):
        parse_moment(text, UTC, ends=True)


def test_what_is_no_hash_is_refused() -> None:
    assert parse_hash(f" {'A' * 64}\n") == "a" * 64
    with pytest.raises(BadInput, match="64 hexadecimal digits"):
        parse_hash("abc")

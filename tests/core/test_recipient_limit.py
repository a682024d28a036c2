"""No recipient gets more than so many messages in any stretch of the limit's length (P14)."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.recipient_limit import UNLIMITED, RecipientLimit, limit_note, waits_until
from tests.company import NOW

MINUTE = timedelta(minutes=1)
LIMIT = RecipientLimit(messages=3, within=10 * MINUTE)


def test_below_the_limit_nothing_waits() -> None:
    assert waits_until(LIMIT, [NOW - MINUTE, NOW], 0, NOW) is None


def test_what_waits_waits_until_the_oldest_is_as_old_as_the_limits_time() -> None:
    sent = [NOW - 9 * MINUTE, NOW - 2 * MINUTE, NOW]
    assert waits_until(LIMIT, sent, 0, NOW) == NOW + MINUTE
    assert waits_until(LIMIT, sent, 1, NOW) == NOW + 8 * MINUTE


def test_what_is_under_way_counts_as_sent_now() -> None:
    assert waits_until(LIMIT, [], 3, NOW) == NOW + 10 * MINUTE


@given(st.integers(0, 1_000))
def test_without_a_limit_nothing_ever_waits(ahead: int) -> None:
    assert waits_until(UNLIMITED, [NOW] * ahead, ahead, NOW) is None


@given(
    st.lists(st.integers(0, 20).map(lambda number: number * MINUTE), max_size=40),
    st.integers(1, 5),
    st.integers(1, 15).map(lambda number: number * MINUTE),
)
def test_no_stretch_of_time_ever_holds_more_than_the_limit(gaps: list[timedelta], most: int, within: timedelta) -> None:
    limit = RecipientLimit(messages=most, within=within)
    sent, now = list[datetime](), NOW
    for gap in gaps:
        now += gap
        lately = [at for at in sent if at > now - within]
        if (until := waits_until(limit, lately, 0, now)) is not None:
            assert now < until <= now + within
            now = until
            assert waits_until(limit, [at for at in sent if at > now - within], 0, now) is None
        sent.append(now)
    assert all(sum(start <= at < start + within for at in sent) <= most for start in sent)


def test_the_note_says_until_when_and_why() -> None:
    words = limit_note(LIMIT, "ion@client.example", NOW)
    assert words == "waits until 2026-03-02 10:00:00 UTC: ion@client.example gets at most 3 messages in 10 minutes"

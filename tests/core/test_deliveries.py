"""When a delivery is tried again, and when not (+19)."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.account_test import Step
from mailtui.core.deliveries import (
    LONGEST_WAIT,
    USUAL,
    Attempt,
    Delivery,
    DeliveryState,
    RetryTimetable,
    after_attempt,
    next_attempt_at,
)
from mailtui.core.reasons import Retry
from tests.company import NOW

JITTERS = st.floats(0, 1)
MINUTE = timedelta(minutes=1)
LONGEST = 5 * 24 * 60 * MINUTE


def a_delivery(*, attempts: int = 0, created_at: datetime = NOW) -> Delivery:
    return Delivery(
        id=1, message_id="<1@brand-a.example>", project="brand-a", sender="help@brand-a.example",
        to="contact@elsewhere.example", by="ana", subject="Hello", attempts=attempts, created_at=created_at,
    )  # fmt: skip


def a_failure(retry: Retry, at: datetime = NOW) -> Attempt:
    return Attempt(at=at, ok=False, step=Step.RECIPIENT, code=450, reply="450 later", reason="busy", retry=retry)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (6, 240), (9, 240)])
def test_the_waits_are_1_5_15_60_minutes_and_then_4_hours(attempts: int, minutes: int) -> None:
    assert next_attempt_at(NOW, attempts, NOW, 0) == NOW + minutes * MINUTE


@given(st.integers(1, 50), JITTERS)
def test_jitter_only_ever_lengthens_a_wait_and_by_a_tenth_at_most(attempts: int, jitter: float) -> None:
    plain = next_attempt_at(NOW, attempts, NOW, 0)
    late = next_attempt_at(NOW, attempts, NOW, jitter)
    assert plain is not None and late is not None
    assert plain <= late <= plain + (plain - NOW) * 0.1 + timedelta(microseconds=1)


@given(st.lists(JITTERS, min_size=60, max_size=60))
def test_a_delivery_that_always_fails_for_a_passing_reason_is_given_up_within_five_days(jitters: list[float]) -> None:
    delivery, now, waits = a_delivery(), NOW, list[timedelta]()
    for jitter in jitters:
        delivery = after_attempt(delivery, a_failure(Retry.TEMPORARY, now), jitter)
        if delivery.state is not DeliveryState.DEFERRED:
            break
        assert delivery.next_attempt_at is not None
        waits.append(delivery.next_attempt_at - now)
        now = delivery.next_attempt_at
    assert delivery.state is DeliveryState.FAILED
    assert delivery.next_attempt_at is None
    assert LONGEST - 5 * 60 * MINUTE <= now - NOW <= LONGEST
    assert all(later >= earlier / 1.1 for earlier, later in pairwise(waits))


def test_what_a_server_refuses_for_good_is_not_tried_again() -> None:
    failed = after_attempt(a_delivery(), a_failure(Retry.PERMANENT), 0)
    assert (failed.state, failed.next_attempt_at) == (DeliveryState.FAILED, None)


def test_what_an_account_is_to_blame_for_waits_without_a_time() -> None:
    waiting = after_attempt(a_delivery(), a_failure(Retry.ACCOUNT), 0)
    assert (waiting.state, waiting.next_attempt_at) == (DeliveryState.DEFERRED, None)


@given(st.sampled_from(Retry), st.integers(0, 10), JITTERS)
def test_every_attempt_is_counted_and_its_words_are_kept(retry: Retry, attempts: int, jitter: float) -> None:
    attempt = a_failure(retry)
    tried = after_attempt(a_delivery(attempts=attempts), attempt, jitter)
    assert (tried.attempts, tried.last) == (attempts + 1, attempt)


def test_what_waits_for_its_account_says_so_and_waits_no_longer_than_five_days() -> None:
    waiting = after_attempt(a_delivery(), a_failure(Retry.ACCOUNT), 0)
    assert waiting.note == "waits until the account of help@brand-a.example passes its test"
    late = after_attempt(a_delivery(), a_failure(Retry.ACCOUNT, NOW + LONGEST + MINUTE), 0)
    assert (late.state, late.note) == (DeliveryState.FAILED, "given up after 5 days")


@given(JITTERS, st.integers(1, 50))
def test_no_wait_is_as_long_as_what_counts_as_a_clock_that_was_set_back(jitter: float, attempts: int) -> None:
    due = next_attempt_at(NOW, attempts, NOW, jitter)
    assert due is not None and due - NOW < LONGEST_WAIT


def test_what_was_sent_is_done() -> None:
    sent = after_attempt(a_delivery(attempts=3), Attempt(at=NOW, ok=True), 0)
    assert (sent.state, sent.next_attempt_at) == (DeliveryState.SENT, None)


@given(
    st.lists(st.timedeltas(MINUTE, timedelta(days=1)), max_size=5),
    st.timedeltas(MINUTE, timedelta(days=2)),
    st.integers(1, 9),
    JITTERS,
)
def test_another_timetable_is_kept_too(
    first: list[timedelta], then_every: timedelta, attempts: int, jitter: float
) -> None:
    timetable = RetryTimetable(first=tuple(first), then_every=then_every, give_up_after=timedelta(days=9))
    due = next_attempt_at(NOW, attempts, NOW, jitter, timetable)
    wanted = first[attempts - 1] if attempts <= len(first) else then_every
    assert due is not None and wanted <= due - NOW < timetable.longest_wait


def test_the_usual_timetable_never_waits_longer_than_five_hours_and_gives_up_after_five_days() -> None:
    assert USUAL.longest_wait == LONGEST_WAIT
    assert USUAL.given_up == "given up after 5 days"
    half = RetryTimetable(give_up_after=timedelta(hours=12))
    assert half.given_up == "given up after 0.5 days"

"""Numbers that are not known to the end."""

from mailtui.core.counts import AtLeast


def test_a_sum_with_a_number_that_may_grow_may_grow_too() -> None:
    for total in (sum((3, AtLeast(1_000, rests=True))), AtLeast(1_000, rests=True) + 3):
        assert isinstance(total, AtLeast)
        assert (total, total.rests) == (1_003, True)


def test_a_sum_rests_only_when_nothing_in_it_is_looked_for() -> None:
    assert not (AtLeast(5) + AtLeast(5, rests=True)).rests

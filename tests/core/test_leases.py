"""How long a lease holds, by the time of a host that nobody can set."""

from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.leases import Lease, Tick

SECONDS = st.floats(0, 1e9)


@given(SECONDS, st.floats(1, 3_600), SECONDS)
def test_a_lease_holds_for_its_time_and_no_longer(taken: float, seconds: float, now: float) -> None:
    lease = Lease(holder="one", taken=Tick(boot="a", seconds=taken), seconds=seconds)
    assert lease.holds(Tick(boot="a", seconds=now)) == (taken <= now < taken + seconds)


@given(SECONDS)
def test_a_lease_of_another_start_of_the_host_holds_nothing(now: float) -> None:
    lease = Lease(holder="one", taken=Tick(boot="a", seconds=now), seconds=60)
    assert not lease.holds(Tick(boot="b", seconds=now))

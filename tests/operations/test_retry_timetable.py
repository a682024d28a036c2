"""When what failed is tried again is configurable (decision 6; settings `sending.retry_...`)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailtui.core.deliveries import DeliveryState
from tests.operations.office import Office, an_office
from tests.operations.sink import Sink


@pytest.fixture
def hasty(database: Path, identity_file: Path) -> Iterator[Office]:
    """Tries again after 3 minutes, then every 12 hours, for a day."""
    office = an_office(database, retry_minutes=[3], retry_every_hours=12, give_up_after_days=1)
    yield office
    office.context.store.close()


async def test_the_waits_are_those_of_the_configuration(hasty: Office, sink: Sink) -> None:
    hasty.ready(sink.account())
    (id,) = hasty.queued()
    sink.answers["RCPT"] = "451 4.3.0 Try again later"
    waits = []
    for wait in (timedelta(minutes=4), timedelta(hours=14)):
        await hasty.runs()
        due = hasty.get(id).next_attempt_at
        assert due is not None
        waits.append(due - hasty.clocks.wall)
        assert (await hasty.runs()).deferred == 0  # twelve hours are no mistake of the clock
        hasty.passes(seconds=wait.total_seconds())

    assert timedelta(minutes=3) <= waits[0] <= timedelta(minutes=3.3)
    assert timedelta(hours=12) <= waits[1] <= timedelta(hours=13.2)


async def test_it_is_given_up_after_the_days_of_the_configuration(hasty: Office, sink: Sink) -> None:
    hasty.ready(sink.account())
    (id,) = hasty.queued()
    sink.answers["RCPT"] = "451 4.3.0 Try again later"
    for _ in range(3):
        await hasty.runs()
        hasty.passes(hours=13.5)

    assert hasty.get(id).state is DeliveryState.FAILED
    assert hasty.get(id).note == "given up after 1 day"

"""An office and the sink that it sends through."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.operations.office import Office, an_office
from tests.operations.sink import Sink


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with Sink() as sink:
        yield sink


@pytest.fixture
def office(database: Path, identity_file: Path) -> Iterator[Office]:
    office = an_office(database)
    yield office
    for context in (office.context, *office.others):
        context.store.close()

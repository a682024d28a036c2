"""The sample company on its servers, within the test's own event loop."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from mailtui.demo.company import DemoFiles, open_company, sample_servers
from mailtui.demo.history import live_through
from mailtui.demo.servers import LoopbackServers
from mailtui.operations.context import Context


class Demo:
    """A company that has lived: accounts tested, messages sent."""

    def __init__(self, context: Context, servers: LoopbackServers) -> None:
        self.context = context
        self.servers = servers


@pytest_asyncio.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    directory = tmp_path / "demo"
    directory.mkdir(mode=0o700)
    kept = DemoFiles(directory)
    async with sample_servers(kept) as servers:
        context = open_company(servers, kept)
        await live_through(context, servers, kept)
        yield Demo(context, servers)
        context.store.close()

"""Running the demo: in a directory of its own that is gone afterwards, however it ends."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from mailtui.demo.company import DemoFiles
from mailtui.demo.ending import Ending

KILLED_BY: Final = 128
"""Added to a signal's number for the exit code, as shells do it."""


def run_demo(headless: bool) -> int:
    """The exit code, once the demo is ended. Raises what kept the sample company from being made."""
    with Ending() as ending, tempfile.TemporaryDirectory(prefix="mailtui-demo-") as directory:
        kept = DemoFiles(Path(directory))
        if headless:
            from mailtui.demo.headless import run_headless

            return asyncio.run(run_headless(kept, ending))
        return asyncio.run(_run_screens(kept, ending))


async def _run_screens(kept: DemoFiles, ending: Ending) -> int:
    from mailtui.demo.app import DemoApp  # Textual, which the headless demo does without.

    app = DemoApp(kept)

    async def leave_when_asked() -> None:
        await ending.wait()
        app.exit()

    async with app.servers:
        watching = asyncio.create_task(leave_when_asked())
        try:
            await app.run_async()
        finally:
            watching.cancel()
            app.close()
    if app.failure is not None:
        raise app.failure
    return KILLED_BY + ending.signal if ending.signal else app.return_code or 0

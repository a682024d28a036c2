"""The host's own time, by which leases are counted: nobody can set it, and it goes on while the host sleeps."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from mailtui.core.leases import Tick

HostClock = Callable[[], Tick]

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
"""Linux: another one each time that the host starts (proc_sys_kernel(5))."""


def host_tick() -> Tick:
    """This moment."""
    counts = getattr(time, "CLOCK_BOOTTIME", None)  # Linux alone; elsewhere the clock stands while the host sleeps.
    seconds = time.monotonic() if counts is None else time.clock_gettime(counts)
    return Tick(boot=_boot(), seconds=seconds)


@cache
def _boot() -> str:
    with suppress(OSError):
        return BOOT_ID.read_text().strip()
    return ""

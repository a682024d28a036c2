"""Who is sending a delivery, and until when nobody else does (decision 6).

A lease's time is that of the host since it was started, which nobody can set: a wall clock that is put forward or back
neither loses a delivery nor lets two send it.
"""

from mailtui.core.frozen import Frozen


class Tick(Frozen):
    """A moment of one host."""

    boot: str
    """Which start of the host it is counted from; empty where the system does not tell one from another."""
    seconds: float
    """Since that start, with the time that the host slept."""


class Lease(Frozen):
    """One worker's claim on the deliveries that it sends."""

    holder: str
    """Unlike that of every other worker."""
    taken: Tick
    seconds: float
    """How long it lasts unless it is renewed."""

    @property
    def until(self) -> float:
        """In seconds since the host's start."""
        return self.taken.seconds + self.seconds

    def holds(self, now: Tick) -> bool:
        """Whether it lasts still. A time before the lease's own is one of another start of the host."""
        return now.boot == self.taken.boot and self.taken.seconds <= now.seconds < self.until

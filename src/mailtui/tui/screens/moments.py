"""Moments as a person says them, in the terminal's own time zone."""

from datetime import datetime, timedelta


def moment(at: datetime, now: datetime) -> str:
    """`today 14:02`, `yesterday 14:02`, `3 Nov 14:02`, and in another year `2025-11-03 14:02`: at most 16 cells."""
    here, today = at.astimezone(), now.astimezone()
    time = f"{here:%H:%M}"
    if here.date() == today.date():
        return f"today {time}"
    if here.date() == today.date() - timedelta(days=1):
        return f"yesterday {time}"
    if here.year == today.year:
        return f"{here.day} {here:%b} {time}"
    return f"{here:%Y-%m-%d} {time}"


def brief_moment(at: datetime, now: datetime) -> str:
    """The same for a column: `today 14:02`, `3 Nov 14:02`, and in another year `2025-11-03`: at most 12 cells."""
    here, today = at.astimezone(), now.astimezone()
    if here.date() == today.date():
        return f"today {here:%H:%M}"
    return f"{here.day} {here:%b %H:%M}" if here.year == today.year else f"{here:%Y-%m-%d}"


def to_the_second(at: datetime, now: datetime) -> str:
    """`14:02:10`, behind its day where that is not today."""
    here = at.astimezone()
    day = "" if here.date() == now.astimezone().date() else f"{here:%Y-%m-%d} "
    return f"{day}{here:%H:%M:%S}"

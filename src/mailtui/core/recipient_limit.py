"""How many messages one recipient gets in how short a time, over all addresses (P14)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from mailtui.core.frozen import Frozen


class RecipientLimit(Frozen):
    """At most `messages` to one recipient within any stretch of time of that length."""

    messages: int = 50
    """0 for no limit."""
    within: timedelta = timedelta(minutes=10)


UNLIMITED: Final = RecipientLimit(messages=0)


def waits_until(limit: RecipientLimit, sent: Sequence[datetime], ahead: int, now: datetime) -> datetime | None:
    """When one more message may go to a recipient; None where it may go now.

    `sent` has the times of what he was sent within the limit's time, oldest first; `ahead` counts what is under way to
    him and what waits before this one.
    """
    too_many = len(sent) + ahead - limit.messages
    if limit.messages == 0 or too_many < 0:
        return None
    # So many have to grow old before there is room for this one; what is not sent yet does so after now.
    return (sent[too_many] if too_many < len(sent) else now) + limit.within


def limit_note(limit: RecipientLimit, recipient: str, until: datetime) -> str:
    """Why a delivery waits, and until when."""
    minutes = limit.within / timedelta(minutes=1)
    return (
        f"waits until {until:%Y-%m-%d %H:%M:%S} UTC: {recipient} gets at most {limit.messages} messages"
        f" in {minutes:g} minutes"
    )

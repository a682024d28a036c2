"""Noticing what other processes write, so that a page shows it without a key."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mailtui.operations.context import Context

LOOK_EVERY: Final = 1.0
"""Seconds between two looks, each a question that SQLite answers from memory."""


class Elsewhere:
    """What was written by others since it was asked last."""

    def __init__(self, context: "Context") -> None:
        self._deliveries = context.store.deliveries
        self._seen = self._deliveries.changes_elsewhere()

    def changed(self) -> bool:
        """Whether something was written by another process since the last call."""
        before, self._seen = self._seen, self._deliveries.changes_elsewhere()
        return before != self._seen

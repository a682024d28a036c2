"""Noticing what other processes write, so that a page shows it without a key."""

from typing import TYPE_CHECKING, Final

from mailtui.core.errors import NotFound
from mailtui.tui.bulk import BulkPage

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


class FollowingPage(BulkPage):
    """A page about one thing, which others may change or remove meanwhile."""

    def follow_others(self) -> None:
        """From now on. What they change shows without a key; where they removed the thing, the page closes."""
        self._elsewhere = Elsewhere(self.context)
        self.set_interval(LOOK_EVERY, self._follow)

    def _follow(self) -> None:
        if self.is_current and self._elsewhere.changed():
            try:
                self.read_anew()
            except NotFound as error:
                self.mailtui.complain(error)
                self.dismiss()

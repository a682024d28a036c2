"""A filter for one direction of a table that has two."""

from collections.abc import Callable

from mailtui.tui.widgets.filter_line import FilterLine, FilterText


class AxisFilter(FilterLine):
    """One line, hidden until it is opened; says whose filter it is, and keeps to itself what becomes of its keys."""

    def __init__(self, what: str, changed: Callable[[str], None], left: Callable[[], None]) -> None:
        """`what` is narrowed; `changed` is called with the text, `left` when the keyboard goes back."""
        super().__init__(changed)
        self._left = left
        self._text.placeholder = f"filter {what}"

    def on_filter_text_left(self, event: FilterText.Left) -> None:
        event.stop()
        if not self._text.value.strip():
            self.close()
        self._left()

    def on_filter_text_cleared(self, event: FilterText.Cleared) -> None:
        event.stop()
        self.close()
        self._left()

"""The line above the deliveries that says which states there are and which one is shown, and of which project."""

from textual.content import Content
from textual.widgets import Static

from mailtui.core.deliveries import DeliveryState
from mailtui.core.text import clean
from mailtui.tui.marks import BETWEEN
from mailtui.tui.screens.delivery_table import SIGNS

ALL = "all"


class StateLine(Static):
    """All states in the order of the key that goes through them; the one that is shown stands in brackets."""

    def __init__(self) -> None:
        super().__init__(classes="states", markup=False)

    def on_mount(self) -> None:
        self.mark(None)

    def mark(self, state: DeliveryState | None, project: str | None = None) -> None:
        """None is all of them."""
        words = [ALL, *(SIGNS[one].word for one in DeliveryState)]
        shown = SIGNS[state].word if state else ALL
        parts = [(f"[{word}]", "$accent bold") if word == shown else (f" {word} ", "$text-muted") for word in words]
        of = [(f" {BETWEEN} {clean(project)}", "$accent bold")] if project else []
        self.update(Content.assemble(*parts, *of))

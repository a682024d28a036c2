"""The question before a deletion: exactly what it takes away, by name."""

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.text import clean
from mailtui.operations.losses import SENTENCES, Losses
from mailtui.tui.commands import HELP
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

NAMED: Final = 200
"""Names of one kind that are written out: more than anybody reads through before he answers."""

STAYS: Final = "Nothing opens by it. What was sent stays in the deliveries."


class RemovalQuestion(ModalScreen[bool]):
    """True when it is to be done."""

    PURPOSE = "What is deleted, and everything that goes with it. A deletion cannot be taken back."
    CSS_PATH: ClassVar = [style("dialogs"), style("removal")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "answer(True)", "Delete", id="removal.delete", tooltip="Delete, with everything that is named"),
        Binding("escape", "answer(False)", "Keep", id="removal.keep", tooltip="Leave everything as it is"),
        HELP,
    ]

    def __init__(self, question: str, losses: Losses, *also: str) -> None:
        """`also`: sentences that belong to this kind of thing, told at the end."""
        super().__init__()
        self._question = clean(question)
        self._losses = losses
        self._also = [*filter(None, [losses.messages]), *also, STAYS, "A deletion cannot be taken back."]

    def compose(self) -> ComposeResult:
        with Vertical(classes="removal") as window:
            window.border_title = Content(self._question)
            with VerticalScroll():
                yield Static(Content("\n").join([*self._told(), *map(Content, map(clean, self._also))]))
        yield FooterLine()

    def _told(self) -> Iterator[Content]:
        for kind, sentence in SENTENCES.items():
            names: tuple[str, ...] = getattr(self._losses, kind)
            if names and (kind != "going" or len(names) > 1):
                yield Content.assemble((f"{sentence}: ", "$text-muted"), listed_up_to(names, NAMED))

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)


def listed_up_to(names: tuple[str, ...], most: int) -> str:
    """The first of the names, and how many more there are."""
    more = len(names) - most
    return ", ".join(map(clean, names[:most])) + (f" and {more} more" if more > 0 else "")

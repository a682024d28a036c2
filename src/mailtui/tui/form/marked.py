"""The second and third tab: everybody or everything, or only what is marked in a table."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from mailtui.core.text import clean
from mailtui.tui.form.controls import EitherOr
from mailtui.tui.marks import Mark
from mailtui.tui.widgets.pick_table import PicksChanged, PickTable
from mailtui.tui.widgets.rows import Column, RowSource


class MarkedPane(Vertical):
    """`Who may use it   ( ) everybody   (•) only those marked   3 marked of 412`, and the table."""

    class Edited(Message):
        """Another choice, or other marks."""

    def __init__(
        self,
        *,
        id: str,
        question: str,
        answers: tuple[str, str],
        columns: tuple[Column, ...],
        source: RowSource,
        picked: frozenset[str] | None,
        nothing: str,
        empty: str,
    ) -> None:
        """`picked`: the marked keys, None for all. `nothing`: what it means that nothing is marked. `empty`: what the
        table says when there is nothing to mark."""
        super().__init__(id=id)
        self._question = question
        self._nothing = nothing
        self._source = source
        self.either = EitherOr(answers, first=picked is None)
        self.table = PickTable(columns, source, picked=picked or (), empty=empty)
        self._count = Static(classes="form--count")
        self._reason = Static(classes="form--reason")
        self._reason.display = False

    def compose(self) -> ComposeResult:
        with Horizontal(classes="form--question"):
            yield Static(self._question, classes="form--label", markup=False)
            yield self.either
            yield self._count
        yield self._reason
        yield self.table

    def on_mount(self) -> None:
        self._show_count()

    @property
    def picked(self) -> frozenset[str] | None:
        """The marked keys; None for all, whatever is marked."""
        return None if self.either.first else self.table.picked

    def put(self, picked: frozenset[str] | None) -> None:
        """Choose these keys, or all where it is None; what was marked before stays marked then, and does not count."""
        self.either.first = picked is None
        if picked is not None:
            self.table.picked = picked
        self._changed()

    def focus_first(self) -> None:
        """The table where marks count, else the choice."""
        (self.either if self.either.first else self.table).focus()

    def refuse(self, reason: str) -> None:
        """Say what is wrong with the choice, and go to it."""
        self._reason.update(Content(f"{Mark.FAILING} {clean(reason)}"))
        self._reason.display = True
        self.focus_first()

    @on(EitherOr.Changed)
    def chosen(self) -> None:
        self._changed()

    @on(PicksChanged)
    def marked(self) -> None:
        """A mark says that marks are to count."""
        self.either.first = False
        self.table.reload()  # A mark can change what other rows say.
        self._changed()

    def _changed(self) -> None:
        self._reason.display = False
        self._show_count()
        self.post_message(self.Edited())

    def _show_count(self) -> None:
        marked, every = len(self.table.picked), self._source.count("")
        if self.either.first:
            self._count.update("")
        elif marked:
            self._count.update(f"{marked} marked of {every}")
        else:
            self._count.update(Content.styled(self._nothing, "$warning"))

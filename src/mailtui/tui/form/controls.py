"""The controls of the form that Textual has not quite: a choice that is never empty, a password, one of two."""

from typing import ClassVar, Final, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Select

from mailtui.tui.marks import Sign

CHOSEN: Final = Sign("(•)", "(*)", "chosen")
NOT_CHOSEN: Final = Sign("( )", "( )", "not chosen")

Chosen = TypeVar("Chosen")


class Choice(Select[Chosen]):
    """One line; something is always chosen. Opened, it jumps to what is typed."""

    def __init__(self, options: list[tuple[str, Chosen]], chosen: Chosen, *, id: str) -> None:
        super().__init__(options, value=chosen, allow_blank=False, compact=True, id=id)

    @property
    def chosen(self) -> Chosen:
        chosen = self.selection
        assert chosen is not None  # noqa: S101 - it is made without a blank, which the types do not know
        return chosen


class PasswordInput(Input):
    """Masked, save while its key shows it; what leaves the field is masked again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "show", "Show/hide", id="password.show", tooltip="Show the password until the field is left"),
    ]

    def __init__(self, *, id: str, placeholder: str = "") -> None:
        super().__init__(id=id, placeholder=placeholder, password=True, compact=True)

    def action_show(self) -> None:
        self.password = not self.password

    def on_blur(self) -> None:
        self.password = True

    def action_copy(self) -> None:
        """A masked password does not go to the clipboard, which other programs read."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        if not self.password:
            super().action_cut()


class EitherOr(Widget, can_focus=True):
    """One of two answers on one line: `( ) everybody  (•) only those marked`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,left,right,enter", "change", "Change", id="either.change", tooltip="Choose the other answer"),
        Binding("down", "screen.focus_next", "To the table", show=False, system=True, id="either.down"),
    ]

    first: reactive[bool] = reactive(True)
    """Whether the first answer is chosen."""

    class Changed(Message):
        """The other answer was chosen by the person."""

    def __init__(self, answers: tuple[str, str], *, first: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self._answers = answers
        self.set_reactive(EitherOr.first, first)

    def render(self) -> Content:
        signs = (CHOSEN, NOT_CHOSEN) if self.first else (NOT_CHOSEN, CHOSEN)
        return Content("   ".join(f"{sign} {answer}" for sign, answer in zip(signs, self._answers, strict=True)))

    def action_change(self) -> None:
        self.first = not self.first
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        self.action_change()

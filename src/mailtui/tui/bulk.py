"""Pages on which one key does the same to many, and another takes it back."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from mailtui.core.errors import MailtuiError
from mailtui.operations.undo import Done, take_back
from mailtui.tui.commands import TAKE_BACK, commands
from mailtui.tui.marks import BETWEEN
from mailtui.tui.page import Page


class BulkPage(Page):
    """Says what was done, and offers to take it back: the last such thing of the session, on whichever page it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "take_back", "Take back", id=TAKE_BACK, tooltip="Take back what was done last, all of it"),
    ]

    def read_anew(self) -> None:
        """Read everything that the page shows from the store."""
        raise NotImplementedError

    def told(self, done: Done, outcome: str) -> None:
        """After a bulk action: `outcome` is what became of its things, as in `3 archived`."""
        self.mailtui.last_done = done if done.changes else None
        self.read_anew()
        self.mailtui.look_again()
        self.refresh_bindings()
        said = f"{done.count} {outcome}" if done.count else "Nothing was changed: it was so already"
        keys = [command.keys[0] for command in commands(self) if command.binding.id == TAKE_BACK and command.enabled]
        self.mailtui.say(f"{said} {BETWEEN} {keys[0]} takes it back" if keys and done.changes else said)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "take_back":
            return self.mailtui.last_done is not None and self.context.actor.is_admin
        return super().check_action(action, parameters)

    def action_take_back(self) -> None:
        done, self.mailtui.last_done = self.mailtui.last_done, None
        if done is None:
            return
        try:
            count = take_back(self.context, done)
        except MailtuiError as error:  # It will not be otherwise later: what was changed meanwhile stays changed.
            self.mailtui.complain(error)
        else:
            self.mailtui.say(f"{count} taken back ({done.action})")
        self.read_anew()
        self.mailtui.look_again()
        self.refresh_bindings()

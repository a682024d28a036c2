"""The dialog that unlocks the vault of secrets, or makes it, and the function that lets an operation wait for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

from pydantic import SecretStr
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.core.errors import MailtuiError
from mailtui.core.text import clean_lines
from mailtui.secrets import Locked
from mailtui.tui.marks import Mark
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

if TYPE_CHECKING:
    from mailtui.operations.context import Context
    from mailtui.tui.app import MailtuiApp

Done = TypeVar("Done")

UNLOCK: Final = (
    "Passwords are kept encrypted on this host, and a stored one is needed now. The passphrase unlocks them until"
    " mailtui ends."
)
CREATE: Final = (
    "This host has no keyring, so mailtui keeps passwords in encrypted files of its own. Choose the passphrase that"
    " will unlock them: nobody can recover it, and without it the passwords are lost."
)


async def with_unlocked(app: "MailtuiApp", operation: Callable[[], Awaitable[Done]]) -> Done:
    """Run the operation; where it finds the vault locked, or none made yet, ask for the passphrase and run it again.

    To be awaited in a worker. Raises Locked when the person gives up, and whatever the operation raises."""
    while True:
        try:
            return await operation()
        except Locked as locked:
            if not await app.push_screen_wait(Passphrase(app.context, new=locked.new)):
                raise


class Passphrase(ModalScreen[bool]):
    """True when the vault is open."""

    CSS_PATH = style("passphrase")

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, since the inputs have the key too, and theirs is not in the line of keys.
        Binding("enter", "unlock", "Go on", id="passphrase.unlock", tooltip="Use this passphrase", priority=True),
        Binding("escape", "give_up", "Cancel", id="passphrase.cancel", tooltip="Leave them locked"),
    ]

    def __init__(self, context: "Context", *, new: bool) -> None:
        """`new`: there is no vault yet, and the passphrase is chosen now."""
        super().__init__()
        self._held = context
        self._new = new
        self._first = Input(password=True, compact=True, id="passphrase")
        self._again = Input(password=True, compact=True, id="again")
        self._said = Static(id="said")

    def compose(self) -> ComposeResult:
        with Vertical() as panel:
            panel.border_title = "Choose a passphrase" if self._new else "Unlock the passwords"
            yield Static(CREATE if self._new else UNLOCK, markup=False)
            yield Static("Passphrase", classes="passphrase--label", markup=False)
            yield self._first
            if self._new:
                yield Static("The same again", classes="passphrase--label", markup=False)
                yield self._again
            yield self._said
        yield FooterLine()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return None if action == "unlock" and self._working else True

    @property
    def _working(self) -> bool:
        return self._first.disabled

    def action_unlock(self) -> None:
        """Enter goes to the second field first, where there is one."""
        if not self._first.value:
            self._say("the passphrase is empty: type it", self._first)
        elif self._new and self._first.has_focus:
            self._again.focus()
        elif self._new and self._first.value != self._again.value:
            self._say("the two are not the same: type both again", self._first)
        else:
            self._open(SecretStr(self._first.value))

    @work(exclusive=True)
    async def _open(self, passphrase: SecretStr) -> None:
        self._work(True)
        secrets = self._held.secrets
        try:
            # Deliberately slow: seconds of scrypt, which must not hold the screen up.
            await asyncio.to_thread(secrets.create if self._new else secrets.unlock, passphrase)
        except MailtuiError as error:
            self._work(False)
            self._say(str(error), self._first)
        else:
            self.dismiss(True)

    def _work(self, working: bool) -> None:
        self._first.disabled = self._again.disabled = working
        self._said.update(Content.styled("unlocking, which takes some seconds ...", "$accent") if working else "")
        if not working:
            self._first.value = self._again.value = ""
        self.refresh_bindings()

    def _say(self, words: str, field: Input) -> None:
        self._said.update(Content.styled(f"{Mark.FAILING} {clean_lines(words)}", "$error"))
        field.focus()

    def action_give_up(self) -> None:
        """What the thread computes then is thrown away."""
        self.workers.cancel_node(self)
        self.dismiss(False)

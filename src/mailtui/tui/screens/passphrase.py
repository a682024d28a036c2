"""The dialog that unlocks the vault of secrets, or makes it, and the function that lets an operation wait for it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar, cast

from pydantic import SecretStr
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.core.errors import MailtuiError
from mailtui.core.text import clean_lines
from mailtui.operations.vault import reset_vault, what_a_reset_costs
from mailtui.secrets import Locked
from mailtui.tui.commands import HELP
from mailtui.tui.confirm import Confirm
from mailtui.tui.marks import Mark
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

if TYPE_CHECKING:
    from mailtui.operations.context import Context
    from mailtui.tui.app import MailtuiApp

Done = TypeVar("Done")

UNLOCK: Final = (
    "Passwords are kept encrypted on this host, and a stored one is needed now. The passphrase unlocks them until"
    " mailtui ends. Everything else works without it."
)
CREATE: Final = (
    "This host has no keyring, so mailtui keeps passwords in encrypted files of its own. Choose the passphrase that"
    " will unlock them: nobody can recover it, and without it the passwords are lost."
)


TRIES: Final = 3
"""Wrong passphrases after which it is said what can be done where it is forgotten."""

FORGOTTEN: Final = (
    "Nobody can recover a passphrase. A new vault can be started:",
    "{lost}; until then what waits for them goes on waiting.",
    "Nothing else is lost: addresses, people, projects and messages stay.",
    "The old vault stays as {kept_as}, for whoever remembers.",
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
    """True when the vault is open, or a new one may be made: what waits for it can be tried again."""

    PURPOSE = "Unlocks the stored passwords, once, until mailtui ends. Who cancels can do all that needs none of them."

    CSS_PATH = style("passphrase")

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, since the inputs have the key too, and theirs is not in the line of keys.
        Binding("enter", "unlock", "Go on", id="passphrase.unlock", tooltip="Use this passphrase", priority=True),
        Binding("ctrl+n", "forgotten", "Forgotten", id="passphrase.forgotten", tooltip="What can be done then"),
        Binding("escape", "give_up", "Cancel", id="passphrase.cancel", tooltip="Leave them locked"),
        HELP,
    ]

    def __init__(self, context: "Context", *, new: bool) -> None:
        """`new`: there is no vault yet, and the passphrase is chosen now."""
        super().__init__()
        self._held = context
        self._new = new
        self._wrong = 0
        """How many passphrases were wrong."""
        self._is_open = False
        self._first = Input(password=True, compact=True, id="passphrase")
        self._again = Input(password=True, compact=True, id="again")
        self._said = Static(id="said")

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False) as panel:
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
        match action:
            case "unlock":
                return None if self._working else True
            case "forgotten":
                return not self._new and self._held.actor.is_admin and not self._working
            case _:
                return True

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

    def _open(self, passphrase: SecretStr) -> None:
        """By the application, not by this dialog: who closes it goes on working while the vault is unlocked."""
        self._work(True)
        self.app.run_worker(self._unlock(passphrase), name="unlock", exclusive=True, group="unlock")

    def on_screen_resume(self) -> None:
        """Only the screen on top can be closed, and the help may lie over this one when the vault opens."""
        if self._is_open and self.is_active:
            self._is_open = False  # A second resume may be on its way.
            self.dismiss(True)

    async def _unlock(self, passphrase: SecretStr) -> None:
        app, secrets = cast("MailtuiApp", self.app), self._held.secrets
        try:
            # Deliberately slow: seconds of scrypt, which must not hold the screen up.
            await asyncio.to_thread(secrets.create if self._new else secrets.unlock, passphrase)
        except MailtuiError as error:
            if self.is_attached:
                self._refuse(error)
            else:
                app.complain(error)
        else:
            self._is_open = True
            if self.is_attached:
                self.on_screen_resume()
            else:
                app.say("The passwords are unlocked.")

    def _refuse(self, error: MailtuiError) -> None:
        self._work(False)
        self._say(str(error), self._first)
        if isinstance(error, Locked):
            self._wrong += 1
            if self._wrong % TRIES == 0:
                self._say_what_can_be_done(str(error))

    def _say_what_can_be_done(self, wrong: str) -> None:
        if self._held.actor.is_admin:
            self.action_forgotten()
        else:
            self._say(f"{wrong}. Where it is forgotten, an admin can start a new vault.", self._first)

    @work(exclusive=True)
    async def action_forgotten(self) -> None:
        """What can be done, and on request that."""
        cost = what_a_reset_costs(self._held)
        several = len(cost.addresses) != 1
        lost = f"the passwords of {len(cost.addresses)} addresses are" if several else "the password of one address is"
        words = {"lost": f"{lost[:1].upper()}{lost[1:]} typed again", "kept_as": Path(cost.kept_as).name}
        question = Confirm(
            "Is the passphrase forgotten?", consequence=[line.format(**words) for line in FORGOTTEN], key="n",
            do="Start a new vault", keep="Try again",
        )  # fmt: skip
        if await self.app.push_screen_wait(question):
            reset_vault(self._held)
            cast("MailtuiApp", self.app).look_again()
            self.dismiss(True)

    def _work(self, working: bool) -> None:
        self._first.disabled = self._again.disabled = working
        words = "unlocking, which takes some seconds; esc goes on meanwhile"
        self._said.update(Content.styled(words, "$accent") if working else "")
        if not working:
            self._first.value = self._again.value = ""
        self.refresh_bindings()

    def _say(self, words: str, field: Input) -> None:
        self._said.update(Content.styled(f"{Mark.FAILING} {clean_lines(words)}", "$error"))
        field.focus()

    def action_give_up(self) -> None:
        """What is being unlocked goes on, and serves what needs it next."""
        self.dismiss(False)

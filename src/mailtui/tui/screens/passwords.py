"""Passwords on this host: where they are kept, who can read them, and what the keeper of the vault does there."""

import contextlib
from pathlib import Path
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from mailtui.core.errors import MailtuiError
from mailtui.core.text import clean, clean_lines, listed
from mailtui.operations.vault import Reader, UnlockCheck, VaultStatus, unlock_check, vault_status
from mailtui.operations.vault_readers import remove_recipients
from mailtui.tui.confirm import Confirm
from mailtui.tui.marks import CUT, NEXT, Mark
from mailtui.tui.outbox import beside_the_screens
from mailtui.tui.page import Page
from mailtui.tui.screens.listed_rows import ListedRows
from mailtui.tui.screens.passphrase import with_unlocked
from mailtui.tui.screens.vault_forms import ChangePassphrase, ExportPasswords, LetIn
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

KINDS: Final = {"ssh-ed25519": "SSH ed25519", "ssh-rsa": "SSH RSA"}
"""By the first word of a public key; every other one is age's."""

MAX_NAMED: Final = 2
"""Passwords that cannot be read and are named; `mailtui vault unlock-check` names all."""

KEYRING: Final = (
    "It asks for its password itself, and its own program says who may read it.\n\n"
    "A vault of mailtui's own is a directory of encrypted files beside the database, which several people can open,"
    " each with a key of his own. For one, set `keyring` to `vault` under Preferences and start mailtui anew; each"
    " password is then typed again."
)

NO_VAULT: Final = "There is no vault yet: the first password that is stored makes it."

OPENED: Final = {
    "identity file": "opened by an identity file, nobody is asked",
    "passphrase file": "opened by a passphrase file, nobody is asked",
}
"""By what `VaultStatus.opened_by` says."""


class Passwords(Page):
    """How passwords are kept, and below it the readers of the vault."""

    PATH = ("Account management", "Housekeeping", "Passwords on this host")
    PURPOSE = (
        "Where the passwords of the accounts are kept and who can read them: the vault's own key, and the keys of"
        " further people. No password is ever shown here."
    )
    CSS_PATH = [style("table"), style("passwords")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "let_in", "Let in", id="passwords.let_in", tooltip="Let another key read all passwords"),
        Binding("d", "take_out", "Take out", id="passwords.take_out",
                tooltip="Let the marked key read no password any more; asks"),
        Binding("p", "passphrase", "Passphrase", id="passwords.passphrase",
                tooltip="Put the vault under another passphrase"),
        Binding("x", "export", "Export", id="passwords.export",
                tooltip="Write all passwords into a new file, encrypted"),
        Binding("t", "check", "Test", id="passwords.check", tooltip="Read every password once, and show none"),
    ]  # fmt: skip

    def content(self) -> ComposeResult:
        self._source = ListedRows()
        self._status: VaultStatus | None = None
        self._found = ""
        yield Static(id="kept", markup=False)
        yield StoreTable(
            [Column("Who can read them", share=2), Column("Kind", width=11), Column("Public key", share=3)],
            self._source, follow=self.show_details,
        )  # fmt: skip
        yield Details()

    @property
    def table(self) -> StoreTable:
        return self.query_one(StoreTable)

    @property
    def marked(self) -> Reader | None:
        """The reader under the cursor."""
        readers = self._status.readers if self._status else ()
        return next((reader for reader in readers if reader.key == self.table.marked), None)

    def on_mount(self) -> None:
        self.table.display = False
        self._say("Looking ...")
        self._look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in {"let_in", "take_out", "passphrase", "export", "check"}:
            return super().check_action(action, parameters)
        status = self._status if self.is_mounted else None
        match action:
            case _ if status is None:
                return False
            case "check":
                return status.secrets > 0
            case "passphrase":
                return status.passphrase
            case "take_out":
                return self.marked is not None and not self.marked.own
            case _:
                return status.exists

    @work(exclusive=True, group="look")
    async def _look(self, mark: str | None = None) -> None:
        """Beside the keys: a keyring of the desktop may take seconds to answer."""
        try:
            self._status = status = await beside_the_screens(self.context, vault_status)
        except MailtuiError as error:
            self._say(f"{Mark.FAILING} {error}")
            return
        self._source.rows = [_row(reader) for reader in status.readers]
        self.table.display = bool(status.readers)
        if status.readers:
            self.table.focus()
        self.table.reload(mark)
        self._say(f"{_in_words(status)}\n{self._found}".rstrip())
        self.refresh_bindings()

    def _say(self, words: str) -> None:
        self.query_one("#kept", Static).update(Content(clean_lines(words)))

    def show_details(self) -> None:
        """Whose key the marked one is, and the whole of it."""
        reader = self.marked
        self.query_one(Details).show(f"{_about(reader)}\n{_without_kind(reader)}" if reader else "")
        self.refresh_bindings()

    @work
    async def action_let_in(self) -> None:
        added = await self.app.push_screen_wait(LetIn())
        if added is None:
            return
        more = "One more key" if len(added) == 1 else f"{len(added) or 'No'} more keys"
        self.mailtui.say(f"{more} can read all passwords now")
        self._look(added[0] if added else None)

    @work
    async def action_take_out(self) -> None:
        if (reader := self.marked) is None:
            return
        question = Confirm(
            f"Take {_named(reader)} out?",
            consequence=[
                "All passwords are written anew without that key.",
                "What its owner read or copied before stays known to him: change those passwords at their servers.",
            ],
            key="d", do="Take out", keep="Leave it",
        )  # fmt: skip
        if not await self.app.push_screen_wait(question):
            return
        self.mailtui.say("Writing all passwords anew ...")
        try:
            await with_unlocked(
                self.mailtui,
                lambda: beside_the_screens(self.context, lambda context: remove_recipients(context, [reader.key])),
            )
        except MailtuiError as error:  # Somebody else may have been first.
            self.mailtui.complain(error)
        else:
            self.mailtui.say(f"{_named(reader)} can read no password any more.")
        self._look()

    @work
    async def action_passphrase(self) -> None:
        if self._status is None:
            return
        changed = await self.app.push_screen_wait(ChangePassphrase(self._status))
        if changed:
            self.mailtui.say("The passphrase is changed. Write it into every passphrase file that opened the vault.")

    @work
    async def action_export(self) -> None:
        marked = self.marked
        written = await self.app.push_screen_wait(ExportPasswords(marked.key if marked and not marked.own else ""))
        if written is not None:
            path, exported = written
            keys = "one key" if len(exported.recipients) == 1 else f"{len(exported.recipients)} keys"
            self.mailtui.say(f"Wrote {_many(exported.secrets)} to {path}, for {keys}")

    @work(exclusive=True, group="check")
    async def action_check(self) -> None:
        self.mailtui.say("Reading every password ...")
        found = await with_unlocked(self.mailtui, lambda: beside_the_screens(self.context, unlock_check))
        self._found = _outcome(found)
        self.mailtui.say(self._found)
        self._look()


def _in_words(status: VaultStatus) -> str:
    """Where they are kept, how many they are, and what opens them."""
    if not status.vault:
        return f"{_many(status.secrets)} in the keyring of the system: {clean(status.why)}.\n{KEYRING}"
    if not status.exists:
        return f"{NO_VAULT}\nIt will be {_from_home(status.vault)}"
    opened = OPENED.get(status.opened_by, "locked until one is needed" if status.locked else "open until mailtui ends")
    key = "Its key lies in it under a passphrase." if status.passphrase else "Its key is kept elsewhere."
    return f"{_many(status.secrets)} in the vault {_from_home(status.vault)}\nIt is {opened}. {key}"


def _from_home(path: str) -> str:
    with contextlib.suppress(ValueError, RuntimeError):  # It is not there, or there is none.
        return clean(f"~/{Path(path).relative_to(Path.home())}")
    return clean(path)


def _many(passwords: int) -> str:
    return "One password" if passwords == 1 else f"{passwords:,} passwords"


def _outcome(found: UnlockCheck) -> str:
    if found.ok:
        return f"{Mark.READY} All passwords can be read: {found.opened:,}"
    named = [each.of for each in found.failed[:MAX_NAMED]]
    more = [f"{len(found.failed) - MAX_NAMED} more"] if len(found.failed) > MAX_NAMED else []
    number = f"{len(found.failed)} of {found.opened + len(found.failed)}"
    what = f"{NEXT} type them again in the form, or put the files back from a backup"
    return f"{Mark.FAILING} {number} cannot be read: {clean(listed([*named, *more]))}\n{what}"


def _named(reader: Reader) -> str:
    return clean(reader.name) or f"the key {clean(reader.key)[:20]}{CUT}"


def _about(reader: Reader) -> str:
    if reader.own:
        return "The vault's own key, which was made with it, and stays:"
    reads = f"{clean(reader.name)} reads all." if reader.name else "Nobody said whose it is."
    return f"{reads} MAILTUI_IDENTITY_FILE names the private key:"


def _without_kind(reader: Reader) -> str:
    """The key as one word."""
    first, *rest = reader.key.split()
    return clean(rest[0] if first in KINDS and rest else first)


def _row(reader: Reader) -> Row:
    kind = KINDS.get(reader.key.split()[0], "age")
    who = "the vault's own" if reader.own else Cell(reader.name) if reader.name else Cell("not named", Tone.MUTED)
    return Row(reader.key, (who, kind, Cell(_without_kind(reader), Tone.MUTED)))

"""The forms of the vault: let a key in, change the passphrase, export the passwords."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar, cast

from pydantic import SecretStr
from textual import work
from textual.app import ComposeResult
from textual.containers import Grid
from textual.widgets import Input, Static

from mailtui.core.errors import BadInput, MailtuiError
from mailtui.operations.context import Context
from mailtui.operations.given_files import as_text, read_given
from mailtui.operations.vault import Exported, VaultStatus, change_passphrase, export_to
from mailtui.operations.vault_readers import add_recipients, named
from mailtui.secrets import Locked
from mailtui.secrets.readers import public_keys
from mailtui.tui.form.controls import PasswordInput
from mailtui.tui.outbox import beside_the_screens
from mailtui.tui.screens.export_to import place_for
from mailtui.tui.screens.files import PathSuggester
from mailtui.tui.screens.passphrase import with_unlocked
from mailtui.tui.screens.small_form import SmallForm, fixed, labelled

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp

Saved = TypeVar("Saved")

EXPORTED: Final = "passwords.age"
"""The name that is proposed for the file."""

KINDS_OF_KEYS: Final = "age1..., ssh-ed25519 ... or ssh-rsa ..."


class VaultForm(SmallForm[Saved]):
    """A form whose saving may take seconds and runs beside the keys. It stays open meanwhile, and cannot be left: what
    was begun comes to its end, and here is where it is told."""

    MEANWHILE: ClassVar[str] = ""
    """Said while it runs."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._at_work = False

    def doing(self) -> Callable[[Context], Saved]:
        """What is done, out of what is typed. Raises MailtuiError for what cannot be used."""
        raise NotImplementedError

    def done(self, operation: Callable[[], Awaitable[Saved]]) -> Awaitable[Saved]:
        """Where the vault is locked, its passphrase is asked for, and then it is done."""
        return with_unlocked(cast("MailtuiApp", self.app), operation)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return None if self._at_work and action in {"save", "cancel"} else super().check_action(action, parameters)

    def action_save(self) -> None:
        if not self._at_work:
            self._save()

    @work
    async def _save(self) -> None:
        try:
            operation = self.doing()
            self._set_at_work(True)
            self._say(self.MEANWHILE)
            saved = await self.done(lambda: beside_the_screens(self.context, operation))
        except MailtuiError as error:
            self._set_at_work(False)
            self._complain(error)
        else:
            self.dismiss(saved)

    def _set_at_work(self, at_work: bool) -> None:
        self._at_work = at_work
        self.refresh_bindings()


class LetIn(VaultForm[tuple[str, ...]]):
    """Closes with the keys that are new."""

    PURPOSE = "Lets another key, of age or SSH, read every password: those that are stored and those to come."
    MEANWHILE = "writing all passwords anew ..."

    def __init__(self) -> None:
        super().__init__("Let another key read the passwords")

    def fields(self) -> ComposeResult:
        yield Static("Its owner then reads every password, with his private key.", classes="small-form--about")
        with Grid(classes="small-form--fields"):
            yield from labelled("Key", "", id="recipient", hint=KINDS_OF_KEYS)
            yield Static("or file", classes="small-form--label", markup=False)
            yield _path("", id="file", hint="with some, one a line: id_ed25519.pub")
            yield from labelled("Name", "", id="name", hint="whose it is; empty where key or file says so")

    def typed(self) -> tuple[str, ...]:
        return tuple(self.value_of(field) for field in ("recipient", "file", "name"))

    def doing(self) -> Callable[[Context], tuple[str, ...]]:
        key, file, name = (text.strip() for text in self.typed())
        texts = [key] if key or not file else []
        if file:
            path = _expanded(file, "file")
            texts.append(as_text(read_given(path), path))
        keys = named([found for text in texts for found in public_keys(text)], name)
        return lambda context: add_recipients(context, keys)


class ChangePassphrase(VaultForm[bool]):
    """Closes with True once the vault is under the new one."""

    PURPOSE = (
        "Puts the vault's own key under another passphrase; passwords and other keys stay as they are. Who kept a copy"
        " of the vault can open the copy with the old one."
    )
    MEANWHILE = "changing it, which takes some seconds ..."

    def __init__(self, status: VaultStatus) -> None:
        super().__init__("Change the passphrase of the vault")
        self._from_file = status.opened_by == "passphrase file"

    def fields(self) -> ComposeResult:
        yield Static("Nobody can recover a passphrase that is forgotten.", classes="small-form--about")
        with Grid(classes="small-form--fields"):
            if self._from_file:
                yield from fixed("Old", "from the passphrase file")
            else:
                yield from _secret("Old", "old")
            yield from _secret("New", "new")
            yield from _secret("Again", "again")

    def typed(self) -> tuple[str, ...]:
        return tuple(field.value for field in self.query(Input))

    def doing(self) -> Callable[[Context], bool]:
        old = None if self._from_file else self._secret_in("old", "the passphrase of now is empty: type it")
        new = self._secret_in("new", "the new passphrase is empty: type it")
        if new != self._secret_in("again", "the new passphrase is needed twice: type it again"):
            raise BadInput("the two new ones are not the same: type them again, or look at them with f8", "again")

        def change(context: Context) -> bool:
            change_passphrase(context, old, new)
            return True

        return change

    def done(self, operation: Callable[[], Awaitable[bool]]) -> Awaitable[bool]:
        """A wrong one is said here, and not asked for by another dialog."""
        return operation()

    def _secret_in(self, field: str, missing: str) -> SecretStr:
        if not (typed := self.value_of(field)):
            raise BadInput(missing, field)
        return SecretStr(typed)

    def _complain(self, error: MailtuiError) -> None:
        super()._complain(error)
        if isinstance(error, Locked) and not self._from_file:
            self.query_one("#old").focus()


class ExportPasswords(VaultForm[tuple[Path, Exported]]):
    """Closes with the file, and what is in it."""

    PURPOSE = (
        "Writes every password into one new file of the age format, for the readers of the vault or for one other key."
        " `age -d -i KEY FILE` shows them."
    )
    MEANWHILE = "reading all passwords ..."

    def __init__(self, key: str) -> None:
        """`key` is proposed for whom; empty for all readers of the vault."""
        super().__init__("Write all passwords, encrypted")
        self._key = key

    def fields(self) -> ComposeResult:
        with Grid(classes="small-form--fields"):
            yield Static("New file", classes="small-form--label", markup=False)
            yield _path(EXPORTED, id="file", hint="its path; it must not be there yet")
            yield from labelled("For", self._key, id="recipient", hint="all who can read the vault, or one public key")

    def typed(self) -> tuple[str, ...]:
        return tuple(self.value_of(field) for field in ("file", "recipient"))

    def doing(self) -> Callable[[Context], tuple[Path, Exported]]:
        file, key = (text.strip() for text in self.typed())
        path = place_for(file)
        keys = [found.key for found in public_keys(key)] if key else []
        return lambda context: (path, export_to(context, path, keys))


def _path(path: str, *, id: str, hint: str) -> Input:
    return Input(path, id=id, placeholder=hint, compact=True, suggester=PathSuggester(), select_on_focus=False)


def _secret(label: str, id: str) -> ComposeResult:
    yield Static(label, classes="small-form--label", markup=False)
    yield PasswordInput(id=id)


def _expanded(text: str, field: str) -> Path:
    """The path; it may begin with `~`. Raises BadInput."""
    try:
        return Path(text).expanduser()
    except (RuntimeError, ValueError) as error:  # There is no such home.
        raise BadInput(f"{text!r} cannot be used: {error}", field) from error

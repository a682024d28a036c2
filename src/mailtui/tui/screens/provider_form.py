"""The form of one OAuth provider: its issuer, and the client that was registered there."""

from typing import TYPE_CHECKING, ClassVar, Final, cast

from pydantic import SecretStr
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.content import Content
from textual.widgets import Input, Static

from mailtui.core.errors import MailtuiError
from mailtui.core.providers import Flow, KnownProvider, Provider, known_provider, known_providers
from mailtui.operations.providers import ProviderDraft, add_provider, edit_provider
from mailtui.tui.form.controls import Choice, PasswordInput
from mailtui.tui.screens.link import COPIED, ShowLink
from mailtui.tui.screens.passphrase import with_unlocked
from mailtui.tui.screens.small_form import SmallForm, fixed, labelled
from mailtui.tui.styles import style

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp

FLOWS: Final[list[tuple[str, Flow | str]]] = [
    ("whichever the provider has", ""),
    ("a code to type on any device", Flow.DEVICE),
    ("a browser", Flow.BROWSER),
]


class ProviderForm(SmallForm[Provider]):
    """Adds a provider, or edits the given one, whose id and issuer stay."""

    PURPOSE = (
        "Where owners of accounts sign in with OAuth. Register a client there once, and enter its id here; for a known"
        " provider the steps stand below. The client's secret goes into the keyring."
    )

    CSS_PATH = [style("table"), style("small_form"), style("provider_form")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+y", "copy", "Copy the link", priority=True, id="provider_form.copy",
                tooltip="Copy the page where a client is registered, where the terminal allows it"),
        Binding("ctrl+g", "show", "QR code", priority=True, id="provider_form.show",
                tooltip="Show that page as a code for a phone"),
    ]  # fmt: skip

    def __init__(self, provider: Provider | None) -> None:
        super().__init__(f"Edit {provider.id}" if provider else "Add OAuth provider")
        self._provider = provider
        self._known: KnownProvider | None = None

    def fields(self) -> ComposeResult:
        known = self._provider
        names = ", ".join(one.id for one in known_providers())
        with Grid(classes="small-form--fields"):
            if known:
                yield from fixed("Id", known.id)
                yield from fixed("Issuer", known.issuer)
            else:
                yield from labelled("Id", "", id="id", hint=f"{names} or a word of yours")
                yield from labelled("Issuer", "", id="issuer", hint=f"empty for {names}")
            yield from labelled("Client id", known.client_id if known else "", id="client_id", hint="as registered")
            yield Static("Secret", classes="small-form--label", markup=False)
            kept = bool(known and known.client_secret_id)
            yield PasswordInput(id="client_secret", placeholder="(kept)" if kept else "empty where the client has none")
            yield Static("Sign-in", classes="small-form--label", markup=False)
            yield Choice(FLOWS[1:] if known else FLOWS, known.flow if known else "", id="flow")
            scopes = " ".join(known.scopes) if known else ""
            yield from labelled("Scopes", scopes, id="scope", hint="empty for what mail needs")
            yield from labelled("CA file", known.ca_file if known else "", id="ca_file", hint="empty for the system's")
        yield Static(id="provider-steps", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._show_steps(known_provider(self._provider.id) if self._provider else None)

    @on(Input.Changed, "#id")
    def follow_id(self, event: Input.Changed) -> None:
        self._show_steps(known_provider(event.value.strip()))

    def _show_steps(self, known: KnownProvider | None) -> None:
        """How a client is registered there, while the id of a known provider stands in the form."""
        self._known = known
        self.refresh_bindings()
        steps = self.query_one("#provider-steps", Static)
        steps.display = known is not None
        if known is not None:
            numbered = (f"{number}. {words}" for number, words in enumerate(known.steps, start=1))
            steps.update(Content("\n".join((*numbered, known.link))))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._known is not None if action in {"copy", "show"} else True

    def action_copy(self) -> None:
        if self._known is not None:
            self.app.copy_to_clipboard(self._known.link)
            self.notify(COPIED, markup=False)

    def action_show(self) -> None:
        if self._known is not None:
            self.app.push_screen(ShowLink(self._known.link))

    def typed(self) -> tuple[str, ...]:
        names = ("client_id", "client_secret", "scope", "ca_file", *(() if self._provider else ("id", "issuer")))
        return (*map(self.value_of, names), str(self._flow.chosen))

    @property
    def _flow(self) -> Choice[Flow | str]:
        return cast("Choice[Flow | str]", self.query_one("#flow", Choice))

    def action_save(self) -> None:
        self._save()

    @work(exclusive=True)
    async def _save(self) -> None:
        """An issuer is asked over the network, and the keyring may have to be unlocked."""
        self.query_one(".small-form--error", Static).update("asking the issuer ..." if self._issuer else "")
        try:
            saved = await with_unlocked(cast("MailtuiApp", self.app), self._saved)
        except MailtuiError as error:
            self._complain(error)
        else:
            self.dismiss(saved)

    @property
    def _issuer(self) -> str:
        return "" if self._provider else self.value_of("issuer")

    async def _saved(self) -> Provider:
        typed = self.value_of("client_secret")
        secret = SecretStr(typed) if typed else None
        scopes = tuple(self.value_of("scope").split())
        flow, ca_file = self._flow.chosen, self.value_of("ca_file").strip()
        if self._provider is None:
            draft = ProviderDraft(
                id=self.value_of("id"), issuer=self._issuer.strip(), client_id=self.value_of("client_id"),
                client_secret=secret, scopes=scopes, flow=Flow(flow) if flow else None, ca_file=ca_file,
            )  # fmt: skip
            return await add_provider(self.context, draft)
        fields = {"client_id": self.value_of("client_id"), "scopes": scopes, "flow": Flow(flow), "ca_file": ca_file}
        return edit_provider(self.context, self._provider.model_copy(update=fields), secret)

"""The OAuth providers: where owners of accounts sign in, in place of a password."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from mailtui.core.errors import MailtuiError
from mailtui.core.providers import Flow, Provider, known_providers
from mailtui.core.text import clean_lines, listed
from mailtui.operations.providers import MAX_SHOWN, remove_provider
from mailtui.store.window import Window
from mailtui.tui.confirm import Confirm
from mailtui.tui.page import Page
from mailtui.tui.screens.provider_form import ProviderForm
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.rows import Cell, Column, Row
from mailtui.tui.widgets.store_table import StoreTable

if TYPE_CHECKING:
    from mailtui.operations.context import Context

CHANGES: Final = frozenset({"add", "edit", "remove"})
"""What only an admin may do."""

FLOW_WORDS: Final = {Flow.DEVICE: "by a code", Flow.BROWSER: "in a browser"}


class ProviderRows:
    """The providers, by id."""

    def __init__(self, context: "Context") -> None:
        self._store = context.store

    def count(self, matching: str) -> int:
        return self._store.providers.count(matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        found = self._store.providers.rows(Window(offset=offset, limit=limit, matching=matching))
        return [self._row(provider) for provider in found]

    def _row(self, provider: Provider) -> Row:
        secret = Cell("kept") if provider.client_secret_id else Cell("none", Tone.MUTED)
        cells = (provider.id, Cell(provider.issuer, Tone.MUTED), FLOW_WORDS[provider.flow], secret)
        return Row(provider.id, cells)


class Providers(Page):
    """The list, and below it who signs in there."""

    PATH = ("Account management", "E-mail", "Outgoing messages", "OAuth providers")
    PURPOSE = (
        "Some services take no password any more: the account's owner signs in at their provider. Register a client"
        " there once and add the provider here; then choose OAuth in the form of an address."
    )
    CSS_PATH = [style("table")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="providers.add", tooltip="Add a provider"),
        Binding("enter,e", "edit", "Edit", id="providers.edit", tooltip="Change its client, scopes or sign-in"),
        Binding("d", "remove", "Delete", id="providers.remove", tooltip="Remove a provider that no address uses; asks"),
    ]

    def content(self) -> ComposeResult:
        columns = [
            Column("Provider", share=2), Column("Issuer", share=4, shows_from=60), Column("Sign-in", width=12),
            Column("Secret", width=6),
        ]  # fmt: skip
        yield StoreTable(columns, ProviderRows(self.context), empty=self._nothing(), follow=self.show_details)
        yield Details()

    def _nothing(self) -> Content:
        names = listed([known.name for known in known_providers()])
        adds = ("                  a", "$accent bold"), "   Add an OAuth provider"
        return Content.assemble(
            f"Where a service takes no password, owners sign in at its provider.\n{names} are described,\n"
            "and any other by its issuer.\n\n",
            *(adds if self.context.actor.is_admin else ("There is none yet: an administrator adds them.",)),
        )

    @property
    def table(self) -> StoreTable:
        return self.query_one(StoreTable)

    @property
    def marked(self) -> Provider | None:
        """The provider under the cursor, as it is stored now."""
        return self.context.store.providers.get(self.table.marked) if self.table.marked else None

    def on_mount(self) -> None:
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in CHANGES:
            return True
        return self.context.actor.is_admin and (action == "add" or (self.is_mounted and self.table.marked is not None))

    def show_details(self) -> None:
        provider = self.marked
        self.query_one(Details).show(clean_lines(self._in_words(provider) if provider else ""))
        self.refresh_bindings()

    def _in_words(self, provider: Provider) -> str:
        users = self.context.store.providers.used_by(provider.id)
        more = f" and {len(users) - MAX_SHOWN} more" if len(users) > MAX_SHOWN else ""
        verb = "signs" if len(users) == 1 else "sign"
        who = f"{listed(users[:MAX_SHOWN])}{more} {verb} in there." if users else "No address signs in there yet."
        return f"{who}\nClient {provider.client_id}, for {' '.join(provider.scopes) or 'no scope'}"

    async def action_add(self) -> None:
        await self.app.push_screen(ProviderForm(None), self._saved)

    async def action_edit(self) -> None:
        if (provider := self.marked) is not None:
            await self.app.push_screen(ProviderForm(provider), self._saved)

    def _saved(self, provider: Provider | None) -> None:
        self.table.reload(provider.id if provider else None)  # Somebody else may have been first.
        if provider is not None:
            self.mailtui.say(f"Saved {provider.id}")

    async def action_remove(self) -> None:
        if (provider := self.marked) is None:
            return
        consequence = ["The client's secret is taken out of the keyring." if provider.client_secret_id else ""]
        question = Confirm(
            f"Delete {provider.id}?", consequence=[words for words in consequence if words], key="d", do="Delete",
            keep="Keep",
        )  # fmt: skip
        await self.app.push_screen(question, lambda yes: self._remove(provider) if yes else None)

    def _remove(self, provider: Provider) -> None:
        try:
            remove_provider(self.context, provider.id)
        except MailtuiError as error:
            self.mailtui.complain(error)
            return
        self.table.reload()
        self.mailtui.say(f"Deleted {provider.id}")

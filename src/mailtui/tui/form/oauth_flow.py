"""Signing in with OAuth: the page to open, the code to type there, the time left, and the address to paste (S7)."""

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final, cast

from pydantic import SecretStr
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.core.errors import MailtuiError
from mailtui.core.providers import MAX_URL, Flow
from mailtui.core.text import clean, clean_lines
from mailtui.operations.sign_in import Pasted, PasteRefused, Prompt, sign_in
from mailtui.secrets import Locked
from mailtui.tui.commands import HELP
from mailtui.tui.marks import Mark
from mailtui.tui.screens.link import COPIED, ShowLink
from mailtui.tui.screens.passphrase import with_unlocked
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp

BY_CODE: Final = "Open this page on any device, type the code, and say yes as {username}."
BY_BROWSER: Final = (
    "Open this page in a browser, sign in as {username}, and say yes. Where the browser runs on another computer than"
    " mailtui it ends on a page that it cannot show: paste that page's address here."
)


class OAuthFlow(ModalScreen[SecretStr | None]):
    """Closes with the secret of the sign-in by itself, once the person has said yes; with None when it is given up."""

    PURPOSE = "The account's owner says yes at the mail service; mailtui gets a permission to send, and no password."

    CSS_PATH: ClassVar = [style("dialogs"), style("form"), style("oauth_flow")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+y", "copy", "Copy the link", priority=True, id="oauth.copy",
                tooltip="Copy it, where the terminal allows it"),
        Binding("ctrl+g", "show", "QR code", priority=True, id="oauth.show",
                tooltip="Show the page as a code for a phone"),
        Binding("ctrl+r", "again", "Start again", id="oauth.again", tooltip="Ask for another code or page"),
        Binding("escape", "cancel", "Cancel", id="oauth.cancel", tooltip="Give the sign-in up"),
        HELP,
    ]  # fmt: skip

    def __init__(self, provider: str, username: str) -> None:
        """`username`: the account that is to sign in."""
        super().__init__()
        self._provider = provider
        self._username = username
        self._prompt: Prompt | None = None
        self._pasted: Pasted = asyncio.Queue()
        self._panel = VerticalScroll(classes="dialog")
        self._how = Static(id="oauth-how")
        self._link = Static(id="oauth-link")
        self._code = Static(id="oauth-code")
        self._left = Static(id="oauth-left")
        self._paste = Input(compact=True, id="oauth-paste", placeholder="http://...", password=True)
        self._said = Static(id="oauth-said")

    @property
    def mailtui(self) -> "MailtuiApp":
        return cast("MailtuiApp", self.app)

    def compose(self) -> ComposeResult:
        with self._panel:
            self._panel.border_title = Content(f"Sign in at {clean(self._provider)}")
            yield from (self._how, self._link, self._code, self._paste, self._left, self._said)
        yield FooterLine()

    def on_mount(self) -> None:
        self.set_interval(1, self._count_down)
        self._sign_in()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._prompt is not None if action in ("copy", "show") else True

    @work(exclusive=True, group="sign-in")
    async def _sign_in(self) -> None:
        self._wait("asking the provider ...")
        self._pasted = asyncio.Queue()
        context = self.mailtui.context
        try:
            tokens = await with_unlocked(
                self.mailtui,
                lambda: sign_in(context, self._provider, self._username, self._show, self._pasted),
            )
        except Locked:
            self._wait("")
            self._complain("The passwords stay locked, and the client's secret is one of them.")
        except MailtuiError as error:
            self._wait("")
            self._complain(str(error))
        else:
            self.dismiss(tokens)

    def _wait(self, words: str) -> None:
        """Nothing to open yet, or any more."""
        self._prompt = None
        self._how.update(Content.styled(words, "$accent"))
        for part in (self._link, self._code, self._paste, self._left, self._said):
            part.display = False
        self.refresh_bindings()

    def _show(self, said: Prompt | PasteRefused) -> None:
        if isinstance(said, PasteRefused):
            self._complain(said.why)
            self._paste.value = ""
            return
        self._prompt = said
        words = BY_CODE if said.flow is Flow.DEVICE else BY_BROWSER
        self._how.update(Content(words.format(username=clean(self._username) or "the account's owner")))
        self._link.update(Content.styled(clean(said.url, MAX_URL), "$accent"))
        self._code.update(Content.styled(said.code, "bold"))
        self._link.display = self._left.display = True
        self._code.display = said.flow is Flow.DEVICE
        self._paste.display = said.flow is Flow.BROWSER
        (self._paste if self._paste.display else self._panel).focus()
        self._count_down()
        self.refresh_bindings()

    def _count_down(self) -> None:
        if self._prompt is not None:
            seconds = max(0, int((self._prompt.until - self.mailtui.context.clock()).total_seconds()))
            words = f"waiting for the answer, {seconds // 60}:{seconds % 60:02} left"
            self._left.update(Content.styled(words, "$text-muted"), layout=False)

    def _complain(self, words: str) -> None:
        self._said.update(Content.styled(f"{Mark.FAILING} {clean_lines(words)}", "$error"))
        self._said.display = True

    @on(Input.Submitted)
    def take_pasted(self) -> None:
        if self._paste.value.strip():
            self._said.display = False
            self._pasted.put_nowait(SecretStr(self._paste.value))

    def action_copy(self) -> None:
        if self._prompt is not None:
            self.app.copy_to_clipboard(self._prompt.quick_url)
            self.notify(COPIED, markup=False)

    def action_show(self) -> None:
        if self._prompt is not None:
            self.app.push_screen(ShowLink(self._prompt.quick_url))

    def action_again(self) -> None:
        self._sign_in()

    def action_cancel(self) -> None:
        self.workers.cancel_node(self)
        self.dismiss(None)

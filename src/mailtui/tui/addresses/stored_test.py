"""Testing a stored address as it stands, in a small window over the table."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from mailtui.core.account_test import AccountTest
from mailtui.core.addresses import ExternalAddress
from mailtui.core.text import clean
from mailtui.operations.test_account import test_stored_account
from mailtui.secrets import Locked
from mailtui.tui.addresses.words import account, step_words
from mailtui.tui.commands import HELP
from mailtui.tui.form.failure import FailureDetails
from mailtui.tui.form.test_panel import AccountTestPanel
from mailtui.tui.screens.passphrase import with_unlocked
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.footer_line import FooterLine

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp


class StoredTest(ModalScreen[None]):
    """Starts at once. Escape stops the test, and closes when none is under way."""

    PURPOSE = "The account goes through every step with its real server, as it is stored. Nothing is sent."
    CSS_PATH: ClassVar = [style("dialogs"), style("form"), style("company_addresses")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t,ctrl+t", "again", "Test again", id="stored_test.again", tooltip="Go through all steps once more"),
        Binding("r,ctrl+r,f6", "reason", "Reason", id="stored_test.reason", tooltip="All about the failure"),
        Binding("escape", "stop", "Stop", id="stored_test.stop", tooltip="Stop the test that is under way"),
        Binding("escape", "close", "Close", id="stored_test.close", tooltip="Back to the list"),
        Binding("q,enter", "close", "Close", show=False, id="stored_test.close_too", tooltip="Back to the list"),
        HELP,
    ]

    def __init__(self, address: ExternalAddress) -> None:
        super().__init__()
        self._address = address
        self._panel = AccountTestPanel("r")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as window:
            window.border_title = Content(clean(self._address.address))
            window.border_subtitle = Content(clean(account(self._address)))
            yield self._panel
        yield FooterLine()

    def on_mount(self) -> None:
        self.test()

    @work(exclusive=True, group="test")
    async def test(self) -> None:
        app = cast("MailtuiApp", self.app)
        result: AccountTest | None = None
        state = ("stopped", Tone.WARN)
        try:
            result = await with_unlocked(app, lambda: self._go_through(app))
            state = ("passed: offered where it may be used", Tone.GOOD) if result.ok else ("failed", Tone.BAD)
        except Locked:
            state = ("not tested: the passwords stay locked", Tone.WARN)
        finally:
            self._panel.end(result)
            self._panel.say(*state)
            self.refresh_bindings()

    async def _go_through(self, app: "MailtuiApp") -> AccountTest:
        self._panel.begin()
        self.refresh_bindings()
        return await test_stored_account(app.context, self._address.address, self._panel.report)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "again":
            return not self._panel.running
        if action in {"stop", "close"}:
            return self._panel.running == (action == "stop")
        if action == "reason":
            return self._panel.result is not None and not self._panel.result.ok
        return True

    def action_again(self) -> None:
        self.test()

    def action_reason(self) -> None:
        result = self._panel.result
        if result is not None:
            step = step_words(result.failed_step or "")
            self.app.push_screen(
                FailureDetails(address=result.address, step=step, reply=result.reply, reason_name=result.reason)
            )

    def action_stop(self) -> None:
        self.workers.cancel_group(self, "test")

    def action_close(self) -> None:
        self.dismiss(None)

"""The live test in the form: how things stand between the fields and the last test, the test itself, what it found."""

import asyncio
from typing import Final

from textual import on, work
from textual.content import Content
from textual.widgets import Select

from mailtui.core.account_test import AccountTest, Certificate
from mailtui.core.addresses import AddressState, ExternalAddress, SignIn
from mailtui.core.errors import BadInput, NotFound
from mailtui.core.people import Employee
from mailtui.core.reasons import reason
from mailtui.operations.addresses import Draft, candidate, why_draft_not_saved
from mailtui.operations.test_account import test_account
from mailtui.secrets import Locked
from mailtui.tui.addresses.words import step_words
from mailtui.tui.form.account_pane import AccountPane
from mailtui.tui.form.certificate import TrustCertificate
from mailtui.tui.form.failure import FailureDetails
from mailtui.tui.form.marked import MarkedPane
from mailtui.tui.form.readiness import Readiness, Tested, readiness
from mailtui.tui.form.recipient import AskRecipient
from mailtui.tui.form.tabs import ACCOUNT, TABS, FormTabs
from mailtui.tui.form.test_lines import said_lines
from mailtui.tui.form.test_panel import Said
from mailtui.tui.form.two_steps import answers, field_of_the_answer, guide_lines, refused_lines
from mailtui.tui.form.typed import Trust
from mailtui.tui.marks import Mark
from mailtui.tui.screens.link import COPIED, ShowLink
from mailtui.tui.screens.passphrase import with_unlocked
from mailtui.tui.tones import Tone

HOW_IT_GOES: Final = (
    "ctrl+l asks the address's domain for its server, where you do not know it.",
    "ctrl+t goes through the steps of sending with the server, from finding the host to the recipient, and stops"
    " before a message is handed over. Only what passed this test can be saved.",
)


class LiveTest(FormTabs):
    """Tests exactly what stands in the fields, and says what that allows."""

    def __init__(self, stored: ExternalAddress | None = None, owner: Employee | None = None) -> None:
        super().__init__(stored, owner)
        self._tested: Tested | None = None
        self._guided = ""
        """Id of the service that the panel speaks of."""
        self.readiness = Readiness(state="", tone=Tone.MUTED, save="Save")

    def on_mount(self) -> None:
        self._guided = self.account.service_id
        self.count_stored_test()

    def count_stored_test(self) -> None:
        """The stored address's own test counts as long as nothing that it covers is changed."""
        stored = self.stored
        test = stored.last_test if stored is not None and stored.state is not AddressState.UNTESTED else None
        self._tested = Tested(settings=stored, passed=test.ok, at=test.at) if stored and test else None
        self.look_again()

    @on(AccountPane.Edited)
    @on(MarkedPane.Edited)
    def take_notice_back(self) -> None:
        """What was said of the form as it was."""
        self.notice("")
        self.look_again()

    @on(Select.Changed, "#service")
    def forget_the_other_service(self) -> None:
        """What is chosen now says its own steps."""
        if self.account.service_id != self._guided:
            self._guided = self.account.service_id
            self.panel.forget()

    def look_again(self) -> None:
        """Say how things stand between the fields and the last test."""
        self.readiness = self._stand()
        self.panel.guide(self._before_the_test, self._answer())
        self.panel.say(self.readiness.state, self.readiness.tone)
        self.refresh_bindings()

    def _before_the_test(self, width: int) -> list[Content]:
        """Why the address that was opened fails, else what its service wants, else what a test does."""
        failure, guide = self.failure(), self.account.guide
        if failure is None:
            return guide_lines(guide, width) if guide is not None else said_lines(HOW_IT_GOES, width)
        step, reply, name = failure
        why = reason(name or "unknown")
        head = said_lines((f"{Mark.FAILING} {step}: {why.title}",), width)
        if guide is not None and answers(self.account.known_service, name):
            return head + refused_lines(reply, guide, width)
        return head + said_lines((reply, why.meaning, *why.remedy[:1]), width)

    def _answer(self) -> Said | None:
        """The steps of the service, where they answer what the test ended with."""
        result, guide = self.panel.result, self.account.guide
        if result is None or guide is None or not answers(self.account.known_service, result.reason):
            return None
        return lambda width: refused_lines(result.reply, guide, width)

    def _stand(self) -> Readiness:
        wanted, refused, wrong = None, None, ""
        try:
            draft = self.draft()
            try:
                candidate(self.context, draft)
            except BadInput as error:
                wrong = error.field or ""
                draft = draft.model_copy(update={"projects": None})  # No test covers them, and the rest may be right.
            wanted, refused = candidate(self.context, draft), why_draft_not_saved(self.context, draft)
        except BadInput as error:
            wrong = error.field or ""
        except NotFound:
            wrong = "address"
        return readiness(wanted, self._tested, now=self.context.clock(), refused=refused, wrong=wrong)

    def action_test(self) -> None:
        self.start_test()

    def start_test(self, message_to: str = "") -> None:
        """Test what stands in the form, unless a test is under way."""
        if not self.panel.running:
            self.test(message_to)

    @work(exclusive=True, group="test")
    async def test(self, message_to: str = "") -> None:
        """Test what stands in the form; a recipient in `message_to` is sent one real message."""
        draft = self.judged_draft()
        if draft is None or not await self._signed_in(draft):
            return
        draft = self.draft()
        self.show_tab(ACCOUNT)
        result: AccountTest | None = None
        stopped = False
        try:
            wanted = candidate(self.context, draft)
            result = await with_unlocked(self.mailtui, lambda: self._go_through(draft, message_to))
            self._tested = Tested(
                settings=wanted, passed=result.ok, at=self.context.clock(), seconds=self.panel.seconds
            )
        except BadInput as error:
            self.refuse(error)
        except Locked:
            self.notice("Not tested: the passwords stay locked.")
        except asyncio.CancelledError:
            stopped = True
            raise
        finally:
            self._over(result, stopped)
        if result is not None:
            self._tell(result, message_to)

    async def _signed_in(self, draft: Draft, *, anew: bool = False) -> bool:
        """Whether what signs in is there: at an OAuth provider the person does so first."""
        account = draft.account
        if account.signin is not SignIn.OAUTH:
            return True
        try:
            if not anew and (draft.secret is not None or candidate(self.context, draft).secret_id):
                return True
        except BadInput as error:
            self.refuse(error)
            return False
        from mailtui.tui.form.oauth_flow import OAuthFlow  # Few addresses need it.

        tokens = await self.app.push_screen_wait(OAuthFlow(account.provider, account.username))
        if tokens is not None:
            self.account.sign_in(tokens)
        return tokens is not None

    @work(exclusive=True, group="sign-in")
    async def action_sign_in(self) -> None:
        """Sign in again, and test with that."""
        draft = self.judged_draft()
        if draft is not None and await self._signed_in(draft, anew=True):
            self.start_test()

    def _over(self, result: AccountTest | None, stopped: bool) -> None:
        if self.is_attached:  # Closing the form stops its test too.
            self.panel.end(result)
            self.look_again()
            if stopped:
                self.panel.say("stopped", Tone.WARN)

    async def _go_through(self, draft: Draft, message_to: str) -> AccountTest:
        self.panel.begin()
        self.panel.scroll_visible(animate=False, top=True)  # In a small terminal it stands below the fields.
        self.refresh_bindings()
        return await test_account(self.context, draft, self.panel.report, message_to=message_to)

    def _tell(self, result: AccountTest, message_to: str) -> None:
        if result.ok:
            self.notice(f"The server took one message to {message_to}." if message_to else "")
            return
        if self.refused_certificate() is not None:
            self.notice("f7 shows the certificate and lets you trust exactly that one.")
        elif self.query_one(f"#{TABS[ACCOUNT]}").max_scroll_y:  # Too small for both the field and the test.
            self.notice(f"{Mark.FAILING} {reason(result.reason).title}: page down shows all of the test.")
        known, field = self.account.known_service, result.field
        if known is not None and answers(known, result.reason):
            field = field_of_the_answer(known, result, self.account.username.value)
        control = self.account.control(field) if field else None
        if control is not None and self.shown_tab == ACCOUNT and self.is_current:
            self.account.go_to(control)

    def failure(self) -> tuple[str, str, str] | None:
        """Step, reply and reason of the failure that is shown, or of the one that the address was opened with."""
        if (result := self.panel.result) is not None:
            return None if result.ok else (step_words(result.failed_step or ""), result.reply, result.reason)
        if self.stored is None or self.stored.state is not AddressState.FAILING or self.stored.last_test is None:
            return None
        test = self.stored.last_test
        return step_words(test.step), test.reply, test.reason

    def refused_certificate(self) -> Certificate | None:
        return self.panel.result.certificate if self.panel.result is not None else None

    @property
    def link(self) -> str:
        """The page where the service's steps are done; empty where there is none."""
        guide = self.account.guide
        return guide.link if guide is not None else ""

    def action_copy_link(self) -> None:
        """By OSC 52, which reaches the clipboard of the person's own computer through SSH."""
        self.app.copy_to_clipboard(self.link)
        self.notice(COPIED)

    def action_show_link(self) -> None:
        self.app.push_screen(ShowLink(self.link))

    def action_reason(self) -> None:
        failure = self.failure()
        if failure is not None:
            step, reply, name = failure
            address = self.account.address.value
            self.app.push_screen(FailureDetails(address=address, step=step, reply=reply, reason_name=name))

    @work(exclusive=True, group="certificate")
    async def action_certificate(self) -> None:
        """Trust exactly the certificate that was shown, after it was looked at; that changes the settings."""
        certificate, result = self.refused_certificate(), self.panel.result
        if certificate is None or result is None:
            return
        question = TrustCertificate(certificate, host=self.account.host.value, why=result.reply)
        if await self.app.push_screen_wait(question):
            pinned = {"trust": Trust.PINNED, "pinned_certificate": certificate.sha256}
            self.account.show(self.account.typed.model_copy(update=pinned))
            self.start_test()

    @work(exclusive=True, group="message")
    async def action_message(self) -> None:
        recipient = await self.app.push_screen_wait(
            AskRecipient(self.account.address.value, self.context.employee.email)
        )
        if recipient is not None:
            self.start_test(recipient)

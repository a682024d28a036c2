"""The form of an external address: what stands in it can be saved only when exactly that was tested (S6)."""

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from mailtui.core.addresses import ExternalAddress, SignIn
from mailtui.core.errors import BadInput, Conflict, NotFound
from mailtui.operations.addresses import (
    Draft,
    check_version,
    draft_of,
    save_address,
    stored_address,
    why_draft_not_saved,
)
from mailtui.secrets import Locked
from mailtui.tui.confirm import Confirm
from mailtui.tui.form.account_pane import parse_required_address
from mailtui.tui.form.conflict import holds_nothing_else, to_decide
from mailtui.tui.form.live_test import LiveTest
from mailtui.tui.form.readiness import FIELD_WORDS
from mailtui.tui.form.tabs import ACCOUNT
from mailtui.tui.screens.passphrase import with_unlocked
from mailtui.tui.screens.settle import Settle
from mailtui.tui.tones import Tone


class AddressForm(LiveTest):
    """Closes with the address that was saved, or None."""

    PURPOSE = (
        "One external e-mail address: the account that sends for it, who may use it, and for which projects. The test"
        " talks to the real server; saving is possible once exactly these settings have passed it."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "test", "Test account", id="form.test", tooltip="Go through all steps with the real server"),
        Binding("ctrl+s", "save", "Save", id="form.save", tooltip="Save and close; needs a successful test"),
        Binding("escape", "cancel", "Cancel", id="form.cancel", tooltip="Stop the test; else close, unsaved"),
        Binding("ctrl+r,f6", "reason", "Reason", id="form.reason", tooltip="All about the failure and what to do"),
        Binding("f7", "certificate", "Certificate", id="form.certificate", tooltip="Look at the certificate; trust it"),
        Binding("f9", "sign_in", "Sign in", id="form.sign_in",
                tooltip="Sign in at the OAuth provider, and test with that"),
        Binding("ctrl+y", "copy_link", "Copy link", priority=True, id="form.copy_link",
                tooltip="Copy the link of the page where the service's steps are done"),
        Binding("ctrl+g", "show_link", "QR code", priority=True, id="form.show_link",
                tooltip="Show that link as a code for a phone"),
        Binding("ctrl+l", "look_up", "Look up", id="form.look_up",
                tooltip="Find the server by asking the address's domain; nothing is overwritten without asking"),
        Binding("ctrl+o", "message", "Send a test message", id="form.message", tooltip="Test, and really send one"),
        Binding("f1", "app.help", "Help", id="app.help", tooltip="What this form is for, and all its keys"),
        Binding("ctrl+p", "app.command_palette", "Commands", show=False, id="form.commands",
                tooltip="Find a command by its name"),
        # With priority, since inputs have ctrl+f too and take alt with a digit for the digit.
        Binding("ctrl+f", "propose", "Proposed service", show=False, priority=True, id="form.propose",
                tooltip="Choose the service that the address looks like"),
        Binding("f2,alt+1", "tab(0)", "Account", show=False, priority=True, id="form.account",
                tooltip="The address and its account"),
        Binding("f3,alt+2", "tab(1)", "Access", show=False, priority=True, id="form.access",
                tooltip="Who may use the address"),
        Binding("f4,alt+3", "tab(2)", "Projects", show=False, priority=True, id="form.projects",
                tooltip="For which projects it is"),
    ]  # fmt: skip

    def called(self, action: str) -> str:
        if self.panel.running:
            return {"save": "Save: after the test", "cancel": "Stop the test"}.get(action, "")
        return self.readiness.save if action == "save" else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "reason":
                return self.failure() is not None
            case "certificate":
                return self.refused_certificate() is not None
            case "sign_in":
                return self.account.signin.chosen is SignIn.OAUTH
            case "copy_link" | "show_link":
                return bool(self.link)
            case "look_up":
                return self.shown_tab == ACCOUNT
            case "propose":
                return self.account.proposed is not None
            case _:
                return True

    @work(exclusive=True, group="look_up")
    async def action_look_up(self) -> None:
        """Ask the address's domain for its settings, and fill them in where they are taken."""
        from mailtui.tui.form.look_up import LookUp, fill_in, typed_fields  # Few addresses need it.

        self.notice("")
        try:
            address = parse_required_address(self.account.address.value)
        except BadInput as error:
            self.refuse(error)
            return
        found = await self.app.push_screen_wait(LookUp(address, typed_fields(self.account)))
        if found is not None:
            fill_in(self.account, found)

    def action_propose(self) -> None:
        proposed = self.account.proposed
        if proposed is not None:
            self.account.choose_service(proposed.id)

    @work(exclusive=True, group="close")
    async def action_cancel(self) -> None:
        """The first escape stops a test; what was typed is not lost without a question."""
        if self.panel.running:
            self.workers.cancel_group(self, "test")
            return
        question = Confirm("Close without saving?", consequence="What you typed is lost.", key="d", do="Discard",
                           keep="Go on editing")  # fmt: skip
        if not self.edited or await self.app.push_screen_wait(question):
            self.dismiss(None)

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        draft = self.judged_draft()
        if draft is not None:
            await self._save(draft)

    async def _save(self, draft: Draft) -> None:
        try:
            check_version(self.context, draft)
            why = why_draft_not_saved(self.context, draft)
            if why is not None:
                changed = f" {self.readiness.state}." if self.readiness.tone is Tone.WARN else ""
                self.notice(f"Not saved: {why}.{changed}")
                return
            self.dismiss(await with_unlocked(self.mailtui, lambda: self._write(draft)))
        except BadInput as error:
            self.refuse(error)
        except Locked:
            self.notice("Not saved: the password has no place to be kept in yet.")
        except NotFound as error:
            self.stored = None  # What is typed can still be added anew.
            self.notice(str(error))
        except Conflict as conflict:
            await self._settle(conflict, draft)

    async def _write(self, draft: Draft) -> ExternalAddress:
        return save_address(self.context, draft)

    async def _settle(self, conflict: Conflict, draft: Draft) -> None:
        """Somebody was first. Where only a test was noted with the address since, there is nothing to decide."""
        before, theirs = self.stored, stored_address(self.context, draft)
        if theirs is None or before is None:
            return
        different = to_decide(before, draft, theirs)
        if not different:
            self.stored = theirs
            await self._save(draft.model_copy(update={"version": theirs.version}))
            return
        taken = await self.app.push_screen_wait(Settle(str(conflict), different, FIELD_WORDS))
        if taken is None:
            return
        self.stored = theirs
        self.put(draft_of(theirs), taken)
        if self._tested is None or self._tested.settings.fingerprint not in self.context.tests:
            self.count_stored_test()  # It was the stored address's, which is another one now.
        if holds_nothing_else(self.draft(), theirs):
            self._opened_with = self.everything_typed()
        self.mailtui.say("The form holds what you chose: ctrl+s saves it over what is stored now.")
        self.look_again()

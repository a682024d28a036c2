"""A new action: choose the address that the contact will see, write, send (S10, S11)."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Select, Static, TextArea
from textual.worker import Worker

from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.core.errors import BadInput, MailtuiError
from mailtui.core.messages import Attachment
from mailtui.core.projects import Project
from mailtui.core.text import clean, clean_lines
from mailtui.operations.addresses import find_address
from mailtui.operations.offers import Choice, offered_addresses
from mailtui.operations.send import SendRequest, send
from mailtui.tui.confirm import Confirm
from mailtui.tui.marks import BETWEEN, Mark
from mailtui.tui.page import Page
from mailtui.tui.screens.files import Files, said
from mailtui.tui.screens.passphrase import with_unlocked
from mailtui.tui.screens.recipients import recipients
from mailtui.tui.screens.sending_panel import SendingPanel
from mailtui.tui.screens.why_not import WhyNot
from mailtui.tui.styles import style

FIELDS = {"to": "#to", "recipient": "#to", "subject": "#subject", "body": "#text", "sender": "#from"}
"""Where the focus goes when an operation names the field that is wrong."""


NOTHING_OFFERED = "no address is offered"
NO_FILE = "none: ctrl+o adds one"


class NewAction(Page):
    """The form of one message. What was typed stays until it was taken over for every recipient."""

    PURPOSE = (
        "Write to one contact or several; each gets a message of his own. Only addresses that the project offers you"
        " can be chosen. Whether they still are is asked once more when the message is sent."
    )
    CSS_PATH = [style("table"), style("sections"), style("action")]  # noqa: RUF012 - Textual reads it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+enter", "send", "Send", id="action.send", tooltip="Send the message now"),
        Binding("f1", "why", "Why not", id="action.why", tooltip="Why the other addresses are not offered"),
        Binding("ctrl+o", "files", "Files", id="action.files", tooltip="Add files to the message, or drop them"),
        # `?` is typed into the fields, and F1 has its own meaning here.
        Binding("f9", "app.help", "Help", id="action.help", tooltip="What this screen is for, and all its keys"),
    ]

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self._files: tuple[Attachment, ...] = ()
        self._sending: Worker[None] | None = None
        self._done = False

    @property
    def path(self) -> tuple[str, ...]:
        return ("Account management", "Projects", self._project.name, "New action")

    def content(self) -> ComposeResult:
        answer = self._ask()
        with Vertical(id="fields"):
            with Horizontal():
                yield Static("From", classes="action--label")
                senders = self._senders(answer)
                # Where there is something to choose, nothing is no choice.
                yield Select(senders, prompt=NOTHING_OFFERED, allow_blank=not senders, compact=True, id="from")
                yield Static(id="offered")
            for field, label, hint in (("to", "To", "one address or several, with commas"), ("subject", "Subject", "")):
                with Horizontal():
                    yield Static(label, classes="action--label")
                    yield Input(id=field, placeholder=hint, compact=True, select_on_focus=False)
            with Horizontal(id="files"):
                yield Static("Files", classes="action--label")
                yield Static(NO_FILE, id="file-names")
        yield TextArea(
            id="text", placeholder="The message", compact=True, show_line_numbers=False, highlight_cursor_line=False
        )
        yield WhyNot(self.context, answer)
        yield SendingPanel()
        yield Static(id="notice")

    @property
    def panel(self) -> SendingPanel:
        return self.query_one(SendingPanel)

    @property
    def why_not(self) -> WhyNot:
        return self.query_one(WhyNot)

    def on_mount(self) -> None:
        if self._show_offered():
            self.query_one("#to", Input).focus()
        else:
            self._say(f"{Mark.FAILING} No address is offered to you in {self._project.name}: above stands why.")
            self.query_one("#fields").disabled = True
            self.action_why()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"send", "files"} and self.is_mounted:
            return not (self._done or self._sending or self.query_one("#fields").disabled)
        return True

    def _ask(self) -> Choice:
        return offered_addresses(self.context, self.context.employee.login, self._project.key)

    def _senders(self, answer: Choice) -> list[tuple[str, str]]:
        """What stands in the list of senders, and the address that it stands for."""
        named = [find_address(self.context, offer.address) for offer in answer.offered]
        return [(f"{clean(address.address)}  {clean(address.name)}", address.address) for address in named]

    def _show_offered(self) -> bool:
        """Fill From with what the rule offers now, the choice kept where it can be; whether there is anything."""
        answer = self._ask()
        offered = answer.offered
        choice = self.query_one("#from", Select)
        before = choice.value
        addresses = [offer.address for offer in offered]
        if addresses:
            choice.set_options(self._senders(answer))
            choice.value = before if before in addresses else addresses[0]
        others = self.why_not.look(answer)
        self.query_one("#offered", Static).update(f"{len(offered)} offered {BETWEEN} {others} not: f1")
        return bool(offered)

    def _say(self, words: str) -> None:
        self.query_one("#notice", Static).update(Content(clean_lines(words)))

    def _complain(self, error: MailtuiError) -> None:
        self._say(f"{Mark.FAILING} {error}")
        field = FIELDS.get(error.field or "") if isinstance(error, BadInput) else None
        if field is not None:
            self.query_one(field).focus()

    @on(Input.Blurred, "#to")
    def check_recipients(self, event: Input.Blurred) -> None:
        """Say what is wrong with an address as soon as its field is left."""
        try:
            recipients(event.value) if event.value.strip() else None
            self._say("")
        except BadInput as error:
            self._say(f"{Mark.FAILING} {error}")

    def action_why(self) -> None:
        """In the place of the text: each address that is not offered, with its sentence (+16)."""
        if self.why_not.display:
            self._close_why()
            return
        self.query_one("#text").display = False
        self.why_not.open()

    def _close_why(self) -> None:
        self.why_not.display = False
        self.query_one("#text").display = True
        self.query_one("#to", Input).focus()

    async def action_files(self) -> None:
        await self.app.push_screen(Files(self._files), self._chosen)

    def _chosen(self, files: tuple[Attachment, ...] | None) -> None:
        self._files = files or ()
        names = ", ".join(f"{one.name} ({said(len(one.content))})" for one in self._files)
        self.query_one("#file-names", Static).update(Content(clean(names) or NO_FILE))

    def _request(self) -> SendRequest:
        """What stands in the form. Raises BadInput."""
        sender = self.query_one("#from", Select).value
        return SendRequest(
            project=self._project.key,
            to=recipients(self.query_one("#to", Input).value),
            subject=self.query_one("#subject", Input).value,
            body=self.query_one("#text", TextArea).text,
            sender=sender if isinstance(sender, str) else "",
            attachments=self._files,
        )

    def action_send(self) -> None:
        try:
            request = self._request()
        except BadInput as error:
            self._complain(error)
            return
        if self.why_not.display:
            self._close_why()
        self._sending = self._send(request)
        self.refresh_bindings()

    @work(exclusive=True)
    async def _send(self, request: SendRequest) -> None:
        self._say("")
        self.query_one("#fields").disabled = self.query_one("#text").disabled = True
        self.panel.begin()
        self.panel.focus()
        failure: MailtuiError | None = None
        try:
            deliveries = await with_unlocked(self.mailtui, lambda: send(self.context, request, self.panel.report))
        except MailtuiError as error:
            failure = error
        finally:
            self._sending = None
        if failure is None:
            self._ended(deliveries)
        else:
            self.panel.give_up()
            self._open_again()
            self._complain(failure)
        self.mailtui.look_again()

    def _ended(self, deliveries: tuple[Delivery, ...]) -> None:
        """Keep under To whoever was refused for good; everybody else has the message, or it waits for another try."""
        self.panel.end(deliveries)
        failed = [delivery.to for delivery in deliveries if delivery.state is DeliveryState.FAILED]
        if failed:
            self.query_one("#to", Input).value = ", ".join(failed)
            self._open_again()
            self._say("Nothing that you wrote is lost: correct it and send again to whoever stands under To, or leave.")
            return
        self._done = True
        waiting = sum(delivery.state is not DeliveryState.SENT for delivery in deliveries)
        self._say(
            f"{waiting} wait for another try: see Deliveries.  esc  goes back." if waiting else "Sent.  esc  goes back."
        )
        self.refresh_bindings()

    def _open_again(self) -> None:
        self.query_one("#text").disabled = False
        self.query_one("#fields").disabled = not self._show_offered()
        self.refresh_bindings()

    def _would_be_lost(self) -> bool:
        fields = [self.query_one(field, Input).value for field in ("#to", "#subject")]
        return not self._done and bool("".join(fields) or self.query_one("#text", TextArea).text or self._files)

    async def action_back(self) -> None:  # type: ignore[override]  # an action may be a coroutine
        if self._sending is not None:
            consequence = "What the server has taken is sent; the rest stays among the deliveries, queued."
            question = Confirm("Stop sending?", consequence=consequence, key="s", do="Stop", keep="Go on")
            await self.app.push_screen(question, self._stop)
        elif self.why_not.display and not self.query_one("#fields").disabled:
            self._close_why()
        elif self._would_be_lost():
            question = Confirm("Throw away what you wrote?", key="d", do="Throw away", keep="Keep writing")
            await self.app.push_screen(question, self._throw_away)
        else:
            self.dismiss()

    def _throw_away(self, yes: bool | None) -> None:
        if yes:
            self.dismiss()

    def _stop(self, yes: bool | None) -> None:
        if yes and self._sending is not None:
            self._sending.cancel()
            self.panel.stop()
            self._done = True
            self._say("Stopped. The actions of the project say what became of each message.  esc  goes back.")
            self.refresh_bindings()

"""Looking up the settings of the typed address: each source as it is asked, then the proposal, which is only taken
where one says so."""

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static

from mailtui.core.addresses import SmtpAccount
from mailtui.core.errors import MailtuiError
from mailtui.core.look_up import TITLES, LookedUp, LookUpEvent, Proposal, Source, SourceAnswered
from mailtui.core.services import service
from mailtui.core.text import clean
from mailtui.operations.look_up import look_up
from mailtui.tui.commands import HELP
from mailtui.tui.form.account_pane import SECURITIES, SIGN_INS, AccountPane
from mailtui.tui.form.readiness import FIELD_WORDS
from mailtui.tui.form.test_panel import ASCII_TURNS, CALM_TICK, TICK, TURNS
from mailtui.tui.form.typed import Typed, usual_username
from mailtui.tui.marks import NEXT, Mark, prints_unicode
from mailtui.tui.styles import style
from mailtui.tui.widgets.fit import fit
from mailtui.tui.widgets.footer_line import FooterLine

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp

TITLE_WIDTH: Final = max(map(len, TITLES.values())) + 2

WORDS: Final = {value: words for words, value in (*SECURITIES, *SIGN_INS)}
"""Choices as the form shows them."""

DIALOG_WIDTH: Final = 70
"""Cells of a line before the dialog is laid out."""

FILLED_IN: Final = ("service", "host", "port", "security", "signin", "username")
"""The fields that a proposal is about."""


class LookUp(ModalScreen[Proposal | None]):
    """The proposal that is to be filled in, or None."""

    PURPOSE = (
        "Where this address's mail is handed in, asked of its domain: no password is sent, and the form stays as it is"
        " until you take what was found."
    )

    CSS_PATH: ClassVar = [style("dialogs"), style("form")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Fill in", id="look_up.take", tooltip="Put what was found into the form"),
        Binding("escape", "leave", "Leave the form as it is", id="look_up.leave", tooltip="Stop; change nothing"),
        HELP,
    ]

    def __init__(self, address: str, typed: dict[str, str]) -> None:
        """`typed`: what stands in the form now, as `shown_fields` has it."""
        super().__init__()
        self._address = address
        self._typed = typed
        self._answers: list[SourceAnswered] = []
        self._asked: Source | None = None
        self._began = monotonic()
        self._proposal: Proposal | None = None
        self._timer: Timer | None = None
        self._progress = Static(id="look-up--progress", markup=False)
        self._found = Static(id="look-up--found", markup=False)

    @property
    def mailtui(self) -> "MailtuiApp":
        return cast("MailtuiApp", self.app)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as panel:
            panel.border_title = Content(f"The settings of {clean(self._address)}")
            yield self._progress
            yield self._found
        yield FooterLine()

    def on_mount(self) -> None:
        self._timer = self.set_interval(CALM_TICK if self.mailtui.calm else TICK, self._show_progress)
        self._look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._proposal is not None if action == "take" else True

    @work(exclusive=True)
    async def _look(self) -> None:
        result: LookedUp | None = None
        said = ""
        try:
            result = await look_up(self._address, self._report, settings=self.mailtui.context.configuration.look_up)
        except MailtuiError as error:
            said = str(error)
        except asyncio.CancelledError:
            return  # The dialog is closed.
        self._asked = None
        if self._timer is not None:
            self._timer.stop()
        self._show_progress()
        if result is not None and result.proposal is not None:
            self._proposal = result.proposal
            self._found.update(proposal_lines(result.proposal, self._typed))
        else:
            sentence = said or "No settings were found: ask whoever runs the mail server. The form stays as it is."
            self._found.update(Content.styled(f"\n{Mark.FAILING} {clean(sentence)}", "$warning"))
        self.refresh_bindings()

    def _report(self, event: LookUpEvent) -> None:
        if isinstance(event, SourceAnswered):
            self._answers.append(event)
            self._asked = None
        else:
            self._asked, self._began = event.source, monotonic()
        self._show_progress()

    def _show_progress(self) -> None:
        width = self._progress.size.width or DIALOG_WIDTH
        lines = [line for answer in self._answers for line in answer_lines(answer, width)]
        if self._asked is not None:
            seconds = monotonic() - self._began
            turns = TURNS if prints_unicode() else ASCII_TURNS
            sign = (f"{turns[0 if self.mailtui.calm else int(seconds / TICK) % len(turns)]} ", "$accent")
            lines.append(Content.assemble(sign, fit(self._asked.words, TITLE_WIDTH), f"{seconds:.1f} s"))
        self._progress.update(Content("\n").join(lines))

    def action_take(self) -> None:
        self.dismiss(self._proposal)

    def action_leave(self) -> None:
        self.dismiss(None)


def answer_lines(answer: SourceAnswered, width: int) -> list[Content]:
    """`✓ MX records   mx.example belongs to Fastmail`, broken where the detail is too long for `width` cells."""
    mark, colour = (Mark.READY, "$success") if answer.found else (Mark.OFF, "$text-muted")
    details = Content.styled(clean(answer.detail), "$text-muted").wrap(max(20, width - TITLE_WIDTH - 2))
    first = Content.assemble((f"{mark} ", colour), fit(answer.source.words, TITLE_WIDTH), *details[:1])
    return [first, *(Content.assemble(" " * (TITLE_WIDTH + 2), line) for line in details[1:])]


def proposal_lines(proposal: Proposal, typed: dict[str, str]) -> Content:
    """Field by field what was found, with what stands there now where that is something else."""
    lines = [Content.styled(f"\nFound by {proposal.source.words}:", "bold")]
    for field, value in shown_fields(proposal.account).items():
        before = typed.get(field, "")
        parts = [("  ", ""), (fit(FIELD_WORDS.get(field, field), 12), "$text-muted"), (value, "bold")]
        if before and before != value:
            parts.append((f"   {NEXT} replaces {before}", "$warning"))
        lines.append(Content.assemble(*parts))
    if proposal.caution:
        lines.append(Content.styled(f"\n{clean(proposal.caution)}.", "$warning"))
    return Content("\n").join(lines)


def shown_fields(account: SmtpAccount | Typed, service_id: str = "") -> dict[str, str]:
    """The fields that a proposal is about, as words."""
    chosen = account.service if isinstance(account, SmtpAccount) else service_id
    name = service(chosen).name if chosen else "another server"
    values = {field: getattr(account, field) for field in FILLED_IN[1:]}
    return {"service": name} | {field: WORDS.get(value, clean(str(value))) for field, value in values.items()}


def typed_fields(pane: AccountPane) -> dict[str, str]:
    """What somebody put into those fields; empty for those that are as they were in the beginning."""
    follows = pane.username.value == usual_username(pane.service_id, pane.address.value.strip())
    username = "" if follows else clean(pane.username.value)
    if not pane.host.value.strip():
        return dict.fromkeys(FILLED_IN, "") | {"username": username}
    service_name = {} if pane.service_id else {"service": ""}
    return {**shown_fields(pane.typed, pane.service_id), **service_name, "username": username}


def fill_in(pane: AccountPane, proposal: Proposal) -> None:
    """Put an accepted proposal into the form. What was typed for another service is kept with that."""
    account = proposal.account
    pane.choose_service(account.service)
    where = {"host": account.host, "port": str(account.port), "security": account.security}
    who = {"signin": account.signin, "username": account.username, "provider": account.provider}
    pane.show(pane.typed.model_copy(update={**where, **who}))

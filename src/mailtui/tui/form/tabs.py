"""The form without its test: three tabs, what is typed in them as a draft, and the place of what is wrong (S3-S5)."""

from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import Reactive
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Input, Static

from mailtui.core.addresses import ExternalAddress
from mailtui.core.errors import BadInput
from mailtui.core.people import AccessList, Employee
from mailtui.core.text import clean, clean_lines
from mailtui.operations.addresses import Draft, draft_of
from mailtui.tui.form.account_pane import AccountPane
from mailtui.tui.form.frame import FormKeys, TitleLine
from mailtui.tui.form.test_panel import AccountTestPanel
from mailtui.tui.form.where import ProjectsPane
from mailtui.tui.form.who import AccessPane
from mailtui.tui.styles import style

if TYPE_CHECKING:
    from mailtui.operations.context import Context
    from mailtui.tui.app import MailtuiApp

TABS: Final = ("account-tab", "access", "projects")
TITLES: Final = (("f2", "Account"), ("f3", "Access"), ("f4", "Projects"))
ACCOUNT, ACCESS, PROJECTS = range(3)


class FormTabs(ModalScreen[ExternalAddress | None]):
    """Holds what is typed. What it may become is decided by operations."""

    CSS_PATH: ClassVar = [style("table"), style("form")]

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-full"), (108, "-over-the-page")]  # noqa: RUF012 - as Textual declares it

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual's own repaints the whole screen whenever the focus moves: 5 kB on a slow line instead of 0.5."""

    def __init__(self, stored: ExternalAddress | None = None, owner: Employee | None = None) -> None:
        """`stored` is edited; without it a new address is added, the `owner`'s own or, where there is none, one of the
        company."""
        super().__init__()
        self.stored = stored
        self._owner = owner
        self._opened_with: object = None
        self._account_focus: Widget | None = None
        self._noticed = ""

    @property
    def mailtui(self) -> "MailtuiApp":
        return cast("MailtuiApp", self.app)

    @property
    def context(self) -> "Context":
        return self.mailtui.context

    @property
    def title_words(self) -> str:
        if self.stored is not None:
            return f"Edit {clean(self.stored.address)}"
        return f"Add address of {clean(self._owner.name)}" if self._owner else "Add external e-mail address"

    @property
    def path(self) -> tuple[str, ...]:
        """What the help is headed with."""
        return (self.title_words,)

    def compose(self) -> ComposeResult:
        draft = draft_of(self.stored) if self.stored else None
        kept = self.stored is not None and bool(self.stored.secret_id)
        with Vertical(id="form"):
            yield TitleLine(self.title_words, TITLES)
            with ContentSwitcher(initial=TABS[ACCOUNT]):
                with VerticalScroll(id=TABS[ACCOUNT], can_focus=False):
                    yield AccountPane(draft, secret_kept=kept)
                    yield AccountTestPanel("ctrl+r")
                if self._owner is None:
                    yield AccessPane(self.context, draft.access if draft else None)
                else:
                    yield Static(
                        Content(f"Only {clean(self._owner.name)} may use it: it is an address of one person."),
                        id=TABS[ACCESS],
                    )
                yield ProjectsPane(self.context, draft.projects if draft else None)
            notice = Static(id="notice")
            notice.display = False
            yield notice
            yield FormKeys(self.called, lambda: self.shown_tab != ACCOUNT)

    def on_mount(self) -> None:
        self._opened_with = self.everything_typed()

    @property
    def account(self) -> AccountPane:
        return self.query_one(AccountPane)

    @property
    def panel(self) -> AccountTestPanel:
        return self.query_one(AccountTestPanel)

    @property
    def shown_tab(self) -> int:
        return TABS.index(self.query_one(ContentSwitcher).current or TABS[ACCOUNT])

    @property
    def edited(self) -> bool:
        """Whether something typed would be lost."""
        return self.everything_typed() != self._opened_with

    def everything_typed(self) -> object:
        """What stands in the form, to be compared only."""
        account = self.account
        texts = account.address.value, account.display_name.value, account.service_id, account.typed, account.secret
        return (*texts, self._access(), self.query_one(ProjectsPane).picked)

    def draft(self) -> Draft:
        """What the form holds. Raises BadInput with the field where that is no draft at all."""
        account = self.account
        return Draft(
            id=self.stored.id if self.stored else 0,
            version=self.stored.version if self.stored else 0,
            address=account.address.value.strip(),
            name=account.display_name.value,
            owner=self._owner.login if self._owner else None,
            account=account.typed.account(account.service_id),
            access=self._access(),
            projects=self.query_one(ProjectsPane).picked,
            secret=account.secret,
        )

    def _access(self) -> AccessList | None:
        return self.query_one(AccessPane).access if self._owner is None else None

    def put(self, other: Draft, fields: frozenset[str]) -> None:
        """Put these fields of another draft into the form; everything else that was typed stays."""
        self.account.put(other, fields)
        if "access" in fields and self._owner is None:
            self.query_one(AccessPane).put_access(other.access)
        if "projects" in fields:
            self.query_one(ProjectsPane).put(other.projects)

    def judged_draft(self) -> Draft | None:
        """The draft, or None where a field is wrong, which then has the focus and its reason below it."""
        self.notice("")
        if not self.account.judge():
            self.show_tab(ACCOUNT, move_focus=False)
            return None
        try:
            return self.draft()
        except BadInput as error:
            self.refuse(error)
            return None

    def refuse(self, error: BadInput) -> None:
        """Say what is wrong where it is wrong."""
        if error.field == "projects":
            self.show_tab(PROJECTS)
            self.query_one(ProjectsPane).refuse(str(error))
        elif error.field == "access" and self._owner is None:
            self.show_tab(ACCESS)
            self.query_one(AccessPane).refuse(str(error))
        else:
            self.show_tab(ACCOUNT, move_focus=False)
            if not self.account.refuse(error.field or "", str(error)):
                self.notice(str(error))

    def notice(self, words: str) -> None:
        """One thing to be read now, above the keys; empty takes it away."""
        if words == self._noticed:
            return  # Each key comes through here, and an update lays the whole form out anew.
        self._noticed = words
        line = self.query_one("#notice", Static)
        line.update(Content(clean_lines(words)))
        line.display = bool(words)

    def called(self, action: str) -> str:
        """What an action is called at the moment; empty for the usual words."""
        return ""

    def show_tab(self, tab: int, *, move_focus: bool = True) -> None:
        """Bring a tab up, and the focus into it."""
        switcher = self.query_one(ContentSwitcher)
        if self.shown_tab == ACCOUNT:
            self._account_focus = self.focused
        switcher.current = TABS[tab]
        self.query_one(TitleLine).tab = tab
        if not move_focus:
            return
        if tab == ACCOUNT:
            (self._account_focus or self.account.address).focus()
        elif tab == PROJECTS:
            self.query_one(ProjectsPane).focus_first()
        elif self._owner is None:
            self.query_one(AccessPane).focus_first()

    def action_tab(self, tab: int) -> None:
        self.show_tab(tab)

    @on(Input.Submitted)
    def go_on(self) -> None:
        """Enter leads to the next field."""
        self.focus_next()

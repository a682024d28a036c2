"""A small form over the page: a few fields, kept open until what they hold is saved or given up."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mailtui.core.errors import BadInput, Conflict, MailtuiError
from mailtui.core.text import clean, clean_lines
from mailtui.core.two_editors import Value, differences
from mailtui.tui.commands import HELP
from mailtui.tui.confirm import Confirm
from mailtui.tui.marks import Mark
from mailtui.tui.screens.settle import Settle
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

if TYPE_CHECKING:
    from mailtui.operations.context import Context
    from mailtui.tui.app import MailtuiApp

Saved = TypeVar("Saved")


class SmallForm(ModalScreen[Saved | None]):
    """Closes with what was saved, or None. A form says its title and fields, what stands in them, and how it is saved.

    An error that names a field brings the focus to the widget with that id.
    """

    CSS_PATH = [style("table"), style("small_form")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="small_form.save", tooltip="Save and close"),
        Binding(
            "escape", "cancel", "Cancel", id="small_form.cancel", tooltip="Close; asks when something would be lost"
        ),
        HELP,
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = clean(title)
        self._opened_with: object = None

    @property
    def context(self) -> "Context":
        """What operations need."""
        return cast("MailtuiApp", self.app).context

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="small-form", can_focus=False) as panel:
            panel.border_title = Content(self._title)
            yield from self.fields()
            yield Static(classes="small-form--error", markup=False)
        yield FooterLine()

    def fields(self) -> ComposeResult:
        """The widgets of the form; what an error can name has the field's name as its id."""
        yield from ()

    def typed(self) -> object:
        """What stands in the fields, to be compared with what stood there at the start."""
        raise NotImplementedError

    def save(self) -> Saved:
        """Do it. Raises MailtuiError, which is shown, and the form stays."""
        raise NotImplementedError

    def stored(self) -> object:
        """What the form edits as it is stored now, in the shape of `typed`; None where it is new or gone."""
        return None

    def compared(self, typed: object) -> dict[str, Value]:
        """The fields of something in the shape of `typed`, as two editors compare them; needed where `stored` is."""
        raise NotImplementedError

    def put(self, theirs: object, fields: frozenset[str]) -> None:
        """Go on from what is stored now, and put these fields of it into the form; needed where `stored` is."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self._opened_with = self.typed()

    def value_of(self, field: str) -> str:
        """What is typed in the input of that name."""
        return self.query_one(f"#{field}", Input).value

    def action_save(self) -> None:
        try:
            saved = self.save()
        except Conflict as conflict:
            self._settle(conflict)
        except MailtuiError as error:
            self._complain(error)
        else:
            self.dismiss(saved)

    def _settle(self, conflict: Conflict) -> None:
        """Somebody was first: what they changed is decided about field by field, and nothing typed is lost."""
        theirs = self.stored()
        if theirs is None:
            self._complain(conflict)
            return
        sides = (self.compared(side) for side in (self._opened_with, self.typed(), theirs))
        different = differences(*sides)
        if different:
            self.app.push_screen(Settle(str(conflict), different), partial(self._settled, theirs))
        else:
            self._settled(theirs, frozenset())
            self.action_save()

    def _settled(self, theirs: object, taken: frozenset[str] | None) -> None:
        if taken is not None:
            self.put(theirs, taken)
            self._opened_with = theirs
            self._say("The form holds what you chose: ctrl+s saves it.")

    def on_input_submitted(self) -> None:
        """Enter in a field of a form as small as this saves it."""
        self.action_save()

    async def action_cancel(self) -> None:
        if self.typed() == self._opened_with:
            self.dismiss(None)
            return
        question = Confirm("Throw away what you typed?", key="d", do="Throw away", keep="Keep editing")
        await self.app.push_screen(question, self._cancelled)

    def _cancelled(self, throw_away: bool | None) -> None:
        if throw_away:
            self.dismiss(None)

    def _say(self, words: str) -> None:
        self.query_one(".small-form--error", Static).update(clean_lines(words))

    def _complain(self, error: MailtuiError) -> None:
        self._say(f"{Mark.FAILING} {error}")
        if isinstance(error, BadInput) and error.field:
            try:
                self.query_one(f"#{error.field}").focus()
            except NoMatches:
                return  # About the thing as a whole: the words are enough.


def labelled(label: str, value: str, *, id: str, hint: str = "") -> ComposeResult:
    """A line with its label; put into a container of the class `small-form--fields`."""
    yield Static(label, classes="small-form--label", markup=False)
    yield Input(value, id=id, placeholder=hint, compact=True, select_on_focus=False)  # a slip would replace all of it


def fixed(label: str, value: str) -> ComposeResult:
    """A line that cannot be changed."""
    yield Static(label, classes="small-form--label", markup=False)
    yield Static(Content(clean(value)), classes="small-form--fixed")

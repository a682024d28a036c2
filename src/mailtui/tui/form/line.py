"""A line of the form: fields that belong together, and below them, only when one is wrong, the reason."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.validation import ValidationResult, Validator
from textual.widget import Widget
from textual.widgets import Input, Static

from mailtui.core.errors import BadInput
from mailtui.core.text import clean
from mailtui.tui.marks import Mark


class Parsed(Validator):
    """Asks a parser of the core and keeps the reason with which it refuses."""

    def __init__(self, parse: Callable[[str], object]) -> None:
        """`parse` raises BadInput."""
        super().__init__()
        self._parse = parse

    def validate(self, value: str) -> ValidationResult:
        try:
            self._parse(value)
        except BadInput as error:
            return self.failure(clean(str(error)))
        return self.success()


def text_field(
    field: str, parse: Callable[[str], object], value: str, placeholder: str = "", *, replace: bool = False
) -> Input:
    """An input for the field of that name, judged by `parse` when it is left. `replace`: what is typed first takes
    the place of what stands there."""
    return Input(
        value,
        placeholder,
        id=field,
        compact=True,
        validators=[Parsed(parse)],
        validate_on=["blur"],
        select_on_focus=replace,
    )


class Labelled(Horizontal):
    """A label and the control that it names."""

    def __init__(self, label: str, control: Widget, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._label = label
        self.control = control

    def compose(self) -> ComposeResult:
        yield Static(self._label, classes="form--label", markup=False)
        yield self.control

    def on_descendant_focus(self) -> None:
        # Not `:focus-within`, whose style Textual 8.2 keeps on the label when the focus is moved by code.
        self.add_class("-in-use")

    def on_descendant_blur(self) -> None:
        self.remove_class("-in-use")


class Line(Vertical):
    """One line of fields. What was typed is judged when the field is left, and the verdict goes at the next key."""

    def __init__(self, *parts: Widget, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts = parts
        self._reason = Static(classes="form--reason")
        self._reason.display = False
        self._refused: Widget | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(classes="form--fields"):
            yield from self._parts
        yield self._reason

    def refuse(self, field: Widget, reason: str) -> None:
        """Say below the line what is wrong with the field."""
        self._refused = field
        self._reason.update(Content(f"{Mark.FAILING} {clean(reason)}"))
        self._reason.display = True

    def accept(self, field: Widget) -> None:
        """Take back what was said about the field."""
        if self._refused is field:
            self._refused = None
            self._reason.display = False

    @on(Input.Blurred)
    def judge(self, event: Input.Blurred) -> None:
        """An empty field may still be filled in: only a test or saving asks for it."""
        verdict = event.validation_result
        if verdict is None or verdict.is_valid:
            return
        if event.value:
            self.refuse(event.input, verdict.failure_descriptions[0])
        else:
            event.input.remove_class("-invalid")  # Textual colours it, and no word would say why.

    @on(Input.Changed)
    def take_back(self, event: Input.Changed) -> None:
        self.accept(event.input)

"""What belongs to the marked row: a few lines below a table, of one height, drawn where they differ."""

from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget


class Details(Widget):
    """Its height is the style sheet's and never follows the text, so that a move of the cursor lays nothing out anew
    and repaints only the lines that changed. What does not fit is left out: the page of the thing itself has it all."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._content = Content()
        self._lines: list[Strip] = []
        self._laid_out_for = Size(0, 0)

    def show(self, content: Content | str) -> None:
        """Show other words; foreign ones must be made safe by the caller. A `str` is no markup."""
        self._content = content if isinstance(content, Content) else Content(content)
        before = self._lines
        self._lines = self._laid_out()
        width = self.content_size.width
        changed = [
            Region(0, y, width, 1)  # of the content: the widget adds its padding itself
            for y in range(max(len(before), len(self._lines)))
            if before[y : y + 1] != self._lines[y : y + 1]
        ]
        if changed:
            self.refresh(*changed)

    @property
    def text(self) -> str:
        """The words that are shown, for whoever wants to read them back."""
        return self._content.plain

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._lines = self._laid_out()

    def _laid_out(self) -> list[Strip]:
        self._laid_out_for = self.content_size
        width, height = self.content_size
        if not width or not height:
            return []
        return Visual.to_strips(self, self._content, width, height, self.visual_style)[:height]

    def render_line(self, y: int) -> Strip:
        if self._laid_out_for != self.content_size:  # Drawn before the size is told by a message.
            self._lines = self._laid_out()
        width = self.content_size.width
        if y < len(self._lines):
            return self._lines[y].adjust_cell_length(width, self.rich_style)
        return Strip.blank(width, self.rich_style)

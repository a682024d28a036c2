"""Text whose further lines begin below its first word, not below the sign or number before it."""

from rich.cells import cell_len
from textual.content import Content


def hanging(head: str, text: str, width: int, *, head_style: str = "$accent", style: str = "") -> list[Content]:
    """Lines of at most `width` cells: `head` before the first, as much space before each further one."""
    room = max(10, width - cell_len(head))
    lines = Content.styled(text, style).wrap(room) if style else Content(text).wrap(room)
    heads = [(head, head_style), *([(" " * cell_len(head), head_style)] * (len(lines) - 1))]
    return [Content.assemble(before, line) for before, line in zip(heads, lines, strict=True)]

"""Two-step sign-in: a service's steps in the panel, and after a refusal the field where the answer goes (S7)."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from textual.content import Content

from mailtui.core.account_test import AccountTest
from mailtui.core.services import Guide, Service
from mailtui.tui.form.test_lines import INDENT, REPLY_LINES, wrapped

ASKING: Final = frozenset({"app-password-required", "oauth-required", "wrong-password"})
"""Reasons that the steps of the service answer better than words that fit every server."""

COPY_KEY: Final = "ctrl+y"
SHOW_KEY: Final = "ctrl+g"


def answers(service: Service | None, reason: str) -> bool:
    """Whether the service's own steps are the answer to a refusal for that reason."""
    return service is not None and reason in ASKING


def field_of_the_answer(service: Service, result: AccountTest, username: str) -> str:
    """The form's field to go to: a user name that this service cannot have gave comes before the password."""
    if result.reason == "wrong-password" and not service.username_may_be(username, result.address):
        return "username"
    return result.field


def guide_lines(guide: Guide, width: int) -> list[Content]:
    """What the service wants, its steps in order, and the page where they are done, with the keys that take it away."""
    lines = wrapped(guide.wants, width)
    for number, step in enumerate(guide.steps, start=1):
        lines += _numbered(number, step, width)
    return lines + _link(guide.link, width) if guide.link else lines


def refused_lines(reply: str, guide: Guide, width: int) -> list[Content]:
    """The server's words, and the service's steps in answer to them."""
    said = [line for text in reply.splitlines() for line in wrapped(text, width, "$foreground bold")]
    return [*said[: REPLY_LINES - 1], *guide_lines(guide, width)]


def _numbered(number: int, step: str, width: int) -> list[Content]:
    first = f"{number}. "
    lines = wrapped(step, width - len(first))
    marks = [(first, "$accent"), *[(" " * len(first), "")] * (len(lines) - 1)]
    return [Content.assemble(INDENT, mark, line[len(INDENT) :]) for mark, line in zip(marks, lines, strict=True)]


def _link(link: str, width: int) -> list[Content]:
    keys: Sequence[tuple[str, str]] = (
        (COPY_KEY, "$accent"), (" copy  ", "$text-muted"),
        (SHOW_KEY, "$accent"), (" for a phone", "$text-muted"),
    )  # fmt: skip
    shown = wrapped(link, width, "$foreground underline")
    if len(shown) == 1 and cell_len(shown[0].plain) + 2 + sum(len(text) for text, _ in keys) < width:
        return [Content.assemble(shown[0], "  ", *keys)]
    return [*shown, Content.assemble(INDENT, *keys)]

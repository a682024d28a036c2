"""A certificate that is not trusted: whose it is, and the question whether exactly this one is to be (no "ignore")."""

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.core.account_test import Certificate
from mailtui.core.text import clean
from mailtui.tui.commands import HELP
from mailtui.tui.styles import style
from mailtui.tui.widgets.footer_line import FooterLine

GROUP = 4
"""Digits of a fingerprint read at a time."""

GROUPS_A_LINE = 8


class TrustCertificate(ModalScreen[bool]):
    """True where exactly this certificate is to be trusted."""

    CSS_PATH: ClassVar = [style("dialogs"), style("form")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "trust", "Trust this one and test", id="certificate.trust", tooltip="Trust no other one"),
        Binding("escape", "refuse", "Do not trust", id="certificate.refuse", tooltip="Leave everything as it is"),
        HELP,
    ]

    def __init__(self, certificate: Certificate, *, host: str, why: str) -> None:
        """`why`: the words with which it was not believed."""
        super().__init__()
        self._certificate = certificate
        self._host = clean(host)
        words = clean(why)
        self._why = words[:1].upper() + words[1:]

    def compose(self) -> ComposeResult:
        shown = self._certificate
        with VerticalScroll(classes="dialog") as panel:
            panel.border_title = Content(f"The certificate of {self._host}")
            yield Static(Content.styled(self._why, "$warning"), classes="dialog--said")
            yield from _fact("Whose it is", clean(shown.subject) or "it does not say")
            yield from _fact("Issued by", clean(shown.issuer) or "it does not say")
            yield from _fact("For hosts", ", ".join(clean(host) for host in shown.hosts) or "none")
            yield from _fact("Valid", f"from {_day(shown.not_before)} to {_day(shown.not_after)}")
            yield from _fact("SHA-256", fingerprint_lines(shown.sha256))
            yield Static(
                "Compare the fingerprint with the one that the server's administrator gives you on another way. From"
                " then on only this certificate is believed, and no other, until you change it here.",
                classes="dialog--advice",
                markup=False,
            )
        yield FooterLine()

    def action_trust(self) -> None:
        self.dismiss(True)

    def action_refuse(self) -> None:
        self.dismiss(False)


def _fact(label: str, words: str) -> ComposeResult:
    yield Static(label, classes="dialog--label", markup=False)
    yield Static(Content(words), classes="dialog--fact")


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def fingerprint_lines(sha256: str) -> str:
    """A fingerprint in groups of four digits, two lines of eight groups."""
    groups = [sha256[start : start + GROUP] for start in range(0, len(sha256), GROUP)]
    lines = [groups[start : start + GROUPS_A_LINE] for start in range(0, len(groups), GROUPS_A_LINE)]
    return "\n".join(" ".join(line) for line in lines)

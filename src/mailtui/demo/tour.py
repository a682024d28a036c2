"""The guided text: things to try, with the keys to press and the words to type."""

from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from mailtui.demo.servers import RunningServer
from mailtui.tui.styles import style

SCROLLING: Final = frozenset({"up", "down", "pageup", "pagedown", "home", "end"})
"""Keys that do not close the text where it is longer than the terminal."""

WELCOME: Final = (
    "You are Ana Pop and look after the mail of a company with two brands. It is made up, its mail servers run on this"
    " machine, and nothing leaves it."
)

STEPS: Final = (
    (
        "A wrong password is not saved",
        "[$accent]enter[/] Company external e-mail addresses, [$accent]a[/] Add. Address [b]shop@brand-c.example[/b];"
        " [$accent]ctrl+l[/], [$accent]enter[/] find its server ([b]$host[/b] port [b]$port[/b]). Password"
        " [b]wrong[/b], [$accent]ctrl+t[/]: unknown certificate; [$accent]f7[/], [$accent]t[/] trusts it."
        " The sign-in fails, and [$accent]ctrl+s[/] refuses.",
    ),
    ("The right one is", "Password [b]$password[/b], then [$accent]ctrl+t[/] and [$accent]ctrl+s[/]."),
    (
        "The wrong brand cannot be picked",
        "[$accent]enter[/] Projects and their actions, [$accent]enter[/] Brand A, [$accent]a[/] New action:"
        " no address of Brand B is offered, [$accent]f1[/] says why. Write, and [$accent]ctrl+s[/] sends.",
    ),
    ("It has arrived", "[$accent]ctrl+n[/] shows what the server took, from anywhere."),
    (
        "Sign-in in a browser (OAuth)",
        "Open [b]newsletter@brand-a.example[/b], [$accent]ctrl+t[/]: open the link in a browser, type the code, say"
        " yes. The test goes on by itself, [$accent]ctrl+s[/] saves. [$accent]f9[/] signs in again.",
    ),
    (
        "A certificate has expired",
        "Mark [b]info@corp.example[/b] among the company addresses, [$accent]t[/] tests it, [$accent]r[/] explains.",
    ),
)
"""Title and text, with keys in the accent's colour and bold what is to be typed."""


class Tour(ModalScreen[None]):
    """Over whatever is there; any key goes on, and ctrl+c ends the demo."""

    CSS_PATH = style("demo")

    def __init__(self, server: RunningServer) -> None:
        super().__init__()
        # The password is one of the demo's own, and it is meant to be read here.
        self._typed = {"host": server.host, "port": server.port, "password": server.password.get_secret_value()}

    def compose(self) -> ComposeResult:
        with VerticalScroll() as panel:
            panel.border_title = Content("Things to try")
            panel.border_subtitle = Content("any key goes on · f12 shows this again")
            yield Static(Content(WELCOME), classes="tour--welcome")
            for number, (title, text) in enumerate(STEPS, start=1):
                yield Static(Content.assemble((f"{number}  ", "$accent bold"), (title, "bold")))
                yield Static(Content.from_markup(text, **self._typed), classes="tour--text")

    def on_key(self, event: events.Key) -> None:
        if event.key in SCROLLING and self.query_one(VerticalScroll).max_scroll_y:
            return
        event.stop()
        if event.key == "ctrl+c":
            self.app.exit()
        else:
            self.dismiss()

"""The screens on the sample company, with two keys more: what to try, and what arrived."""

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.reactive import reactive

from mailtui.demo.company import DemoFiles, open_company, sample_servers
from mailtui.demo.conversation import Arrival
from mailtui.demo.history import live_through
from mailtui.demo.inbox import Inbox
from mailtui.demo.plans import GOOD
from mailtui.demo.tour import Tour
from mailtui.operations.context import Clock, utc_now
from mailtui.tui.app import MailtuiApp
from mailtui.tui.figures import look
from mailtui.tui.widgets.store_table import StoreTable


class DemoApp(MailtuiApp):
    """Whoever runs it enters `servers` around the run."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Priority, since both are wanted in the middle of the form too, where a modal screen keeps the others off.
        Binding("f12", "tour", "Guide", priority=True, id="demo.tour", tooltip="Things to try in the demo"),
        Binding("ctrl+n", "inbox", "Inbox", priority=True, id="demo.inbox", tooltip="Mail that the demo received"),
        # Textual's own only says how to leave, lest work is lost, and here there is none. In a field it still copies.
        Binding("ctrl+c", "quit", "Quit", show=False, system=True, id="demo.quit"),
    ]

    arrived: reactive[int] = reactive(0)
    """How many messages have arrived."""

    def __init__(self, kept: DemoFiles, *, clock: Clock = utc_now, theme: str | None = None) -> None:
        super().__init__(lambda: open_company(self.servers, kept, clock), look=look, theme=theme)
        self.servers = sample_servers(kept, self._count)
        self._kept = kept

    def on_mount(self) -> None:
        self.action_tour()
        self._live_through()

    @work
    async def _live_through(self) -> None:
        context = await self.context_ready()
        await live_through(context, self.servers, self._kept)
        self.look_again()
        for screen in self.screen_stack:
            for table in screen.query(StoreTable):
                table.reload()

    def close(self) -> None:
        """Let go of the company's database; after the run."""
        if self._held is not None:
            self._held.store.close()

    def _count(self, arrival: Arrival) -> None:
        self.arrived += 1

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "inbox" and self.screen_stack:
            from mailtui.tui.screens.passphrase import Passphrase

            return not isinstance(self.screen, Passphrase)  # Which has that key for something else.
        return super().check_action(action, parameters)

    def action_tour(self) -> None:
        if isinstance(self.screen, Tour):
            self.screen.dismiss()
        else:
            self.push_screen(Tour(self.servers[GOOD.name]))

    def action_inbox(self) -> None:
        if not isinstance(self.screen, Inbox):
            self.push_screen(Inbox(self.servers.arrivals))

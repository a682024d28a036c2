"""Keys in their order: each reaches what has the focus when its turn comes, however fast they were typed.

Textual hands every key to what has the focus at that moment. A key that the focused field does not take goes up to the
application before it does anything, and what was typed after a Tab would go into the field before it: a password into
a field that shows it. A slow line brings many keys at once.
"""

import asyncio
from collections import deque

from textual import events
from textual.app import App, ScreenStackError
from textual.dom import DOMNode


class KeysInOrder(App[None]):
    """A program whose keys wait for those before them."""

    def __init__(self) -> None:
        super().__init__()
        self._on_its_way: events.Key | None = None
        """A key that the focused widget does not take, until it has done what it does."""
        self._from: DOMNode = self
        """Where it set out."""
        self._waiting: deque[events.Key | events.Paste] = deque()

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif event.is_forwarded:
            await super().on_event(event)
            if event is self._on_its_way and not self._waiting:
                self._on_its_way = None
        elif self._on_its_way is not None:
            if not self._waiting:
                self._follow(self._on_its_way, self._from)
            self._waiting.append(event)
        else:
            await self._hand_on(event)

    async def _hand_on(self, event: events.Key | events.Paste) -> None:
        focused = self.focused
        await super().on_event(event)
        if not isinstance(event, events.Key) or not event.is_forwarded:
            return
        if focused is None or not focused.check_consume_key(event.key, event.character):
            self._on_its_way, self._from = event, focused or self.screen
            if self._waiting:
                self._follow(event, self._from)

    def _follow(self, key: events.Key, node: DOMNode | None) -> None:
        """Go up behind the key, through the messages of each that it passes; it may be kept by one of them."""
        if node is None or node is self or not node.call_later(self._follow, key, node.parent):
            self.call_later(self._settle, key)

    async def _settle(self, key: events.Key) -> None:
        """After a key did what it does. Textual moves the focus by a message to the application, which came before this
        one; a dialog that a worker opens is the screen by the next turn, and has its focus after its own messages."""
        await asyncio.sleep(0)
        try:
            screen = self.screen
        except ScreenStackError:
            return  # The program ends.
        if not screen.call_later(self.call_later, self._go_on, key):
            await self._go_on(key)

    async def _go_on(self, key: events.Key) -> None:
        if key is self._on_its_way:
            self._on_its_way = None
        while self._waiting and self._on_its_way is None:
            await self._hand_on(self._waiting.popleft())

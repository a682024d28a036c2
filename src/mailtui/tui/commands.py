"""Commands: one Textual `Binding` each, read here once for the footer, the help and the palette alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from textual.binding import ActiveBinding, Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.keys import format_key
from textual.screen import Screen

if TYPE_CHECKING:
    from textual.app import App

FRAME: Final = "page."
"""Ids that begin so belong to every page and come after the page's own commands."""

FILTERS: Final = frozenset({
    "table.mark", "table.mark_all", "table.drop_marks", "table.order", "table.turn", "table.filter", "table.clear"
})  # fmt: skip
"""What every table has comes after what one table does with its own rows."""

TAKE_BACK: Final = "bulk.take_back"
"""Was said when it could be done first, and comes after what can be done next."""

TO_ANOTHER_PART: Final = "tab"
"""Leads from one part of a page to another, which is less than what can be done where one is."""

PALETTE: Final = "command_palette"
"""The action that opens the palette."""

NAMED: Final = 1.0
SOUNDS_LIKE: Final = 0.5
"""Scores in the palette: of a command that is called so, and the most for one in which the letters occur in their order
somewhere. What people and addresses are called lies between."""

HELP: Final = Binding(
    "question_mark,f1", "app.help", "Help", id="app.help", tooltip="What this screen is for, and all its keys"
)
"""For the program, and once more for every dialog: a dialog keeps the program's own bindings out."""

KEY_WORDS: Final = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup", "delete": "del"}
"""Shorter words for keys; where Textual draws a sign for a key, its name is more widely printed."""

NAMED_KEYS: Final = frozenset({"up", "down", "left", "right", "enter", "tab", "space", "home", "end", "backspace"})
"""Keys that are written by their names."""


def key_word(key: str) -> str:
    """A key as the screens write it: `?`, `ctrl+t`, `esc`."""
    *modifiers, name = key.split("+")
    written = KEY_WORDS.get(name, name if name in NAMED_KEYS else format_key(name))
    return "+".join([*modifiers, written])


@dataclass(frozen=True)
class Command:
    """Something that can be done now, from where the focus is."""

    binding: Binding
    node: DOMNode
    """Whose action it is."""
    keys: tuple[str, ...]
    """As the screens write them, the first one the usual one."""
    enabled: bool

    @property
    def title(self) -> str:
        return self.binding.description

    @property
    def help(self) -> str:
        """A sentence for the help and the palette; the title where nothing longer is known."""
        return self.binding.tooltip or self.title

    @property
    def deed(self) -> tuple[str, DOMNode]:
        """The action and whose it is: a page may have a key of its own for what the program can do."""
        whose, _, action = self.binding.action.rpartition(".")
        return action, self.node.app if whose == "app" else self.node

    @property
    def moves(self) -> bool:
        """Whether it only moves about: listed in the help, not in the palette."""
        return self.binding.system

    def _rank(self, screen: Screen[Any]) -> int:  # Any: a screen's result does not matter here
        if self.node is screen.app:
            return 5
        if (self.binding.id or "").startswith(FRAME):
            return 4
        if self.binding.id in FILTERS or self.binding.key == TO_ANOTHER_PART:
            return 3
        if self.binding.id == TAKE_BACK:
            return 2
        return 1 if self.node is screen else 0


def commands(screen: Screen[Any]) -> list[Command]:
    """What can be done now: the commands of the focused thing first, then those of the page, the frame and the
    program; each once, with all its keys. A binding without an id is a widget's inner affair and no command."""
    merged: dict[tuple[int, str], list[ActiveBinding]] = {}
    for active in screen.active_bindings.values():
        if active.binding.description and active.binding.id:
            merged.setdefault((id(active.node), active.binding.id), []).append(active)
    found = [
        Command(
            binding=several[0].binding,
            node=several[0].node,
            keys=tuple(key_word(active.binding.key) for active in several),
            enabled=several[0].enabled,
        )
        for several in merged.values()
    ]
    return sorted(found, key=lambda command: command._rank(screen))


def _each_once(several: Iterable[Command]) -> Iterator[Command]:
    """The first of those that do the same."""
    done: set[tuple[str, DOMNode]] = set()
    for command in several:
        if command.deed not in done:
            done.add(command.deed)
            yield command


class CommandsOfThePage(Provider):
    """Feeds the command palette with the very commands of the screen below it."""

    def _offered(self) -> Iterator[Command]:
        """Not the palette itself, and each action once."""
        return _each_once(
            command
            for command in commands(self.screen)
            if command.enabled and not command.moves and command.binding.action != PALETTE
        )

    async def discover(self) -> Hits:
        for command in self._offered():
            yield DiscoveryHit(command.title, run(self.app, command), help=described(command))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._offered():
            score = max(matcher.match(command.title), matcher.match(command.help) * 0.8)
            if score > 0:
                score = NAMED if query.casefold() in command.title.casefold() else min(score, 1) * SOUNDS_LIKE
                yield Hit(score, matcher.highlight(command.title), run(self.app, command), help=described(command))


def run(app: "App[Any]", command: Command) -> "partial[Any]":  # Any: what run_action returns is not used
    """A call that does what the command's key does."""
    return partial(app.run_action, command.binding.action, command.node)


def described(command: Command) -> str:
    """The keys and the sentence, for a second line below the title."""
    return f"{', '.join(command.keys)}: {command.help}"


def shown(all_commands: Iterable[Command]) -> list[Command]:
    """Those that the footer names, each action once: where a page has a key of its own for the help, that one."""
    return list(_each_once(command for command in all_commands if command.binding.show))

"""The settings: a tree whose levels mirror the path of every page, opened down to its leaves on the first frame."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from mailtui.core.text import clean
from mailtui.tui.marks import CLOSED, OPENED
from mailtui.tui.page import Page
from mailtui.tui.standing import Standing
from mailtui.tui.widgets.fit import shorten

TOP: Final = "Account management"

FIRST: Final = "company-addresses"
"""The leaf that the cursor stands on at the start: what most people come for."""

FIGURES_AT: Final = 46
"""The column at which the figures stand; the longest title ends before it."""

NARROW: Final = FIGURES_AT + 22
"""Cells of a line that holds both; in a narrower one the figures stand at its end."""


@dataclass(frozen=True)
class Leaf:
    """A page of the tree."""

    id: str
    """Also the key of its figures."""
    title: str
    page: str
    """Where its class is, `module:Class`; imported when it is first opened."""


@dataclass(frozen=True)
class Level:
    """A level of the tree and what is below it."""

    title: str
    parts: "tuple[Level | Leaf, ...]"


SCREENS: Final = "mailtui.tui.screens"

OUTGOING: Final = Level(
    "Outgoing messages",
    (
        Leaf("company-addresses", "Company external e-mail addresses", f"{SCREENS}.company_addresses:CompanyAddresses"),
        Leaf(
            "employee-addresses",
            "Employee external e-mail addresses",
            f"{SCREENS}.employee_addresses:EmployeeAddresses",
        ),
        Leaf("providers", "OAuth providers", f"{SCREENS}.providers:Providers"),
        Leaf("deliveries", "Deliveries", f"{SCREENS}.deliveries:Deliveries"),
        Leaf("reasons", "Reasons for refusal", f"{SCREENS}.reasons:Reasons"),
    ),
)

TREE: Final = (
    Level("E-mail", (OUTGOING,)),
    Level("People", (Leaf("people", "Employees and groups", f"{SCREENS}.people:People"),)),
    Level(
        "Projects",
        (
            Leaf("projects", "Projects and their actions", f"{SCREENS}.projects:Projects"),
            Leaf("offer-matrix", "Offer matrix", f"{SCREENS}.offer_matrix:OfferMatrixPage"),
            Leaf("who-writes", "Who could write as a brand", f"{SCREENS}.who_writes:WhoWritesPage"),
        ),
    ),
    Level(
        "Housekeeping",
        (
            Leaf("audit", "Who changed what", f"{SCREENS}.audit:Audit"),
            Leaf("health", "Health", f"{SCREENS}.health:Health"),
            Leaf("passwords", "Passwords on this host", f"{SCREENS}.passwords:Passwords"),
            Leaf("preferences", "Preferences", f"{SCREENS}.preferences:Preferences"),
            Leaf("settings-file", "Settings as a file", f"{SCREENS}.settings_file:SettingsFile"),
        ),
    ),
)


def _leaves(part: Level | Leaf) -> tuple[Leaf, ...]:
    return (part,) if isinstance(part, Leaf) else tuple(leaf for each in part.parts for leaf in _leaves(each))


LEAVES: Final = tuple(leaf for level in TREE for leaf in _leaves(level))
"""All pages of the tree, from the top."""


class SettingsTree(Tree[Leaf | None], inherit_bindings=False):
    """The tree, with the keys that tables have too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor_down", "Down", show=False, system=True, id="tree.down"),
        Binding("up,k", "cursor_up", "Up", show=False, system=True, id="tree.up"),
        Binding("home,g", "scroll_home", "First", show=False, system=True, id="tree.first"),
        Binding("end,G", "scroll_end", "Last", show=False, system=True, id="tree.last"),
        Binding("right,l", "open_level", "Open level", show=False, system=True, id="tree.open"),
        Binding("left,h", "close_level", "Close level", show=False, system=True, id="tree.close"),
    ]

    def __init__(self) -> None:
        super().__init__(TOP)
        self.show_root = False
        self.show_guides = False
        self.guide_depth = 2
        self.auto_expand = False
        self.figures: Mapping[str, str] = {}
        self.root.expand()
        for level in TREE:
            self._grow(self.root, level)

    def _grow(self, below: TreeNode[Leaf | None], part: Level | Leaf) -> None:
        if isinstance(part, Leaf):
            below.add_leaf(part.title, part)
            return
        node = below.add(part.title, expand=True)
        for each in part.parts:
            self._grow(node, each)

    def render_label(self, node: TreeNode[Leaf | None], base_style: Style, style: Style) -> Text:
        """A line of the tree: the title, and at one column for all of them what there is to know about it."""
        depth = 2 * len(list(_levels(node)))
        icon = f"{OPENED if node.is_expanded else CLOSED} " if node.allow_expand else "  "
        title = f"{icon}{node.label}"
        figures = clean(self.figures.get(node.data.id, "")) if node.data else ""
        width = self.scrollable_content_region.width - depth
        if width < NARROW - depth and figures:  # What wants attention matters more than the end of a title.
            room = width - cell_len(figures) - 1
            filled = f"{shorten(title, room).ljust(room)} {figures}"
        else:
            filled = shorten(title, width).ljust(FIGURES_AT - depth) + figures
        return Text(filled.ljust(self.size.width - depth), style=base_style + style, no_wrap=True)

    def action_open_level(self) -> None:
        if self.cursor_node is not None:
            self.cursor_node.expand()

    def action_close_level(self) -> None:
        """Close the marked level, or go to the one that holds the marked line."""
        node = self.cursor_node
        if node is not None and node.allow_expand and node.is_expanded:
            node.collapse()
        else:
            self.action_cursor_parent()


def _levels(node: TreeNode[Leaf | None]) -> "list[TreeNode[Leaf | None]]":
    """The shown levels above a node, the nearest first."""
    found = []
    while (above := node.parent) is not None and not above.is_root:
        found.append(above)
        node = above
    return found


class Settings(Page):
    """The first screen, and the one under all others."""

    PATH = (TOP,)
    PURPOSE = (
        "All settings, as a tree. Enter opens the marked page or level, escape goes one level up, and every page comes"
        " back here."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="settings.open", tooltip="Open the marked page, or open and close a level"),
        Binding(
            "escape", "back", "Level up", show=False, id="settings.up", tooltip="Go to the level above the marked line"
        ),
        Binding("q", "app.quit", "Quit", id="settings.quit", tooltip="Leave mailtui"),
    ]

    def content(self) -> ComposeResult:
        yield SettingsTree()

    @property
    def levels(self) -> SettingsTree:
        return self.query_one(SettingsTree)

    def on_mount(self) -> None:
        self.mark(FIRST)
        self.watch(self.app, "standing", self._show_standing, init=False)

    def on_screen_resume(self) -> None:
        self.mailtui.look_again()

    def _show_standing(self, standing: Standing) -> None:
        self.show_figures(standing.figures)

    def show_figures(self, figures: Mapping[str, str]) -> None:
        """Show short words beside the leaves, by the leaves' ids."""
        self.levels.figures = figures
        self.levels.notify_style_update()

    def mark(self, leaf: str) -> None:
        """Bring the cursor to a leaf, by its id."""
        self._mark(lambda node: node.data is not None and node.data.id == leaf)

    def mark_title(self, title: str) -> None:
        """Bring the cursor to a level or a leaf, by its name."""
        self._mark(lambda node: str(node.label) == title)

    def _mark(self, meant: Callable[[TreeNode[Leaf | None]], bool]) -> None:
        tree = self.levels
        for line in range(tree.last_line + 1):
            node = tree.get_node_at_line(line)
            if node is not None and meant(node):
                tree.move_cursor(node)
                return

    async def action_open(self) -> None:
        node = self.levels.cursor_node
        if node is None:
            return
        if node.data is None:
            node.toggle()
        else:
            await self.mailtui.open_page(node.data.page)

    def action_back(self) -> None:
        self.levels.action_cursor_parent()

    async def on_tree_node_selected(self, event: Tree.NodeSelected[Leaf | None]) -> None:
        """A click on a line is the enter key."""
        await self.action_open()

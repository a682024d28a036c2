"""Who I am and how things stand: what the top line and the settings tree show beside the names."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Standing:
    """Facts for the frame, read from the store after the first frame and whenever they may have changed."""

    who: str = ""
    """The login of the one at the keyboard, `ana as ion` when he acts for another."""
    role: str = ""
    waiting: int = 0
    """Messages that wait to be sent."""
    figures: Mapping[str, str] = field(default_factory=dict)
    """Short words beside a leaf of the settings tree, by the leaf's id."""

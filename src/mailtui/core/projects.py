"""What an address can be bound to: a brand, a client, a piece of work."""

from mailtui.core.frozen import Frozen


class Project(Frozen):
    """A project; addresses are bound to it by its key."""

    key: str
    name: str
    strict: bool = False
    """Only addresses bound to it are offered in it, and never a general one (+15)."""
    archived: bool = False
    """Nothing is sent from it any more; its bindings stay."""
    version: int = 0

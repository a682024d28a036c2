"""Where the Textual CSS lies: beside the package in a wheel, at the top of the checkout else."""

from functools import cache
from pathlib import Path


@cache
def styles() -> Path:
    """The directory of the style files."""
    package = Path(__file__).parents[1]
    installed = package / "styles"
    return installed if installed.is_dir() else package.parents[1] / "styles"


def style(name: str) -> Path:
    """The style file of one screen, by the screen's name without suffix."""
    return styles() / f"{name}.tcss"

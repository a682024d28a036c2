"""The colours: a dark, a light and a 16-colour theme, each one accent on quiet greys."""

from dataclasses import replace
from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="mailtui-dark",
    dark=True,
    primary="#7aa2f7",
    secondary="#9a9ea6",
    accent="#7aa2f7",
    foreground="#d4d6da",
    background="#131416",
    surface="#1f2022",
    panel="#26272a",
    success="#8fc98a",
    warning="#e3b866",
    error="#f0787c",
    variables={
        "text-muted": "#989ca4",
        "text-disabled": "#989ca4",
        "block-cursor-foreground": "#f4f6f8",
        "block-cursor-background": "#1f4b7a",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": "#d4d6da",
        "block-cursor-blurred-background": "#303236",
        "border": "#7aa2f7",
        "border-blurred": "#3c3e43",
        "input-cursor-background": "#d4d6da",
        "input-cursor-foreground": "#131416",
        "input-selection-background": "#1f4b7a",
        "scrollbar": "#3c3e43",
        "scrollbar-hover": "#55585f",
        "scrollbar-active": "#7aa2f7",
        "scrollbar-background": "#131416",
        "scrollbar-background-hover": "#131416",
        "scrollbar-background-active": "#131416",
    },
)

LIGHT: Final = Theme(
    name="mailtui-light",
    dark=False,
    primary="#2452b5",
    secondary="#5b6577",
    accent="#2452b5",
    foreground="#1f2430",
    background="#fbfbf9",
    surface="#f3f3f0",
    panel="#e9e9e4",
    success="#2c6e2e",
    warning="#8a5a00",
    error="#b3262e",
    variables={
        "text-muted": "#596170",
        "text-disabled": "#596170",
        "block-cursor-foreground": "#12203f",
        "block-cursor-background": "#c9d8f8",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": "#1f2430",
        "block-cursor-blurred-background": "#e6e8ec",
        "border": "#2452b5",
        "border-blurred": "#cfd2d8",
        "input-cursor-background": "#1f2430",
        "input-cursor-foreground": "#fbfbf9",
        "input-selection-background": "#c9d8f8",
        "scrollbar": "#cfd2d8",
        "scrollbar-hover": "#b4b9c3",
        "scrollbar-active": "#2452b5",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-background-hover": "#fbfbf9",
        "scrollbar-background-active": "#fbfbf9",
    },
)

SIXTEEN: Final = Theme(
    name="mailtui-16",
    ansi=True,
    dark=True,
    primary="ansi_cyan",
    secondary="ansi_default",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    variables={
        "text-muted": "ansi_default",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-text-style": "underline",
        "border": "ansi_cyan",
        "border-blurred": "ansi_default",
        "footer-key-foreground": "ansi_cyan",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "scrollbar": "ansi_cyan",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
    },
)

PLAIN: Final = replace(
    SIXTEEN,
    name="mailtui-plain",
    primary="ansi_default",
    accent="ansi_default",
    success="ansi_default",
    warning="ansi_default",
    error="ansi_default",
    variables={
        **dict.fromkeys(SIXTEEN.variables, "ansi_default"),
        "block-cursor-text-style": "reverse",
        "block-cursor-blurred-text-style": "underline",
        "input-cursor-text-style": "reverse",
    },
)
"""No colour at all (https://no-color.org); nobody chooses it, the terminal asks for it."""

THEMES: Final = (DARK, LIGHT, SIXTEEN)
"""Those that can be chosen."""

FEW_COLOURS: Final = frozenset({None, "standard"})
"""Rich's names for terminals of no more than 16 colours, found from COLORTERM and TERM."""


def fitting(color_system: str | None, *, no_color: bool = False) -> str:
    """The name of the theme for a terminal of this colour system, as Rich names it; None is no colour at all.
    `no_color`: the environment asks for none."""
    if no_color:
        return PLAIN.name
    return (SIXTEEN if color_system in FEW_COLOURS else DARK).name

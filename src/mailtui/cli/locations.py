"""Where things are unless somebody says otherwise."""

import os
from pathlib import Path

from platformdirs import user_config_path, user_data_path, user_state_path

from mailtui.core.errors import Misconfigured
from mailtui.core.text import clean


def default_database() -> Path:
    return user_data_path("mailtui") / "mailtui.db"


def state_directory() -> Path:
    """Where it is kept where each was; what is in it may be thrown away at any time."""
    return user_state_path("mailtui")


def configuration_file() -> Path:
    """The one that MAILTUI_CONFIG names, else the person's own, which need not be there.

    Raises Misconfigured where a named one is missing: it may say where passwords are kept.
    """
    named = os.environ.get("MAILTUI_CONFIG", "")
    if not named:
        return user_config_path("mailtui") / "config.toml"
    if not Path(named).exists():
        raise Misconfigured(f"there is no configuration {clean(named)}: make it, or take MAILTUI_CONFIG away")
    return Path(named)

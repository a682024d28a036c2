"""Where things are unless somebody says otherwise."""

import os
from pathlib import Path

from platformdirs import user_config_path, user_data_path


def default_database() -> Path:
    return user_data_path("mailtui") / "mailtui.db"


def configuration_file() -> Path:
    """The one that MAILTUI_CONFIG names, else the person's own."""
    named = os.environ.get("MAILTUI_CONFIG", "")
    return Path(named) if named else user_config_path("mailtui") / "config.toml"

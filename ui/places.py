"""Where the program keeps its own files on this machine: settings and logs, never data."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_NAME = "mbo-desktop"


def state_folder() -> Path:
    """Logs and crash notes."""
    return Path(platformdirs.user_state_dir(_NAME, appauthor=False))


def settings_file() -> Path:
    """Settings of this machine."""
    return Path(platformdirs.user_config_dir(_NAME, appauthor=False)) / "settings.json"

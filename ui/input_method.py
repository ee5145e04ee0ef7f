"""Makes Chinese typing possible on Linux desktops; to be called before QApplication exists."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from pathlib import Path

log = logging.getLogger("mbo.ui.input")

_ASKED_FOR = ("QT_IM_MODULE", "QT_IM_MODULES")
_WHEEL_LACKS = {"", "fcitx", "fcitx5"}


def prepare_environment(environment: MutableMapping[str, str], running: set[str]) -> bool:
    """Send typing through fcitx5's ibus door, since the Qt wheel has only the ibus plug-in.

    environment: of this process, changed in place; running: names of running programs.
    Nothing is done when something usable was asked for, or fcitx5 does not run.
    """
    asked = environment.get("QT_IM_MODULES") or environment.get("QT_IM_MODULE", "")
    if asked not in _WHEEL_LACKS or "fcitx5" not in running:
        return False
    environment.pop("QT_IM_MODULES", None)
    environment["QT_IM_MODULE"] = "ibus"
    environment["IBUS_USE_PORTAL"] = "1"
    log.info("fcitx5 runs; typing goes through its ibus door")
    return True


def running_programs(proc: Path = Path("/proc")) -> set[str]:
    """Names of running programs; empty where the system does not tell."""
    names: set[str] = set()
    if not proc.is_dir():
        return names
    for folder in proc.iterdir():
        if folder.name.isdigit():
            try:
                names.add((folder / "comm").read_text("utf-8", "replace").strip())
            except OSError:
                # The program ended between listing and reading.
                continue
    return names

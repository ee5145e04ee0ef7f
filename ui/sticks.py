"""The removable drives that are plugged in at this moment."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QStorageInfo

_MOUNTS = ("/media/", "/run/media/", "/Volumes/")
_REMOVABLE = 2
"""DRIVE_REMOVABLE of GetDriveTypeW."""


def sticks() -> list[Path]:
    """Roots of the sticks, in the order of the system; [] when none is there."""
    found = []
    for volume in QStorageInfo.mountedVolumes():
        root = volume.rootPath()
        if volume.isValid() and volume.isReady() and _is_removable(root):
            found.append(Path(root))
    return found


def stick_label(root: Path) -> str:
    """As the file manager names it: 「E:\\ 目标办」."""
    name = QStorageInfo(str(root)).displayName()
    return f"{root} {name}" if name and name != str(root) else str(root)


def _is_removable(root: str) -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(root) == _REMOVABLE)
    return root.startswith(_MOUNTS)

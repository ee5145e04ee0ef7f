"""Sizes of windows that large letters must not push over the edge of the screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.theme import scaled

FRAME = 40, 60
"""Pixels at the sides, above and below that a window leaves to its frame."""


def size_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window a size in pixels at 100 %, at the most what its screen leaves beside panels."""
    room = window.screen().availableGeometry()
    window.resize(min(scaled(width), room.width() - FRAME[0]), min(scaled(height), room.height() - FRAME[1]))

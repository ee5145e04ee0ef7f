"""Enter and Insert in tables in which nothing is typed: Enter opens the row instead of going down."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from ui.grids.view import GridView


def open_by_enter(view: GridView, act: Callable[[], object]) -> None:
    """Call on Enter while the table has the focus (not its find bar or filter)."""
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        shortcut = QShortcut(QKeySequence(key), view)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

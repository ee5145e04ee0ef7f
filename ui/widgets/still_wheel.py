"""The wheel scrolls the page; it never changes a choice that happens to lie under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox, QScrollArea, QWidget


class StillWheel(QObject):
    """Event filter of choices: a turn of the wheel goes on to what lies behind."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Ignored and not handed on: Qt then offers it to the parent."""
        if event.type() != QEvent.Type.Wheel:
            return False
        event.ignore()
        return True


def keep_choices_still(root: QWidget) -> None:
    """Shield all choices below root; root keeps the filter."""
    guard = StillWheel(root)
    for choice in root.findChildren(QComboBox):
        choice.installEventFilter(guard)
        choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def bring_into_view(field: QWidget) -> None:
    """Scroll the areas around a field so that it is seen."""
    above = field.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(field)
        above = above.parentWidget()

"""The global search's field: Esc puts away the list, the text, and the field itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.grids.columns import Lookup
from ui.widgets.picker import PickerEdit


class SearchEdit(PickerEdit):
    """A picker in which nothing stays behind: what was sought is found, or given up with Esc."""

    given_up = Signal()
    """Esc: the focus goes back to where the work is."""

    def __init__(self, lookup: Lookup, parent: QWidget | None = None) -> None:
        super().__init__(lookup, parent)
        self._completer.popup().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The open list has the keys: Esc there gives up the search as well."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.give_up()
            return True
        return bool(super().eventFilter(watched, event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives up the search, but not what an input method still composes."""
        if event.key() == Qt.Key.Key_Escape and not self.composing:
            event.accept()
            self.give_up()
            return
        super().keyPressEvent(event)

    def give_up(self) -> None:
        """Close the list, empty the field, hand the focus back."""
        self._completer.popup().hide()
        self.set_option(None)
        self.given_up.emit()

"""The switch between the views of a room, or between a few choices of a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget


class ViewSwitch(QWidget):
    """Buttons side by side of which one is chosen; `switched` carries its key."""

    switched = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        """choices: key and word of each button, at least one; the first is chosen."""
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._buttons: dict[str, QPushButton] = {}
        for key, word in choices:
            button = QPushButton(word)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            # In a dialog the first button would else look chosen as its default one.
            button.setAutoDefault(False)
            button.setObjectName(f"view_{key}")
            button.setProperty("role", "segment")
            button.clicked.connect(self._on_clicked)
            row.addWidget(button)
            self._buttons[key] = button
        self.set_view(choices[0][0])

    def take_keys(self, room: QWidget) -> None:
        """Ctrl+1, Ctrl+2 … anywhere in the room press the buttons, unless the room hides the switch."""
        for number, button in enumerate(self._buttons.values(), 1):
            keys = f"Ctrl+{number}"
            button.setToolTip(keys)
            shortcut = QShortcut(QKeySequence(keys), room)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._presser(button))

    def _presser(self, button: QPushButton) -> Callable[[], None]:
        def press() -> None:
            if not self.isHidden():
                button.click()

        return press

    @property
    def view(self) -> str:
        """The view that is chosen."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_view(self, key: str) -> None:
        """Choose a view without a signal."""
        for name, button in self._buttons.items():
            button.setChecked(name == key)

    def _on_clicked(self) -> None:
        self.set_view(self.view)
        self.switched.emit(self.view)

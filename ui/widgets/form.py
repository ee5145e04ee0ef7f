"""A form: label left, field right, the error under its field; Enter goes to the next field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from ui.theme import scaled
from ui.widgets.still_wheel import bring_into_view


class Form(QWidget):
    """Fields below each other; a field with `complained(str)` has its error shown below it.

    Enter in a field moves on and never presses a default button; in long fields Ctrl+Enter.
    """

    def __init__(self, parent: QWidget | None = None, *, label_width: int = 0) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(scaled(10))
        self._grid.setVerticalSpacing(scaled(6))
        self._grid.setColumnStretch(1, 1)
        if label_width:
            self._grid.setColumnMinimumWidth(0, scaled(label_width))
        self._fields: list[QWidget] = []
        self._labels: dict[QWidget, QLabel] = {}

    def add(self, label: str, field: QWidget, *, hint: str = "") -> QWidget:
        """A field with its label; returns the field."""
        row = self._grid.rowCount()
        title = QLabel(label)
        title.setProperty("role", "muted")
        title.setBuddy(field)
        title.setToolTip(hint)
        top = isinstance(field, QPlainTextEdit)
        self._grid.addWidget(
            title, row, 0,
            Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignVCenter,
        )
        self._grid.addWidget(field, row, 1)
        complained = getattr(field, "complained", None)
        if complained is not None:
            error = QLabel()
            error.setProperty("role", "error")
            error.setWordWrap(True)
            error.hide()
            self._grid.addWidget(error, row + 1, 1)
            complained.connect(error.setText)
            complained.connect(_Shower(error).set_text)
        left = getattr(field, "left", None)
        if left is not None:
            # The list of a picker takes Enter before the form sees it.
            left.connect(lambda: self._leave(field))
        field.installEventFilter(self)
        self._fields.append(field)
        self._labels[field] = title
        return field

    def add_wide(self, widget: QWidget) -> QWidget:
        """Something over the whole width (a heading, a note)."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)
        return widget

    def show_field(self, field: QWidget, shown: bool) -> None:
        """Show or hide a field with its label."""
        field.setVisible(shown)
        self._labels[field].setVisible(shown)

    def commit(self) -> bool:
        """Read all fields; False when one cannot be read, which then has the focus."""
        for field in self._fields:
            commit = getattr(field, "commit", None)
            if commit is not None and not field.isHidden() and not commit():
                field.setFocus()
                bring_into_view(field)
                return False
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter: the next field. The wheel over a choice scrolls the page."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox):
            event.ignore()
            return True
        if event.type() != QEvent.Type.KeyPress or watched not in self._fields:
            return bool(super().eventFilter(watched, event))
        key = QKeyEvent(event)
        if key.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        control = bool(key.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if isinstance(watched, QPlainTextEdit) and not control:
            return False
        if isinstance(watched, QComboBox) and watched.view().isVisible():
            return False
        if getattr(watched, "composing", False):
            return True
        take = getattr(watched, "take_highlighted", None)
        if take is not None:
            take()
        self._leave(watched)
        return True

    def _leave(self, field: QObject) -> None:
        commit = getattr(field, "commit", None)
        if commit is not None and not commit():
            return
        place = self._fields.index(field) + 1  # type: ignore[arg-type]
        for following in self._fields[place:]:
            if following.isVisible() and following.isEnabled():
                following.setFocus(Qt.FocusReason.TabFocusReason)
                if isinstance(following, QLineEdit):
                    following.selectAll()
                return
        # The last one: on to whatever comes after the form (usually the button).
        self.focusNextChild()


class _Shower(QObject):
    """Shows an error label while it has a text; a child of the label, so it lives as long."""

    def __init__(self, label: QLabel) -> None:
        super().__init__(label)
        self._label = label

    def set_text(self, text: str) -> None:
        """Show for a text, hide for none."""
        self._label.setVisible(bool(text))

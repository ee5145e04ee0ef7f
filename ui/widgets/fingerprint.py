"""A fingerprint as it is read out over the telephone: large groups, several to a line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from ui.theme import font, scaled

PER_LINE = 4


class FingerprintView(QFrame):
    """Groups of a fingerprint in a grid; `set_text` takes them separated by blanks."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, points: float = 17.0) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._points = points
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(10))
        self._grid.setHorizontalSpacing(scaled(18))
        self._grid.setVerticalSpacing(scaled(4))
        self._labels: list[QLabel] = []
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another fingerprint."""
        self.text = text
        for label in self._labels:
            self._grid.removeWidget(label)
            label.deleteLater()
        self._labels = []
        face = font(self._points, zoom=round(scaled(100)))
        face.setWeight(QFont.Weight.DemiBold)
        for place, group in enumerate(text.split()):
            label = QLabel(group)
            label.setFont(face)
            # The style sheet's size of labels would win over the font.
            label.setStyleSheet(f"font-size: {face.pointSizeF():.2f}pt; font-weight: 600;")
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._grid.addWidget(label, place // PER_LINE, place % PER_LINE)
            self._labels.append(label)
        self.setAccessibleName(text)

    def copy(self) -> None:
        """The groups onto the clipboard."""
        QGuiApplication.clipboard().setText(self.text)

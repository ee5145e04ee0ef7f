"""State chips: shape, colour and word together, readable in a black-and-white print."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.grids.columns import Light
from ui.grids.delegate import draw_light
from ui.theme import color, scaled


class Chip(QWidget):
    """A light with its word, for panels and headers."""

    def __init__(self, text: str, light: Light | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = text
        self.light = light
        self.setAccessibleName(text)

    def set_state(self, text: str, light: Light | None) -> None:
        """Show another state."""
        self.text, self.light = text, light
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The word with the light and margins."""
        metrics = QFontMetrics(self.font())
        mark = scaled(15) if self.light is not None else 0
        return QSize(metrics.horizontalAdvance(self.text) + mark + scaled(18), metrics.height() + scaled(6))

    def minimumSizeHint(self) -> QSize:
        """As large as its word."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rounded ground, light, word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRect(0, (self.height() - self.sizeHint().height()) // 2,
                      self.sizeHint().width(), self.sizeHint().height())
        painter.setPen(color("line"))
        painter.setBrush(color("raised"))
        painter.drawRoundedRect(whole.adjusted(0, 0, -1, -1), whole.height() / 2, whole.height() / 2)
        left = whole.left() + scaled(9)
        if self.light is not None:
            size = scaled(9)
            draw_light(painter, QRect(left, whole.center().y() - size // 2, size, size), self.light)
            left += scaled(15)
        painter.setPen(color("ink"))
        painter.drawText(
            QRect(left, whole.top(), whole.right() - left, whole.height()),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text,
        )

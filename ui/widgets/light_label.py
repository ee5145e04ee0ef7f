"""A label with the shape of a light."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from ui.grids.columns import Light
from ui.grids.delegate import draw_light


class LightLabel(QLabel):
    """Shows the shape of a light: ● ▲ ■ ○ in its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Light, int] | None = None

    def show_light(self, light: Light, size: int) -> None:
        """A light so many pixels high at the present zoom."""
        self._shown = (light, size)
        self._draw()

    def _draw(self) -> None:
        if self._shown is not None:
            self.setPixmap(_light_pixmap(*self._shown, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        """Another palette comes as another style."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()


def _light_pixmap(light: Light, size: int, ratio: float = 1.0) -> QPixmap:
    """A light's shape as a picture of so many pixels."""
    picture = QPixmap(QSize(round((size + 2) * ratio), round((size + 2) * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_light(painter, QRect(1, 1, size, size), light)
    painter.end()
    return picture

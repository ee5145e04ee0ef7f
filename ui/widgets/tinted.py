"""Labels in a colour of the palette that follow when another palette is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QWidget

from ui.theme import pixmap, scaled


def set_tone(label: QLabel, tone: str, *, strong: bool = False) -> None:
    """Colour a text by meaning: accent, red, amber, green, secondary; "" as all texts are."""
    if label.property("tone") == tone and label.property("strong") == strong:
        return
    label.setProperty("tone", tone)
    label.setProperty("strong", strong)
    # The style sheet looks at properties only when it is laid on.
    label.style().unpolish(label)
    label.style().polish(label)


class IconLabel(QLabel):
    """Shows a line icon of resources/icons."""

    def __init__(self, name: str = "", size: int = 16, tint: str = "secondary", parent: QWidget | None = None) -> None:
        """size: pixels at 100 %."""
        super().__init__(parent)
        self._drawn = (name, size, tint)
        self._draw()

    def show_icon(self, name: str, size: int, tint: str) -> None:
        """Another icon, so many pixels at 100 %, in a colour of the palette."""
        self._drawn = (name, size, tint)
        self._draw()

    def _draw(self) -> None:
        name, size, tint = self._drawn
        if name:
            ratio = self.devicePixelRatioF()
            picture = pixmap(name, round(scaled(size) * ratio), tint)
            picture.setDevicePixelRatio(ratio)
            self.setPixmap(picture)

    def changeEvent(self, event: QEvent) -> None:
        """Another palette or zoom comes as another style."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()


class RichLabel(QLabel):
    """Shows a line whose parts have colours of their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make: Callable[[], str] | None = None

    def show_rich(self, make: Callable[[], str]) -> None:
        """make gives the rich text in the palette in use; asked again when another is chosen."""
        self._make = make
        self.setText(make())

    def changeEvent(self, event: QEvent) -> None:
        """Another palette comes as another style."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._make is not None:
            self.setText(self._make())

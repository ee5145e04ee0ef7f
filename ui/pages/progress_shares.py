"""How many targets are in each class, as a bar of parts and a list whose shares add up to 100."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mbo_desktop.services.progress_lights import ClassShare, ProgressClass
from ui.theme import color, scaled

_COLORS = {
    ProgressClass.BEHIND: "red", ProgressClass.ON_TIME: "green", ProgressClass.AHEAD: "accent",
    ProgressClass.DONE: "accent_strong", ProgressClass.OTHER: "secondary",
}


class ShareBar(QWidget):
    """The classes side by side in their order; the words stand below it in the same order."""

    def __init__(self, shares: Sequence[ClassShare], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares = tuple(shares)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = ",".join(f"{one.kind.label}{one.count}项{one.share}%" for one in self._shares)
        self.setAccessibleName(words)
        self.setToolTip(words)

    def sizeHint(self) -> QSize:
        """A line of text high."""
        return QSize(scaled(200), self.fontMetrics().height() + scaled(6))

    def minimumSizeHint(self) -> QSize:
        """Narrow, as high as a line."""
        return QSize(scaled(80), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """One part per class, its count inside where there is room."""
        painter = QPainter(self)
        total = sum(one.count for one in self._shares)
        left = 0.0
        for one in self._shares:
            if not one.count:
                continue
            width = self.width() * one.count / total
            part = QRectF(left, 0, width, self.height())
            painter.fillRect(part.adjusted(0, 0, -1, 0), color(_COLORS[one.kind]))
            if width > painter.fontMetrics().horizontalAdvance(f"{one.count:,}") + scaled(6):
                painter.setPen(color("on_accent"))
                painter.drawText(part, int(Qt.AlignmentFlag.AlignCenter), f"{one.count:,}")
            left += width


def share_facts(shares: Sequence[ClassShare]) -> list[tuple[str, str]]:
    """「欠进度」, 「17 项 · 7.7%」 in the order of the bar."""
    return [(one.kind.label, f"{one.count:,} 项 · {one.share}%") for one in shares]

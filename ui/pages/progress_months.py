"""The twelve months as a strip: which is looked at, how many targets were reported in each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.pages.progress_state import MonthState
from ui.theme import color, scaled


class MonthStrip(QWidget):
    """Twelve places; a bar in each shows the share reported. Click or ←/→ choose, Home/End the ends."""

    chosen = Signal(int)

    def __init__(self, state: MonthState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        state.counted.connect(self._tell)
        state.month_changed.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        self.setAccessibleName(self.tr("月份:{}").format(self.words(self._state.month)))
        self.update()

    def words(self, month: int) -> str:
        """「6月:已报 312 / 1,800 项」."""
        return self.tr("{}月:已报 {} / {} 项").format(
            month, f"{self._state.reported.get(month, 0):,}", f"{self._state.due:,}"
        )

    def sizeHint(self) -> QSize:
        """Twelve places as wide as 12月."""
        width = self.fontMetrics().horizontalAdvance("12月") + scaled(12)
        return QSize(width * 12 + 2, self.fontMetrics().height() + scaled(16))

    def minimumSizeHint(self) -> QSize:
        """As large as asked for."""
        return self.sizeHint()

    def place(self, month: int) -> QRect:
        """Where a month stands."""
        width = (self.width() - 2) / 12
        left = 1 + round(width * (month - 1))
        return QRect(left, 1, 1 + round(width * month) - left, self.height() - 2)

    def month_at(self, point: QPoint) -> int:
        """The month under a point; 0: none."""
        return next((m for m in range(1, 13) if self.place(m).contains(point)), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, bar of what was reported, the month; the chosen one in the accent colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("border")))
        painter.setBrush(color("surface"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), scaled(4), scaled(4))
        for month in range(1, 13):
            self._paint_month(painter, month)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color("accent"), 2))
            painter.drawRect(self.place(self._state.month).adjusted(1, 1, -1, -1))

    def _paint_month(self, painter: QPainter, month: int) -> None:
        rect = self.place(month)
        here = month == self._state.month
        if here:
            painter.fillRect(rect, color("accent_soft"))
        if month > 1:
            painter.setPen(QPen(color("line")))
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        count, total = self._state.reported.get(month, 0), self._state.due
        bar = QRect(rect.left() + scaled(5), rect.bottom() - scaled(6), rect.width() - scaled(10), scaled(3))
        painter.fillRect(bar, color("line"))
        if count and total:
            bar.setWidth(max(round(bar.width() * min(count / total, 1)), 2))
            painter.fillRect(bar, color("accent" if here else "grey"))
        font = QFont(self.font())
        font.setBold(here)
        painter.setFont(font)
        painter.setPen(color("accent" if here else "ink" if count else "secondary"))
        painter.drawText(
            rect.adjusted(0, 0, 0, -scaled(7)), int(Qt.AlignmentFlag.AlignCenter), f"{month}月"
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        month = self.month_at(event.position().toPoint())
        if month and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(month)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End choose."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        ends = {Qt.Key.Key_Home: 1, Qt.Key.Key_End: 12}
        key = Qt.Key(event.key())
        if key in steps:
            self.chosen.emit(min(max(self._state.month + steps[key], 1), 12))
        elif key in ends:
            self.chosen.emit(ends[key])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """The count of the month under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            month = self.month_at(event.pos())
            QToolTip.showText(event.globalPos(), self.words(month) if month else "", self)
            return True
        return bool(super().event(event))

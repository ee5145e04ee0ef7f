"""The group's ranking as bars, with the places gained or lost against last year."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mbo_desktop.services.scores import ScoreBoard, UnitScore
from ui.theme import color, scaled


class RankBars(QWidget):
    """A line for each unit by rank: place, name, bar, total, move; a click asks for the unit."""

    unit_asked = Signal(object)

    def __init__(self, board: ScoreBoard, current: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = [one for one in board.ranked() if one.total is not None and not one.unscored]
        self._current = current
        totals = [one.total or Decimal(0) for one in self._lines]
        self._most = max(totals, default=Decimal(1)) or Decimal(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("、".join(f"{one.rank} {one.label} {one.total}" for one in self._lines))

    def _pitch(self) -> int:
        return int(QFontMetrics(self.font()).height() * 1.7)

    def sizeHint(self) -> QSize:
        """A line for each ranked unit."""
        return QSize(scaled(220), self._pitch() * max(len(self._lines), 1))

    def minimumSizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(scaled(180), self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the unit of a line."""
        place = int(event.position().y()) // self._pitch()
        if 0 <= place < len(self._lines):
            self.unit_asked.emit(self._lines[place].unit)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Place and name left, the bar under them, total and move right."""
        painter = QPainter(self)
        pitch = self._pitch()
        metrics = painter.fontMetrics()
        for place, line in enumerate(self._lines):
            self._paint_line(painter, line, QRect(0, place * pitch, self.width(), pitch), metrics)

    def _paint_line(self, painter: QPainter, line: UnitScore, area: QRect, metrics: QFontMetrics) -> None:
        share = float((line.total or Decimal(0)) / self._most) if self._most > 0 else 0.0
        bar = QRect(area.left(), area.bottom() - scaled(5), int(area.width() * max(share, 0.0)), scaled(3))
        painter.fillRect(QRect(area.left(), bar.top(), area.width(), bar.height()), color("line"))
        painter.fillRect(bar, color("red") if line.vetoes else color("accent"))
        text = QRect(area.left(), area.top(), area.width(), area.height() - scaled(6))
        move = line.rank_move
        arrow = "" if move is None else f" ↑{move}" if move > 0 else f" ↓{-move}" if move < 0 else " —"
        right = f"{line.total:f}{'*' if line.provisional else ''}{arrow}"
        font = painter.font()
        font.setBold(line.unit == self._current)
        painter.setFont(font)
        painter.setPen(color("ink"))
        room = text.width() - metrics.horizontalAdvance(right) - scaled(12)
        left = metrics.elidedText(f"{line.rank} {line.label}", Qt.TextElideMode.ElideRight, room)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), left)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), right)

"""Statistics of cases as bars: by kind, by unit, by month; the number stands beside each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mbo_desktop.services.accountability import CaseStatistics
from ui.pages.accountability_rows import statistic_parts
from ui.pages.overview_parts import Card
from ui.theme import color, scaled


class CountBars(QWidget):
    """Name, bar and number on a line each."""

    def __init__(self, parts: Sequence[tuple[str, int]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts = tuple(parts)
        self.setAccessibleName("、".join(f"{name} {count}" for name, count in self.parts))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _line(self) -> int:
        return self.fontMetrics().height() + scaled(8)

    def sizeHint(self) -> QSize:
        """So many lines."""
        return QSize(scaled(260), self._line() * max(len(self.parts), 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The longest bar fills the width that the names leave."""
        painter = QPainter(self)
        metrics = self.fontMetrics()
        most = max((count for _name, count in self.parts), default=0) or 1
        widest = max((metrics.horizontalAdvance(name) for name, _c in self.parts), default=0)
        names = min(widest + scaled(4), self.width() // 2)
        left, number = names + scaled(10), metrics.horizontalAdvance("000")
        for place, (name, count) in enumerate(self.parts):
            top, height = place * self._line(), self._line()
            painter.setPen(color("ink"))
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, names)
            painter.drawText(QRect(0, top, names, height), int(Qt.AlignmentFlag.AlignVCenter), short)
            width = round((self.width() - left - number - scaled(6)) * count / most)
            bar = QRect(left, top + scaled(4), max(width, scaled(2) if count else 0), height - scaled(8))
            painter.fillRect(bar, color("accent"))
            painter.drawText(
                QRect(bar.right() + scaled(6), top, number, height), int(Qt.AlignmentFlag.AlignVCenter),
                str(count) if count else "—",
            )


class StatisticsPane(QScrollArea):
    """Three cards beside each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.bars: dict[str, CountBars] = {}

    def show_statistics(self, found: CaseStatistics) -> None:
        """Other counts."""
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(10))
        self.bars = {}
        for title, parts in statistic_parts(found):
            card = Card(title)
            if parts:
                self.bars[title] = CountBars(parts)
                card.rows.addWidget(self.bars[title])
            else:
                card.say(self.tr("还没有案件。"), muted=True)
            column = QVBoxLayout()
            column.addWidget(card)
            column.addStretch(1)
            row.addLayout(column, 1)
        self.setWidget(content)

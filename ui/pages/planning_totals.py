"""The line under the matrix that always shows each unit's sums."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services.planning_matrix import UnitTotal
from ui.grids.delegate import row_height
from ui.grids.view import GridView
from ui.theme import color, scaled


class TotalsStrip(QWidget):
    """Two lines, 项数 and 分值合计, each figure under its unit's columns; scrolls with the table."""

    def __init__(self, view: GridView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._totals: Mapping[RecordId, UnitTotal] = {}
        self._declared: Decimal | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("各单位合计"))
        view.horizontalScrollBar().valueChanged.connect(self._on_moved)
        view.header.sectionResized.connect(self._on_moved)
        view.header.geometriesChanged.connect(self.update)

    def show_totals(
        self, totals: Mapping[RecordId, UnitTotal], declared: Decimal | None
    ) -> None:
        """The sums by unit, and what every unit's points are to add up to (None: not declared)."""
        self._totals, self._declared = totals, declared
        self.update()

    def sizeHint(self) -> QSize:
        """Two rows of the table."""
        return QSize(200, row_height(self._view) * 2 + 2)

    def minimumSizeHint(self) -> QSize:
        """As high as two rows."""
        return QSize(60, self.sizeHint().height())

    def _on_moved(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, the two words at the left, the figures under their units."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("raised"))
        painter.setPen(QPen(color("border")))
        painter.drawLine(0, 0, self.width(), 0)
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        left = self._view.frozen.width_used()
        painter.save()
        painter.setClipRect(QRect(left, 0, self.width() - left, self.height()))
        for unit, span in self._spans().items():
            self._paint_unit(painter, unit, *span)
        painter.restore()
        painter.setPen(color("secondary"))
        words = (self.tr("下达项数"), self.tr("分值合计"))
        if self._declared is not None:
            words = (words[0], self.tr("分值合计(应为 {})").format(canonical(self._declared)))
        for line, word in enumerate(words):
            place = self._line(line, scaled(8), max(left, scaled(120)) - scaled(16))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), word)

    def _line(self, line: int, left: int, width: int) -> QRect:
        height = (self.height() - 2) // 2
        return QRect(left, 1 + line * height, width, height)

    def _spans(self) -> dict[RecordId, tuple[int, int]]:
        """Left edge and width of each unit's visible columns."""
        spans: dict[RecordId, tuple[int, int]] = {}
        header = self._view.header
        for section in self._view.sections():
            _code, _, unit = self._view.grid.columns[section].key.partition("@")
            if not unit:
                continue
            left = header.sectionViewportPosition(section) + self._view.frameWidth()
            width = header.sectionSize(section)
            record = RecordId(int(unit))
            start, so_far = spans.get(record, (left, 0))
            spans[record] = (start, so_far + width)
        return spans

    def _paint_unit(self, painter: QPainter, unit: RecordId, left: int, width: int) -> None:
        total = self._totals.get(unit)
        if total is None or left + width < 0 or left > self.width():
            return
        margin = scaled(6)
        alignment = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.setPen(color("ink"))
        count = total.allotted + total.not_set
        painter.drawText(self._line(0, left + margin, width - 2 * margin), alignment, str(count))
        wrong = self._declared is not None and count and total.points != self._declared
        painter.setPen(color("red" if wrong else "ink"))
        points = ("▲ " if wrong else "") + canonical(total.points)
        painter.drawText(self._line(1, left + margin, width - 2 * margin), alignment, points)

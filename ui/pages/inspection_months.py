"""The year's inspections month by month as a strip: how many are planned and done; a month is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mbo_desktop.domain.inspections import InspectionState
from mbo_desktop.services.inspections import InspectionLine
from ui.theme import color, scaled

PLACES = 13
"""全年 and twelve months."""


def month_of(line: InspectionLine) -> int:
    """The month an inspection stands in: when it was done, else when it is planned; 0 without a day."""
    day = line.done_on or line.planned_from or line.planned_until
    return 0 if day is None else day.month


class InspectionMonths(QWidget):
    """全年 and twelve places; ● done, ○ still to come. Click or ←/→ choose; 0 is the whole year."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.month = 0
        self._counts: dict[int, tuple[int, int]] = {}
        self._today: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_lines(self, lines: Sequence[InspectionLine], today: date) -> None:
        """Count what stands in each month; cancelled ones are left out."""
        self._today = today
        self._counts = {}
        for line in lines:
            if line.state is InspectionState.CANCELLED:
                continue
            for place in {0, month_of(line)}:
                done, open_ones = self._counts.get(place, (0, 0))
                is_done = line.state is InspectionState.DONE
                self._counts[place] = (done + is_done, open_ones + (not is_done))
        self._tell()

    def words(self, place: int) -> str:
        """「6月:已查 2 次,待查 1 次」."""
        done, open_ones = self._counts.get(place, (0, 0))
        name = self.tr("{}月").format(place) if place else self.tr("全年")
        return self.tr("{}:已查 {} 次,待查 {} 次").format(name, done, open_ones)

    def choose(self, place: int) -> None:
        """Look at a month (0: the year)."""
        if 0 <= place < PLACES and place != self.month:
            self.month = place
            self._tell()
            self.chosen.emit(place)

    def _tell(self) -> None:
        self.setAccessibleName(self.words(self.month))
        self.setToolTip("\n".join(self.words(place) for place in sorted(self._counts)))
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines of text high."""
        return QSize(scaled(500), self.fontMetrics().height() * 2 + scaled(8))

    def minimumSizeHint(self) -> QSize:
        """As narrow as the numbers allow."""
        return QSize(scaled(330), self.sizeHint().height())

    def place(self, month: int) -> QRect:
        """Where a month stands."""
        width = (self.width() - 2) / PLACES
        left = 1 + round(width * month)
        return QRect(left, 1, 1 + round(width * (month + 1)) - left, self.height() - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The places; the chosen one tinted, the present month underlined."""
        painter = QPainter(self)
        half = self.height() // 2
        for month in range(PLACES):
            where = self.place(month)
            painter.setPen(color("line"))
            painter.setBrush(color("accent_soft") if month == self.month else color("surface"))
            painter.drawRect(where.adjusted(0, 0, -1, -1))
            done, open_ones = self._counts.get(month, (0, 0))
            painter.setPen(color("accent") if month == self.month else color("ink"))
            top = QRect(where.left(), where.top(), where.width(), half)
            painter.drawText(top, int(Qt.AlignmentFlag.AlignCenter),
                             self.tr("{}月").format(month) if month else self.tr("全年"))
            below = QRect(where.left(), where.top() + half - scaled(2), where.width(), half)
            words = " ".join(
                word for word in (f"●{done}" if done else "", f"○{open_ones}" if open_ones else "") if word
            )
            painter.setPen(color("secondary"))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), words)
            if self._today is not None and month == self._today.month:
                painter.fillRect(where.left(), where.bottom() - scaled(2), where.width(), scaled(2), color("accent"))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A month by click."""
        point = event.position().toPoint()
        found = next((m for m in range(PLACES) if self.place(m).contains(point)), None)
        if found is not None:
            self.choose(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← and →, Home for the whole year."""
        steps = {Qt.Key.Key_Left: self.month - 1, Qt.Key.Key_Right: self.month + 1, Qt.Key.Key_Home: 0}
        wanted = steps.get(Qt.Key(event.key()))
        if wanted is None:
            super().keyPressEvent(event)
        else:
            self.choose(wanted)

"""Places within a group as bars: place, unit, bar, figure, and the move in an arrow and a number."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mbo_desktop.services.year_board import RankLine
from ui.theme import color, scaled


class RankingPicture(QWidget):
    """One line per unit; of a long group the first and the last ones, with what was left out between.

    chosen(unit): clicked, or Enter on the line that the arrow keys moved to.
    """

    chosen = Signal(int)

    def __init__(self, most: int = 16, magnify: float = 1.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most, self._magnify = most, magnify
        self._lines: tuple[RankLine | None, ...] = ()
        self._left_out = 0
        self._at = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def take(self, lines: Sequence[RankLine]) -> None:
        """Show a group."""
        # One that is left out would take the line that tells of it.
        self._left_out = len(lines) - self._most if len(lines) > self._most + 1 else 0
        if self._left_out:
            last = self._most // 4
            self._lines = (*lines[: self._most - last], None, *lines[len(lines) - last :])
        else:
            self._lines = tuple(lines)
        self._at = 0
        self._name()
        self.updateGeometry()
        self.update()

    def shown(self) -> tuple[RankLine | None, ...]:
        """The lines as drawn; None: the units between are left out."""
        return self._lines

    def _font(self) -> QFont:
        made = QFont(self.font())
        made.setPointSizeF(made.pointSizeF() * self._magnify)
        return made

    def _line_height(self) -> int:
        return round(QFontMetrics(self._font()).height() * 1.45)

    def sizeHint(self) -> QSize:
        """All lines below each other."""
        return QSize(round(scaled(300) * self._magnify), max(len(self._lines), 1) * self._line_height())

    def minimumSizeHint(self) -> QSize:
        """Narrow bars."""
        return QSize(round(scaled(240) * self._magnify), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Place, name, bar, figure, move."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        metrics = painter.fontMetrics()
        told = [one for one in self._lines if one is not None]
        widest = max((metrics.horizontalAdvance(one.label) for one in told), default=0)
        name_width = min(widest, self.width() // 3) + metrics.height() // 2
        figure_width = max((metrics.horizontalAdvance(one.figure) for one in told), default=0)
        best = max((_amount(one.figure) for one in told), default=Decimal(0)) or Decimal(1)
        height, em = self._line_height(), metrics.height()
        for number, one in enumerate(self._lines):
            row = QRect(0, number * height, self.width(), height)
            if one is None:
                painter.setPen(color("secondary"))
                painter.drawText(row, int(Qt.AlignmentFlag.AlignCenter), f"… 其间 {self._left_out} 个单位 …")
                continue
            if self.hasFocus() and number == self._at:
                painter.fillRect(row, color("accent_soft"))
            self._paint_line(painter, row, one, (2 * em, name_width, figure_width + em // 2, 2 * em), best)

    def _paint_line(
        self, painter: QPainter, row: QRect, one: RankLine, widths: tuple[int, int, int, int], best: Decimal
    ) -> None:
        place, name, figure, move = widths
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        right = middle | int(Qt.AlignmentFlag.AlignRight)
        painter.setPen(color("secondary"))
        painter.drawText(QRect(0, row.top(), place - scaled(8), row.height()), right, str(one.rank))
        painter.setPen(color("ink"))
        label = painter.fontMetrics().elidedText(one.label, Qt.TextElideMode.ElideRight, name)
        painter.drawText(QRect(place, row.top(), name, row.height()), middle, label)
        left = place + name
        room = max(row.width() - left - figure - move, 1)
        share = float(max(_amount(one.figure), Decimal(0)) / best)
        bar = QRectF(left, row.top() + row.height() * 0.28, room * share, row.height() * 0.44)
        painter.fillRect(bar, color("accent_soft"))
        painter.fillRect(QRectF(bar.left(), bar.top(), min(scaled(3), bar.width()), bar.height()), color("accent"))
        painter.drawText(QRect(row.width() - figure - move, row.top(), figure, row.height()), right, one.figure)
        painter.setPen(color("green" if (one.move or 0) > 0 else "red" if (one.move or 0) < 0 else "secondary"))
        painter.drawText(QRect(row.width() - move, row.top(), move, row.height()), right, one.move_text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the unit."""
        self._at = min(int(event.position().y()) // self._line_height(), len(self._lines) - 1)
        self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move, Enter opens."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._lines:
            self._at = min(max(self._at + step, 0), len(self._lines) - 1)
            self._name()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        else:
            super().keyPressEvent(event)

    def _choose(self) -> None:
        one = self._lines[self._at] if self._lines else None
        if one is not None:
            self.chosen.emit(int(one.unit))

    def _name(self) -> None:
        one = self._lines[self._at] if self._lines else None
        if one is None:
            self.setAccessibleName(self.tr("还没有位次"))
            return
        moved = f",{one.move_text}" if one.move else ""
        self.setAccessibleName(f"第{one.rank}名 {one.label} {one.figure}{moved}")


def _amount(figure: str) -> Decimal:
    """The figure as a number; 0 where it is none."""
    try:
        return Decimal(figure.replace(",", "").rstrip("%"))
    except InvalidOperation:
        return Decimal(0)

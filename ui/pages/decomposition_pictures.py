"""Small pictures of the side panel: what a value is split into, and a plan over the year."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import color, scaled


class SplitBar(QWidget):
    """The parts of a value side by side, what is not yet given as a dashed rest.

    parts: name and amount in the node's unit of measure; total: the node's own amount.
    """

    def __init__(self, total: Decimal, parts: Sequence[tuple[str, Decimal]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._total, self._parts = total, list(parts)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("\n".join(f"{name} {amount.normalize():f}" for name, amount in self._parts[:20]))
        self.setAccessibleName("、".join(f"{name} {amount.normalize():f}" for name, amount in self._parts))

    def sizeHint(self) -> QSize:
        """A line of text high."""
        return QSize(scaled(200), scaled(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Blocks in proportion; names where they fit."""
        painter = QPainter(self)
        given = sum((abs(amount) for _name, amount in self._parts), Decimal(0))
        whole = max(given, abs(self._total))
        if not whole:
            return
        width = self.width() - 1
        left = Decimal(0)
        for number, (name, amount) in enumerate(self._parts):
            start, end = int(left / whole * width), int((left + abs(amount)) / whole * width)
            self._block(painter, QRect(start, 0, max(end - start - 1, 1), self.height() - 1), number, name)
            left += abs(amount)
        if abs(self._total) > given:
            start = int(given / whole * width)
            pen = QPen(color("red"), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRect(start, 0, width - start, self.height() - 1))
        elif given > abs(self._total):
            # Where the allotted value ends: what is behind it is 加压.
            mark = int(abs(self._total) / whole * width)
            painter.setPen(QPen(color("ink"), 2))
            painter.drawLine(mark, 0, mark, self.height())

    def _block(self, painter: QPainter, place: QRect, number: int, name: str) -> None:
        painter.fillRect(place, color(f"part_{number % 4 + 1}"))
        metrics = painter.fontMetrics()
        if metrics.horizontalAdvance(name) + scaled(6) <= place.width():
            painter.setPen(color("on_accent" if number % 4 < 2 else "on_pale_part"))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), name)


class PlanBars(QWidget):
    """Cumulative amounts by period as bars, the full value as a line above them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._amounts: tuple[Decimal | None, ...] = ()
        self._total: Decimal | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_plan(self, amounts: Sequence[Decimal | None], total: Decimal | None) -> None:
        """Other amounts and the value they lead to."""
        self._amounts, self._total = tuple(amounts), total
        self.update()

    def sizeHint(self) -> QSize:
        """Three lines of text high."""
        return QSize(scaled(200), scaled(58))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars from the left to the right of the year."""
        known = [abs(one) for one in (*self._amounts, self._total) if one is not None]
        if not self._amounts or not known or not max(known):
            return
        painter = QPainter(self)
        top, ground = scaled(4), self.height() - 1
        whole = max(known)
        step = self.width() / len(self._amounts)
        falling = Decimal(0)
        for place, amount in enumerate(self._amounts):
            if amount is None:
                continue
            height = int(abs(amount) / whole * (ground - top))
            bar = QRect(int(place * step) + 1, ground - height, max(int(step) - scaled(3), 2), height)
            # A cumulative plan that goes back is wrong: the bar is an outline, not only red.
            if abs(amount) < falling:
                painter.setPen(QPen(color("red"), 1, Qt.PenStyle.DashLine))
                painter.drawRect(bar)
            else:
                painter.fillRect(bar, color("accent"))
            falling = max(falling, abs(amount))
        if self._total is not None:
            line = ground - int(abs(self._total) / whole * (ground - top))
            painter.setPen(QPen(color("secondary"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(0, line, self.width(), line)
        painter.setPen(QPen(color("line")))
        painter.drawLine(0, ground, self.width(), ground)

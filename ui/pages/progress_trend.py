"""Twelve months of one target as a picture: the plan's line against what was reached, each month with its light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mbo_desktop.domain.quantity import show
from mbo_desktop.services.progress_lights import MonthLight
from ui.grids.delegate import draw_light
from ui.pages.progress_state import SHAPES
from ui.theme import color, font, scaled

HIGH = 158
HEAD = 26
"""What stands above the drawing: the caption, and half a light of a month that reached the top."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A month: what the plan asked for, what was reached (None: nothing said), and in words."""

    month: int
    planned: Decimal | None
    amount: Decimal | None
    words: str


def trend_points(months: Sequence[MonthLight], unit: str) -> tuple[TrendPoint, ...]:
    """The months of a target's history as points with their tooltips."""
    made = []
    for one in months:
        said = "没有数字" if one.amount is None else f"实际{show(one.amount)}{unit}"
        plan = "" if one.planned is None else f",应完成{show(one.planned)}{unit}"
        made.append(TrendPoint(
            one.month, one.planned, one.amount, f"{one.month}月 {one.light.label}:{said}{plan}。{one.reason}"
        ))
    return tuple(made)


class TrendChart(QWidget):
    """Plan dashed, actual drawn through with the light's shape at each month, the year's target as a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[TrendPoint, ...] = ()
        self._months: tuple[MonthLight, ...] = ()
        self._target: Decimal | None = None
        self._unit = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_months(self, months: Sequence[MonthLight], target: Decimal | None, unit: str) -> None:
        """The history up to the month looked at; target: the whole year's."""
        self._months, self._target, self._unit = tuple(months), target, unit
        self._points = trend_points(months, unit)
        last = self._points[-1].words if self._points else self.tr("还没有数字")
        self.setAccessibleName(self.tr("走势图:{}").format(last))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(scaled(240), scaled(HIGH))

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(scaled(160), scaled(HIGH))

    # Places -------------------------------------------------------------------

    @property
    def _space(self) -> QRectF:
        margin = scaled(6)
        return QRectF(
            margin, scaled(HEAD), self.width() - 2 * margin, self.height() - scaled(HEAD) - scaled(20)
        )

    def caption_place(self) -> QRectF:
        """Where the target is named: above everything drawn, however high the line of the target lies."""
        return QRectF(self._space.left(), scaled(1), self._space.width(), scaled(HEAD) - scaled(8))

    @property
    def _highest(self) -> Decimal:
        amounts = [
            value for one in self._points for value in (one.planned, one.amount) if value is not None
        ]
        if self._target is not None:
            amounts.append(self._target)
        return max([*amounts, Decimal(0)]) or Decimal(1)

    @property
    def _lowest(self) -> Decimal:
        return min([one.amount for one in self._points if one.amount is not None] + [Decimal(0)])

    def _across(self, month: int) -> float:
        space = self._space
        return space.left() + space.width() * (month - 0.5) / 12

    def _place(self, month: int, amount: Decimal) -> QPointF:
        space, low = self._space, self._lowest
        share = float((amount - low) / (self._highest - low))
        return QPointF(self._across(month), space.bottom() - share * space.height())

    # Painting -----------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, target, plan, actual, lights, months."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(8.5, zoom=scaled(100)))
        self._paint_ground(painter)
        if not any(one.amount is not None or one.planned is not None for one in self._points):
            painter.setPen(color("secondary"))
            painter.drawText(self._space, int(Qt.AlignmentFlag.AlignCenter), self.tr("没有可画的数字"))
            return
        self._paint_target(painter)
        plan = [self._place(one.month, one.planned) for one in self._points if one.planned is not None]
        pen = QPen(color("grey"), 1.6, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawPolyline(plan)
        # A month in which nothing was said leaves a gap in the line.
        self._paint_actual(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        space = self._space
        painter.setPen(QPen(color("line")))
        painter.drawLine(space.bottomLeft(), space.bottomRight())
        painter.setPen(color("secondary"))
        width = space.width() / 12
        for month in range(1, 13):
            place = QRectF(self._across(month) - width / 2, space.bottom() + scaled(3), width, scaled(16))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignHCenter), str(month))

    def _paint_target(self, painter: QPainter) -> None:
        if self._target is None:
            return
        height = self._place(1, self._target).y()
        painter.setPen(QPen(color("border"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(self._space.left(), height), QPointF(self._space.right(), height))
        painter.setPen(color("secondary"))
        painter.drawText(
            self.caption_place(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop),
            self.tr("全年目标 {}{}   虚线:应完成").format(show(self._target), self._unit),
        )

    def _paint_actual(self, painter: QPainter) -> None:
        painter.setPen(QPen(color("accent"), 2))
        before: tuple[int, QPointF] | None = None
        for one in self._points:
            if one.amount is None:
                continue
            here = self._place(one.month, one.amount)
            if before is not None and before[0] == one.month - 1:
                painter.setPen(QPen(color("accent"), 2))
                painter.drawLine(before[1], here)
            before = (one.month, here)
        size = scaled(8)
        for one, said in zip(self._points, self._months, strict=True):
            shape = SHAPES[said.light]
            if one.amount is None or shape is None:
                continue
            middle = self._place(one.month, one.amount).toPoint()
            draw_light(painter, QRect(middle - QPoint(size // 2, size // 2), QSize(size, size)), shape)

    def event(self, event: QEvent) -> bool:
        """The month under the pointer in words."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            month = 1 + int((event.pos().x() - self._space.left()) / (self._space.width() / 12))
            words = next((one.words for one in self._points if one.month == month), "")
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return bool(super().event(event))

"""Lights of units × categories as a picture: shape and colour per cell, units written downwards."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.services.progress_lights import LightMatrix
from ui.grids.columns import Light as Shape
from ui.grids.delegate import draw_light
from ui.theme import color, scaled

SHAPES = {
    Light.GREEN: Shape.GREEN, Light.YELLOW: Shape.AMBER, Light.RED: Shape.RED,
    Light.UNREPORTED: Shape.GREY, Light.YEAR_END: Shape.GREY,
}
NAME_LENGTH = 6
"""Characters of a unit's name that stand above its column; the whole name is in the tip."""
WIDEST = 2.2
"""Of a cell's height."""
COUNTED = (Light.RED, Light.YELLOW, Light.GREEN, Light.UNREPORTED, Light.YEAR_END)


class LightPicture(QWidget):
    """Columns are units, rows categories; as many blocks below each other as the width asks for.

    chosen(unit): clicked, or Enter on the cell that the arrow keys moved to.
    """

    chosen = Signal(int)

    def __init__(self, magnify: float = 1.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._magnify = magnify
        self._matrix: LightMatrix | None = None
        self._units: tuple[tuple[RecordId, str], ...] = ()
        self._at = (0, 0)
        self._measured_for: tuple[object, ...] = ()
        self._measures = (0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def take(self, matrix: LightMatrix, units: Sequence[tuple[RecordId, str]]) -> None:
        """Show these units of a matrix."""
        self._matrix, self._units, self._at = matrix, tuple(units), (0, 0)
        self._name()
        self.updateGeometry()
        self.update()

    # Measures -------------------------------------------------------------------

    def _font(self) -> QFont:
        made = QFont(self.font())
        made.setPointSizeF(made.pointSizeF() * self._magnify)
        return made

    def _measured(self) -> tuple[int, int]:
        """Height of a line and width of the widest category; painting asks for them at each cell."""
        key = (self.font().key(), self._magnify, id(self._matrix))
        if self._measured_for != key:
            metrics = QFontMetrics(self._font())
            names = self._matrix.categories if self._matrix else ()
            widest = max((metrics.horizontalAdvance(name) for _one, name in names), default=0)
            self._measured_for, self._measures = key, (metrics.height(), widest)
        return self._measures

    def _line(self) -> int:
        return self._measured()[0]

    def _cell(self) -> int:
        return max(self._line(), round(scaled(20) * self._magnify))

    def _left(self) -> int:
        return self._measured()[1] + self._cell() // 2

    def _names_height(self) -> int:
        longest = max((min(len(name), NAME_LENGTH) for _unit, name in self._units), default=0)
        return longest * self._line() + scaled(4)

    def _in_a_row(self, width: int) -> int:
        return max((width - self._left()) // self._cell(), 1)

    def _column(self, width: int) -> int:
        """Few units have wider columns; never so wide that a row falls apart."""
        share = (width - self._left()) // max(min(len(self._units), self._in_a_row(width)), 1)
        return min(max(share, self._cell()), round(WIDEST * self._cell()))

    def _block_height(self) -> int:
        rows = len(self._matrix.categories) if self._matrix else 0
        return self._names_height() + rows * self._cell() + self._cell() // 2

    def heightForWidth(self, width: int) -> int:
        """All blocks below each other."""
        if not self._units:
            return scaled(20)
        return -(-len(self._units) // self._in_a_row(width)) * self._block_height()

    def sizeHint(self) -> QSize:
        """As the width that it has asks for."""
        width = max(self.width(), scaled(320))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """A few units beside each other."""
        return QSize(self._left() + 6 * self._cell(), self.heightForWidth(max(self.width(), scaled(320))))

    # Painting -------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names of units downwards, then a row for each category."""
        matrix = self._matrix
        if matrix is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        many = self._in_a_row(self.width())
        for start in range(0, len(self._units), many):
            self._paint_categories(painter, matrix, start // many)
            for place in range(start, min(start + many, len(self._units))):
                self._paint_unit(painter, matrix, place)

    def _paint_categories(self, painter: QPainter, matrix: LightMatrix, block: int) -> None:
        top = block * self._block_height() + self._names_height()
        painter.setPen(color("secondary"))
        for row, (_category, name) in enumerate(matrix.categories):
            painter.drawText(
                QRect(0, top + row * self._cell(), self._left(), self._cell()),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name,
            )

    def _paint_unit(self, painter: QPainter, matrix: LightMatrix, place: int) -> None:
        unit, label = self._units[place]
        first = self._rect(place, 0)
        shown = label if len(label) <= NAME_LENGTH else label[: NAME_LENGTH - 1] + "…"
        line = self._line()
        painter.setPen(color("ink"))
        top = first.top() - len(shown) * line - scaled(4)
        for number, character in enumerate(shown):
            painter.drawText(
                QRect(first.left(), top + number * line, first.width(), line),
                int(Qt.AlignmentFlag.AlignCenter), "︙" if character == "…" else character,
            )
        for row, (category, _name) in enumerate(matrix.categories):
            cell = self._rect(place, row)
            found = matrix.cells.get((unit, category))
            shape = None if found is None else SHAPES.get(found.light)
            painter.setPen(color("line"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell.adjusted(0, 0, -1, -1))
            if shape is not None:
                size = round(self._cell() * 0.55)
                middle = QPoint(cell.center().x() - size // 2 + 1, cell.center().y() - size // 2 + 1)
                draw_light(painter, QRect(middle, QSize(size, size)), shape)
            if self.hasFocus() and self._at == (place, row):
                painter.setPen(color("accent"))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(cell.adjusted(1, 1, -2, -2))

    def _rect(self, place: int, row: int) -> QRect:
        many = self._in_a_row(self.width())
        block, column = divmod(place, many)
        top = block * self._block_height() + self._names_height() + row * self._cell()
        wide = self._column(self.width())
        return QRect(self._left() + column * wide, top, wide, self._cell())

    # Asking ---------------------------------------------------------------------

    def place_at(self, point: QPoint) -> tuple[int, int] | None:
        """(unit, category) as numbers of the cell at a point."""
        if self._matrix is None:
            return None
        for place in range(len(self._units)):
            for row in range(len(self._matrix.categories)):
                if self._rect(place, row).contains(point):
                    return place, row
        return None

    def words(self, place: int, row: int) -> str:
        """「甲县 工业经济:滞后2 预警1 正常5」."""
        assert self._matrix is not None
        unit, label = self._units[place]
        category, name = self._matrix.categories[row]
        found = self._matrix.cells.get((unit, category))
        counts = "没有目标" if found is None else " ".join(
            f"{one.label}{found.counts[one]}" for one in COUNTED if found.counts.get(one)
        ) or "不承担"
        return f"{label} {name}:{counts}"

    def event(self, event: QEvent) -> bool:
        """The tip says what a cell counts."""
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            at = self.place_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if at is None else self.words(*at), self)
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the unit."""
        at = self.place_at(event.position().toPoint())
        if at is not None and event.button() is Qt.MouseButton.LeftButton:
            self._at = at
            self.chosen.emit(int(self._units[at[0]][0]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter opens."""
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        step = steps.get(Qt.Key(event.key()))
        if self._matrix is None or not self._units:
            super().keyPressEvent(event)
        elif step is not None:
            place = min(max(self._at[0] + step[0], 0), len(self._units) - 1)
            row = min(max(self._at[1] + step[1], 0), len(self._matrix.categories) - 1)
            self._at = (place, row)
            self._name()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(int(self._units[self._at[0]][0]))
        else:
            super().keyPressEvent(event)

    def _name(self) -> None:
        """What a screen reader says of the cell."""
        told = self._units and self._matrix is not None and self._matrix.categories
        self.setAccessibleName(self.words(*self._at) if told else self.tr("还没有亮灯"))

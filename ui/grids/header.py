"""Column headings in one or two rows, with sort arrow and filter mark."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from ui.grids.columns import Column
from ui.theme import color, icon, scaled


class GroupHeader(QHeaderView):
    """A horizontal header that paints itself: group band over titles where groups exist.

    A click on a title asks to sort; a click on the mark at its right end (shown under the
    pointer and while a filter is on) asks for the filter.
    """

    sort_asked = Signal(int)
    filter_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.columns: tuple[Column, ...] = ()
        self.has_groups = False
        """Whether there are two rows."""
        self.filtered: frozenset[int] = frozenset()
        self.sorted_section = -1
        self.descending = False
        self._hovered = -1
        self._pressed: tuple[int, QPoint] | None = None
        self.setMouseTracking(True)
        self.setSectionsMovable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(scaled(28))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def set_columns(self, columns: tuple[Column, ...]) -> None:
        """Take the columns whose headings are painted."""
        self.columns = columns
        self.has_groups = any(column.group for column in columns)
        self.headerDataChanged(Qt.Orientation.Horizontal, 0, max(len(columns) - 1, 0))
        self.geometriesChanged.emit()

    def sizeHint(self) -> QSize:
        """One or two rows of about twice the text.

        Qt's own would ask for the headings of 200 columns at each layout, 10 ms and more.
        """
        line = round(self.fontMetrics().height() * 1.8)
        return QSize(self.length(), line * (2 if self.has_groups else 1))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Ground, lines, group and title of one column."""
        if not rect.isValid() or section >= len(self.columns):
            return
        column = self.columns[section]
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, color("raised"))
        title = QRect(rect)
        if self.has_groups and column.group:
            title.setTop(rect.top() + rect.height() // 2)
            self._paint_group(painter, QRect(rect.topLeft(), QSize(rect.width(), rect.height() // 2)), section)
        painter.setPen(QPen(color("line")))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(title.topRight(), title.bottomRight())
        self._paint_title(painter, title, section, column)
        painter.restore()

    def _group_range(self, section: int) -> tuple[int, int]:
        """First and last section of the group a section belongs to."""
        name = self.columns[section].group
        first = last = section
        while first > 0 and self.columns[first - 1].group == name:
            first -= 1
        while last + 1 < len(self.columns) and self.columns[last + 1].group == name:
            last += 1
        return first, last

    def _paint_group(self, painter: QPainter, band: QRect, section: int) -> None:
        first, last = self._group_range(section)
        shown = [n for n in range(first, last + 1) if not self.isSectionHidden(n)]
        left = self.sectionViewportPosition(shown[0])
        right = self.sectionViewportPosition(shown[-1]) + self.sectionSize(shown[-1])
        whole = QRect(left, band.top(), right - left, band.height())
        # The name stays readable while part of its group is scrolled away.
        seen = whole.intersected(self.viewport().rect().adjusted(0, -9, 0, 9))
        painter.setPen(QPen(color("line")))
        painter.drawLine(band.bottomLeft(), band.bottomRight())
        painter.drawLine(whole.topRight(), whole.bottomRight())
        painter.setPen(color("ink"))
        painter.setFont(self._bold())
        text = self.fontMetrics().elidedText(
            self.columns[section].group, Qt.TextElideMode.ElideRight, seen.width() - scaled(8)
        )
        painter.drawText(seen, int(Qt.AlignmentFlag.AlignCenter), text)

    def _paint_title(self, painter: QPainter, rect: QRect, section: int, column: Column) -> None:
        margin = scaled(6)
        space = rect.adjusted(margin, 0, -margin, 0)
        mark = self._mark(section)
        if mark:
            size = scaled(14)
            place = QRect(rect.right() - size - scaled(3), 0, size, size)
            place.moveTop(rect.center().y() - size // 2)
            icon(mark[0], mark[1]).paint(painter, place)
            space.setRight(place.left() - 2)
        painter.setFont(self._bold())
        metrics = painter.fontMetrics()
        arrow = ("↓" if self.descending else "↑") if section == self.sorted_section else ""
        painter.setPen(color("accent") if arrow else color("secondary"))
        text = metrics.elidedText(
            column.heading + (f" {arrow}" if arrow else ""),
            Qt.TextElideMode.ElideRight, space.width(),
        )
        painter.drawText(space, int(column.alignment | Qt.AlignmentFlag.AlignVCenter), text)

    def _mark(self, section: int) -> tuple[str, str] | None:
        if section in self.filtered:
            return "funnel", "accent"
        if section == self._hovered and self.columns[section].filterable:
            return "chevron-down", "secondary"
        return None

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Bold)
        return font

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the filter mark under the pointer."""
        section = self.logicalIndexAt(event.position().toPoint())
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """No mark without a pointer."""
        self._hovered = -1
        self.viewport().update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click began, so that a drag of a border is no click."""
        place = event.position().toPoint()
        self._pressed = (self.logicalIndexAt(place), place)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a title sorts, on the mark filters."""
        pressed, self._pressed = self._pressed, None
        resizing = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        section = self.logicalIndexAt(place)
        if pressed is None or resizing or event.button() != Qt.MouseButton.LeftButton:
            return
        if section != pressed[0] or not 0 <= section < len(self.columns):
            return
        if (place - pressed[1]).manhattanLength() > scaled(8):
            return
        right = self.sectionViewportPosition(section) + self.sectionSize(section)
        column = self.columns[section]
        if column.filterable and place.x() > right - scaled(20):
            below = self.mapToGlobal(QPoint(right - self.sectionSize(section), self.height()))
            self.filter_asked.emit(section, below)
        elif column.sortable and not (column.group and place.y() < self.height() // 2):
            self.sort_asked.emit(section)

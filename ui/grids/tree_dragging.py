"""Dragging nodes of a tree: what is dragged as a small label, where it will stand as a plain line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import (
    QDrag,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from ui.theme import color, scaled

if TYPE_CHECKING:
    from ui.grids.tree_view import TreeView

Place = QAbstractItemView.DropIndicatorPosition
OPEN_AFTER_MS = 700
"""A branch that is hovered over opens, to drop into it."""


class TreeDragging:
    """The dragging part of `TreeView`."""

    def setup_dragging(self: TreeView) -> None:
        """Called once by the view after its construction."""
        self.setAutoExpandDelay(OPEN_AFTER_MS)

    def startDrag(self: TreeView, actions: Qt.DropAction) -> None:
        """Drag the selected nodes; Qt's own picture would cover the place they are dropped at."""
        keys = self.selected_ids()
        if not keys:
            return
        indexes = [self.tree.index_of(key) for key in keys]
        name = self.tree.cell(indexes[0]).text
        words = name if len(keys) == 1 else self.tr("{}等 {} 项").format(name, len(keys))
        drag = QDrag(self)
        drag.setMimeData(self.tree.mimeData(indexes))
        drag.setPixmap(self._label(words))
        drag.setHotSpot(QPoint(-scaled(14), -scaled(8)))
        drag.exec(actions, self.defaultDropAction())
        self._show_drop_line(None)

    def _label(self: TreeView, words: str) -> QPixmap:
        metrics = self.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, scaled(220))
        picture = QPixmap(metrics.horizontalAdvance(shown) + scaled(16), metrics.height() + scaled(8))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("accent")))
        painter.setBrush(color("accent_soft"))
        painter.drawRoundedRect(QRectF(picture.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(self.font())
        painter.setPen(color("ink"))
        painter.drawText(picture.rect(), int(Qt.AlignmentFlag.AlignCenter), shown)
        painter.end()
        return picture

    def dragMoveEvent(self: TreeView, event: QDragMoveEvent) -> None:
        """Remember where the nodes would stand."""
        QTreeView.dragMoveEvent(self, event)
        index = self.indexAt(event.position().toPoint())
        place = self.dropIndicatorPosition()
        if not event.isAccepted() or not index.isValid() or place == Place.OnViewport:
            self._show_drop_line(None)
        else:
            self._show_drop_line((self.visualRect(index.siblingAtColumn(0)), place))

    def dragLeaveEvent(self: TreeView, event: QDragLeaveEvent) -> None:
        """No line outside."""
        QTreeView.dragLeaveEvent(self, event)
        self._show_drop_line(None)

    def dropEvent(self: TreeView, event: QDropEvent) -> None:
        """The line goes with the drop."""
        self._show_drop_line(None)
        QTreeView.dropEvent(self, event)

    def _show_drop_line(self: TreeView, line: tuple[QRect, Place] | None) -> None:
        if line != self._drop_line:
            self._drop_line = line
            self.viewport().update()

    def paintEvent(self: TreeView, event: QPaintEvent) -> None:
        """The rows, and over them where the dragged nodes would stand."""
        QTreeView.paintEvent(self, event)
        if self._drop_line is None:
            return
        rect, place = self._drop_line
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("accent"), 2))
        if place == Place.OnItem:
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 3, 3)
            return
        y = rect.top() if place == Place.AboveItem else rect.bottom()
        radius = scaled(3)
        painter.drawEllipse(QPoint(rect.left() + radius, y), radius, radius)
        painter.drawLine(rect.left() + 2 * radius, y, self.viewport().width() - scaled(4), y)

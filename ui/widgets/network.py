"""The responsibility network on the screen: the same boxes as on paper, zoomed and walked by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from mbo_desktop.documents.network import BAR, PAD, TEXT, Box, Mark, Picture, Style
from ui.theme import color

SCALE = 4.0
"""Scene units per millimetre: near a pixel each at 100 %."""
LEAST, MOST = 0.02, 4.0
_STEP = 1.25
_FIRST = 0.7
"""A picture that would have to be smaller than this is not fitted in at first."""
_READABLE = 0.28
"""Below this zoom texts are specks: only boxes and marks are painted."""


class _BoxItem(QGraphicsItem):
    """One box; texts are painted only where they can be read."""

    def __init__(self, box: Box, place: int) -> None:
        super().__init__()
        self.box, self.place = box, place
        self.setPos(box.x * SCALE, box.y * SCALE)
        self.is_current = False
        words = "\n".join(line.text for line in box.lines)
        self.setToolTip(words)

    def boundingRect(self) -> QRectF:
        """The box with room for its frame."""
        return self.frame().adjusted(-3, -3, 3, 3)

    def frame(self) -> QRectF:
        """The box itself."""
        return QRectF(0, 0, self.box.width * SCALE, self.box.height * SCALE)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Ground, frame, bar of a blank spot, texts."""
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        blank = self.box.mark is Mark.BLANK
        frame = self.frame()
        ground = "page" if self.box.mark is Mark.HEADING else "red_soft" if blank else "surface"
        painter.fillRect(frame, color(ground))
        pen = QPen(color("red" if blank else "grey"), 2.0 if blank else 1.0)
        if self.is_current:
            pen = QPen(color("accent"), 3.0)
        # As thick however small the picture is.
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRect(frame)
        if blank:
            painter.fillRect(QRectF(0, 0, BAR * SCALE, frame.height()), color("red"))
        if zoom >= _READABLE:
            self._texts(painter)

    def _texts(self, painter: QPainter) -> None:
        left, room = (PAD + BAR) * SCALE, (self.box.width - 2 * PAD - BAR) * SCALE
        for line in self.box.lines:
            font = QFont(painter.font())
            font.setPixelSize(round(TEXT * SCALE))
            font.setBold(line.style is Style.TITLE)
            painter.setFont(font)
            painter.setPen(_INKS[line.style]())
            wide = painter.fontMetrics().horizontalAdvance(line.text)
            painter.save()
            painter.translate(left, line.y * SCALE)
            if wide > room:
                # The breaks are reckoned for paper; a wider screen font is narrowed to fit.
                painter.scale(room / wide, 1.0)
            painter.drawText(QPointF(0, 0), line.text)
            painter.restore()


def _ink(name: str) -> QColor:
    return color(name)


_INKS = {
    Style.TITLE: lambda: _ink("ink"), Style.PLAIN: lambda: _ink("ink"),
    Style.WARNING: lambda: _ink("red"), Style.MUTED: lambda: _ink("secondary"),
}


class _LinesItem(QGraphicsItem):
    """All connecting lines; those outside the view are clipped by the painter."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self._lines = picture.segments
        self._size = QRectF(0, 0, picture.width * SCALE, picture.height * SCALE)
        # Else Qt hands over the whole picture as exposed.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setZValue(-1)

    def boundingRect(self) -> QRectF:
        """The whole picture."""
        return self._size

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """The lines that cross what is shown."""
        pen = QPen(color("grey"), 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        shown = option.exposedRect  # type: ignore[attr-defined]
        for line in self._lines:
            x1, y1, x2, y2 = (value * SCALE for value in (line.x1, line.y1, line.x2, line.y2))
            if x2 >= shown.left() and x1 <= shown.right() and y2 >= shown.top() and y1 <= shown.bottom():
                painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))


class NetworkView(QGraphicsView):
    """Shows a picture; arrows walk the tree, + and - zoom, 0 fits, Enter opens the node, B the next blank."""

    opened = Signal(int)
    """Enter or a double click: the node's tree id."""
    current_changed = Signal(int)
    zoomed = Signal(int)
    """Percent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("责任网络图"))
        self.picture = Picture((), (), 0.0, 0.0)
        self._items: list[_BoxItem] = []
        self._children: list[list[int]] = []
        self._current = -1
        self._fitted = False
        """Whether the whole picture is to stay in sight."""
        self._fresh = True
        """Nobody has zoomed or walked yet."""

    # The picture --------------------------------------------------------------

    def show_picture(self, picture: Picture) -> None:
        """Draw it, the top being the current box: fitted in, or the top readable where it is too large."""
        scene = self.scene()
        scene.clear()
        self.picture = picture
        self._items = [_BoxItem(box, place) for place, box in enumerate(picture.boxes)]
        self._children = [[] for _ in self._items]
        for place, box in enumerate(picture.boxes):
            if box.parent >= 0:
                self._children[box.parent].append(place)
        scene.addItem(_LinesItem(picture))
        for item in self._items:
            scene.addItem(item)
        scene.setSceneRect(
            -10 * SCALE, -10 * SCALE, (picture.width + 20) * SCALE, (picture.height + 20) * SCALE
        )
        self._current = -1
        if self._items:
            self._set_current(0, scroll=False)
        self._begin()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The ground of the palette in use."""
        painter.fillRect(rect, color("surface"))

    @property
    def current(self) -> int:
        """Tree id of the current box; -1 when there is none."""
        return self._items[self._current].box.id if self._items else -1

    @property
    def blanks(self) -> list[int]:
        """Places of the blank spots, branch by branch from the top."""
        return [i for i, item in enumerate(self._items) if item.box.mark is Mark.BLANK]

    def next_blank(self) -> bool:
        """Go to the blank spot after the current box, from the last one to the first; False: there is none."""
        spots = self.blanks
        if not spots:
            return False
        self._set_current(next((place for place in spots if place > self._current), spots[0]))
        if self.zoom < _READABLE:
            self.set_zoom(1.0)
        return True

    # Zoom ---------------------------------------------------------------------

    def _begin(self) -> None:
        """Fit; a picture of which nothing could be read is shown at its top instead."""
        self.fit()
        if self._items and self.zoom < _FIRST:
            self.set_zoom(_FIRST)
            box = self._items[0]
            middle = box.pos().y() + box.frame().height() / 2
            across = self.viewport().width() / 2 / _FIRST - 10 * SCALE
            self.centerOn(box.pos().x() + across, middle)
        self._fresh = True

    def _settle(self) -> None:
        """The window has another size: stay fitted, or at the beginning."""
        if self._fresh:
            self._begin()
        elif self._fitted:
            self.fit()

    @property
    def zoom(self) -> float:
        """1.0 is true to paper on a usual screen."""
        return self.transform().m11()

    def set_zoom(self, zoom: float) -> None:
        """Another zoom; the current box stays in sight."""
        self._fitted = self._fresh = False
        zoom = min(max(zoom, LEAST), MOST)
        self.resetTransform()
        self.scale(zoom, zoom)
        if self._items:
            self.ensureVisible(self._items[self._current], 40, 40)
        self.zoomed.emit(round(zoom * 100))

    def zoom_in(self) -> None:
        """One step nearer."""
        self.set_zoom(self.zoom * _STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self.set_zoom(self.zoom / _STEP)

    def fit(self) -> None:
        """The whole picture, at most at its true size."""
        rect = self.sceneRect()
        if not rect.width() or not self._items:
            return
        zoom = min(
            self.viewport().width() / rect.width(), self.viewport().height() / rect.height(), 1.0
        )
        self.set_zoom(zoom)
        self.centerOn(rect.center())
        self._fitted = True

    def showEvent(self, event: QShowEvent) -> None:
        """Fit in once the size is known."""
        super().showEvent(event)
        self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted."""
        super().resizeEvent(event)
        self._settle()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom at the pointer; the wheel alone scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            step = _STEP if event.angleDelta().y() > 0 else 1 / _STEP
            zoom = min(max(self.zoom * step, LEAST), MOST)
            self._fitted = self._fresh = False
            self.scale(zoom / self.zoom, zoom / self.zoom)
            self.zoomed.emit(round(zoom * 100))
            event.accept()
            return
        super().wheelEvent(event)

    # Walking ------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, + - 0 zoom, Enter opens, B goes to the next blank spot."""
        key = event.key()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_B:
            self.next_blank()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif self._items and key in _WAYS:
            self._set_current(self._neighbour(key))
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _neighbour(self, key: int) -> int:
        place = self._current
        box = self._items[place].box
        if key == Qt.Key.Key_Left:
            return box.parent if box.parent >= 0 else place
        if key == Qt.Key.Key_Right:
            below = self._children[place]
            return below[len(below) // 2] if below else place
        if key == Qt.Key.Key_Home:
            return 0
        # Up and down go through the column, over the borders of branches.
        step = -1 if key == Qt.Key.Key_Up else 1
        column = [
            (abs(item.box.y - box.y), item.place) for item in self._items
            if item.box.depth == box.depth and (item.box.y - box.y) * step > 0
        ]
        return min(column)[1] if column else place

    def _set_current(self, place: int, *, scroll: bool = True) -> None:
        if self._current >= 0:
            self._items[self._current].is_current = False
            self._items[self._current].update()
        self._current = place
        item = self._items[place]
        item.is_current = True
        item.update()
        if scroll:
            self._fresh = False
            self.ensureVisible(item, 40, 40)
        self.current_changed.emit(item.box.id)

    def _open(self) -> None:
        if self._items and self.current > 0:
            self.opened.emit(self.current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click makes the box the current one."""
        item = self.itemAt(event.position().toPoint())
        if isinstance(item, _BoxItem):
            self._set_current(item.place, scroll=False)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the node."""
        if isinstance(self.itemAt(event.position().toPoint()), _BoxItem):
            self._open()
        super().mouseDoubleClickEvent(event)


_WAYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home)

"""Paints cells and opens their editors, for tables and trees alike."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontInfo, QKeyEvent, QPainter, QPalette, QPolygon
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from shiboken6 import isValid

from ui.grids.columns import Cell, Column, Kind, Light, Tone
from ui.grids.editors import (
    ChoiceEditor,
    Editor,
    LongEditor,
    caret_to_end,
    editor_of,
    make_editor,
    set_text,
    write_back,
)
from ui.later import later
from ui.theme import color, icon, scaled

Index = QModelIndex | QPersistentModelIndex
HintOf = QAbstractItemDelegate.EndEditHint

_TONES = {
    Tone.PLAIN: "ink", Tone.MUTED: "secondary", Tone.ACCENT: "accent",
    Tone.RED: "red", Tone.AMBER: "amber", Tone.GREEN: "green",
}
_SHAPES = {
    Light.GREEN: "green_shape", Light.AMBER: "amber_shape", Light.RED: "red_shape", Light.GREY: "grey",
}


class CellModel(Protocol):
    """What the delegate needs of a model."""

    columns: tuple[Column, ...]

    def cell(self, index: Index) -> Cell:
        """The cell of an index."""
        ...

    def row_style(self, index: Index) -> tuple[bool, bool, Tone]:
        """(bold, band, tone) of the index's row."""
        ...


def draw_light(painter: QPainter, rect: QRect, light: Light) -> None:
    """A light's shape: ● green, ▲ amber, ■ red, ○ grey; told apart without colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = color(_SHAPES[light])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shape)
    if light is Light.GREEN:
        painter.drawEllipse(rect)
    elif light is Light.RED:
        painter.drawRect(rect)
    elif light is Light.AMBER:
        middle = rect.center().x()
        painter.drawPolygon(QPolygon([
            QPoint(middle, rect.top()), rect.bottomRight(), rect.bottomLeft(),
        ]))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = painter.pen()
        pen.setStyle(Qt.PenStyle.SolidLine)
        pen.setColor(shape)
        pen.setWidthF(1.5)
        painter.setPen(pen)
        painter.drawEllipse(rect)
    painter.restore()


class CellDelegate(QStyledItemDelegate):
    """One `cell()` look-up per painted cell; editors with Excel's keys."""

    finished = Signal(str)
    """An editor was closed by a key: "down", "up", "left", "right", "next", "previous" or "stay"."""
    opened = Signal(object)
    """The editor that was just made, for views that follow each key."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.opened_by_typing = True
        self._latest: Editor | None = None

    # Painting -----------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, light or icon, text, corner of a problem, outline of the current cell."""
        model: CellModel = index.model()  # type: ignore[assignment]
        cell = model.cell(index)
        column = model.columns[index.column()]
        bold, band, tone = model.row_style(index)
        rect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if cell.problem:
            painter.fillRect(rect, color("red_soft"))
        elif selected:
            painter.fillRect(rect, color("accent_soft"))
        elif band:
            painter.fillRect(rect, color("raised"))
        margin = scaled(6)
        space = rect.adjusted(margin, 0, -margin, 0)
        if column.kind is Kind.CHECK:
            self._paint_check(painter, space, cell)
        else:
            space = self._paint_mark(painter, space, cell)
            self._paint_text(painter, option, space, cell, column, bold or band, tone)
        if cell.problem:
            size = scaled(7)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("red"))
            painter.drawPolygon(QPolygon([
                rect.topRight(), rect.topRight() - QPoint(size, 0),
                rect.topRight() + QPoint(0, size),
            ]))
        if index == self._view.currentIndex():
            self._paint_outline(painter, rect)

    def _paint_outline(self, painter: QPainter, rect: QRect) -> None:
        focused = self._view.hasFocus() or self._view.focusProxy() is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = painter.pen()
        pen.setStyle(Qt.PenStyle.SolidLine)
        pen.setColor(color("accent") if focused else color("border"))
        pen.setWidth(2)
        painter.setPen(pen)
        painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _paint_check(self, painter: QPainter, space: QRect, cell: Cell) -> None:
        size = scaled(16)
        place = QRect(0, 0, size, size)
        place.moveCenter(space.center())
        if cell.value:
            icon("check", "accent").paint(painter, place)
        elif cell.editable:
            # A cell said to be for ticking shows where; columns of facts stay quiet.
            painter.setPen(color("border"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(1, 1, -2, -2), 2, 2)

    def _paint_mark(self, painter: QPainter, space: QRect, cell: Cell) -> QRect:
        if cell.light is not None:
            size = scaled(9)
            place = QRect(space.left(), space.center().y() - size // 2, size, size)
            draw_light(painter, place, cell.light)
            return space.adjusted(size + scaled(5), 0, 0, 0)
        if cell.icon:
            size = scaled(16)
            place = QRect(space.left(), space.center().y() - size // 2, size, size)
            icon(cell.icon).paint(painter, place)
            return space.adjusted(size + scaled(5), 0, 0, 0)
        return space

    def _paint_text(
        self, painter: QPainter, option: QStyleOptionViewItem, space: QRect, cell: Cell,
        column: Column, bold: bool, tone: Tone,
    ) -> None:
        text = cell.text
        if not text:
            return
        font = option.font
        if bold or cell.bold:
            font = QFont(font)
            font.setBold(True)
        painter.setFont(font)
        name = "red" if cell.problem else _TONES[cell.tone or tone]
        painter.setPen(QColor(color(name)))
        if "\n" in text:
            text = text.replace("\n", " ")
        metrics = painter.fontMetrics()
        if len(text) > 200:
            text = text[:200] + "…"
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, space.width())
        alignment = Qt.AlignmentFlag.AlignLeft if cell.light is not None else column.alignment
        painter.drawText(
            space,
            int(alignment | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
            shown,
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Height of 1.9 times the text; the text's own width."""
        model: CellModel = index.model()  # type: ignore[assignment]
        text = model.cell(index).text[:80].replace("\n", " ")
        height = row_height(self._view)
        return QSize(option.fontMetrics.horizontalAdvance(text) + scaled(20), height)

    # Editing ------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The editor that fits the column."""
        model: CellModel = index.model()  # type: ignore[assignment]
        editor = make_editor(parent, model.columns[index.column()])
        editor.typed_over = self.opened_by_typing
        palette = editor.palette()
        palette.setColor(QPalette.ColorRole.Base, color("surface"))
        editor.setPalette(palette)
        editor.setAutoFillBackground(True)
        if isinstance(editor, ChoiceEditor):
            editor.led_on.connect(self._on_key)
        self._latest = editor
        self.opened.emit(editor)
        return editor

    def place_caret(self) -> None:
        """After F2 the caret stands behind the text; Qt itself has selected everything."""
        if not self.opened_by_typing and self._latest is not None and isValid(self._latest):
            caret_to_end(self._latest)

    def show_choices(self) -> None:
        """After a double click the list of a choice lies open, since nothing is being typed."""
        editor = self._latest
        if isinstance(editor, ChoiceEditor) and isValid(editor):
            later(editor, lambda: editor.show_options(""))

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill the editor; typing replaces all of it, F2 puts the caret at the end."""
        found = editor_of(editor)
        if found is not None and not getattr(found, "filled", False):
            # A refresh of the row while typing must not throw away what is being typed.
            found.filled = True  # type: ignore[union-attr]
            text = index.data(Qt.ItemDataRole.EditRole) or ""
            set_text(found, text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand on what was typed, if it differs."""
        found = editor_of(editor)
        if found is not None:
            write_back(found, model, QModelIndex(index))

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """The cell itself; editors of several lines grow below it."""
        rect = QRect(option.rect)
        if isinstance(editor, LongEditor):
            hint = editor.sizeHint()
            room = self._view.viewport().rect()
            rect.setWidth(max(rect.width(), scaled(hint.width())))
            rect.setHeight(max(rect.height(), hint.height()))
            rect.moveRight(min(rect.right(), max(room.right(), rect.width())))
            rect.moveBottom(min(rect.bottom(), max(room.bottom(), rect.height())))
        editor.setGeometry(rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter down, Tab right, Esc restores; keys of a composition belong to it."""
        editor = editor_of(watched)
        if editor is None or event.type() != QEvent.Type.KeyPress:
            return bool(super().eventFilter(watched, event))
        return self._on_key(editor, QKeyEvent(event))

    def _on_key(self, editor: Editor, event: QKeyEvent) -> bool:
        """End the editing where the key means that; False for the editor's own keys."""
        direction = self._direction(editor, event)
        if direction is None:
            return False
        if direction == "":
            return True
        if direction == "cancel":
            self.closeEditor.emit(editor, HintOf.RevertModelCache)
            return True
        if hasattr(editor, "take_highlighted"):
            editor.take_highlighted()
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, HintOf.NoHint)
        self.finished.emit(direction)
        return True

    def _direction(self, editor: Editor, event: QKeyEvent) -> str | None:
        """Where a key leads: None the editor's own key, "" swallowed."""
        key = event.key()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if editor.composing:
                return ""
            if alt and isinstance(editor, LongEditor):
                return None
            return "up" if shift else "down"
        if key == Qt.Key.Key_Escape:
            return "" if editor.composing else "cancel"
        if key == Qt.Key.Key_Tab:
            return "" if editor.composing else "next"
        if key == Qt.Key.Key_Backtab:
            return "" if editor.composing else "previous"
        arrows = {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down",
                  Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right"}
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier,
        )
        free = editor.typed_over and not editor.composing and plain
        if key in arrows and free and not hasattr(editor, "take_highlighted"):
            # Typed over, as in Excel: arrows finish; opened by F2 they move the caret.
            return arrows[key]
        return None


def row_height(view: QWidget) -> int:
    """About twice the text, whatever line spacing the font brings."""
    return max(round(QFontInfo(view.font()).pixelSize() * 2.05), view.fontMetrics().height() + 4)

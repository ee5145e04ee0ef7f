"""The editors of cells: one line, several lines, a choice with search."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ui.grids.columns import Column, Kind
from ui.widgets.picker import PickerEdit


class LineEditor(QLineEdit):
    """A one-line cell editor that knows whether a composition is going on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.composing = False
        self.typed_over = True

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether the input method still composes."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)


LEADING_ON = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class ChoiceEditor(PickerEdit):
    """A cell editor that offers a column's options."""

    led_on = Signal(object, object)
    """This editor, and the key (`QKeyEvent`) that ends the editing and came from the open list."""

    def __init__(self, parent: QWidget, column: Column) -> None:
        super().__init__(column.lookup or _nothing, parent)
        self.typed_over = True

    def event(self, event: QEvent) -> bool:
        """The open list hands its keys over past every event filter, the delegate's too."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress \
                and event.key() in LEADING_ON and self._completer.popup().isVisible():
            event.accept()
            self.led_on.emit(self, event)
            return True
        return bool(super().event(event))


class LongEditor(QPlainTextEdit):
    """An editor of several lines; Alt+Enter breaks the line, Enter is done."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.composing = False
        self.typed_over = True
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether the input method still composes."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Enter puts a line break in."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.insertPlainText("\n")
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Room for five lines."""
        return QSize(360, self.fontMetrics().lineSpacing() * 5 + 12)


Editor = LineEditor | LongEditor | ChoiceEditor


def make_editor(parent: QWidget, column: Column) -> Editor:
    """The editor that fits a column."""
    if column.kind is Kind.CHOICE and column.lookup is not None:
        return ChoiceEditor(parent, column)
    if column.multiline:
        return LongEditor(parent)
    editor = LineEditor(parent)
    editor.setAlignment(column.alignment | Qt.AlignmentFlag.AlignVCenter)
    return editor


def set_text(editor: Editor, text: str) -> None:
    """Fill an editor and select all, so that the next key replaces it."""
    if isinstance(editor, LongEditor):
        editor.setPlainText(text)
    else:
        editor.setText(text)
    editor.selectAll()


def caret_to_end(editor: Editor) -> None:
    """Put the caret behind the text, nothing selected."""
    if isinstance(editor, LongEditor):
        editor.moveCursor(QTextCursor.MoveOperation.End)
    else:
        editor.deselect()
        editor.end(False)


def text_of(editor: Editor) -> str:
    """What stands in an editor."""
    return editor.toPlainText() if isinstance(editor, LongEditor) else editor.text()


def _nothing(_typed: str) -> list[object]:
    return []


def editor_of(watched: QObject) -> Editor | None:
    """The editor if this object is one."""
    return watched if isinstance(watched, LineEditor | LongEditor | ChoiceEditor) else None


def write_back(editor: Editor, model: QAbstractItemModel, index: QModelIndex) -> None:
    """Hand the typed text to the model, unless nothing was changed; what a full disk refused is tried again."""
    text = text_of(editor)
    is_unsaved = getattr(model, "is_unsaved", None)
    if text != model.data(index, Qt.ItemDataRole.EditRole) or (is_unsaved is not None and is_unsaved(index)):
        model.setData(index, text, Qt.ItemDataRole.EditRole)

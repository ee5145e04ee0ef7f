"""The draft of a cell that is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
from PySide6.QtWidgets import QAbstractItemDelegate, QWidget
from shiboken6 import isValid

from ui.grids.cell_records import known_names
from ui.grids.editors import ChoiceEditor, LineEditor, LongEditor, editor_of, set_text, text_of
from ui.grids.sheet import SheetView
from ui.later import later

if TYPE_CHECKING:
    from ui.drafts import DraftWatch


def cell_editor(widget: QWidget) -> QWidget | None:
    """The editor of a cell that this is or stands in."""
    found: QWidget | None = widget
    while found is not None:
        if editor_of(found) is not None:
            return found
        found = found.parentWidget()
    return None


class CellDraft(QObject):
    """Follows one editor from its opening to what became of its text."""

    def __init__(self, watch: DraftWatch, editor: QWidget) -> None:
        super().__init__(editor)
        self.widget = editor
        self._watch = watch
        self.key = ""
        self._view: Any = _view_of(editor)
        if self._view is None:
            return
        index = self._view.currentIndex()
        model = self._view.model()
        if not index.isValid() or model is None:
            return
        self._index = QPersistentModelIndex(index)
        column = model.columns[index.column()]
        names = [name for name in known_names(self._view) if not name.startswith(("QtWidgets", "main_window"))]
        row = int(self._view.current_id())
        year = getattr(getattr(self._view.window(), "workspace", None), "year", 0)
        self.key = f"cell|{year}|{'|'.join(names[:3])}|{row}|{column.key}"
        self._name = column.heading
        self._before = text_of(self._editor)
        # Of a row's own name the present one tells where it was typed.
        row_name = _row_name(model, index) or str(model.data(index) or "")
        self._title = " · ".join(part for part in (row_name, column.heading) if part)
        self._text = self._before
        self._editor.textChanged.connect(self._on_typed)
        # Not of this object: the editor takes it along.
        editor.destroyed.connect(watch.ending(_Ended(watch, self.key, self._view, self._index)).later)

    @property
    def _editor(self) -> LineEditor | LongEditor | ChoiceEditor:
        editor = editor_of(self.widget)
        assert editor is not None
        return editor

    def entered(self) -> None:
        """Put in what was left unfinished here; typing over the cell begins anew."""
        kept = self._watch.kept.get(self.key)
        if kept is None or getattr(self._editor, "typed_over", True) or text_of(self._editor) != self._before:
            return
        text = kept.texts[0][2]
        if text != self._before:
            set_text(self._editor, text)
            self._view.tell(self._view.currentIndex(), self.tr("上次未完成的录入已保留,已填入;按 Esc 放弃。"))

    def _on_typed(self, _text: object = None) -> None:
        self._text = text_of(self._editor)
        self._watch.touched(self)

    def draft(self) -> tuple[str, tuple[tuple[str, str, str], ...]] | None:
        """What stands in the editor, when it differs from the cell."""
        if self._text == self._before:
            return None
        return self._title, (("text", self._name, self._text),)

    def release(self) -> None:
        """The folder is closed, or somebody else goes on."""
        self._editor.textChanged.disconnect(self._on_typed)

    @staticmethod
    def commit_open(editor: QWidget) -> None:
        """Hand on what stands in an open editor, and close it."""
        view: Any = _view_of(editor)
        if view is None or not isValid(view):
            return
        view.commitData(editor)
        view.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)


class _Ended:
    """What is looked at once an editor is gone: is its text in the cell, or marked as unreadable there?"""

    def __init__(self, watch: DraftWatch, key: str, view: Any, index: QPersistentModelIndex) -> None:
        self.key = key
        self._watch, self._view, self._index = watch, view, index
        self._is_over = False

    def release(self) -> None:
        """What becomes of the cell does not touch the draft any more."""
        self._is_over = True

    def later(self, _gone: object = None) -> None:
        """A turn later, when the write has been tried."""
        if isValid(self._watch):
            later(self._watch, self.look)

    def look(self) -> None:
        """Keep the draft of a cell whose text could not be read, drop any other."""
        if not isValid(self._watch):
            return
        self._watch.ended(self)
        if self._is_over:
            return
        if isValid(self._view) and self._index.isValid():
            cell = self._view.model().cell(self._index)
            if cell.problem:
                self._watch.write()
                return
        self._watch.committed(self)  # type: ignore[arg-type]


_NAMING = ("name", "title", "indicator", "unit", "text")
"""Columns that tell what a row is."""


def _row_name(model: Any, index: QModelIndex) -> str:
    keys = [column.key for column in model.columns]
    section = next((keys.index(key) for key in _NAMING if key in keys), 0)
    return "" if section == index.column() else str(model.data(index.siblingAtColumn(section)) or "")


def _view_of(editor: QWidget) -> Any:
    """The table or tree; the frozen part stands for the whole."""
    host = editor.parentWidget()
    while host is not None:
        if isinstance(host, SheetView):
            return host
        host = host.parentWidget()
    return None

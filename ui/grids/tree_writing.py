"""Typed cells and dragged nodes on their way into a tree's source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QModelIndex, Qt

from mbo_desktop.errors import InputError, ProgramError, StorageError
from ui.grids.columns import Edit, Kind
from ui.grids.reading import read_cell
from ui.grids.writing import Outcome

if TYPE_CHECKING:
    from ui.grids.tree_model import Index, TreeModel

MIME = "application/x-mbo-nodes"


class TreeWriting:
    """The writing half of `TreeModel`."""

    def setData(self: TreeModel, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Read what was typed and save it."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        label = self.tr("修改{}").format(self.columns[index.column()].title)
        return self.write_texts([(self.key(index), index.column(), str(value))], label).written == 1

    def toggle(self: TreeModel, index: Index) -> bool:
        """Tick or untick a CHECK cell."""
        if not index.isValid() or self.columns[index.column()].kind is not Kind.CHECK:
            return False
        return self.is_editable(index) and self.setData(index, "否" if self.cell(index).value else "是")

    def is_unsaved(self: TreeModel, index: Index) -> bool:
        """Whether a cell holds what the disk did not take."""
        return (self.key(index), self.columns[index.column()].key) in self._unsaved

    def write_texts(self: TreeModel, cells: Sequence[tuple[int, int, str]], label: str) -> Outcome:
        """Read and save (record, column, typed text) as one step."""
        edits: list[Edit] = []
        kept: dict[tuple[int, str], tuple[str, str]] = {}
        read_only = 0
        for key, section, text in cells:
            column = self.columns[section]
            if not self.is_editable(self.index_of(key, section)):
                read_only += 1
                continue
            try:
                edits.append(Edit(key, column.key, text, read_cell(column, text)))
            except InputError as error:
                kept[key, column.key] = (text, f"{error.what}{error.todo}")
        try:
            refused = self.source.write(edits, label) if edits else None
        except ProgramError as error:
            if isinstance(error, StorageError):
                # What was typed is not lost with a full disk: it stays in its cells, marked.
                self._kept.update({(one.row, one.key): (one.text, f"{error.what}{error.todo}") for one in edits})
                self._unsaved.update((one.row, one.key) for one in edits)
                self.refresh({one.row for one in edits})
            self.failed.emit(error)
            return Outcome(unreadable=len(kept), read_only=read_only)
        texts = {(edit.row, edit.key): edit.text for edit in edits}
        kept.update({place: (texts.get(place, ""), why) for place, why in (refused or {}).items()})
        for edit in edits:
            self._kept.pop((edit.row, edit.key), None)
            self._unsaved.discard((edit.row, edit.key))
        self._kept.update(kept)
        self.refresh({edit.row for edit in edits} | {row for row, _ in kept})
        for key, name in kept:
            section = next(n for n, c in enumerate(self.columns) if c.key == name)
            self.marked.emit(self.index_of(key, section))
        outcome = Outcome(
            sum((e.row, e.key) not in kept for e in edits), len(kept), read_only
        )
        self.wrote.emit(outcome)
        return outcome

    # Drag and drop ------------------------------------------------------------

    def supportedDropActions(self) -> Qt.DropAction:
        """Nodes are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Only nodes of a tree are taken."""
        return [MIME]

    def mimeData(self: TreeModel, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The dragged records."""
        keys = dict.fromkeys(str(self.key(index)) for index in indexes)
        mime = QMimeData()
        mime.setData(MIME, " ".join(keys).encode())
        return mime

    def canDropMimeData(
        self: TreeModel, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Never onto itself or something below it."""
        if not data.hasFormat(MIME) or self.read_only or not self.movable:
            return False
        above = set(self.path(self.key(parent)))
        return not any(key in above for key in _keys(data))

    def dropMimeData(
        self: TreeModel, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Announce the move; the change comes back from the store."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        key = self.key(parent)
        siblings = self.loaded_children(key)
        before = siblings[row] if 0 <= row < len(siblings) else None
        self.dropped.emit(_keys(data), key, before)
        # False: the view must not remove the dragged rows itself.
        return False


def _keys(data: QMimeData) -> list[int]:
    return [int(part) for part in bytes(data.data(MIME).data()).split()]

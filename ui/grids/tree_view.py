"""The tree to work in: cells as in the table, structure by keys and by dragging."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeView, QWidget

from ui.grids.clipboard import from_mime
from ui.grids.header import GroupHeader
from ui.grids.sheet import SheetView
from ui.grids.tree_dragging import TreeDragging
from ui.grids.tree_model import TreeModel
from ui.grids.tree_opening import TreeOpening
from ui.grids.tree_structure import TreeStructure
from ui.later import later
from ui.theme import scaled, unscaled

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


class TreeView(TreeOpening, TreeDragging, TreeStructure, SheetView, QTreeView):
    """A tree over a `TreeModel`.

    Alt+→/← demote and promote, Alt+↑/↓ move, Insert new sibling, Ctrl+Enter new child, F2
    rename, Delete on the title removes the node after a question; elsewhere it clears values.
    """

    complained = Signal(object)
    current_row_changed = Signal(object)
    opened = Signal(object)
    find_asked = Signal()
    """Ctrl+F."""

    _zoom = 0
    """Pixels of 100 at the zoom the columns were made for; 0 while this is being built."""

    def __init__(self, model: TreeModel, parent: QWidget | None = None) -> None:
        QTreeView.__init__(self, parent)
        self.tree = model
        self._zoom = scaled(100)
        self.open_keys: set[int] = set()
        self._to_open: list[int] = []
        self._rows_to_open = 0
        self._is_opening = self._opening_found = self._slice_is_due = False
        self._drop_line = None
        self.ask: Callable[[str], bool] = self._ask_in_dialog
        """Asks before a removal; tests replace it."""
        self.header_row = GroupHeader(self)
        self.setHeader(self.header_row)
        self.setup_sheet()
        self.setModel(model)
        self.header_row.set_columns(model.columns)
        self.header_row.setStretchLastSection(False)
        for section, column in enumerate(model.columns):
            self.setColumnWidth(section, scaled(column.width))
            self.setColumnHidden(section, column.hidden)
        self.setUniformRowHeights(True)
        self.setIndentation(scaled(18))
        self.setExpandsOnDoubleClick(False)
        self.setAllColumnsShowFocus(False)
        self.setup_dragging()
        self.setDragEnabled(model.movable)
        self.setAcceptDrops(model.movable)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(
            QAbstractItemView.DragDropMode.InternalMove if model.movable
            else QAbstractItemView.DragDropMode.NoDragDrop
        )
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)
        model.failed.connect(self._on_failed)
        model.dropped.connect(self.move_nodes)
        model.marked.connect(self._on_marked)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        model.modelReset.connect(self._on_reset)
        model.rowsInserted.connect(self._on_rows_inserted)
        model.aged.connect(self.viewport().update)
        model.branched.connect(self._on_branched)

    # Neighbours ---------------------------------------------------------------

    def sections(self) -> list[int]:
        """Visible columns in visible order."""
        return [n for n in range(len(self.tree.columns)) if not self.isColumnHidden(n)]

    def vertical(self, index: QModelIndex, step: int) -> QModelIndex:
        """The row shown below or above, in the same column."""
        first = index.siblingAtColumn(0)
        found = self.indexBelow(first) if step > 0 else self.indexAbove(first)
        return found.siblingAtColumn(index.column()) if found.isValid() else found

    # Changes ------------------------------------------------------------------

    def _on_branched(self) -> None:
        # A turn later: it may have been noticed while painting.
        later(self, self.doItemsLayout)

    # Current record -----------------------------------------------------------

    def current_id(self) -> int:
        """The current record, 0 without one."""
        return self.tree.key(self.currentIndex())

    def selected_ids(self) -> list[int]:
        """Records with a selected cell, in the order shown; none stands below another of them."""
        keys = list(dict.fromkeys(self.tree.key(i) for i in self.selected_cells()))
        chosen = set(keys)
        return [k for k in keys if not chosen.intersection(self.tree.path(k)[:-1])]

    def show_record(self, chain: Sequence[int], section: int = 0) -> bool:
        """Open the way down a chain of records and make the last one current."""
        index = self.tree.load_to(chain)
        if not index.isValid() or self.tree.key(index) != (chain[-1] if chain else 0):
            return False
        self.select_cell(index.siblingAtColumn(section))
        return True

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell the page when another record is current."""
        super().currentChanged(current, previous)
        key = self.tree.key(current)
        if key != self.tree.key(previous):
            self.current_row_changed.emit(key)

    def _on_marked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.tell(index, self.tree.cell(index).problem)

    # Keys ---------------------------------------------------------------------

    def structure_actions(self) -> list[tuple[str, str, Callable[[], None]]]:
        """Label, key and deed of what can be done to nodes; for the context menu and menus."""
        if not self.tree.movable or self.tree.read_only:
            return []
        return [
            (self.tr("新增同级"), "Insert", self.add_sibling),
            (self.tr("新增下级"), "Ctrl+Enter", self.add_child),
            (self.tr("改名"), "F2", self.rename),
            (self.tr("升级"), "Alt+←", self.promote),
            (self.tr("降级"), "Alt+→", self.demote),
            (self.tr("上移"), "Alt+↑", self.move_up),
            (self.tr("下移"), "Alt+↓", self.move_down),
            (self.tr("删除"), "Delete", self.remove_selected),
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Structure first, then the sheet's keys."""
        if event.key() == Qt.Key.Key_F and event.modifiers() == CTRL:
            self.find_asked.emit()
            return
        if self.tree.movable and not self.tree.read_only:
            deed = self._structure_key(event)
            if deed is not None:
                deed()
                event.accept()
                return
        index = self.currentIndex()
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == NONE
        if plain and index.isValid() and index.column() == 0 and self._branch_key(event, index):
            return
        if plain and index.isValid() and event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            # As in a spreadsheet along the row; with Ctrl Qt goes to the first and last row.
            self.select_cell(index.siblingAtColumn(self.sections()[0 if event.key() == Qt.Key.Key_Home else -1]))
            event.accept()
            return
        super().keyPressEvent(event)

    def _structure_key(self, event: QKeyEvent) -> Callable[[], None] | None:
        key = event.key()
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if modifiers == CTRL and enter:
            return self.add_child
        if modifiers == NONE and key == Qt.Key.Key_Insert:
            return self.add_sibling
        if modifiers == NONE and key == Qt.Key.Key_Delete and self._on_title():
            return self.remove_selected
        if modifiers == ALT:
            return {
                Qt.Key.Key_Right: self.demote, Qt.Key.Key_Left: self.promote,
                Qt.Key.Key_Up: self.move_up, Qt.Key.Key_Down: self.move_down,
            }.get(Qt.Key(key))
        return None

    def _on_title(self) -> bool:
        """Whether Delete means the node: the title is current, or whole rows are selected."""
        index = self.currentIndex()
        if index.column() == 0:
            return True
        return self.selectionModel().isRowSelected(index.row(), index.parent())

    def _branch_key(self, event: QKeyEvent, index: QModelIndex) -> bool:
        """On a title → opens and ← closes a branch before they move on."""
        if event.key() == Qt.Key.Key_Right and self.tree.hasChildren(index) and not self.isExpanded(index):
            self.expand(index)
            return True
        if event.key() == Qt.Key.Key_Left:
            if self.isExpanded(index):
                self.collapse(index)
                return True
            if index.parent().isValid():
                self.select_cell(index.parent())
                return True
        return False

    def _on_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for label, key, deed in self.structure_actions():
            menu.addAction(f"{label}\t{key}").triggered.connect(deed)
        menu.addSeparator()
        copy = menu.addAction(self.tr("复制"))
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.triggered.connect(self.copy)
        menu.exec(self.viewport().mapToGlobal(place))

    # Blocks -------------------------------------------------------------------

    def _rows_selected(self) -> list[QModelIndex]:
        """First column of each selected row, from top to bottom."""
        firsts = {self.tree.key(i): i.siblingAtColumn(0) for i in self.selected_cells()}
        return sorted(firsts.values(), key=lambda index: self.visualRect(index).top())

    def selected_block(self) -> list[list[str]]:
        """Texts of the selected cells by row."""
        cells = self.selected_cells()
        used = {i.column() for i in cells}
        sections = [s for s in self.sections() if s in used]
        chosen = {(self.tree.key(i), i.column()) for i in cells}
        return [
            [self.tree.cell(first.siblingAtColumn(s)).text if (self.tree.key(first), s) in chosen else ""
             for s in sections]
            for first in self._rows_selected()
        ]

    def paste(self) -> None:
        """Write a block into the rows shown from the current cell on; what is beyond is said."""
        block = from_mime(QGuiApplication.clipboard().mimeData())
        index = self.currentIndex()
        if not block or not index.isValid():
            return
        sections = self.sections()
        targets = sections[sections.index(index.column()):]
        cells: list[tuple[int, int, str]] = []
        beyond = 0
        for texts in block:
            if not index.isValid():
                beyond += len(texts)
                continue
            beyond += max(0, len(texts) - len(targets))
            cells += [(self.tree.key(index), s, t) for s, t in zip(targets, texts, strict=False)]
            index = self.vertical(index, 1)
        outcome = self.tree.write_texts(cells, self.tr("粘贴 {} 格").format(len(cells)))
        if beyond:
            self.tree.wrote.emit(type(outcome)(
                outcome.written, outcome.unreadable, outcome.read_only, beyond
            ))

    def fill_down(self) -> None:
        """Write the top selected cell of each column into those below."""
        rows = self._rows_selected()
        if len(rows) < 2:
            return
        used = sorted({i.column() for i in self.selected_cells()})
        edits = [
            (self.tree.key(row), s, rows[0].siblingAtColumn(s).data(Qt.ItemDataRole.EditRole) or "")
            for s in used for row in rows[1:]
        ]
        self.tree.write_texts(edits, self.tr("向下填充 {} 格").format(len(edits)))

    def clear_selection(self) -> None:
        """Empty the selected value cells; titles are not cleared."""
        cells = [
            (self.tree.key(i), i.column(), "") for i in self.selected_cells()
            if i.column() > 0 and self.tree.cell(i).text
        ]
        if cells:
            self.tree.write_texts(cells, self.tr("清除 {} 格").format(len(cells)))

    def changeEvent(self, event: QEvent) -> None:
        """Another zoom: columns and indentation grow with the text."""
        super().changeEvent(event)
        zoom = scaled(100)
        if event.type() == QEvent.Type.FontChange and self._zoom not in (0, zoom):
            for section in range(len(self.tree.columns)):
                if not self.isColumnHidden(section):
                    self.setColumnWidth(section, round(self.columnWidth(section) * zoom / self._zoom))
            self._zoom = zoom
            self.setIndentation(scaled(18))

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Widths and open branches."""
        widths = {c.key: unscaled(self.columnWidth(n)) for n, c in enumerate(self.tree.columns)}
        return {"widths": widths, "open": sorted(self.open_keys)[:500]}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up widths and open branches."""
        widths = state.get("widths", {})
        for section, column in enumerate(self.tree.columns):
            if isinstance(widths.get(column.key), int):
                self.setColumnWidth(section, scaled(widths[column.key]))
        self.open_keys.update(k for k in state.get("open", ()) if isinstance(k, int))

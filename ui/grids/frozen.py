"""The first columns that stay while the rest scrolls: a second view over the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from ui.grids.delegate import CellDelegate
from ui.grids.header import GroupHeader

if TYPE_CHECKING:
    from ui.grids.view import GridView

Trigger = QAbstractItemView.EditTrigger


class FrozenColumns(QTableView):
    """Lies over the left edge of a GridView; shares its model and selection, never has focus."""

    def __init__(self, table: GridView) -> None:
        super().__init__(table)
        self.table = table
        self.setObjectName("frozen")
        self.setModel(table.grid)
        self.setSelectionModel(table.selectionModel())
        self.header = GroupHeader(self)
        self.setHorizontalHeader(self.header)
        self.header.set_columns(table.grid.columns)
        self.header.sort_asked.connect(table.sort_by)
        self.header.filter_asked.connect(table.open_filter)
        self.header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._delegate = CellDelegate(table)
        self._delegate.setParent(self)
        self._delegate.finished.connect(table._on_editor_finished)  # noqa: SLF001 - one widget in two
        self.setItemDelegate(self._delegate)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        for bar in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(table.verticalScrollMode())
        self.setSelectionMode(table.selectionMode())
        self.setEditTriggers(Trigger.DoubleClicked)
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(table.verticalScrollBar().setValue)
        table.horizontalHeader().sectionResized.connect(self._on_section_resized)
        self.hide()

    def holds(self, section: int) -> bool:
        """Whether a column stands here."""
        columns = self.table.grid.columns
        return 0 <= section < len(columns) and columns[section].frozen

    def width_used(self) -> int:
        """Pixels covered of the table; 0 without frozen columns."""
        return 0 if self.isHidden() else self.width()

    def arrange(self) -> None:
        """Take over widths, visibility and row height."""
        self.verticalHeader().setMinimumSectionSize(8)
        self.verticalHeader().setDefaultSectionSize(self.table.verticalHeader().defaultSectionSize())
        for section in range(len(self.table.grid.columns)):
            hidden = not self.holds(section) or self.table.isColumnHidden(section)
            if hidden != self.isColumnHidden(section):
                self.setColumnHidden(section, hidden)
            if not hidden:
                self.setColumnWidth(section, self.table.columnWidth(section))
        self.place()

    def place(self) -> None:
        """Cover exactly the frozen columns of the table."""
        columns = enumerate(self.table.grid.columns)
        shown = [s for s, c in columns if c.frozen and not self.table.isColumnHidden(s)]
        self.setVisible(bool(shown))
        if not shown:
            return
        frame = self.table.frameWidth()
        head = self.table.horizontalHeader().height()
        width = sum(self.table.columnWidth(section) for section in shown)
        self.setGeometry(frame, frame, width + 1, self.table.viewport().height() + head)
        self.header.setFixedHeight(head)
        self.verticalScrollBar().setValue(self.table.verticalScrollBar().value())
        self.raise_()

    def _on_section_resized(self, section: int, _old: int, size: int) -> None:
        if self.holds(section):
            self.setColumnWidth(section, size)
            self.place()

    def edit_here(self, index: QModelIndex, trigger: Any, event: Any) -> bool | None:
        """Open the editor of a frozen cell; None when the cell is not frozen."""
        if not index.isValid() or not self.holds(index.column()) or self.isHidden():
            return None
        return self.edit(index, trigger, event)

    def edit(self, index: QModelIndex, trigger: Any = None, event: Any = None) -> bool:  # type: ignore[override]
        """Open an editor, remembering how it was opened."""
        trigger = Trigger.EditKeyPressed if trigger is None else trigger
        self._delegate.opened_by_typing = trigger == Trigger.AnyKeyPressed
        if trigger in (Trigger.EditKeyPressed, Trigger.AnyKeyPressed):
            # The triggers of this view are narrow, so that clicks here behave as in the table.
            self.setEditTriggers(self.table.editTriggers())
        try:
            done = bool(super().edit(index, trigger, QEvent(QEvent.Type.None_) if event is None else event))
            if done:
                self._delegate.place_caret()
            elif trigger == Trigger.DoubleClicked:
                self.table.offer_open(index)
            return done
        finally:
            self.setEditTriggers(Trigger.DoubleClicked)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """Where the candidate list is to stand, as the table would tell it."""
        found = super().inputMethodQuery(query)
        closed = self.state() != QAbstractItemView.State.EditingState
        if query == Qt.InputMethodQuery.ImCursorRectangle and closed and isinstance(found, QRect):
            return found.translated(self.viewport().pos() + self.pos())
        return found

    def mousePressEvent(self, event: Any) -> None:
        """A click here gives the table the focus."""
        self.table.setFocus()
        super().mousePressEvent(event)

    def wheelEvent(self, event: Any) -> None:
        """Scrolling belongs to the table."""
        self.table.wheelEvent(event)

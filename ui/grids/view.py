"""The Excel-like table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from ui.grids.clipboard import from_mime
from ui.grids.columns import GridQuery
from ui.grids.delegate import row_height
from ui.grids.frozen import FrozenColumns
from ui.grids.header import GroupHeader
from ui.grids.header_menu import FilterPopup, column_menu
from ui.grids.kept_selection import Span, remembered, select_again
from ui.grids.model import GridModel
from ui.grids.sheet import SheetView
from ui.grids.summary import Summary, summarise
from ui.later import later
from ui.theme import scaled


class GridView(SheetView, QTableView):
    """A table over a `GridModel`: typing, blocks, sort, filter, frozen columns, summary.

    `current_row_changed(row_id)` tells the page which record its side panel shows (0: none);
    `query_changed()` that sort or filter were changed here.
    """

    complained = Signal(object)
    """A ProgramError that a write met, to be shown on the page."""
    summary_changed = Signal(object)
    """The `Summary` of the selection."""
    current_row_changed = Signal(object)
    query_changed = Signal()
    opened = Signal(object)
    """Enter or double click on a row that has nothing to type into: its row id."""
    find_asked = Signal()

    _ready = False
    """Qt calls the virtual methods below already while this is being built."""

    def __init__(self, model: GridModel, parent: QWidget | None = None) -> None:
        QTableView.__init__(self, parent)
        self.grid = model
        self._shown_row = 0
        self._loading = False
        self._asked_then = model.query
        self._spans: tuple[Span, ...] = ()
        self._zoom = scaled(100)
        self.header = GroupHeader(self)
        self.setHorizontalHeader(self.header)
        self.setup_sheet()
        self._summary_timer = QTimer(self, singleShot=True, interval=60)
        self._summary_timer.timeout.connect(self._summarise)
        self.setModel(model)
        self.header.set_columns(model.columns)
        self.header.sort_asked.connect(self.sort_by)
        self.header.filter_asked.connect(self.open_filter)
        self.header.customContextMenuRequested.connect(self._on_header_menu)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.frozen = FrozenColumns(self)
        self._ready = True
        self.apply_columns()
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        model.modelReset.connect(self._on_reset)
        model.marked.connect(self._on_marked)
        model.failed.connect(self._on_failed)
        model.dataChanged.connect(self._summary_timer.start)

    # Columns ------------------------------------------------------------------

    def apply_columns(self) -> None:
        """Take widths and visibility from the columns, row height from the font."""
        self.verticalHeader().setMinimumSectionSize(8)
        self.verticalHeader().setDefaultSectionSize(row_height(self))
        for section, column in enumerate(self.grid.columns):
            self.setColumnWidth(section, scaled(column.width))
            if column.hidden != self.isColumnHidden(section):
                self.setColumnHidden(section, column.hidden)
        self.frozen.arrange()

    def sections(self) -> list[int]:
        """Visible columns in visible order."""
        header = self.horizontalHeader()
        order = [header.logicalIndex(n) for n in range(header.count())]
        return [section for section in order if not self.isColumnHidden(section)]

    def vertical(self, index: QModelIndex, step: int) -> QModelIndex:
        """The cell below or above."""
        row = index.row() + step
        return self.grid.index(row, index.column()) if 0 <= row < self.grid.rowCount() else QModelIndex()

    def show_column(self, section: int, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        if shown or len(self.sections()) > 1:
            self.setColumnHidden(section, not shown)
            self.frozen.arrange()

    def _on_header_menu(self, place: QPoint) -> None:
        section = self.header.logicalIndexAt(place)
        menu: QMenu = column_menu(self, section)
        menu.exec(self.header.mapToGlobal(place))

    # Sort and filter ----------------------------------------------------------

    def sort_by(self, section: int) -> None:
        """First click ascending, second descending, third back to the official order."""
        query, key = self.grid.query, self.grid.columns[section].key
        if query.sort != key:
            self.ask(GridQuery(query.text, query.filters, key, False))
        elif not query.descending:
            self.ask(GridQuery(query.text, query.filters, key, True))
        else:
            self.ask(GridQuery(query.text, query.filters))

    def ask(self, query: GridQuery) -> None:
        """Show other rows or another order; the current record stays current if it can."""
        self.grid.set_query(query)
        self.mark_header()
        self.query_changed.emit()

    def mark_header(self) -> None:
        """Show sort and filters of the query in the headings."""
        query = self.grid.query
        for header in (self.header, self.frozen.header):
            header.sorted_section = self.grid.column_of(query.sort) if query.sort else -1
            header.descending = query.descending
            header.filtered = frozenset(self.grid.column_of(key) for key in query.filters)
            header.viewport().update()

    def set_filter_text(self, text: str) -> None:
        """Keep the rows in which a text stands (the page's filter field)."""
        query = self.grid.query
        if text.strip() != query.text:
            self.ask(GridQuery(text.strip(), query.filters, query.sort, query.descending))

    def open_filter(self, section: int, place: QPoint) -> None:
        """The list of what a column holds, to choose from."""
        popup = FilterPopup(self, section)
        popup.move(place)
        popup.show()

    # Current record -----------------------------------------------------------

    def current_id(self) -> int:
        """The record of the current row; 0 when there is none."""
        return self.grid.id_at(self.currentIndex().row()) if self.currentIndex().isValid() else 0

    def selected_ids(self) -> list[int]:
        """Records with a selected cell, in display order."""
        ranges = self.selectionModel().selection()
        rows = {r for part in ranges for r in range(part.top(), part.bottom() + 1)}
        if not rows and self.currentIndex().isValid():
            rows = {self.currentIndex().row()}
        return [self.grid.id_at(row) for row in sorted(rows)]

    def show_record(self, row_id: int, key: str = "") -> bool:
        """Make a record current; False when it is not among the rows shown."""
        row = self.grid.row_of(row_id)
        if row < 0:
            return False
        section = self.grid.column_of(key) if key else -1
        if section < 0:
            section = self.currentIndex().column()
        self.select_cell(self.grid.index(row, section if section >= 0 else self.sections()[0]))
        return True

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell the page when another record is current."""
        if not self._ready:
            return
        super().currentChanged(current, previous)
        self.frozen.viewport().update()
        row_id = self.grid.id_at(current.row()) if current.isValid() else 0
        if row_id != self._shown_row and not self._loading:
            self._shown_row = row_id
            self.current_row_changed.emit(row_id)

    def _on_about_to_reset(self) -> None:
        self._loading = True
        self._remembered = (self.current_id(), self.currentIndex().column(), self.verticalScrollBar().value())
        # A filter or another order is a new question: then only the current record stays.
        same = self.grid.query == self._asked_then
        self._spans = remembered(self.grid, self.selectionModel()) if same else ()
        self._asked_then = self.grid.query

    def _on_reset(self) -> None:
        row_id, section, scroll = self._remembered
        row = self.grid.row_of(row_id)
        if row >= 0:
            self.select_cell(self.grid.index(row, max(section, 0)))
            if not self.grid.query.narrows:
                self.verticalScrollBar().setValue(scroll)
                self.scrollTo(self.currentIndex())
            select_again(self.grid, self.selectionModel(), self._spans)
        self._loading = False
        if row < 0:
            self._shown_row = 0
            self.current_row_changed.emit(0)
        self._summary_timer.start()

    def _on_marked(self, row: int, section: int) -> None:
        if row >= 0:
            index = self.grid.index(row, section)
            later(self, lambda: self.tell(index, self.grid.cell(index).problem))

    # Blocks -------------------------------------------------------------------

    def selected_block(self) -> list[list[str]]:
        """Texts of the rectangle around the selection."""
        ranges = list(self.selectionModel().selection())
        if not ranges:
            index = self.currentIndex()
            return [[self.grid.cell(index).text]] if index.isValid() else []
        rows = sorted({r for part in ranges for r in range(part.top(), part.bottom() + 1)})
        wanted = {c for part in ranges for c in range(part.left(), part.right() + 1)}
        sections = [section for section in self.sections() if section in wanted]
        whole = len(ranges) == 1

        def text(row: int, section: int, found: str) -> str:
            chosen = whole or any(part.contains(row, section, QModelIndex()) for part in ranges)
            return found if chosen else ""

        if len(rows) > 2_000:
            return [
                [text(row, s, texts[s]) for s in sections] for row, texts in self.grid.texts(rows)
            ]
        return [[text(row, s, self.grid.cell_at(row, s).text) for s in sections] for row in rows]

    def paste(self) -> None:
        """One cell fills the whole selection; a block goes in from the corner."""
        block = from_mime(QGuiApplication.clipboard().mimeData())
        cells = self.selected_cells()
        if not block or not cells:
            return
        if len(block) == 1 and len(block[0]) == 1 and len(cells) > 1:
            self.grid.write_texts(
                [(i.row(), i.column(), block[0][0]) for i in cells],
                self.tr("粘贴 {} 格").format(len(cells)),
            )
            return
        order = {section: n for n, section in enumerate(self.sections())}
        top = min(index.row() for index in cells)
        left = min((index.column() for index in cells), key=order.__getitem__)
        self.grid.paste(block, (top, left), self.sections())
        last = self.sections()[min(order[left] + max(map(len, block)), len(order)) - 1]
        bottom = min(top + len(block), self.grid.rowCount()) - 1
        self.selectionModel().select(
            QItemSelection(self.grid.index(top, left), self.grid.index(bottom, last)),
            QItemSelectionModel.SelectionFlag.ClearAndSelect,
        )

    def fill_down(self) -> None:
        """Write the top cell of each selected column into those below; alone, the cell above."""
        cells = self.selected_cells()
        by_column: dict[int, list[int]] = {}
        for index in cells:
            by_column.setdefault(index.column(), []).append(index.row())
        edits: list[tuple[int, int, str]] = []
        for section, rows in by_column.items():
            top = min(rows) if len(rows) > 1 else min(rows) - 1
            if top >= 0:
                text = self._edit_text(top, section)
                edits += [(row, section, text) for row in sorted(rows) if row != top]
        if edits:
            self.grid.write_texts(edits, self.tr("向下填充 {} 格").format(len(edits)))

    def _edit_text(self, row: int, section: int) -> str:
        cell = self.grid.cell_at(row, section)
        return cell.text if cell.edit_text is None else cell.edit_text

    def clear_selection(self) -> None:
        """Empty the selected cells that may be changed."""
        cells = [(i.row(), i.column(), "") for i in self.selected_cells() if self.grid.cell(i).text]
        if cells:
            self.grid.write_texts(cells, self.tr("清除 {} 格").format(len(cells)))

    # Events -------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+F asks for the find bar; Enter opens a record where nothing can be typed."""
        if event.key() == Qt.Key.Key_F and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.find_asked.emit()
            return
        super().keyPressEvent(event)

    def edit(self, index: QModelIndex, trigger: Any = None, event: Any = None) -> bool:  # type: ignore[override]
        """Editors of frozen columns stand in the frozen part."""
        frozen = self.frozen.edit_here(index, trigger, event)
        if frozen is not None:
            return frozen
        done = super().edit(index, trigger, event)
        if trigger == QAbstractItemView.EditTrigger.DoubleClicked and not done:
            self.offer_open(index)
        return done

    def offer_open(self, index: QModelIndex) -> None:
        """Tell that a row is to be opened: a double click where nothing can be typed."""
        if index.isValid() and not self.grid.is_editable(index):
            self.opened.emit(self.grid.id_at(index.row()))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """A composition in a frozen column goes to the part that shows it."""
        if self.frozen.holds(self.currentIndex().column()):
            self.frozen.inputMethodEvent(event)
        else:
            super().inputMethodEvent(event)
        # The focus stays here while composing, so only this view can tell where the text grows.
        self.updateMicroFocus()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """Where the candidate list is to stand."""
        if self.frozen.holds(self.currentIndex().column()):
            return self.frozen.inputMethodQuery(query)
        return super().inputMethodQuery(query)

    def updateGeometries(self) -> None:
        """Keep the frozen part over its columns.

        Not by a signal of the header: it also tells its geometry while the table is destroyed.
        """
        super().updateGeometries()
        if self._ready:
            self.frozen.place()

    def changeEvent(self, event: QEvent) -> None:
        """Another zoom: rows and columns grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._ready:
            zoom = scaled(100)
            if zoom != self._zoom:
                for section in range(len(self.grid.columns)):
                    self.setColumnWidth(section, round(self.columnWidth(section) * zoom / self._zoom))
                self._zoom = zoom
            self.verticalHeader().setDefaultSectionSize(row_height(self))
            self.frozen.arrange()

    def rect_shown(self, index: QModelIndex) -> QRect:
        """Where a cell is seen: a frozen one does not move with the others."""
        if self.frozen.width_used() and self.frozen.holds(index.column()):
            return self.frozen.visualRect(index)
        return self.visualRect(index)

    def covered_width(self) -> int:
        """Pixels under the frozen columns."""
        return self.frozen.width_used()

    def scrollTo(
        self, index: QModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll a cell out from under the frozen part."""
        if self.frozen.holds(index.column()):
            bar = self.horizontalScrollBar()
            kept = bar.value()
            super().scrollTo(index, hint)
            bar.setValue(kept)
            return
        super().scrollTo(index, hint)
        hidden_under = self.frozen.width_used() - self.visualRect(index).left()
        if self.frozen.width_used() and hidden_under > 0:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - hidden_under)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Count and add up, once the selection rests."""
        super().selectionChanged(selected, deselected)
        self._summary_timer.start()

    def _summarise(self) -> None:
        parts = list(self.selectionModel().selection())
        count = sum(part.width() * part.height() for part in parts)
        cells = (
            self.grid.cell_at(row, section)
            for part in parts for row in range(part.top(), part.bottom() + 1)
            for section in range(part.left(), part.right() + 1)
        )
        summary: Summary = summarise(cells, count)
        self.summary_changed.emit(summary)

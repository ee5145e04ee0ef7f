"""What table and tree share: Excel's keys, input method, block operations, cell messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel

from mbo_desktop.errors import NotAllowedError
from ui.grids.clipboard import to_text
from ui.grids.columns import Cell, Kind
from ui.grids.delegate import CellDelegate
from ui.later import later
from ui.theme import scaled

Trigger = QAbstractItemView.EditTrigger
_MOVES = frozenset({
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right,
})


def _types(event: QEvent) -> bool:
    """Whether an event would have put a character into an editor."""
    return isinstance(event, QKeyEvent) and event.text().isprintable() and bool(event.text())


class CellMessage(QLabel):
    """A sentence beside a cell; lies over the view, takes no focus."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view.viewport())
        self.setObjectName("cellMessage")
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, rect: QRect, text: str, covered: int = 0) -> None:
        """Stand at the right of a cell, else at its left, else below: never over the next one.

        covered: pixels at the left that other columns lie over.
        """
        self.setText(text)
        room = self.parentWidget().rect()
        # Beside a cell that does not scroll itself, what does begins after all of them.
        edge = max(rect.right(), covered)
        right, left = room.width() - edge - 6, rect.left() - 6 - covered
        self._be_wide(text, max(scaled(180), min(scaled(380), room.width() - covered - 12)))
        beside = next((free for free in (right, left) if free >= self.width()), 0)
        if not beside and max(right, left) >= scaled(150):
            # In more lines, rather than over the cell that is typed next.
            beside = right if right >= scaled(150) else left
            self._be_wide(text, beside)
        top = max(0, min(rect.top(), room.height() - self.height() - 2))
        if beside:
            place = QPoint(edge + 4 if beside == right else rect.left() - 4 - self.width(), top)
        else:
            below = rect.bottom() + 3
            fits = below + self.height() <= room.height()
            place = QPoint(covered + 4, below if fits else rect.top() - self.height() - 3)
        self.move(place)
        self.raise_()
        self.show()

    def _be_wide(self, text: str, most: int) -> None:
        """As wide as the text, at most so many pixels."""
        self.ensurePolished()
        width = min(most, self.fontMetrics().horizontalAdvance(text) + scaled(22))
        self.setFixedWidth(width)
        # A label keeps the hint of its former width; only this asks for the height of this one.
        self.resize(width, self.heightForWidth(width))


if TYPE_CHECKING:
    _View = QAbstractItemView
else:
    # At run time a plain class: two Qt bases in one Python class confuse the binding.
    _View = object


class SheetView(_View):
    """Mixed in before QTableView or QTreeView; the model is a GridModel or TreeModel."""

    def setup_sheet(self) -> None:
        """Called once by the concrete view after its construction."""
        self._delegate = CellDelegate(self)
        self._delegate.finished.connect(self._on_editor_finished)
        self.setItemDelegate(self._delegate)
        self.setEditTriggers(
            Trigger.AnyKeyPressed | Trigger.EditKeyPressed | Trigger.DoubleClicked
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self._message = CellMessage(self)
        self._told = QPersistentModelIndex()

    def showEvent(self, event: QShowEvent) -> None:
        """A table that nobody named is called after the view, room or dialog it stands in, for screen readers."""
        super().showEvent(event)
        place = self.parentWidget()
        while place is not None and not place.windowTitle() and not place.isWindow():
            place = place.parentWidget()
        if not self.accessibleName() and place is not None:
            self.setAccessibleName(place.windowTitle())

    # Editing ------------------------------------------------------------------

    def edit(self, index: QModelIndex, trigger: Any = None, event: Any = None) -> bool:  # type: ignore[override]
        """Open the editor; what opened it decides whether typing replaces the content."""
        if trigger is None:
            trigger = Trigger.EditKeyPressed
        self._delegate.opened_by_typing = trigger == Trigger.AnyKeyPressed
        if trigger in (Trigger.DoubleClicked, Trigger.EditKeyPressed, Trigger.AnyKeyPressed):
            model = self.model()
            column = model.columns[index.column()] if index.isValid() and model else None
            if column is not None and column.kind is Kind.CHECK:
                return trigger == Trigger.DoubleClicked and self.toggle(index)
        if event is None:
            event = QEvent(QEvent.Type.None_)
        done = bool(super().edit(index, trigger, event))
        if done:
            self._delegate.place_caret()
            if trigger == Trigger.DoubleClicked:
                self._delegate.show_choices()
        elif trigger in (Trigger.DoubleClicked, Trigger.EditKeyPressed) or _types(event):
            self._say_locked(index)
        return done

    def _say_locked(self, index: QModelIndex) -> None:
        """Whoever types into a cell that takes nothing is told why, where the reason is known."""
        cell: Cell | None = self.model().cell(index) if index.isValid() else None
        if cell is not None and cell.locked:
            self.tell(index, cell.locked)

    def keyboardSearch(self, search: str) -> None:
        """What is typed belongs to the cell; it never walks to another one that begins so."""

    def toggle(self, index: QModelIndex) -> bool:
        """Tick or untick a CHECK cell."""
        return bool(self.model().toggle(index))

    def start_editing(self) -> None:
        """Open the current cell with the caret at the end (F2)."""
        index = self.currentIndex()
        if index.isValid():
            self.edit(index, Trigger.EditKeyPressed, QEvent(QEvent.Type.None_))

    def _on_editor_finished(self, direction: str) -> None:
        self.setFocus()
        self.move_current(direction)

    def move_current(self, direction: str) -> None:
        """Go to the neighbour in a direction; "next"/"previous" pass over read-only cells."""
        index = self.currentIndex()
        if direction != "stay" and index.isValid():
            target = self.neighbour(index, direction)
            if target.isValid():
                self.setCurrentIndex(target)

    def neighbour(self, index: QModelIndex, direction: str) -> QModelIndex:
        """The cell in a direction, an invalid index at the edge."""
        if direction in ("next", "previous"):
            return self._next_editable(index, 1 if direction == "next" else -1)
        if direction in ("left", "right"):
            sections = self.sections()
            at = sections.index(index.column()) + (1 if direction == "right" else -1)
            return index.siblingAtColumn(sections[at]) if 0 <= at < len(sections) else QModelIndex()
        return self.vertical(index, 1 if direction == "down" else -1)

    def _next_editable(self, index: QModelIndex, step: int) -> QModelIndex:
        sections = self.sections()
        at = sections.index(index.column())
        row = index
        for _ in range(50):
            at += step
            while 0 <= at < len(sections):
                candidate = row.siblingAtColumn(sections[at])
                if candidate.flags() & Qt.ItemFlag.ItemIsEditable:
                    return candidate
                at += step
            row = self.vertical(row, step)
            if not row.isValid():
                break
            at = -1 if step > 0 else len(sections)
        # Nothing to type into: Tab still walks.
        at = sections.index(index.column()) + step
        return index.siblingAtColumn(sections[at]) if 0 <= at < len(sections) else QModelIndex()

    def sections(self) -> list[int]:
        """Visible columns in visible order."""
        raise NotImplementedError

    def vertical(self, index: QModelIndex, step: int) -> QModelIndex:
        """The cell so many rows below in the same column."""
        raise NotImplementedError

    # Keys ---------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Excel's keys first, then the view's own."""
        if self.sheet_key(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def sheet_key(self, event: QKeyEvent) -> bool:
        """Handle a key; True when it was one of the sheet's."""
        if self._clipboard_key(event):
            return True
        key, modifiers = event.key(), event.modifiers()
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        plain = not modifiers & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if not plain:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.move_current("up" if shift else "down")
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.move_current("previous" if key == Qt.Key.Key_Backtab or shift else "next")
        elif key == Qt.Key.Key_F2:
            self.start_editing()
        elif key == Qt.Key.Key_Delete:
            self.clear_selection()
        elif key == Qt.Key.Key_Space and self.toggle(self.currentIndex()):
            return True
        elif key == Qt.Key.Key_Escape and not self._message.isHidden():
            self._message.hide()
        else:
            return False
        return True

    def selectionCommand(  # type: ignore[override]
        self, index: QModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Ctrl+Home, Ctrl+End and Ctrl with arrows select where they go, as in Excel.

        Qt moves only the frame then: Delete would clear the cells that were selected before.
        """
        command = super().selectionCommand(index, event)
        if not isinstance(event, QKeyEvent) or event.key() not in _MOVES:
            return command
        modifiers = event.modifiers()
        if not modifiers & Qt.KeyboardModifier.ControlModifier:
            return command
        flags = QItemSelectionModel.SelectionFlag
        extends = modifiers & Qt.KeyboardModifier.ShiftModifier
        rows = self.selectionBehavior() == QAbstractItemView.SelectionBehavior.SelectRows
        return (flags.SelectCurrent if extends else flags.ClearAndSelect) | (flags.Rows if rows else flags.NoUpdate)

    def _clipboard_key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.copy()
            self.clear_selection()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.fill_down()
        else:
            return False
        return True

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's own name
        """Tab belongs to the cells."""
        return False

    def event(self, event: QEvent) -> bool:
        """Keys of the sheet win over shortcuts of menus while the sheet has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride:
            key = QKeyEvent(event)
            if key.key() in (Qt.Key.Key_Delete, Qt.Key.Key_F2) or any(
                key.matches(standard) for standard in (
                    QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Paste,
                    QKeySequence.StandardKey.Cut,
                )
            ):
                event.accept()
                return True
        return bool(super().event(event))

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """Where the candidate list is to stand; Qt forgets the headings above the cells."""
        found = super().inputMethodQuery(query)
        closed = self.state() != QAbstractItemView.State.EditingState
        if query == Qt.InputMethodQuery.ImCursorRectangle and closed and isinstance(found, QRect):
            return found.translated(self.viewport().pos())
        return found

    # Blocks -------------------------------------------------------------------

    def copy(self) -> None:
        """Put the selected block on the clipboard."""
        block = self.selected_block()
        if block:
            # As text: a QMimeData made in Python outlives the interpreter and ends in a fault.
            QGuiApplication.clipboard().setText(to_text(block))

    def selected_block(self) -> list[list[str]]:
        """Texts of the rectangle around the selection; cells not selected are empty."""
        raise NotImplementedError

    def paste(self) -> None:
        """Write the clipboard's block from the selection's corner, one undo step."""
        raise NotImplementedError

    def fill_down(self) -> None:
        """Write the first selected row into the rows below it (Ctrl+D)."""
        raise NotImplementedError

    def clear_selection(self) -> None:
        """Empty the selected cells, one undo step."""
        raise NotImplementedError

    def selected_cells(self) -> list[QModelIndex]:
        """Selected cells in columns that are shown, in reading order."""
        shown = set(self.sections())
        selection = self.selectionModel()
        found = [i for i in selection.selectedIndexes() if i.column() in shown] if selection else []
        return found or ([self.currentIndex()] if self.currentIndex().isValid() else [])

    def select_cell(self, index: QModelIndex) -> None:
        """Make a cell the current and only selected one and show it."""
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.scrollTo(index)

    # Messages -----------------------------------------------------------------

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Show why the current cell could not be read."""
        super().currentChanged(current, previous)
        # The outline is painted by the delegate, and Qt repaints only what it selects itself.
        self.viewport().update()
        cell: Cell | None = self.model().cell(current) if current.isValid() else None
        if cell is not None and cell.problem:
            self.tell(current, cell.problem)
        elif previous.isValid() and not self._message.isHidden():
            later(self._message, self._message.hide, 4000)

    def tell(self, index: QModelIndex, text: str) -> None:
        """A sentence beside a cell, until the cell is read well or another one has something to say."""
        rect = self.rect_shown(index)
        if rect.isValid():
            self._told = QPersistentModelIndex(index)
            self._message.show_at(rect, text, self.covered_width())

    def _on_failed(self, error: object) -> None:
        """What the owner or the state forbids is said beside the cell too."""
        if isinstance(error, NotAllowedError) and self.currentIndex().isValid():
            self.tell(self.currentIndex(), f"{error.what}{error.todo}")
        self.complained.emit(error)  # type: ignore[attr-defined]

    def rect_shown(self, index: QModelIndex) -> QRect:
        """Where a cell is seen."""
        return self.visualRect(index)

    def covered_width(self) -> int:
        """Pixels at the left that hold what does not scroll."""
        return 0

    def dataChanged(self, top_left: QModelIndex, bottom_right: QModelIndex, roles: Any = ()) -> None:
        """A sentence about a cell does not outlive what the cell held."""
        super().dataChanged(top_left, bottom_right, roles)
        if self._message.isHidden():
            return
        told = QModelIndex(self._told)
        problem = self.model().cell(told).problem if told.isValid() else ""
        if not problem:
            self._message.hide()
        elif problem != self._message.text():
            self.tell(told, problem)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The message does not stay behind when its cell scrolls away."""
        super().scrollContentsBy(dx, dy)
        self._message.hide()

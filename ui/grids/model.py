"""The model of a table: ids in display order, cells paged in, edits handed on in blocks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ui.grids.columns import EMPTY, Cell, Column, GridQuery, Row, Tone
from ui.grids.source import GridSource
from ui.grids.writing import CellWriting, Outcome
from ui.later import later

PAGE = 50
"""Little more than a screen, since whoever jumps waits for a whole page."""
PAGES_KEPT = 120
PORTION = 200
"""Rows asked for at once where many are wanted."""
FIRST_IDS = 2_000

__all__ = ["GridModel", "Outcome"]

Index = QModelIndex | QPersistentModelIndex
Loader = Callable[[Callable[[], Sequence[int]], Callable[[Sequence[int]], None]], None]
"""Runs a read beside the GUI thread and gives its result to a callback in the GUI thread."""


class GridModel(CellWriting, QAbstractTableModel):
    """A table over a `GridSource`.

    Holds all row ids in display order and at most 120 pages of 50 rows. Cells that could
    not be read keep what was typed, with the reason, until they are corrected.
    """

    failed = Signal(object)
    """A ProgramError: nothing of the last write was saved."""
    wrote = Signal(object)
    """The Outcome of a write."""
    counted = Signal(int, int)
    """Rows shown, rows in all."""
    marked = Signal(int, int)
    """Row and column of a cell that was just marked as unreadable."""

    def __init__(self, source: GridSource, loader: Loader | None = None) -> None:
        super().__init__()
        self.source = source
        self.columns: tuple[Column, ...] = tuple(source.columns)
        self.query = GridQuery()
        self.read_only = False
        self._loader = loader
        self._ids: list[int] = []
        self._places: dict[int, int] | None = None
        self._pages: OrderedDict[int, dict[int, Row]] = OrderedDict()
        self._kept: dict[tuple[int, str], tuple[str, str]] = {}
        self._unsaved: set[tuple[int, str]] = set()
        """Cells whose text could be read and not be written; it is tried again unchanged."""
        self._load_number = 0

    # What Qt asks -------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows shown."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns, hidden ones too."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, editor text, alignment and tooltip of a cell; the delegate paints from `cell`."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(index).text
        if role == Qt.ItemDataRole.EditRole:
            cell = self.cell(index)
            return cell.text if cell.edit_text is None else cell.edit_text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(self.columns[index.column()].alignment | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            cell = self.cell(index)
            return cell.problem or cell.note or None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Selectable; editable where the cell or its column says so."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.is_editable(index):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings with the unit of measure; row numbers."""
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].heading
        return (self.columns[section].hint or None) if role == Qt.ItemDataRole.ToolTipRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Read the typed text and save it; False when it could not be read or saved."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        column = self.columns[index.column()]
        outcome = self.write_texts(
            [(index.row(), index.column(), str(value))],
            self.tr("修改{}").format(column.title),
        )
        return outcome.written == 1

    # Rows and cells -----------------------------------------------------------

    def id_at(self, row: int) -> int:
        """The record in a row; 0 when the row is not there."""
        return self._ids[row] if 0 <= row < len(self._ids) else 0

    def row_of(self, row_id: int) -> int:
        """Where a record stands; -1 when it is not shown."""
        if self._places is None:
            self._places = {found: place for place, found in enumerate(self._ids)}
        return self._places.get(row_id, -1)

    def column_of(self, key: str) -> int:
        """Position of a column; -1 when there is none with this key."""
        return next((n for n, column in enumerate(self.columns) if column.key == key), -1)

    def row(self, place: int) -> Row | None:
        """The row in a place; None when its record vanished."""
        number = place // PAGE
        page = self._pages.get(number)
        if page is None:
            page = self._fetch_page(number)
        elif number != next(reversed(self._pages)):
            self._pages.move_to_end(number)
        return page.get(self._ids[place])

    def _fetch_page(self, number: int) -> dict[int, Row]:
        page = dict(self.source.rows(self._ids[number * PAGE : (number + 1) * PAGE]))
        self._pages[number] = page
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        return page

    def cell(self, index: Index) -> Cell:
        """The cell of an index."""
        return self.cell_at(index.row(), index.column())

    def cell_at(self, place: int, section: int) -> Cell:
        """The cell in a place; what could not be read stands there with its reason."""
        if not (0 <= place < len(self._ids) and 0 <= section < len(self.columns)):
            return EMPTY
        key = self.columns[section].key
        if self._kept:
            kept = self._kept.get((self._ids[place], key))
            if kept is not None:
                return Cell(text=kept[0], problem=kept[1])
        row = self.row(place)
        return EMPTY if row is None else row.cell(key)

    def row_style(self, index: Index) -> tuple[bool, bool, Tone]:
        """(bold, band, tone) of the index's row."""
        row = self.row(index.row())
        return (row.bold, row.band, row.tone) if row else (False, False, Tone.MUTED)

    def is_editable(self, index: Index) -> bool:
        """Whether a cell may be typed into."""
        if self.read_only:
            return False
        column = self.columns[index.column()]
        own = self.cell(index).editable
        return column.editable if own is None else own

    def problems(self) -> Mapping[tuple[int, str], tuple[str, str]]:
        """Typed text and reason of every cell that could not be read, by (row id, column key)."""
        return self._kept

    def texts(self, places: Iterable[int]) -> Iterable[tuple[int, list[str]]]:
        """(place, texts by column) of many rows without disturbing the kept pages."""
        wanted = list(places)
        for start in range(0, len(wanted), PORTION):
            portion = wanted[start : start + PORTION]
            rows = self.source.rows([self._ids[place] for place in portion])
            for place in portion:
                row = rows.get(self._ids[place])
                yield place, [row.cell(c.key).text if row else "" for c in self.columns]

    # Loading ------------------------------------------------------------------

    def set_query(self, query: GridQuery) -> None:
        """Show other rows or another order."""
        self.query = query
        self.reload()

    def reload(self) -> None:
        """Ask the source again; the first 2,000 rows appear at once, the rest follow."""
        self._load_number += 1
        first = list(self.source.ids(self.query, FIRST_IDS))
        self.beginResetModel()
        self._take_ids(first)
        self.endResetModel()
        if len(first) < FIRST_IDS:
            self._count()
            return
        number, query = self._load_number, self.query

        def read() -> Sequence[int]:
            return self.source.ids(query)

        def arrived(ids: Sequence[int]) -> None:
            if number == self._load_number:
                self._complete(list(ids))

        if self._loader is None:
            later(self, lambda: arrived(read()))
        else:
            self._loader(read, arrived)

    def _take_ids(self, ids: list[int]) -> None:
        self._ids = ids
        self._places = None
        self._pages.clear()

    def _complete(self, ids: list[int]) -> None:
        shown = len(self._ids)
        if ids[:shown] == self._ids:
            if len(ids) > shown:
                self.beginInsertRows(QModelIndex(), shown, len(ids) - 1)
                self._ids = ids
                self._places = None
                # The last page may have been fetched half full.
                self._pages.pop(shown // PAGE, None)
                self.endInsertRows()
        else:
            self.beginResetModel()
            self._take_ids(ids)
            self.endResetModel()
        self._count()

    def _count(self) -> None:
        self.counted.emit(len(self._ids), self.source.total())

    def refresh(self, row_ids: Iterable[int] | None = None) -> None:
        """Records changed: show their cells anew, or with None ask for the rows again.

        With None, unchanged ids keep selection and scroll position; only another order
        or other rows reset the table.
        """
        if row_ids is None:
            if self._loader is None or len(self._ids) < FIRST_IDS:
                self._take_fresh(list(self.source.ids(self.query)))
                return
            # Cells at once; the order of so many rows is read beside the window.
            self._load_number += 1
            self._pages.clear()
            self._announce(0, len(self._ids) - 1)
            number, query = self._load_number, self.query

            def arrived(ids: Sequence[int]) -> None:
                if number == self._load_number:
                    self._take_fresh(list(ids))

            self._loader(lambda: self.source.ids(query), arrived)
            return
        places = sorted(place for place in map(self.row_of, row_ids) if place >= 0)
        for place in places:
            self._pages.pop(place // PAGE, None)
        if places:
            self._announce(places[0], places[-1])

    def _take_fresh(self, fresh: list[int]) -> None:
        if fresh != self._ids:
            self._load_number += 1
            self._replace_ids(fresh)
            return
        self._pages.clear()
        self._announce(0, len(self._ids) - 1)
        self._count()

    def _replace_ids(self, fresh: list[int]) -> None:
        """Insert or remove one run of rows where that is all that happened, else reset."""
        old = self._ids
        same = 0
        for same, (one, other) in enumerate(zip(old, fresh, strict=False)):  # noqa: B007
            if one != other:
                break
        else:
            same = min(len(old), len(fresh))
        tail = 0
        while tail < min(len(old), len(fresh)) - same and old[-1 - tail] == fresh[-1 - tail]:
            tail += 1
        gone, come = len(old) - same - tail, len(fresh) - same - tail
        if gone and come:
            self.beginResetModel()
            self._take_ids(fresh)
            self.endResetModel()
        elif gone:
            self.beginRemoveRows(QModelIndex(), same, same + gone - 1)
            self._take_ids(fresh)
            self.endRemoveRows()
        elif come:
            self.beginInsertRows(QModelIndex(), same, same + come - 1)
            self._take_ids(fresh)
            self.endInsertRows()
        self._announce(0, len(fresh) - 1)
        self._count()

    def _announce(self, first: int, last: int) -> None:
        if last >= first >= 0:
            self.dataChanged.emit(
                self.index(first, 0), self.index(last, len(self.columns) - 1)
            )

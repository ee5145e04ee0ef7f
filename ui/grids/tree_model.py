"""A lazy tree: integer keys, children fetched when opened, in portions of 1,000."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ui.grids.columns import EMPTY, Cell, Column, Edit, Row, Tone
from ui.grids.source import Refused
from ui.grids.tree_sync import TreeSync
from ui.grids.tree_writing import TreeWriting

PORTION = 300
"""Children read at once: each layout of the view reads one more, and holds the window for it."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class TreeRow(Row):
    """A row of a tree: how many children it has is known before they are read."""

    child_count: int = 0


class TreeSource(Protocol):
    """The nodes of a tree; ids are positive, 0 stands for the invisible root."""

    columns: Sequence[Column]

    def child_ids(self, parent: int) -> Sequence[int]:
        """Children in their order."""
        ...

    def rows(self, ids: Sequence[int]) -> Mapping[int, TreeRow]:
        """The rows with these ids."""
        ...

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Save cells as one undo step; raises ProgramError."""
        ...


class EditableTreeSource(TreeSource, Protocol):
    """A tree whose nodes can be made, moved and removed; each call is one undo step."""

    def add(self, parent: int, after: int | None) -> int:
        """Make a node under a parent behind a sibling (None: last); its id."""
        ...

    def move(self, ids: Sequence[int], parent: int, before: int | None) -> None:
        """Put nodes under a parent before a sibling (None: last)."""
        ...

    def remove(self, ids: Sequence[int]) -> None:
        """Remove nodes with all that stand below."""
        ...

    def describe_removal(self, ids: Sequence[int]) -> str:
        """The question to ask before, saying how many stand below."""
        ...


class Node:
    """A loaded record: its place, its row, and its children as far as they are fetched."""

    __slots__ = ("all_children", "key", "loaded", "parent", "row")

    def __init__(self, key: int, parent: int, row: TreeRow | None) -> None:
        self.key = key
        self.parent = parent
        self.row = row
        self.all_children: list[int] | None = None
        self.loaded: list[int] = []


class TreeModel(TreeWriting, TreeSync, QAbstractItemModel):
    """The tree over a `TreeSource`; the key of an index is its record's number."""

    failed = Signal(object)
    wrote = Signal(object)
    marked = Signal(object)
    """Record whose cell was just marked as unreadable."""
    dropped = Signal(object, object, object)
    """ids, new parent, sibling to stand before (None: last)."""
    aged = Signal()
    """Rows shown may differ from what is stored; they are read again when they are painted."""
    branched = Signal()
    """A record got its first child or lost its last one, so that its mark changes."""

    portion = PORTION
    """Children fetched at a time."""

    def __init__(self, source: TreeSource) -> None:
        super().__init__()
        self.source = source
        self.columns: tuple[Column, ...] = tuple(source.columns)
        self.read_only = False
        self.movable = hasattr(source, "move")
        self._visible: frozenset[int] | None = None
        self._ways: frozenset[int] | None = None
        self._kept: dict[tuple[int, str], tuple[str, str]] = {}
        self._unsaved: set[tuple[int, str]] = set()
        """Cells whose text could be read and not be written; it is tried again unchanged."""
        self._nodes: dict[int, Node] = {0: Node(0, -1, None)}
        self._stale: set[int] = set()

    # Structure ----------------------------------------------------------------

    def key(self, index: Index) -> int:
        """The record of an index; 0 for the invisible root."""
        return int(index.internalId()) if index.isValid() else 0

    def index_of(self, key: int, section: int = 0) -> QModelIndex:
        """The index of a loaded record; an invalid one when it is not loaded."""
        node = self._nodes.get(key)
        if node is None or key == 0:
            return QModelIndex()
        siblings = self._nodes[node.parent].loaded
        return self.createIndex(siblings.index(key), section, key) if key in siblings else QModelIndex()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """The child in a place; only column 0 has children."""
        if parent.isValid() and parent.column() > 0:
            return QModelIndex()
        loaded = self._nodes[self.key(parent)].loaded
        if 0 <= row < len(loaded) and 0 <= column < len(self.columns):
            return self.createIndex(row, column, loaded[row])
        return QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override] # noqa: B008
        """The index above, in column 0."""
        node = self._nodes.get(self.key(index))
        return self.index_of(node.parent) if node is not None and node.parent > 0 else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Children fetched so far."""
        if parent.isValid() and parent.column() > 0:
            return 0
        node = self._nodes.get(self.key(parent))
        return len(node.loaded) if node else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns."""
        return len(self.columns)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        """By the stored count, without reading children."""
        if not parent.isValid():
            return True
        if parent.column() > 0:
            return False
        node = self._nodes.get(self.key(parent))
        if node is None:
            return False
        if node.all_children is not None:
            return bool(node.all_children)
        return bool(node.row and node.row.child_count)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether children are not read yet."""
        node = self._nodes.get(self.key(parent))
        if node is None or (parent.isValid() and parent.column() > 0):
            return False
        if node.all_children is None:
            return node.key == 0 or bool(node.row and node.row.child_count)
        return len(node.loaded) < len(node.all_children)

    def fetchMore(self, parent: Index) -> None:
        """Read the next portion of the children."""
        node = self._nodes[self.key(parent)]
        if node.all_children is None:
            node.all_children = self._child_ids(node.key)
        start = len(node.loaded)
        portion = node.all_children[start : start + PORTION]
        if portion:
            self.beginInsertRows(QModelIndex(parent), start, start + len(portion) - 1)
            self._take(node, start, portion)
            self.endInsertRows()

    def _child_ids(self, key: int) -> list[int]:
        found = self.source.child_ids(key)
        if self._visible is None or (key and not self.leads_to_found(key)):
            return list(found)
        return [c for c in found if c in self._visible]

    def leads_to_found(self, key: int) -> bool:
        """Whether a search's hits stand below; what does not lead to one shows all its children."""
        return self._ways is None or key in self._ways

    def _take(self, node: Node, at: int, keys: Sequence[int]) -> None:
        rows = self.source.rows(keys)
        for key in keys:
            self._nodes[key] = Node(key, node.key, rows.get(key))
        node.loaded[at:at] = keys

    def path(self, key: int) -> list[int]:
        """Loaded records from the top down to this one."""
        chain: list[int] = []
        node = self._nodes.get(key)
        while node is not None and node.key:
            chain.insert(0, node.key)
            node = self._nodes.get(node.parent)
        return chain

    def children(self, key: int) -> list[int]:
        """All children of a record, read if need be."""
        node = self._nodes.get(key)
        if node is None:
            return self._child_ids(key)
        if node.all_children is None:
            self.fetchMore(self.index_of(key))
        return list(node.all_children or [])

    def loaded_children(self, key: int) -> list[int]:
        """Children of a loaded record fetched so far."""
        return list(self._nodes[key].loaded)

    def load_to(self, chain: Sequence[int]) -> QModelIndex:
        """Fetch along a chain of records from the top; the index of the last one found."""
        index = QModelIndex()
        for key in chain:
            while key not in self._nodes and self.canFetchMore(index):
                self.fetchMore(index)
            found = self.index_of(key)
            if not found.isValid():
                break
            index = found
        return index

    # Cells --------------------------------------------------------------------

    def cell(self, index: Index) -> Cell:
        """The cell of an index."""
        key = self.key(index)
        column = self.columns[index.column()]
        kept = self._kept.get((key, column.key)) if self._kept else None
        if kept is not None:
            return Cell(text=kept[0], problem=kept[1])
        row = self.row_of(key)
        return EMPTY if row is None else row.cell(column.key)

    def row_of(self, key: int) -> TreeRow | None:
        """The row of a loaded record, read again if it may have changed."""
        if key in self._stale:
            self._freshen(key)
        node = self._nodes.get(key)
        return node.row if node is not None else None

    def row_style(self, index: Index) -> tuple[bool, bool, Tone]:
        """(bold, band, tone) of the index's row."""
        row = self.row_of(self.key(index))
        return (row.bold, row.band, row.tone) if row else (False, False, Tone.PLAIN)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, editor text and tooltip; the delegate paints from `cell`."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(index).text
        if role == Qt.ItemDataRole.EditRole:
            cell = self.cell(index)
            return cell.text if cell.edit_text is None else cell.edit_text
        if role == Qt.ItemDataRole.ToolTipRole:
            cell = self.cell(index)
            return cell.problem or cell.note or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings."""
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(self.columns[section].alignment | Qt.AlignmentFlag.AlignVCenter)
        return None

    def is_editable(self, index: Index) -> bool:
        """Whether a cell may be typed into."""
        if self.read_only or not index.isValid():
            return False
        own = self.cell(index).editable
        return self.columns[index.column()].editable if own is None else own

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Selectable, editable where allowed, dragged and dropped on while not read-only."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        moving = self.movable and not self.read_only
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled if moving else Qt.ItemFlag.NoItemFlags
        if moving:
            flags |= Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsDropEnabled
        if not self.read_only and self._known_editable(index):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _known_editable(self, index: Index) -> bool:
        """As the row was last read: Qt asks for the flags of every row it lays out."""
        column = self.columns[index.column()]
        node = self._nodes.get(self.key(index))
        row = node.row if node is not None else None
        if row is None or (self.key(index), column.key) in self._kept:
            return column.editable
        own = row.cell(column.key).editable
        return column.editable if own is None else own

"""How a tree follows its source: rows read again when they are looked at, children as they stand now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.grids.tree_model import Node, TreeModel

NEIGHBOURS = 40
"""Rows before and behind an aged one that are read together with it."""


class TreeSync:
    """The half of `TreeModel` that takes changes up."""

    def set_visible(
        self: TreeModel, keys: Iterable[int] | None, ways: Iterable[int] | None = None
    ) -> None:
        """Show only these records (a search's hits with their ancestors); None shows all.

        ways: those of them with hits below; the others can then be opened to all they have.
        """
        self._visible = None if keys is None else frozenset(keys)
        self._ways = None if ways is None or keys is None else frozenset(ways)
        self.reload()

    def let_through(self: TreeModel, keys: Iterable[int]) -> None:
        """Let records pass the filter from now on: what was just made or moved stays in sight."""
        if self._visible is not None:
            self._visible |= frozenset(keys)

    def reload(self: TreeModel) -> None:
        """Forget all nodes and read the top again."""
        self.beginResetModel()
        root = self._nodes[0]
        self._nodes = {0: type(root)(0, -1, None)}
        self._stale.clear()
        self.endResetModel()

    def refresh(self: TreeModel, keys: Iterable[int]) -> None:
        """Show these records' cells anew."""
        loaded = [key for key in keys if key in self._nodes and key]
        rows = self.source.rows(loaded) if loaded else {}
        branched = False
        for key in loaded:
            node = self._nodes[key]
            old, node.row = node.row, rows.get(key, node.row)
            self._stale.discard(key)
            branched |= _has_children(old) != _has_children(node.row)
            first = self.index_of(key)
            if first.isValid():
                self.dataChanged.emit(first, first.siblingAtColumn(len(self.columns) - 1))
        if branched:
            self.branched.emit()

    def age(self: TreeModel, keys: Iterable[int] | None = None) -> None:
        """These rows (None: any) may have changed: they are read again as they come into view."""
        self._stale |= self._nodes.keys() if keys is None else self._nodes.keys() & set(keys)
        self._stale.discard(0)
        self.aged.emit()

    def _freshen(self: TreeModel, key: int) -> None:
        """Read an aged row with its aged neighbours; called while painting, so without signals."""
        siblings = self._nodes[self._nodes[key].parent].loaded
        at = siblings.index(key)
        near = siblings[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS]
        wanted = [one for one in near if one in self._stale]
        self._stale.difference_update(wanted)
        rows = self.source.rows(wanted)
        branched = False
        for one in wanted:
            node = self._nodes[one]
            old, node.row = node.row, rows.get(one, node.row)
            branched |= _has_children(old) != _has_children(node.row)
        if branched:
            self.branched.emit()

    # Children -----------------------------------------------------------------

    def sync(self: TreeModel) -> None:
        """Records were made, moved or removed: bring every loaded parent up to date.

        Works from the top down and keeps what did not change, so that views keep their
        open branches, selection and scroll position.
        """
        self._sync_loaded(node.key for node in self._nodes.values() if node.all_children is not None)
        self.refresh([key for key in self._nodes if key])

    def sync_parents(self: TreeModel, keys: Iterable[int]) -> None:
        """The children of these records changed; all rows shown are read again when looked at."""
        self._sync_loaded(
            key for key in set(keys) if key in self._nodes and self._nodes[key].all_children is not None
        )
        self.age()

    def sync_shown(self: TreeModel) -> None:
        """As `sync()`, but rows are only read again when they come into view."""
        self.sync_parents([node.key for node in self._nodes.values()])

    def parent_of(self: TreeModel, key: int) -> int | None:
        """The loaded parent of a record (0: the top); None when the record is not loaded."""
        node = self._nodes.get(key)
        return None if node is None or not key else node.parent

    def _sync_loaded(self: TreeModel, keys: Iterable[int]) -> None:
        for key in sorted(keys, key=lambda one: len(self.path(one))):
            if key in self._nodes:
                self._sync_children(self._nodes[key])

    def _sync_children(self: TreeModel, node: Node) -> None:
        fresh = self._child_ids(node.key)
        portion = max(len(node.loaded), self.portion)
        partly = len(node.loaded) < len(node.all_children or [])
        wanted = fresh[:portion] if partly else fresh
        self._remove_others(node, set(wanted))
        present = set(node.loaded)
        row = 0
        while row < len(wanted):
            key = wanted[row]
            if row < len(node.loaded) and node.loaded[row] == key:
                row += 1
            elif key in present:
                self._move_child(node, key, row)
                row += 1
            else:
                run = _run_of_new(wanted, row, present)
                self._insert_children(node, row, run)
                row += len(run)
        node.all_children = fresh

    def _remove_others(self: TreeModel, node: Node, staying: set[int]) -> None:
        """Take out the children that are gone, neighbours together."""
        last = len(node.loaded) - 1
        while last >= 0:
            if node.loaded[last] in staying:
                last -= 1
                continue
            first = last
            while first > 0 and node.loaded[first - 1] not in staying:
                first -= 1
            self.beginRemoveRows(self.index_of(node.key), first, last)
            gone = node.loaded[first : last + 1]
            del node.loaded[first : last + 1]
            for key in gone:
                self._forget(key)
            self.endRemoveRows()
            last = first - 1

    def _move_child(self: TreeModel, node: Node, key: int, row: int) -> None:
        parent = self.index_of(node.key)
        here = node.loaded.index(key)
        self.beginMoveRows(parent, here, here, parent, row)
        node.loaded.insert(row, node.loaded.pop(here))
        self.endMoveRows()

    def _insert_children(self: TreeModel, node: Node, row: int, keys: Sequence[int]) -> None:
        for key in keys:
            self._leave_old_parent(key, node)
        self.beginInsertRows(self.index_of(node.key), row, row + len(keys) - 1)
        self._take(node, row, keys)
        self.endInsertRows()

    def _leave_old_parent(self: TreeModel, key: int, new_parent: Node) -> None:
        """A node that moved is still loaded elsewhere: take it out there first."""
        old = self._nodes.get(key)
        if old is None or old.parent == new_parent.key:
            return
        holder = self._nodes.get(old.parent)
        if holder is not None and key in holder.loaded:
            row = holder.loaded.index(key)
            self.beginRemoveRows(self.index_of(holder.key), row, row)
            holder.loaded.pop(row)
            self._forget(key)
            self.endRemoveRows()

    def _forget(self: TreeModel, key: int) -> None:
        node = self._nodes.pop(key, None)
        self._stale.discard(key)
        for child in node.loaded if node else ():
            self._forget(child)


def _run_of_new(wanted: Sequence[int], start: int, present: set[int]) -> Sequence[int]:
    end = start
    while end < len(wanted) and wanted[end] not in present:
        end += 1
    return wanted[start:end]


def _has_children(row: object) -> bool:
    return bool(getattr(row, "child_count", 0))


"""Opening many branches of a tree without holding up the window: a few at once, the rest in slices."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtWidgets import QAbstractItemView

from ui.later import later

if TYPE_CHECKING:
    from ui.grids.tree_view import TreeView

AT_ONCE_SECONDS = 0.03
SLICE_SECONDS = 0.012
LOOKED_AT = 200
"""Rows of a portion that are looked through for branches to open."""


class TreeOpening:
    """The part of `TreeView` that remembers open branches and opens them again."""

    def _on_expanded(self: TreeView, index: QModelIndex) -> None:
        if not self._opening_found:
            self.open_keys.add(self.tree.key(index))

    def _on_collapsed(self: TreeView, index: QModelIndex) -> None:
        self.open_keys.discard(self.tree.key(index))

    def open_found(self: TreeView, rows: int) -> None:
        """After the next reset open branch after branch until so many rows are there.

        Not remembered: without the filter the branches are as they were before.
        """
        self._rows_to_open = rows

    def _on_rows_inserted(self: TreeView, parent: QModelIndex, first: int, last: int) -> None:
        """A node that moved, or was read again, is opened as it was."""
        wanted = []
        for row in range(first, min(last, first + LOOKED_AT) + 1):
            index = self.tree.index(row, 0, parent)
            key = self.tree.key(index)
            found = self._rows_to_open > 0 and self.tree.hasChildren(index) and self.tree.leads_to_found(key)
            if found or key in self.open_keys:
                wanted.append(key)
        self._rows_to_open -= last - first + 1 if self._rows_to_open > 0 else 0
        self._queue(wanted)

    def _queue(self: TreeView, keys: Iterable[int]) -> None:
        """Branches to open, depth first: those that were just read come before the rest."""
        self._to_open[:0] = keys
        if self._to_open and not self._is_opening:
            self._open_some(AT_ONCE_SECONDS)

    def _open_slice(self: TreeView) -> None:
        top = self.tree.key(self.indexAt(QPoint(2, 2)))
        self._open_some(SLICE_SECONDS)
        # What is looked at stays where it is while branches above it open.
        index = self.tree.index_of(top)
        if index.isValid() and self.visualRect(index).top() > 2:
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    def _open_some(self: TreeView, seconds: float) -> None:
        until = time.perf_counter() + seconds
        self._is_opening = True
        try:
            while self._to_open and time.perf_counter() < until:
                key = self._to_open.pop(0)
                index = self.tree.index_of(key)
                remembered = key in self.open_keys
                if not remembered and self._rows_to_open <= 0:
                    continue
                if index.isValid() and not self.isExpanded(index):
                    self._opening_found = not remembered
                    # Read here: the view itself would read at its next layout, outside the slice.
                    if self.tree.rowCount(index) == 0 and self.tree.canFetchMore(index):
                        self.tree.fetchMore(index)
                    self.expand(index)
                    self._opening_found = False
        finally:
            self._is_opening = self._opening_found = False
        if self._to_open and not self._slice_is_due:
            self._slice_is_due = True
            later(self, self._on_slice)

    def _on_slice(self: TreeView) -> None:
        self._slice_is_due = False
        self._open_slice()

    def _on_about_to_reset(self: TreeView) -> None:
        self._to_open.clear()

    def _on_reset(self: TreeView) -> None:
        later(self, self._reopen)

    def _reopen(self: TreeView) -> None:
        root = self.tree.index_of(0)
        if self.tree.rowCount() == 0 and self.tree.canFetchMore(root):
            self.tree.fetchMore(root)

    def expand_levels(self: TreeView, levels: int) -> None:
        """Open so many levels (instead of expandAll, which would read everything)."""
        self.expandToDepth(levels - 1)

"""Short lists whose rows are ticked: numbered rows, and a table whose boxes follow one click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView

from ui.grids.columns import Column, GridQuery, Row
from ui.grids.model import GridModel
from ui.grids.source import matches
from ui.grids.view import GridView


class NumberedSource:
    """Rows by number from 1, made when they are looked at; ticks are written at once."""

    columns: Sequence[Column] = ()

    def __init__(self) -> None:
        self.numbers: Sequence[int] = ()

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """Numbers of the rows that fit."""
        found = [n for n in self.numbers if not query.text or matches(query.text, self.words(n))]
        return found[:limit]

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows with these numbers."""
        return {n: self.row(n) for n in ids}

    def total(self) -> int:
        """How many rows there are."""
        return len(self.numbers)

    def words(self, number: int) -> str:
        """What a row is found by."""
        raise NotImplementedError

    def row(self, number: int) -> Row:
        """One row."""
        raise NotImplementedError


class TickView(GridView):
    """A table whose ticks follow a single click, as in any list of boxes."""

    def __init__(self, model: GridModel) -> None:
        super().__init__(model)
        self._pressed = QPersistentModelIndex()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where."""
        self._pressed = QPersistentModelIndex(self.indexAt(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick what was pressed and released."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and self._pressed == index:
            self.toggle(index)

    def edit(self, index: QModelIndex, trigger: Any = None, event: Any = None) -> bool:  # type: ignore[override]
        """The two clicks of a double click tick and untick; no third time."""
        if trigger == QAbstractItemView.EditTrigger.DoubleClicked:
            return False
        return super().edit(index, trigger, event)

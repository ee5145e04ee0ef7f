"""What is selected in a table stays selected when its rows are read again: known by record, not by place."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from ui.grids.model import GridModel

MOST_ROWS = 5_000
"""More selected rows are not remembered: selecting all again is one key."""


@dataclass(frozen=True, slots=True)
class Span:
    """Cells of one record from one column to another that were selected."""

    row_id: int
    first: int
    last: int


def remembered(model: GridModel, selection: QItemSelectionModel) -> tuple[Span, ...]:
    """The selected cells by record; () for a single cell, which the current one is anyway, and for too many."""
    parts = list(selection.selection())
    rows = sum(part.height() for part in parts)
    if rows > MOST_ROWS or (rows == 1 and parts[0].width() == 1):
        return ()
    return tuple(
        Span(model.id_at(row), part.left(), part.right())
        for part in parts for row in range(part.top(), part.bottom() + 1)
    )


def select_again(model: GridModel, selection: QItemSelectionModel, spans: tuple[Span, ...]) -> None:
    """Select what is still shown of it, in whatever order it stands now; the current cell stays."""
    found = QItemSelection()
    last_column = model.columnCount() - 1
    places = sorted(
        (row, span.first, min(span.last, last_column))
        for span in spans if (row := model.row_of(span.row_id)) >= 0 and span.first <= last_column
    )
    first = 0
    while first < len(places):
        row, left, right = places[first]
        last = first
        while last + 1 < len(places) and places[last + 1] == (places[last][0] + 1, left, right):
            last += 1
        found.select(model.index(row, left), model.index(places[last][0], right))
        first = last + 1
    if not found.isEmpty():
        selection.select(found, QItemSelectionModel.SelectionFlag.Select)

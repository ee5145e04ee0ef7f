"""A table of a paper as plain rows for a spreadsheet: spans filled, heads in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.model import Document, Row, Table, Title


@dataclass(frozen=True, slots=True)
class FlatTable:
    """Heads and rows of equal length; a text of a merged cell stands in every row it covers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def flat_tables(document: Document) -> tuple[FlatTable, ...]:
    """All tables of a document, each with the title before it."""
    found, title = [], document.name
    for block in document.blocks:
        if isinstance(block, Title):
            title = block.text.replace("\n", "")
        elif isinstance(block, Table):
            found.append(_flat(block, title))
    return tuple(found)


def _flat(table: Table, title: str) -> FlatTable:
    count = len(table.columns)
    heads = _spread(table.head, count, across=True)
    joined = tuple(
        "·".join(dict.fromkeys(row[column].replace("\n", "") for row in heads if row[column]))
        for column in range(count)
    )
    rows = _spread(table.rows, count, across=False)
    return FlatTable(title, joined, tuple(tuple(row) for row in rows))


def _spread(rows: Sequence[Row], count: int, *, across: bool) -> list[list[str]]:
    """Each cell's text in all rows it covers, and, across, in all columns."""
    grid: list[list[str | None]] = [[None] * count for _ in rows]
    for index, row in enumerate(rows):
        column = 0
        for cell in row.cells:
            while column < count and grid[index][column] is not None:
                column += 1
            for down in range(index, min(index + cell.rows, len(rows))):
                for right in range(column, min(column + cell.columns, count)):
                    grid[down][right] = cell.text if across or right == column else ""
            column += cell.columns
    return [[text or "" for text in row] for row in grid]

"""A table looked at through its merged areas: every covered cell knows what is shown there."""

from __future__ import annotations

from mbo_desktop.spreadsheets.table import EMPTY, Cell, Merge, Table, column_letters

_COVER_LIMIT = 200_000


class Grid:
    """A table with its merges laid open; counts from 0."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = table.rows
        self.height = len(table.rows)
        self.width = table.width
        self._covered: dict[tuple[int, int], Merge] = {}
        self._merged_rows: set[int] = set()
        self._letters = [column_letters(column) for column in range(self.width)]
        self._lettered = table.lettered and table.origins is None
        for merge in table.merges:
            self._open(merge)

    def _open(self, merge: Merge) -> None:
        """Remember the covered cells; merges reaching beyond the table are cut to it."""
        bottom, right = min(merge.bottom, self.height - 1), min(merge.right, self.width - 1)
        if merge.top >= self.height or len(self._covered) > _COVER_LIMIT:
            return
        # An area over nothing but empty cells shows nothing.
        if not self.table.cell(merge.top, merge.left).text:
            return
        self._merged_rows.update(range(merge.top, bottom + 1))
        for row in range(merge.top, bottom + 1):
            for column in range(merge.left, right + 1):
                self._covered[row, column] = merge

    def merge_at(self, row: int, column: int) -> Merge | None:
        """The merged area a cell belongs to."""
        return self._covered.get((row, column))

    def has_merges(self, row: int) -> bool:
        """Whether any cell of a row belongs to a merged area."""
        return row in self._merged_rows

    def own(self, row: int, column: int) -> Cell:
        """The cell itself; EMPTY where a merged area covers it."""
        line = self.rows[row]
        return line[column] if column < len(line) else EMPTY

    def shown(self, row: int, column: int) -> Cell:
        """The cell as one sees it: a merged area shows its first cell everywhere."""
        merge = self._covered.get((row, column)) if self._covered else None
        if merge is not None:
            return self.table.cell(merge.top, merge.left)
        line = self.rows[row]
        return line[column] if column < len(line) else EMPTY

    def text(self, row: int, column: int) -> str:
        """What is shown, outer blanks taken off."""
        return self.shown(row, column).text.strip()

    def filled(self, row: int) -> list[int]:
        """The columns whose own cell holds something."""
        return [column for column, cell in enumerate(self.rows[row]) if cell.text.strip()]

    def place(self, row: int, column: int) -> str:
        """Where the user finds what is shown at a cell."""
        merge = self._covered.get((row, column)) if self._covered else None
        if merge is not None:
            row, column = merge.top, merge.left
        if self._lettered:
            return f"{self._letters[column]}{row + 1}"
        return self.table.place(row, column)

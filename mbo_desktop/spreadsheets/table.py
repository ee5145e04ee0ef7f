"""A table as somebody sees it in Excel, Word or on a page, before anybody asks what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

CELL_LIMIT = 32767
"""Characters kept of one cell: what Excel itself can hold. What is longer is cut and said."""


class Cell(NamedTuple):
    """One cell: its value as shown (58.3 % is Decimal 58.3 with text "58.3%"), and what stands beside it."""

    value: str | Decimal | date | None
    text: str
    """As displayed; "" for an empty cell."""
    number_format: str = "General"
    problem: str = ""
    """Chinese; why this cell is not quite what the file holds (cut, no cached value, picture)."""


EMPTY = Cell(None, "")


class Merge(NamedTuple):
    """A merged area, all four inclusive and counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a user should see about one place of the source; the rest was read."""

    place: str
    """For example C17, or empty when it concerns the whole."""
    text: str
    """What stands there."""
    reason: str
    kept: str = ""
    """What became of it, for example 已保留为文字."""
    is_notice: bool = False
    """Only said for completeness (a repeated head skipped); asks nothing of the user."""

    def sentence(self) -> str:
        """The whole in one Chinese sentence."""
        shown = self.text if len(self.text) <= 40 else f"{self.text[:40]}…"
        ending = f",{self.kept}" if self.kept else ""
        if shown and self.reason.startswith(f"“{shown}”"):
            # The reason names what stands there; once is enough.
            return f"{self.place} {self.reason}{ending}。".lstrip()
        subject = f"{self.place} “{shown}”".lstrip() if shown else self.place
        return f"{subject}:{self.reason}{ending}。" if subject else f"{self.reason}{ending}。"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells with their merges; rows may be of unequal length, covered cells are EMPTY."""

    source: str
    """File name, or 剪贴板."""
    sheet: str
    """Sheet name, or 表1 in a Word file; empty where there is none."""
    rows: tuple[tuple[Cell, ...], ...]
    merges: tuple[Merge, ...] = ()
    title_hint: str = ""
    """The line of text before a Word or HTML table."""
    problems: tuple[Problem, ...] = ()
    lettered: bool = True
    """Places are named C17 as in Excel; otherwise 第17行第3列."""
    origins: Mapping[tuple[int, int], tuple[int, int]] | None = None
    """Where a cell stands in the file, for a table that was turned round."""
    _width: list[int] = field(default_factory=list, repr=False, compare=False)

    @property
    def width(self) -> int:
        """The number of columns of the longest row."""
        if not self._width:
            self._width.append(max((len(row) for row in self.rows), default=0))
        return self._width[0]

    def cell(self, row: int, column: int) -> Cell:
        """The cell counted from 0; EMPTY outside the table."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return EMPTY

    def place(self, row: int, column: int) -> str:
        """How the user finds the cell: C17, or 第17行第3列 where there are no letters."""
        if self.origins is not None:
            row, column = self.origins.get((row, column), (row, column))
        number = row + 1
        if self.lettered:
            return f"{column_letters(column)}{number}"
        return f"第{number}行第{column + 1}列"


def column_letters(column: int) -> str:
    """The letters of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

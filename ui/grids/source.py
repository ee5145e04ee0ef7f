"""Where a table's rows come from: the protocol pages implement, and one for short lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from ui.grids.columns import Column, Edit, GridQuery, Row

Refused = Mapping[tuple[int, str], str]
"""Cells a write could not take, by (row id, column key), with the reason; they keep their text."""


@runtime_checkable
class GridSource(Protocol):
    """The rows of a table, ids first, cells by the page.

    Row ids are positive integers (usually `RecordId`).
    """

    columns: Sequence[Column]

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """Row ids in display order; with a limit only the first ones (asked before the rest)."""
        ...

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows with these ids (at most 200 at a time); vanished ones are left out."""
        ...

    def total(self) -> int:
        """How many rows there are without any filter."""
        ...

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Save all edits as one undo step; raises ProgramError when nothing was written."""
        ...


class AppendingSource(Protocol):
    """A source that also takes new rows (typing or pasting below the last one)."""

    def append(self, rows: Sequence[Mapping[str, object]], label: str) -> Sequence[int]:
        """Make new rows from values by column key, as one undo step; their ids in order."""
        ...


class CountingSource(Protocol):
    """A source that can list what a column holds, for the header filter."""

    def distinct(self, key: str, query: GridQuery) -> Sequence[tuple[str, int]]:
        """Texts of a column and how often each stands there, most 500, in a sensible order."""
        ...


class ListSource:
    """A source over rows that fit in memory (up to some thousands).

    load() gives all rows in the official order and is called again after `reload()`;
    write(edits, label) saves them. Filter and sort are done here.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        load: Callable[[], Sequence[Row]],
        write: Callable[[Sequence[Edit], str], Refused | None] | None = None,
    ) -> None:
        self.columns = tuple(columns)
        self._load = load
        self._write = write
        self._rows: dict[int, Row] | None = None

    def reload(self) -> None:
        """Forget the rows; they are loaded again when asked for."""
        self._rows = None

    def _all(self) -> dict[int, Row]:
        if self._rows is None:
            self._rows = {row.id: row for row in self._load()}
        return self._rows

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """Ids that pass the filters, sorted as asked."""
        rows = [row for row in self._all().values() if self._passes(row, query)]
        if query.sort:
            filled = [row for row in rows if row.cell(query.sort).text]
            blank = [row for row in rows if not row.cell(query.sort).text]
            filled.sort(key=lambda row: _sort_key(row, query.sort), reverse=query.descending)
            rows = filled + blank
        return [row.id for row in rows[:limit]]

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows with these ids."""
        known = self._all()
        return {row_id: known[row_id] for row_id in ids if row_id in known}

    def total(self) -> int:
        """All rows."""
        return len(self._all())

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Hand the edits on and load afresh."""
        if self._write is None:
            return None
        refused = self._write(edits, label)
        self.reload()
        return refused

    def distinct(self, key: str, query: GridQuery) -> Sequence[tuple[str, int]]:
        """Texts of a column among the rows the other filters leave."""
        others = {name: rule for name, rule in query.filters.items() if name != key}
        narrowed = GridQuery(text=query.text, filters=others)
        counts: dict[str, int] = {}
        for row in self._all().values():
            if self._passes(row, narrowed):
                text = row.cell(key).text
                counts[text] = counts.get(text, 0) + 1
        return list(counts.items())[:500]

    def _passes(self, row: Row, query: GridQuery) -> bool:
        for key, rule in query.filters.items():
            if not rule.accepts(row.cell(key).text):
                return False
        if not query.text:
            return True
        return any(matches(query.text, row.cell(column.key).text) for column in self.columns)


def matches(typed: str, text: str) -> bool:
    """Whether typed text stands in a text, literally or as pinyin initials."""
    wanted = typed.strip().casefold()
    if wanted in text.casefold():
        return True
    if not (wanted.isascii() and wanted.isalnum()):
        return False
    from mbo_desktop.store import pinyin

    return wanted in pinyin.initials(text)


def _sort_key(row: Row, key: str) -> tuple[int, object, str]:
    from mbo_desktop.store import pinyin

    cell = row.cell(key)
    if cell.amount is not None:
        return (0, cell.amount, "")
    return (1, 0, pinyin.full(cell.text))

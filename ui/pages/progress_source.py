"""Rows of a month for the table: ids first, cells by the page, edits of all sides as one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.services import (
    log_cells,
    progress,
    progress_entry,
    progress_lights,
    progress_sides,
)
from mbo_desktop.services.progress import ProgressRow, Sought
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.store import pinyin
from ui.grids.columns import Column, Edit, GridQuery, Row
from ui.grids.source import Refused
from ui.pages.progress_rows import FIELDS
from ui.pages.progress_state import MonthState

PORTION = 2_000
QUICK = 2_000
"""So many rows are sorted or filtered while the window waits; more are sorted beside it."""
DISTINCT = 500
KEPT = 6_000
_LAGGING = (Light.RED, Light.YELLOW)
Text = tuple[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which targets a table shows: what the database finds, and what only the month tells."""

    sought: Sought = field(default_factory=Sought)
    light: Light | None = None
    only_unreported: bool = False
    only_lagging: bool = False
    """Yellow or red."""
    only_unexplained: bool = False
    """Lagging, and cause, effort or measure still lack."""

    @property
    def by_light(self) -> bool:
        """Whether the lights of the month decide."""
        return self.light is not None or self.only_lagging or self.only_unexplained

    @property
    def narrows(self) -> bool:
        """Whether targets may be left out."""
        return self.by_light or self.only_unreported or self.sought != Sought(
            by_indicator=self.sought.by_indicator
        )


class MonthSource:
    """The targets of the year in the month that is looked at."""

    def __init__(
        self, state: MonthState, columns: Sequence[Column], cells: Callable[[ProgressRow], Row]
    ) -> None:
        self.columns = tuple(columns)
        self.wanted = Wanted()
        self.certifying: tuple[RecordId, RecordId] | None = None
        """Indicator and certifying unit, when the table is the column of that office."""
        self.doubts: Mapping[tuple[RecordId, FigureKind], str] = {}
        """What was unlikely about the figures of the last write, in words."""
        self._state = state
        self._store = state.store
        self._cells = cells
        self._rows: dict[int, Row] = {}
        """Rows that were read and still hold, so that an edit reads its own row only."""
        self._texts: dict[str, dict[RecordId, Text]] = {}
        self._texts_of: tuple[int, int, int] = (0, 0, 0)

    def report_at(self, subject: int, key: str) -> tuple[int, str] | None:
        """The report and its field that a column shows of a target in this month; None without one."""
        if key not in FIELDS:
            return None
        kind, field = FIELDS[key]
        record = log_cells.report_of(self._store, subject, self._state.month, kind.value) or (
            log_cells.report_of(self._store, subject, self._state.month, FigureKind.OWN.value)
            if kind is FigureKind.PROXY else 0
        )
        return (record, field.value) if record else None

    # Reading ------------------------------------------------------------------

    def forget(self) -> None:
        """Rows and texts that were read are no longer right."""
        self._rows = {}
        self._texts = {}

    def drop(self, subjects: Iterable[int]) -> None:
        """These targets changed."""
        for one in subjects:
            self._rows.pop(int(one), None)

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """Targets that fit in order; when many must be read for it, the first ones come unsorted at once."""
        found: Sequence[RecordId] = progress.month_ids(
            self._store, self._state.year, replace(self.wanted.sought, text=query.text)
        )
        unlit = self.wanted.by_light and not self._state.known
        if limit is not None and len(found) > QUICK and (query.sort or query.filters or unlit):
            return found[:limit]
        if self.wanted.by_light:
            found = self._by_light(found)
        if self.wanted.only_unexplained:
            if limit is not None and len(found) > QUICK:
                return found[:limit]
            found = self._unexplained(found)
        if self.wanted.only_unreported:
            said = progress_sides.reported(self._store, self._state.year, self._state.month)
            found = [one for one in found if one not in said]
        for key, rule in query.filters.items():
            texts = self._column_texts(key, found)
            found = [one for one in found if rule.accepts(texts.get(one, ("", None))[0])]
        if query.sort:
            found = self._sorted(query, found)
        return found[:limit] if limit is not None else found

    def _by_light(self, found: Sequence[RecordId]) -> list[RecordId]:
        judged = self._state.at_once()
        beyond = [one for one in found if one not in judged]
        if beyond:
            # The own government's targets are shown only when asked for: their lights are not kept.
            judged = judged | progress_lights.lights(
                self._store, self._state.year, self._state.month, beyond
            )
        fitting = _LAGGING if self.wanted.light is None else (self.wanted.light,)
        return [one for one in found if one in judged and judged[one].light in fitting]

    def _unexplained(self, lit: Sequence[RecordId]) -> list[RecordId]:
        kept: list[RecordId] = []
        for start in range(0, len(lit), PORTION):
            page = lit[start : start + PORTION]
            rows = progress.month_rows(self._store, self._state.year, self._state.month, page)
            kept += [one for one in page if one in rows and rows[one].lacking]
        return kept

    def needs_all(self, query: GridQuery) -> bool:
        """Whether so many targets fit the filters that their cells are read beside the window."""
        sought = replace(self.wanted.sought, text=query.text)
        return len(progress.month_ids(self._store, self._state.year, sought)) > QUICK

    def _sorted(self, query: GridQuery, found: Sequence[RecordId]) -> list[RecordId]:
        texts = self._column_texts(query.sort, found)
        filled = [one for one in found if texts.get(one, ("", None))[0]]
        there = set(filled)
        blank = [one for one in found if one not in there]
        # Numbers before words, words by their pinyin.
        keys = {
            one: (0, texts[one][1], "") if texts[one][1] is not None
            else (1, Decimal(0), pinyin.full(texts[one][0]))
            for one in filled
        }
        filled.sort(key=keys.__getitem__, reverse=query.descending)
        return filled + blank

    def _column_texts(self, key: str, ids: Sequence[RecordId]) -> dict[RecordId, Text]:
        """Text and amount of one column for these targets, kept until something changes."""
        stamp = (self._store.change_count, self._state.year, self._state.month)
        if stamp != self._texts_of:
            self._texts, self._texts_of = {}, stamp
        known = self._texts.setdefault(key, {})
        missing = [one for one in ids if one not in known]
        for start in range(0, len(missing), PORTION):
            rows = progress.month_rows(
                self._store, self._state.year, self._state.month, missing[start : start + PORTION]
            )
            for record, row in rows.items():
                cell = self._cells(row).cell(key)
                known[record] = (cell.text, cell.amount)
        return known

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The cells of these targets."""
        missing = [RecordId(one) for one in ids if one not in self._rows]
        if missing:
            if len(self._rows) > KEPT:
                self._rows.clear()
                missing = [RecordId(one) for one in ids]
            found = progress.month_rows(self._store, self._state.year, self._state.month, missing)
            self._rows.update((int(record), self._cells(row)) for record, row in found.items())
        return {one: self._rows[one] for one in ids if one in self._rows}

    def row(self, record: int) -> ProgressRow | None:
        """What the month says of a target; None when it is not there."""
        found = progress.month_rows(
            self._store, self._state.year, self._state.month, (RecordId(record),)
        )
        return found.get(RecordId(record))

    def total(self) -> int:
        """All targets of the year; in a certifying office's column those of its indicator."""
        if self.certifying is not None:
            return len(progress.month_ids(self._store, self._state.year, self.wanted.sought))
        return self._state.total

    def distinct(self, key: str, query: GridQuery) -> Sequence[tuple[str, int]]:
        """Texts of a column among what the other filters leave."""
        others = {name: rule for name, rule in query.filters.items() if name != key}
        if self.needs_all(query):
            # The window does not wait for thousands of rows: there the text to contain is typed.
            if key != "light" or not self._state.known:
                return ()
            return [(light.label, count) for light, count in self._state.totals().items()]
        ids = self.ids(GridQuery(text=query.text, filters=others))
        texts = self._column_texts(key, [RecordId(one) for one in ids])
        counts = Counter(texts[RecordId(one)][0] for one in ids if RecordId(one) in texts)
        return list(counts.items())[:DISTINCT]

    # Writing ------------------------------------------------------------------

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """All sides of a block in one step; what was refused keeps its text with the reason."""
        self.doubts = {}
        self.drop(one.row for one in edits)
        if self.certifying is not None:
            return self._certify(edits)
        listed = [(FIELDS[one.key][0], _edit(one)) for one in edits if one.key in FIELDS]
        outcome = progress_sides.write_sides(
            self._store, self._state.year, self._state.month, listed,
            label=self._label(edits),
        )
        self.doubts = outcome.doubts
        keys = {place: key for key, place in FIELDS.items()}
        return {
            (int(row), keys[kind, column]): why
            for (row, kind, column), why in outcome.refused.items()
        } or None

    def _certify(self, edits: Sequence[Edit]) -> Refused | None:
        assert self.certifying is not None
        indicator, by = self.certifying
        outcome = progress_entry.certify(
            self._store, self._state.year, self._state.month, indicator, by,
            {RecordId(one.row): one.text for one in edits},
        )
        self.doubts = {(row, FigureKind.CERTIFIED): why for row, why in outcome.doubts.items()}
        return {(int(row), "certified"): why for (row, _column), why in outcome.refused.items()} or None

    def _label(self, edits: Sequence[Edit]) -> str:
        month = self._state.month
        names = {column.key: column for column in self.columns}
        keys = {one.key for one in edits}
        if len(keys) == 1:
            column = names[next(iter(keys))]
            what = f"{column.group}{column.title}" if column.group else column.title
        else:
            what = "进度"
        return f"填报{month}月{what}" + (f" {len(edits)} 格" if len(edits) > 1 else "")


def _edit(one: Edit) -> ReportEdit:
    column: ReportField = FIELDS[one.key][1]
    text = one.value if isinstance(one.value, str) else one.text
    return ReportEdit(RecordId(one.row), column, text)

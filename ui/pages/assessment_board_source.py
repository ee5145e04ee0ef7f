"""The score board as a table: totals first, then the indicators; units across or down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from mbo_desktop.domain.assessment import ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical, read_number
from mbo_desktop.errors import InputError
from mbo_desktop.services import scores
from mbo_desktop.services.score_board import missing_cells
from mbo_desktop.services.score_engine import COUNTING
from mbo_desktop.services.scores import ScoreBoard, UnitScore
from ui.grids.columns import Cell, Column, Edit, GridQuery, Kind, Row
from ui.grids.source import Refused, matches
from ui.pages.assessment_board_cells import KINDS, Shown, full_cell, item_cell, sum_cell
from ui.pages.assessment_state import AssessmentState
from ui.pages.planning_sources import as_typed

SUMS = 10**12
"""Rows of totals have numbers from here on."""
PARTS = SUMS + 100
"""Rows of components."""
FEW_UNITS = 6
"""So many have room for their names in full."""
UNITS_ACROSS = 14
"""More units stand below each other at first."""
WORKED_OUT = "合计、名次和等次由各项得分算出,不能直接录入。"
SEALED = "结果已经审定封存。要改请先到“审定封存”写明理由解封。"
_SUM_KEYS = ("total", "rank", "grade", "targets", "bonus", "deduction", "missing")
_SUM_WORDS = {
    "total": "综合得分", "rank": "名次(较上年)", "grade": "等次", "targets": "指标得分", "bonus": "加分",
    "deduction": "扣分", "missing": "缺数(项)",
}
Writer = Callable[[Mapping[tuple[RecordId, RecordId], str], Mapping[tuple[str, RecordId], str], Shown], Refused]
"""Saves typed texts: by (indicator, unit), and by (component, unit); reasons by (row, column) of those refused."""


class BoardSource:
    """A `ScoreBoard` as a `GridSource`; what is typed is tried or written by `writer`.

    live: the board as it comes out with what is being typed at this moment;
    kept: the only rows to be shown, None for all.
    """

    def __init__(self, state: AssessmentState, board: ScoreBoard, *, by_unit: bool, shows: Shown) -> None:
        self.state = state
        self.base = board
        self.by_unit = by_unit
        self.shows = shows
        self.kept: frozenset[int] | None = None
        self.live: ScoreBoard | None = None
        self.typed_at: tuple[int, str] | None = None
        self.version = 0
        """Counts what was worked out; cells made for an earlier one are made anew."""
        self.present = board
        self.writer: Writer | None = None
        self.lines: dict[RecordId, UnitScore] = {}
        self._heads = {one.id: one for one in board.indicators}
        self.parts = [one.name for one in board.scheme.components]
        self.columns = self._make_columns()
        self.follow()

    def take(self, board: ScoreBoard) -> None:
        """Other figures of the same units and indicators."""
        self.base = board
        self.live = None
        self.follow()

    def follow(self) -> None:
        """Work out what is shown: the records, or the trial over them."""
        tried = self.state.trying and self.state.tried_count
        self.present = scores.rescored(self.base, self.state.what_if) if tried else self.base
        self.lines = {one.unit: one for one in self.board.units}

    @property
    def board(self) -> ScoreBoard:
        """With what is being typed."""
        return self.live or self.present

    def same_shape(self, board: ScoreBoard) -> bool:
        """Whether a board has the same units, indicators and components."""
        return (
            [one.unit for one in board.units] == [one.unit for one in self.base.units]
            and [one.id for one in board.indicators] == [one.id for one in self.base.indicators]
            and board.scheme.components == self.base.scheme.components
        )

    # Columns --------------------------------------------------------------------

    def _make_columns(self) -> tuple[Column, ...]:
        fixed: dict[str, bool] = {"sortable": False, "filterable": False}
        if not self.by_unit:
            # A few units leave room for their names in full.
            longest = max((len(one.label) for one in self.base.units), default=0)
            wide = max(92, min(22 + 15 * longest, 180)) if len(self.base.units) <= FEW_UNITS else 92
            return (
                Column("name", "指标", width=190, frozen=True, **fixed),
                Column("full", "分值", Kind.NUMBER, width=56, frozen=True, **fixed),
                *(Column(f"u@{one.unit}", one.label, Kind.NUMBER, width=wide, editable=True, read=as_typed, **fixed)
                  for one in self.base.units),
            )
        sums = [Column(key, _SUM_WORDS[key], Kind.NUMBER if key != "grade" else Kind.TEXT, width=104 if key == "rank" else 84,
                       frozen=key in ("total", "rank")) for key in ("total", "rank", "grade", "targets")]
        sums += [Column(f"part@{place}", name, Kind.NUMBER, width=84, editable=True, read=as_typed)
                 for place, name in enumerate(self.parts)]
        sums += [Column(key, _SUM_WORDS[key], Kind.NUMBER, width=70) for key in ("bonus", "deduction", "missing")]
        return (
            Column("name", "单位", width=150, frozen=True), *sums,
            *(Column(f"i@{one.id}", one.name, Kind.NUMBER, width=110, editable=True, read=as_typed,
                     hint=f"分值 {self.full_of(one.id)}") for one in self.base.indicators),
        )

    def full_of(self, indicator: RecordId) -> str:
        """Full points of an indicator as the scheme has them; units may have their own."""
        fulls = {cell.full for line in self.base.units if (cell := line.items.get(indicator)) is not None}
        return canonical(next(iter(fulls))) if len(fulls) == 1 else "不一" if fulls else ""

    # Rows -----------------------------------------------------------------------

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """Totals, then indicators in which the text stands; or the units."""
        if self.by_unit:
            found = [one.unit for one in self.base.units
                     if (not query.text or matches(query.text, one.label)) and (self.kept is None or one.unit in self.kept)]
            if query.sort:
                found.sort(key=lambda unit: self._sort_key(unit, query.sort), reverse=query.descending)
            return found[:limit]
        rows: list[int] = [] if query.text else [
            *(SUMS + place for place in range(4)), *(PARTS + place for place in range(len(self.parts))),
            *(SUMS + place for place in range(4, len(_SUM_KEYS))),
        ]
        rows += [one.id for one in self.base.indicators
                 if (not query.text or matches(query.text, f"{one.name} {one.category}"))
                 and (self.kept is None or one.id in self.kept)]
        return rows[:limit]

    def keep_missing(self, on: bool) -> None:
        """Only rows that lack a figure now; they stay while the figures are typed."""
        self.kept = None if not on else frozenset(
            one.unit for one in self.base.units if one.missing
        ) if self.by_unit else frozenset(head.id for _line, head, _why in missing_cells(self.base))

    def _sort_key(self, unit: RecordId, key: str) -> tuple[bool, Decimal]:
        cell = _BoardRow(self, unit)[key]
        amount = cell.amount if isinstance(cell, Cell) else None
        return amount is None, amount or Decimal(0)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """Cells are made when they are looked at."""
        known = self.lines if self.by_unit else self._heads
        return {
            one: Row(one, _BoardRow(self, one), bold=one == SUMS, band=one >= SUMS)
            for one in ids if one >= SUMS or one in known
        }

    def total(self) -> int:
        """Units, or indicators (and not the totals)."""
        return len(self.base.units) if self.by_unit else len(self.base.indicators)

    def place(self, row: int, key: str) -> tuple[RecordId | None, RecordId | None, str]:
        """(indicator, unit, what of the totals) of a cell."""
        code, _, number = key.partition("@")
        if self.by_unit:
            unit = RecordId(row)
            if code == "i":
                return RecordId(int(number)), unit, ""
            return None, unit, self.parts[int(number)] if code == "part" else code
        chosen = RecordId(int(number)) if code == "u" else None
        if row >= PARTS:
            return None, chosen, self.parts[row - PARTS]
        if row >= SUMS:
            return None, chosen, _SUM_KEYS[row - SUMS]
        return RecordId(row), chosen, ""

    def cell_of(self, unit: RecordId, indicator: RecordId | None, part: str = "") -> tuple[int, str]:
        """(row, column key) where `place` finds an indicator or part of a unit."""
        if self.by_unit:
            return unit, f"i@{indicator}" if indicator is not None else f"part@{self.parts.index(part)}"
        return indicator if indicator is not None else PARTS + self.parts.index(part), f"u@{unit}"

    # Typing ---------------------------------------------------------------------

    def write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        """Try or save what was typed, as one step."""
        self.live = None
        cells: dict[tuple[RecordId, RecordId], str] = {}
        parts: dict[tuple[str, RecordId], str] = {}
        back: dict[object, tuple[int, str]] = {}
        for edit in edits:
            indicator, unit, of = self.place(edit.row, edit.key)
            if unit is None:
                continue
            key: object = (of, unit) if indicator is None else (indicator, unit)
            back[key] = (edit.row, edit.key)
            if indicator is None:
                parts[of, unit] = edit.text
            else:
                cells[indicator, unit] = edit.text
        if self.state.trying:
            return self._try(cells, parts, back)
        assert self.writer is not None
        refused = self.writer(cells, parts, self.shows)
        return {back[key]: reason for key, reason in refused.items() if key in back}  # type: ignore[index]

    def _try(
        self, cells: Mapping[tuple[RecordId, RecordId], str], parts: Mapping[tuple[str, RecordId], str],
        back: Mapping[object, tuple[int, str]],
    ) -> Refused:
        refused: dict[tuple[int, str], str] = {}
        figures: dict[tuple[RecordId, RecordId], Decimal | None] = {}
        for cell, text in cells.items():
            try:
                figures[cell] = read_number(text) if text.strip() else None
            except InputError as error:
                refused[back[cell]] = f"{error.what}{error.todo}"
        if figures:
            self.state.set_figures(figures, is_actual=self.shows is Shown.ACTUAL)
        points: dict[tuple[str, RecordId], Decimal | None] = {}
        for part, text in parts.items():
            try:
                points[part] = read_number(text) if text.strip() else None
            except InputError as error:
                refused[back[part]] = f"{error.what}{error.todo}"
        if points:
            self.state.set_parts(points)
        return refused

    def type_live(self, row: int, key: str, text: str) -> bool:
        """Totals and ranks while something is typed; False for what is no number yet or changes no total."""
        indicator, unit, of = self.place(row, key)
        if unit is None or (indicator is None and of not in self.parts):
            return False
        try:
            amount = read_number(text) if text.strip() else None
        except InputError:
            return False
        if indicator is None:
            if not self.state.trying and (amount is None or not self._part_counts_at_once(of, unit)):
                return False
            changes = self.state.with_part(of, unit, amount)
        elif not self.state.trying and not self._counts_at_once(indicator, unit):
            return False
        else:
            changes = self.state.with_figure(indicator, unit, amount, is_actual=self.shows is Shown.ACTUAL)
        self.live = scores.rescored(self.base, changes, is_what_if=self.state.trying)
        self.lines = {one.unit: one for one in self.live.units}
        self.version += 1
        self.typed_at = row, key
        return True

    def _counts_at_once(self, indicator: RecordId, unit: RecordId) -> bool:
        """Whether a typed figure is the one that counts: no later one stands above it."""
        if self.shows is Shown.ACTUAL:
            return True
        kind = KINDS.get(self.shows)
        if kind not in COUNTING:
            return False
        cell = self.base.unit(unit).items.get(indicator)
        above = {ScoreKind.FINAL: (), ScoreKind.REVIEWED: ("final",), ScoreKind.CERTIFIED: ("final", "reviewed")}[kind]
        return cell is not None and all(getattr(cell, name) is None for name in above)

    def _part_counts_at_once(self, name: str, unit: RecordId) -> bool:
        kind = KINDS.get(self.shows)
        given = self.base.book.components.get((unit, name), {})
        return kind in COUNTING and not any(one in given for one in COUNTING[:COUNTING.index(kind)])

    def stop_typing(self) -> None:
        """What was being typed counts no longer."""
        self.live = None
        self.lines = {one.unit: one for one in self.board.units}


class _BoardRow(Mapping[str, Cell | str]):
    """The cells of one row, made when they are asked for."""

    __slots__ = ("_made", "_row", "_source", "_version")

    def __init__(self, source: BoardSource, row: int) -> None:
        self._source, self._row = source, row
        self._version = source.version
        self._made: dict[str, Cell | str] = {}

    def __getitem__(self, key: str) -> Cell | str:
        if self._version != self._source.version:
            self._version = self._source.version
            self._made.clear()
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(key)
        return found

    def get(self, key: str, default: object = None) -> Cell | str:  # type: ignore[override]
        """Every column has a cell."""
        return self[key]

    def __iter__(self) -> Iterator[str]:
        return (column.key for column in self._source.columns)

    def __len__(self) -> int:
        return len(self._source.columns)

    def _make(self, key: str) -> Cell | str:
        source = self._source
        indicator, unit, of = source.place(self._row, key)
        if unit is None:
            return self._head(key, indicator, of)
        if key == "name":
            return Cell(source.lines[unit].label)
        shown = self._cell(source.lines[unit], indicator, of)
        if source.live is None or source.typed_at != (self._row, key):
            return shown
        # What is typed is held against what stood there, not against what it already shows.
        before = self._cell(source.present.unit(unit), indicator, of)
        return replace(shown, edit_text=before.text if before.edit_text is None else before.edit_text)

    def _cell(self, line: UnitScore, indicator: RecordId | None, of: str) -> Cell:
        source = self._source
        made = sum_cell(source, line, of) if indicator is None else item_cell(source, line, indicator)
        if indicator is None and made.editable is None:
            made = replace(made, editable=False, locked=WORKED_OUT)
        return replace(made, editable=False, locked=SEALED) if source.base.sealed else made

    def _head(self, key: str, indicator: RecordId | None, of: str) -> Cell | str:
        source = self._source
        if indicator is not None:
            head = source._heads[indicator]  # noqa: SLF001 a part of the source
            return Cell(head.name, note=head.category) if key == "name" else source.full_of(indicator)
        if key == "name":
            return Cell(_SUM_WORDS.get(of, of), bold=of == "total")
        return full_cell(source, of)

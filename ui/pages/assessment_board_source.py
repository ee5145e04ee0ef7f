"""The score board as a table: totals first, then the indicators; units across or down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from mbo_desktop.domain.assessment import ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical, read_number, show
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.services import scores
from mbo_desktop.services.score_engine import COUNTING
from mbo_desktop.services.scores import ItemCell, ScoreBoard, UnitScore
from ui.grids.columns import Cell, Column, Edit, GridQuery, Kind, Light, Row, Tone
from ui.grids.source import Refused, matches
from ui.pages.assessment_state import AssessmentState
from ui.pages.planning_sources import as_typed

SUMS = 10**12
"""Rows of totals have numbers from here on."""
PARTS = SUMS + 100
"""Rows of components."""
UNITS_ACROSS = 14
"""More units stand below each other at first."""
LOW = Decimal("0.8")
"""Less than so much of the full points is marked."""


class Shown(StrEnum):
    """What the cells show."""

    USED = "used"
    ACTUAL = "actual"
    SELF = "self"
    CERTIFIED = "certified"
    REVIEWED = "reviewed"
    FINAL = "final"
    COMPUTED = "computed"
    RATE = "rate"
    FROM_SELF = "from_self"


_GROWTHS = (TargetForm.GROWTH, TargetForm.DECREASE_RATE)
KINDS = {
    Shown.SELF: ScoreKind.SELF, Shown.CERTIFIED: ScoreKind.CERTIFIED,
    Shown.REVIEWED: ScoreKind.REVIEWED, Shown.FINAL: ScoreKind.FINAL,
}
"""Columns of given points."""
_SUM_KEYS = ("total", "rank", "grade", "targets", "bonus", "deduction", "missing")
_SUM_WORDS = {
    "total": "综合得分", "rank": "名次(较上年)", "grade": "等次", "targets": "指标得分", "bonus": "加分",
    "deduction": "扣分", "missing": "缺数(项)",
}
Writer = Callable[[Mapping[tuple[RecordId, RecordId], str], Mapping[tuple[str, RecordId], str], Shown], Refused]
"""Saves typed texts: by (indicator, unit), and by (component, unit); reasons by (row, column) of those refused."""


class BoardSource:
    """A `ScoreBoard` as a `GridSource`; what is typed is tried or written by `writer`.

    live: the board as it comes out with what is being typed at this moment.
    """

    def __init__(self, state: AssessmentState, board: ScoreBoard, *, by_unit: bool, shows: Shown) -> None:
        self.state = state
        self.base = board
        self.by_unit = by_unit
        self.shows = shows
        self.live: ScoreBoard | None = None
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
            return (
                Column("name", "指标", width=190, frozen=True, **fixed),
                Column("full", "分值", Kind.NUMBER, width=56, frozen=True, **fixed),
                *(Column(f"u@{one.unit}", one.label, Kind.NUMBER, width=92, editable=True, read=as_typed, **fixed)
                  for one in self.base.units),
            )
        sums = [Column(key, _SUM_WORDS[key], Kind.NUMBER if key != "grade" else Kind.TEXT, width=84,
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
                     if not query.text or matches(query.text, one.label)]
            if query.sort:
                found.sort(key=lambda unit: self._sort_key(unit, query.sort), reverse=query.descending)
            return found[:limit]
        rows: list[int] = [] if query.text else [
            *(SUMS + place for place in range(4)), *(PARTS + place for place in range(len(self.parts))),
            *(SUMS + place for place in range(4, len(_SUM_KEYS))),
        ]
        rows += [one.id for one in self.base.indicators
                 if not query.text or matches(query.text, f"{one.name} {one.category}")]
        return rows[:limit]

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
            return self._try(cells, back)
        assert self.writer is not None
        refused = self.writer(cells, parts, self.shows)
        return {back[key]: reason for key, reason in refused.items() if key in back}  # type: ignore[index]

    def _try(
        self, cells: Mapping[tuple[RecordId, RecordId], str], back: Mapping[object, tuple[int, str]]
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
        return refused

    def type_live(self, row: int, key: str, text: str) -> bool:
        """Totals and ranks while something is typed; False for what is no number yet or changes no total."""
        indicator, unit, _of = self.place(row, key)
        if indicator is None or unit is None:
            return False
        try:
            amount = read_number(text) if text.strip() else None
        except InputError:
            return False
        if not self.state.trying and not self._counts_at_once(indicator, unit):
            return False
        changes = self.state.with_figure(indicator, unit, amount, is_actual=self.shows is Shown.ACTUAL)
        self.live = scores.rescored(self.base, changes, is_what_if=self.state.trying)
        self.lines = {one.unit: one for one in self.live.units}
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

    def stop_typing(self) -> None:
        """What was being typed counts no longer."""
        self.live = None
        self.lines = {one.unit: one for one in self.board.units}


class _BoardRow(Mapping[str, Cell | str]):
    """The cells of one row, made when they are asked for."""

    __slots__ = ("_made", "_row", "_source")

    def __init__(self, source: BoardSource, row: int) -> None:
        self._source, self._row = source, row
        self._made: dict[str, Cell | str] = {}

    def __getitem__(self, key: str) -> Cell | str:
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
        line = source.lines[unit]
        if indicator is None:
            return sum_cell(source, line, of)
        return item_cell(source, line, indicator)

    def _head(self, key: str, indicator: RecordId | None, of: str) -> Cell | str:
        source = self._source
        if indicator is not None:
            head = source._heads[indicator]  # noqa: SLF001 a part of the source
            return Cell(head.name, note=head.category) if key == "name" else source.full_of(indicator)
        if key == "name":
            return Cell(_SUM_WORDS.get(of, of), bold=of == "total")
        scale = source.base.scheme.scale
        return canonical(scale) if of == "total" and scale is not None else ""


def sum_cell(source: BoardSource, line: UnitScore, of: str) -> Cell:
    """A total, rank, grade or part of a unit."""
    if of == "total":
        if line.total is None:
            return Cell("—", tone=Tone.MUTED, note=line.grade_reason)
        note = f"还缺 {line.missing} 项数据,得分未定" if line.provisional else ""
        text = f"{line.total:f}" + ("*" if line.provisional else "")
        return Cell(text, line.total, bold=True, note=note, tone=Tone.AMBER if line.provisional else Tone.PLAIN)
    if of == "rank":
        move = 0 if line.provisional else line.rank_move or 0
        tone = Tone.MUTED if line.provisional else Tone.GREEN if move > 0 else Tone.RED if move < 0 else Tone.PLAIN
        return Cell(rank_words(line), None if line.rank is None else Decimal(line.rank), tone=tone,
                    note="缺数据,名次未定" if line.provisional else "")
    if of == "grade":
        marks = "、".join(mark.subject for mark in line.vetoes)
        if marks:
            text = f"{line.grade}(否决)" if line.grade else "一票否决"
            return Cell(text, tone=Tone.RED, light=Light.RED, note=f"一票否决:{marks}。{line.grade_reason}")
        return Cell(line.grade, note=line.grade_reason)
    if of == "targets":
        return Cell("" if line.targets is None else f"{line.targets:f}", line.targets)
    if of in ("bonus", "deduction"):
        amount = line.bonus if of == "bonus" else line.deduction
        sign = "+" if of == "bonus" else "−"
        return Cell(f"{sign}{show(amount)}" if amount else "0", amount, tone=Tone.PLAIN if amount else Tone.MUTED)
    if of == "missing":
        return Cell(str(line.missing) if line.missing else "", tone=Tone.AMBER)
    return _part_cell(source, line, of)


def _part_cell(source: BoardSource, line: UnitScore, name: str) -> Cell:
    """A component: typed where points are given."""
    points = line.components.get(name)
    given = source.base.book.components.get((line.unit, name), {})
    kind = KINDS.get(source.shows)
    if kind is not None:
        own = given.get(kind)
        amount = None if own is None else own.points
        return Cell("" if amount is None else canonical(amount), amount, editable=not source.state.trying)
    locked = "各部分得分请把“显示”换成核定分等再录入。"
    if points is None:
        return Cell("缺", tone=Tone.AMBER, note="没有得分或计票", editable=False, locked=locked)
    return Cell(f"{points:f}", points, editable=False, locked=locked)


def rank_words(line: UnitScore) -> str:
    """「1 ↑2」, 「3 —」, 「4」 without last year's."""
    if line.rank is None:
        return "—"
    move = line.rank_move
    if move is None:
        return str(line.rank)
    return f"{line.rank} {'↑' + str(move) if move > 0 else '↓' + str(-move) if move < 0 else '—'}"


def item_cell(source: BoardSource, line: UnitScore, indicator: RecordId) -> Cell:
    """One score as it is to be shown."""
    cell = line.items.get(indicator)
    if cell is None:
        return Cell("", editable=False, locked="该单位不承担这项指标。")
    shows = source.shows
    if shows in KINDS:
        amount = getattr(cell, "self_points" if shows is Shown.SELF else shows.value)
        return Cell("" if amount is None else canonical(amount), amount, editable=cell.counts and not source.state.trying,
                    locked="" if not source.state.trying else "试算时请在“计分结果”或“实绩”中改动。")
    if shows is Shown.ACTUAL:
        return _actual_cell(source, line, indicator, cell)
    if not cell.counts:
        return Cell("/", tone=Tone.MUTED, editable=False, note="不承担或不适用,总分按比例折算", locked="该单位不承担这项指标。")
    if shows is Shown.RATE:
        rate = scores.rate(cell)
        return Cell("" if rate is None else f"{rate:f}%", rate, editable=False)
    if shows is Shown.FROM_SELF:
        gap = cell.from_self
        text = "" if gap is None else f"{gap:+f}" if gap else "0"
        return Cell(text, gap, editable=False, tone=Tone.RED if gap is not None and gap < 0 else Tone.PLAIN)
    if shows is Shown.COMPUTED:
        return Cell("" if cell.points is None else f"{cell.points:f}", cell.points, editable=False)
    return _used_cell(source, cell)


def _used_cell(source: BoardSource, cell: ItemCell) -> Cell:
    trying = source.state.trying
    locked = "" if trying else "计分结果按规则得出。录入请把“显示”换成核定分或实绩;只想试试请先按“试算”。"
    if cell.used is None:
        return Cell("缺", tone=Tone.AMBER, note=cell.problem, editable=trying, edit_text="", locked=locked)
    tone = Tone.ACCENT if cell.is_what_if else Tone.PLAIN
    if tone is Tone.PLAIN and cell.used > cell.full:
        tone = Tone.GREEN
    elif tone is Tone.PLAIN and cell.used < cell.full * LOW:
        tone = Tone.RED
    notes = [cell.problem] if cell.problem else []
    if cell.used != cell.points and cell.points is not None:
        notes.append(f"按规则计算为{cell.points:f}")
    rate = scores.rate(cell)
    if rate is not None:
        notes.append(f"得分率{rate:f}%")
    return Cell(f"{cell.used:f}", cell.used, tone=tone, bold=cell.is_what_if, editable=trying,
                note=";".join(notes), locked=locked)


def _actual_cell(source: BoardSource, line: UnitScore, indicator: RecordId, cell: ItemCell) -> Cell:
    board = source.board
    entry = board.book.entries[indicator].get(line.unit)
    if entry is None or entry.absent:
        return Cell("/", tone=Tone.MUTED, editable=False, locked="该单位不承担这项指标。")
    tried = source.state.what_if.actuals
    key = (indicator, line.unit)
    head = board.book.heads[indicator]
    # A growth target is held against a growth, the year's result is an amount: typed elsewhere.
    grown = entry.row is not None and entry.row.form in _GROWTHS and head.unit_of_measure != "%"
    allowed = source.state.trying or (board.month == 12 and not grown)
    locked = "" if allowed else (
        "增长类目标的年终实绩请在“目标体系→上年”或“进度”录入,这里显示的是算出的增幅。" if grown
        else "这里录入的是年终结果;半年和月度的数请在“进度”填报。"
    )
    if source.state.trying and key in tried:
        amount = tried[key]
        return Cell("" if amount is None else canonical(amount), amount, tone=Tone.ACCENT, bold=True, editable=True)
    amount = entry.facts.actual
    return Cell("" if amount is None else show(amount), amount, editable=allowed, locked=locked,
                edit_text="" if amount is None else canonical(amount), note=entry.unknown or entry.adjustment)

"""导入上年结果: the announced table of units with scores, ranks, grades, honours and vetoes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Year, YearState
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.results import UnitResult
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import sealing, session
from mbo_desktop.services.import_matching import RowAction
from mbo_desktop.services.importing import KeptText
from mbo_desktop.services.scheme_state import refuse_sealed_unit
from mbo_desktop.spreadsheets.unit_results import UnitResultLine, UnitResultsTable
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class PlannedUnitResult:
    """A unit's line of the table: whose it is, and old → new as one text."""

    number: int
    """The line of the table, counted from 0."""
    unit_key: str
    unit: RecordId | None
    """None: left out, because it is not in the register or not chosen."""
    unit_name: str
    old: str
    new: str
    action: RowAction
    place: str
    is_open: bool = False
    """Nobody has said yet which unit it is; left out until then."""
    candidates: tuple[RecordId, ...] = ()
    """The units that fit where several do."""


@dataclass(frozen=True, slots=True)
class UnitResultsPlan:
    """Exactly what `apply_unit_results` will write."""

    year: int
    rows: tuple[PlannedUnitResult, ...]
    records: tuple[UnitResult, ...] = field(repr=False)
    undecided: tuple[str, ...]
    """Names that fit several units; the import waits for a choice."""
    unknown: tuple[str, ...]
    """Names that the register does not have; left out."""
    twice: tuple[str, ...]
    """Chinese; lines that stand for the same unit. The import waits until one is left out."""
    kept: tuple[KeptText, ...]
    warnings: tuple[str, ...]
    opens_year: bool
    change_count: int


def plan_unit_results(
    store: Store, table: UnitResultsTable, year: int, *,
    lines: Mapping[int, RecordId | None] | None = None,
) -> UnitResultsPlan:
    """What taking the table in would do.

    lines: the unit that a line (counted from 0) stands for, None leaves it out; the others go by
    their names. Raises InputError when the table has no line.
    """
    if not table.lines:
        raise InputError("表中没有读到任何单位。", "请检查表头是否有“单位”和“得分”等列。")
    return _Planning(store, table, year, lines or {}).run()


class _Planning:
    """Fits the lines of one table to the register."""

    def __init__(
        self, store: Store, table: UnitResultsTable, year: int, chosen: Mapping[int, RecordId | None]
    ) -> None:
        self.store, self.table, self.year, self.chosen = store, table, year, chosen
        self.before = {row.unit: row for row in store.all(UnitResult, year=year)}
        self.names = {unit.id: unit.short_name or unit.name for unit in store.all(Unit)}
        self.records: dict[RecordId, UnitResult] = {}
        self.lines: dict[RecordId, PlannedUnitResult] = {}
        self.twice: list[str] = []

    def run(self) -> UnitResultsPlan:
        rows = tuple(self._row(n, line) for n, line in enumerate(self.table.lines))
        unknown = tuple(r.unit_key for r in rows if r.is_open and not r.candidates)
        warnings = [f"“{key}”不在单位登记中,未导入" for key in unknown]
        named = self.table.year_named
        if named not in (None, self.year):
            warnings.append(f"表的标题写的是 {named} 年,将导入 {self.year} 年度")
        return UnitResultsPlan(
            self.year, rows, tuple(self.records.values()),
            tuple(r.unit_key for r in rows if r.is_open and r.candidates), unknown,
            tuple(self.twice),
            tuple(KeptText(p.place, p.text, p.reason, p.kept) for p in self.table.problems),
            tuple(warnings), not any(row.number == self.year for row in session.years(self.store)),
            self.store.change_count,
        )

    def _row(self, number: int, line: UnitResultLine) -> PlannedUnitResult:
        key = line.unit.key
        guessed = None if line.unit.id is None else RecordId(line.unit.id)
        unit = self.chosen.get(number, guessed)
        if unit is None:
            return PlannedUnitResult(
                number, key, None, key, "", _text(line), RowAction.LEFT_OUT, line.place,
                number not in self.chosen, tuple(RecordId(one) for one in line.unit.candidates),
            )
        old = self.before.get(unit)
        new = UnitResult(
            id=RecordId(0), year=self.year, unit=unit, score=line.score, rank=line.rank,
            grade=line.grade, honours=line.honours, veto=line.veto, note=line.note,
        )
        action = RowAction.NEW if old is None else RowAction.CHANGED
        if old is not None and _text(old) == _text(new):
            action = RowAction.SAME
        else:
            self.records[unit] = new
        row = PlannedUnitResult(
            number, key, unit, self.names.get(unit, key), _text(old), _text(new), action, line.place
        )
        first = self.lines.setdefault(unit, row)
        if first is not row:
            self.twice.append(
                f"{first.place}“{first.unit_key}”和 {row.place}“{key}”都对应“{row.unit_name}”"
            )
        return row


def apply_unit_results(store: Store, plan: UnitResultsPlan, *, seal: bool = True) -> int:
    """Write the plan as one undo step, also into a sealed year; returns how many units were written.

    Raises NotAllowedError while names are undecided or two lines stand for one unit, or when the
    data changed since the plan.
    """
    if plan.undecided:
        raise NotAllowedError(
            f"“{'、'.join(plan.undecided)}”在单位登记中对应多个单位。", "请逐个选定后再导入。"
        )
    if plan.twice:
        raise NotAllowedError(f"{';'.join(plan.twice)}。", "请把其中一行改为别的单位,或选“不导入”。")
    if plan.change_count != store.change_count:
        raise NotAllowedError("预览之后数据又有修改。", "请重新预览后再导入。")
    refuse_sealed_unit(store, plan.year, *(record.unit for record in plan.records))
    with store.change(f"导入{plan.year}年单位考核结果") as change:
        if plan.opens_year:
            session.put_year(change, plan.year)
        for record in plan.records:
            number = change.named(UnitResult, plan.year, record.unit)
            change.put(replace(record, id=number))
        year = change.get(Year, change.named(Year, plan.year))
        if seal and year.state is YearState.OPEN:
            sealing.put_seal(store, change, plan.year, YearState.CLOSED, "导入上年结果")
    return len(plan.records)


def _text(one: UnitResult | UnitResultLine | None) -> str:
    """「95.6分,第2名,优秀,荣誉:…,一票否决:…」."""
    if one is None:
        return ""
    parts = []
    if one.score is not None:
        parts.append(f"{canonical(one.score)}分")
    if one.rank is not None:
        parts.append(f"第{one.rank}名")
    if one.grade:
        parts.append(one.grade)
    if one.honours:
        parts.append(f"荣誉:{'、'.join(one.honours)}")
    if one.veto:
        parts.append(f"一票否决:{one.veto}")
    if one.note:
        parts.append(f"备注:{one.note}")
    return ",".join(parts)

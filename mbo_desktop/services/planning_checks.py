"""What should be looked at in a year's framework before agreements go out (domain notes §4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.plausibility import COMPARABLE, standing_apart
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services import (
    comparison,
    offices,
    planning_framework,
    planning_matrix,
    registers,
    session,
)
from mbo_desktop.services.target_cells import CellState, MatrixCell
from mbo_desktop.store.database import Store

_BLOCK = 200
"""Indicators looked at in one read."""


@dataclass(frozen=True, slots=True)
class PlanningFinding:
    """Something in the year's framework that should be looked at."""

    what: str
    indicator: RecordId | None = None
    unit: RecordId | None = None


def findings(store: Store, year: int, *, limit: int = 500) -> tuple[PlanningFinding, ...]:
    """Points off, doubled indicators, values not set or not read, growth, last year and other units'
    values that do not fit."""
    found: list[PlanningFinding] = []
    for finding in _all(store, year):
        if len(found) == limit:
            found.append(PlanningFinding(f"只列出前{limit}处,其余请处理后再查"))
            break
        found.append(finding)
    return tuple(found)


def _all(store: Store, year: int) -> Iterator[PlanningFinding]:
    columns = planning_matrix.columns(store, year, own=False)
    units = [column.unit for column in columns]
    names = {column.unit: column.heading for column in columns}
    yield from _points(store, year, names)
    ids = planning_framework.indicator_ids(store, year)
    yield from _doubles(store, ids)
    yield from _outside(store, year)
    own = offices.root_unit(store)
    for start in range(0, len(ids), _BLOCK):
        block = ids[start : start + _BLOCK]
        rows = {row.id: row for row in planning_framework.indicator_rows(store, block)}
        cells = planning_matrix.cells(store, block, units if own is None or own in units else [own, *units])
        for indicator, row in rows.items():
            line = {unit: cells[indicator, unit] for unit in units if (indicator, unit) in cells}
            adds_up = is_additive(row.name, row.unit_of_measure)
            whole = cells.get((indicator, own)) if adds_up and own is not None else None
            apart = _apart(line, whole, own)
            for unit, cell in line.items():
                place = f"{row.name} · {names[unit]}"
                yield from _doubts(cell, place)
                if unit in apart:
                    yield PlanningFinding(f"{place}:{apart[unit]}", indicator, unit)


def _apart(
    line: Mapping[RecordId, MatrixCell], whole: MatrixCell | None, own: RecordId | None
) -> dict[RecordId, str]:
    """Units whose level does not go with the others' or exceeds the own government's."""
    levels = {unit: level for unit, cell in line.items() if unit != own and (level := _level(cell))}
    limit = None if whole is None else _level(whole)
    return standing_apart(levels, limit, "" if whole is None else whole.value)


def _level(cell: MatrixCell) -> Decimal | None:
    is_level = cell.form in COMPARABLE and cell.amount is not None and cell.amount > 0
    return cell.amount if is_level else None


def _doubts(cell: MatrixCell, place: str) -> Iterator[PlanningFinding]:
    said = [*cell.warnings]
    if cell.kept_as_text:
        said.insert(0, cell.kept_as_text)
    if cell.state is CellState.NOT_SET:
        said.insert(0, "目标值未设定")
    for text in said:
        yield PlanningFinding(f"{place}:{text}", cell.indicator, cell.unit)


def _points(
    store: Store, year: int, names: dict[RecordId, str]
) -> Iterator[PlanningFinding]:
    declared = next(
        (row.declared_points for row in session.years(store) if row.number == year), None
    )
    if declared is None:
        return
    # Beside its units' targets the own government's (市定目标) are no list to be scored.
    own = offices.root_unit(store) if len(names) > 1 else None
    for unit, total in planning_matrix.unit_totals(store, year, list(names)).items():
        if unit == own:
            continue
        if total.allotted + total.not_set and total.points != declared:
            shown, wanted = canonical(total.points), canonical(declared)
            yield PlanningFinding(f"{names[unit]}:分值合计{shown}分,应为{wanted}分", None, unit)


def _outside(store: Store, year: int) -> Iterator[PlanningFinding]:
    """City values short of the province's, and items that no target covers (domain notes §4, 4)."""
    for row in comparison.rows(store, year, years=1):
        if row.target_gap is not None and row.is_behind:
            shortfall = comparison.gap_words(row.target_gap, "省定目标")
            yield PlanningFinding(f"{row.name}:{row.own_kind.label}{shortfall}", row.indicator)
    for item in registers.items(store, year, only_uncovered=True):
        shown = item.text if len(item.text) <= 30 else f"{item.text[:30]}…"
        yield PlanningFinding(f"{item.source_name} {item.label}{shown}:尚未落实到目标")


def _doubles(store: Store, ids: tuple[RecordId, ...]) -> Iterator[PlanningFinding]:
    same: dict[tuple[str, RecordId | None], list[RecordId]] = defaultdict(list)
    for row in planning_framework.indicator_rows(store, ids):
        same[row.name, row.category].append(row.id)
    for (name, _category), records in same.items():
        if len(records) > 1:
            yield PlanningFinding(f"指标“{name}”在同一类别中有{len(records)}项", records[1])

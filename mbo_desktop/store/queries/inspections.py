"""Reads of inspections and findings: the log, how often a unit was looked at, deviations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import (
    FindingKind,
    InspectionState,
    InspectionTime,
    InspectionWay,
)
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """An inspection as the log shows it."""

    id: RecordId
    number: str
    title: str
    time: InspectionTime
    way: InspectionWay
    planned_from: date | None
    planned_until: date | None
    done_on: date | None
    state: InspectionState
    units: int
    subjects: int
    findings: int
    unsettled: int
    """Findings that are to be rectified and are not."""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with its unit and target."""

    id: RecordId
    inspection: RecordId
    inspection_title: str
    unit: RecordId
    unit_label: str
    subject: RecordId | None
    title: str
    """The target's indicator; "" when it is about none."""
    unit_of_measure: str
    kind: FindingKind
    text: str
    found_on: date | None
    month: int | None
    reported: Decimal | None
    verified: Decimal | None
    deduction: Decimal | None
    rectify_until: date | None
    rectified_on: date | None


def inspections(store: Store, year: int) -> tuple[InspectionLine, ...]:
    """The year's inspections by planned day, then by record."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT i.record, i.number, i.title, i.time, i.way, i.planned_from, i.planned_until, "
            "i.done_on, i.state, "
            "(SELECT count(*) FROM link l WHERE l.record = i.record AND l.field = 'units'), "
            "(SELECT count(*) FROM link l WHERE l.record = i.record AND l.field = 'subjects'), "
            "(SELECT count(*) FROM finding f WHERE f.inspection = i.record AND f.deleted = 0), "
            "(SELECT count(*) FROM finding f WHERE f.inspection = i.record AND f.deleted = 0 "
            " AND f.rectify_until IS NOT NULL AND f.rectified_on IS NULL) "
            "FROM inspection i WHERE i.year = ? AND i.deleted = 0 "
            "ORDER BY coalesce(i.planned_from, i.done_on, '9'), i.record", (year,),
        ).fetchall()
    return tuple(
        InspectionLine(
            row[0], row[1], row[2], InspectionTime.of(row[3]), InspectionWay.of(row[4]),
            _day(row[5]), _day(row[6]), _day(row[7]), InspectionState.of(row[8]), *row[9:],
        )
        for row in rows
    )


def findings(
    store: Store, year: int, *, inspection: RecordId | None = None,
    unit: RecordId | None = None, subject: RecordId | None = None, only_open: bool = False,
    only_deviations: bool = False, only_released: bool = False,
) -> tuple[FindingLine, ...]:
    """Findings of a year's inspections, newest inspections last.

    only_released: not those of unannounced visits that are not done, nor of cancelled ones.
    """
    wheres, values = ["i.year = ?", "f.deleted = 0", "i.deleted = 0"], [year]
    for column, value in (("f.inspection", inspection), ("f.unit", unit), ("f.subject", subject)):
        if value is not None:
            wheres.append(f"{column} = ?")
            values.append(value)
    if only_open:
        wheres.append("f.rectify_until IS NOT NULL AND f.rectified_on IS NULL")
    if only_deviations:
        wheres.append("f.reported IS NOT NULL AND f.verified IS NOT NULL AND f.reported <> f.verified")
    if only_released:
        wheres.append("(i.way <> 'unannounced' OR i.state = 'done') AND i.state <> 'cancelled'")
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT f.record, f.inspection, i.title, f.unit, u.label, f.subject, "
            "coalesce(n.name, ''), coalesce(n.unit_of_measure, ''), f.kind, f.text, f.found_on, "
            "f.month, f.reported, f.verified, f.deduction, f.rectify_until, f.rectified_on "
            "FROM finding f JOIN inspection i ON i.record = f.inspection "
            "JOIN unit u ON u.record = f.unit LEFT JOIN target t ON t.record = f.subject "
            f"LEFT JOIN indicator n ON n.record = t.indicator WHERE {' AND '.join(wheres)} "
            "ORDER BY coalesce(f.found_on, i.done_on, i.planned_from), f.inspection, u.sort_path, f.record",
            values,
        ).fetchall()
    return tuple(_finding(row) for row in rows)


def _finding(row: Any) -> FindingLine:
    (
        record, inspection, visit, unit, label, subject, title, measure, kind, text, found_on, month,
        reported, verified, deduction, until, rectified,
    ) = row
    return FindingLine(
        record, inspection, visit, unit, label, subject, title, measure, FindingKind.of(kind), text,
        _day(found_on), month, _number(reported), _number(verified), _number(deduction),
        _day(until), _day(rectified),
    )


def visits(store: Store, year: int) -> dict[RecordId, int]:
    """How many inspections that were not cancelled looked at each unit."""
    with store.read() as connection:
        return dict(raw(connection).execute(
            "SELECT l.target, count(DISTINCT i.record) FROM inspection i "
            "JOIN link l ON l.record = i.record AND l.field = 'units' "
            "WHERE i.year = ? AND i.deleted = 0 AND i.state <> 'cancelled' GROUP BY l.target",
            (year,),
        ).fetchall())


def deductions(store: Store, year: int) -> dict[RecordId, Sequence[tuple[RecordId, Decimal]]]:
    """Points proposed to be deducted, by unit: finding and points; what is withheld is left out."""
    found: dict[RecordId, list[tuple[RecordId, Decimal]]] = {}
    for line in findings(store, year, only_released=True):
        if line.deduction is not None:
            found.setdefault(line.unit, []).append((line.id, line.deduction))
    return dict(found)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None

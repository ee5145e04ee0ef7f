"""Reads of a year's results, and of what belongs to a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, select, union_all

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.results import Completion
from mbo_desktop.domain.targets import Direction
from mbo_desktop.domain.year_links import LinkedIndicator
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.framework import PRINTED_ORDER, with_category
from mbo_desktop.store.tables import (
    category,
    indicator,
    link,
    source,
    source_item,
    target,
    target_result,
    unit,
    unit_result,
)


def years_of(store: Store, indicators: Sequence[RecordId]) -> tuple[int, ...]:
    """The years that these indicators belong to."""
    found: set[int] = set()
    with store.read() as connection:
        for start in range(0, len(indicators), 5000):
            chunk = indicators[start : start + 5000]
            query = select(indicator.c.year).distinct().where(indicator.c.record.in_(chunk))
            found.update(connection.execute(query).scalars())
    return tuple(sorted(found))


def records_of_year(store: Store, year: int) -> tuple[RecordId, ...]:
    """Indicators, targets, results, categories and sources of a year: what its seal takes up."""
    own = select(indicator.c.record).where(indicator.c.year == year)
    query = union_all(
        own,
        select(target.c.record).where(target.c.indicator.in_(own)),
        select(target_result.c.record).where(target_result.c.indicator.in_(own)),
        select(unit_result.c.record).where(unit_result.c.year == year),
        select(category.c.record).where(category.c.year == year),
        select(source.c.record).where(source.c.year == year),
        select(source_item.c.record).join(source, source.c.record == source_item.c.source)
        .where(source.c.year == year),
    )
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class ResultCell:
    """A unit-target of a year with its result as recorded."""

    indicator: RecordId
    unit: RecordId
    unit_name: str
    peer_group: str
    kind: str
    target: RecordId | None
    """None: a result without a target."""
    target_text: str
    last_year: Decimal | None
    result: RecordId | None
    actual: Decimal | None
    actual_text: str
    completion: Completion | None
    reason: str
    score: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class ResultIndicator:
    """What the list of results says of an indicator."""

    id: RecordId
    name: str
    category: str
    unit_of_measure: str
    decimals: int | None
    direction: Direction


def result_indicators(store: Store, year: int) -> tuple[ResultIndicator, ...]:
    """The year's indicators in printed order."""
    query = (
        select(
            indicator.c.record, indicator.c.name, category.c.name, indicator.c.unit_of_measure,
            indicator.c.decimals, indicator.c.direction,
        )
        .select_from(with_category())
        .where(indicator.c.year == year, indicator.c.deleted == 0)
        .order_by(*PRINTED_ORDER)
    )
    with store.read() as connection:
        return tuple(
            ResultIndicator(RecordId(r[0]), r[1], r[2] or "", r[3], r[4], Direction.of(r[5]))
            for r in connection.execute(query)
        )


def result_cells(
    store: Store, year: int, indicators: Sequence[RecordId] | None = None
) -> tuple[ResultCell, ...]:
    """Every unit-target of the year with its result, units in official order within an indicator."""
    query = (
        select(
            target.c.indicator, target.c.unit, unit.c.label, unit.c.peer_group, unit.c.kind,
            target.c.record, target.c.text, target.c.last_year, target_result.c.record,
            target_result.c.actual, target_result.c.actual_text, target_result.c.completion,
            target_result.c.reason, target_result.c.score, target_result.c.note,
        )
        .select_from(
            target.join(indicator, indicator.c.record == target.c.indicator)
            .join(unit, unit.c.record == target.c.unit)
            .outerjoin(
                target_result,
                and_(
                    target_result.c.indicator == target.c.indicator,
                    target_result.c.unit == target.c.unit, target_result.c.deleted == 0,
                ),
            )
        )
        .where(indicator.c.year == year, indicator.c.deleted == 0, target.c.deleted == 0)
        .order_by(target.c.indicator, unit.c.sort_path)
    )
    if indicators is not None:
        query = query.where(target.c.indicator.in_(indicators))
    with store.read() as connection:
        return tuple(_cell(row) for row in connection.execute(query))


def result_ids(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> tuple[RecordId, ...]:
    """The results of these indicators and units."""
    query = select(target_result.c.record).where(
        target_result.c.indicator.in_(indicators), target_result.c.unit.in_(units),
        target_result.c.deleted == 0,
    )
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def result_actuals(store: Store, year: int) -> tuple[tuple[RecordId, RecordId, Decimal], ...]:
    """(indicator, unit, actual) of all numeric results of a year."""
    query = (
        select(target_result.c.indicator, target_result.c.unit, target_result.c.actual)
        .join(indicator, indicator.c.record == target_result.c.indicator)
        .where(
            indicator.c.year == year, indicator.c.deleted == 0, target_result.c.deleted == 0,
            target_result.c.actual.is_not(None),
        )
    )
    with store.read() as connection:
        return tuple(
            (RecordId(r[0]), RecordId(r[1]), Decimal(r[2])) for r in connection.execute(query)
        )


def _cell(row: Any) -> ResultCell:
    return ResultCell(
        RecordId(row[0]), RecordId(row[1]), row[2], row[3], row[4], RecordId(row[5]), row[6],
        _decimal(row[7]), None if row[8] is None else RecordId(row[8]), _decimal(row[9]),
        row[10] or "", None if row[11] is None else Completion.of(row[11]), row[12] or "",
        _decimal(row[13]), row[14] or "",
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True, slots=True)
class UnitResultCell:
    """A unit's result of a year."""

    record: RecordId
    unit: RecordId
    name: str
    score: Decimal | None
    rank: int | None
    grade: str
    veto: str
    note: str


def unit_results(store: Store, year: int) -> tuple[UnitResultCell, ...]:
    """The results of units of a year in official order."""
    query = (
        select(
            unit_result.c.record, unit_result.c.unit, unit.c.label, unit_result.c.score,
            unit_result.c.rank, unit_result.c.grade, unit_result.c.veto, unit_result.c.note,
        )
        .join(unit, unit.c.record == unit_result.c.unit)
        .where(unit_result.c.year == year, unit_result.c.deleted == 0)
        .order_by(unit.c.sort_path, unit.c.record)
    )
    with store.read() as connection:
        return tuple(
            UnitResultCell(
                RecordId(r[0]), RecordId(r[1]), r[2], _decimal(r[3]), r[4], r[5], r[6], r[7]
            )
            for r in connection.execute(query)
        )


def year_indicators(store: Store, years: Sequence[int]) -> tuple[LinkedIndicator, ...]:
    """The indicators of these years in printed order."""
    query = (
        select(
            indicator.c.record, indicator.c.year, indicator.c.name, indicator.c.unit_of_measure
        )
        .where(indicator.c.year.in_(years), indicator.c.deleted == 0)
        .order_by(indicator.c.year, indicator.c.ord, indicator.c.record)
    )
    continued = (
        select(link.c.record, link.c.target)
        .join(indicator, indicator.c.record == link.c.record)
        .where(link.c.field == "continues", indicator.c.year.in_(years))
        .order_by(link.c.record, link.c.place)
    )
    with store.read() as connection:
        earlier: dict[int, list[RecordId]] = {}
        for record, other in connection.execute(continued):
            earlier.setdefault(record, []).append(RecordId(other))
        return tuple(
            LinkedIndicator(RecordId(r[0]), r[1], r[2], r[3], tuple(earlier.get(r[0], ())))
            for r in connection.execute(query)
        )

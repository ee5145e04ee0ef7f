"""Reads of the allotment matrix: its columns, its cells, its sums."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from mbo_desktop.domain.additivity import is_additive
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.units import in_group
from mbo_desktop.store.tables import indicator, office, target, unit

_BLOCK_COLUMNS = (
    target.c.record, target.c.indicator, target.c.unit, target.c.form, target.c.amount,
    target.c.amount_unit, target.c.text, target.c.last_year, target.c.points, target.c.due,
    target.c.note, target.c.stretch_text,
)
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
"""A number typed as such: bounds, 约 and other words leave more in the part than its amount."""
_SEVERAL = re.compile(r"[,，;；增降升减]")
_IN_BODY = frozenset(
    {TargetForm.RANGE, TargetForm.MILESTONE, TargetForm.PROJECT, TargetForm.CONDITION}
)
_ADDABLE = frozenset(
    form.value
    for form in (TargetForm.LEVEL, TargetForm.INCREMENT, TargetForm.NET_INCREASE, TargetForm.AT_MOST,
                 TargetForm.AT_LEAST)
)


_OWN = select(office.c.unit).where(office.c.unit.is_not(None))
"""The unit that stands for the own government."""


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A unit that stands over a column of the matrix, in official order."""

    unit: RecordId
    heading: str
    """Short name."""
    kind: UnitKind
    peer_group: str
    targets: int
    """How many targets it has in the year, N/A ones included."""


@dataclass(frozen=True, slots=True)
class UnitTotal:
    """The sums under a unit's column, over all indicators of the year."""

    unit: RecordId
    allotted: int
    """Targets with a value."""
    not_set: int
    not_applicable: int
    points: Decimal
    """Points of all its targets but the N/A ones; the target's own points win over the indicator's."""


@dataclass(frozen=True, slots=True)
class RowSum:
    """The sum of a row over units: None where amounts cannot be added (rates, ranks, mixed units)."""

    indicator: RecordId
    amount: Decimal | None
    numeric: int
    """How many cells are numbers."""
    texts: int
    not_set: int
    not_applicable: int


def columns(
    store: Store,
    year: int,
    *,
    kinds: Sequence[UnitKind],
    peer_group: str,
    with_empty: bool,
    own: bool = True,
) -> tuple[MatrixColumn, ...]:
    """Units with a target in the year (with_empty: also those of the kinds or group), official order.

    own False: without the own government, whose targets (市定目标) are what the units' come to.
    """
    counts = (
        select(target.c.unit.label("unit"), func.count().label("targets"))
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(indicator.c.year == year, indicator.c.deleted == 0, target.c.deleted == 0)
        .group_by(target.c.unit)
        .subquery()
    )
    query = (
        select(unit.c.record, unit.c.label, unit.c.kind, unit.c.peer_group, counts.c.targets)
        .select_from(unit.outerjoin(counts, counts.c.unit == unit.c.record))
        .where(unit.c.deleted == 0)
        .order_by(unit.c.sort_path, unit.c.record)
    )
    if not own:
        query = query.where(unit.c.record.not_in(_OWN))
    if kinds:
        query = query.where(unit.c.kind.in_([kind.value for kind in kinds]))
    if peer_group:
        query = query.where(in_group(peer_group))
    if with_empty:
        query = query.where(
            or_(
                counts.c.targets.is_not(None),
                and_(unit.c.dissolved_on.is_(None), unit.c.superior.is_not(None)),
            )
        )
    else:
        query = query.where(counts.c.targets.is_not(None))
    with store.read() as connection:
        return tuple(
            MatrixColumn(
                RecordId(row[0]), row[1], UnitKind.of(row[2]), row[3] or UnitKind.of(row[2]).label,
                row[4] or 0,
            )
            for row in connection.execute(query)
        )


def block(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> tuple[list[Target], list[RecordId]]:
    """The targets in a block of the matrix, and the numbers of those whose columns do not say all.

    A value with one part is whole in the projection; several parts, nodes and worded stretch
    targets stand in the body only. Reading a body costs four times as much as a row.
    """
    query = select(*_BLOCK_COLUMNS).where(
        target.c.indicator.in_(indicators), target.c.unit.in_(units), target.c.deleted == 0
    )
    whole: list[Target] = []
    partly: list[RecordId] = []
    with store.read() as connection:
        for row in connection.execute(query):
            made = _simple(*tuple(row))
            if made is None:
                partly.append(RecordId(row[0]))
            else:
                whole.append(made)
    return whole, partly


def _simple(
    record: int, owner: int, holder: int, form: str | None, amount: str | None, measure: str,
    text: str, last_year: str | None, points: str | None, due: str | None, note: str,
    stretch_text: str,
) -> Target | None:
    """A target from its columns, None where they do not hold the whole of it."""
    if stretch_text or due:
        return None
    value: TargetValue | None = None
    if form is not None:
        kind = TargetForm.of(form)
        if kind in _IN_BODY or _SEVERAL.search(text):
            return None
        if amount is not None and not _PLAIN.fullmatch(text):
            return None
        words = text if kind is TargetForm.TEXT else ""
        part = TargetPart(kind, None if amount is None else Decimal(amount), measure, text=words)
        value = TargetValue((part,), 0, text)
    return Target(
        id=RecordId(record),
        indicator=RecordId(owner),
        unit=RecordId(holder),
        last_year=None if last_year is None else Decimal(last_year),
        value=value,
        points=None if points is None else Decimal(points),
        note=note,
    )


def target_ids(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> tuple[RecordId, ...]:
    """The targets in a block of the matrix."""
    query = select(target.c.record).where(
        target.c.indicator.in_(indicators), target.c.unit.in_(units), target.c.deleted == 0
    )
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def target_ids_of_year(
    store: Store, year: int, units: Sequence[RecordId]
) -> tuple[RecordId, ...]:
    """All targets of these units in a year."""
    query = (
        select(target.c.record)
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(
            target.c.unit.in_(units), target.c.deleted == 0,
            indicator.c.year == year, indicator.c.deleted == 0,
        )
    )
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def unit_totals(
    store: Store, year: int, units: Sequence[RecordId] | None
) -> tuple[UnitTotal, ...]:
    """Counts and points per unit (None: all that have targets), exact."""
    points = func.coalesce(target.c.points, indicator.c.points)
    is_set = case((target.c.form.is_(None), 0), else_=1)
    query = (
        select(target.c.unit, is_set, target.c.is_na, points, func.count())
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(indicator.c.year == year, indicator.c.deleted == 0, target.c.deleted == 0)
        .group_by(target.c.unit, is_set, target.c.is_na, points)
    )
    if units is not None:
        query = query.where(target.c.unit.in_(units))
    sums: dict[int, list[Any]] = {}
    with store.read() as connection:
        for owner, has_value, is_na, text, number in connection.execute(query):
            entry = sums.setdefault(owner, [0, 0, 0, Decimal(0)])
            if is_na:
                entry[2] += number
                continue
            entry[0 if has_value else 1] += number
            if text is not None:
                entry[3] += Decimal(text) * number
    return tuple(UnitTotal(RecordId(owner), *entry) for owner, entry in sums.items())


def row_sums(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> tuple[RowSum, ...]:
    """Sum and counts of each row over these units; no sum where forms or units of measure differ.

    The own government's target is never added to those of its units.
    """
    query = select(
        target.c.indicator, target.c.form, target.c.is_na, target.c.amount, target.c.amount_unit
    ).where(
        target.c.indicator.in_(indicators), target.c.unit.in_(units), target.c.deleted == 0,
        target.c.unit.not_in(_OWN),
    )
    names = select(indicator.c.record, indicator.c.name).where(indicator.c.record.in_(indicators))
    found: dict[int, list[Any]] = {}
    with store.read() as connection:
        named = {row.record: row.name for row in connection.execute(names)}
        for owner, form, is_na, amount, measure in connection.execute(query):
            found.setdefault(owner, []).append((form, is_na, amount, measure))
    return tuple(_row_sum(RecordId(owner), named[owner], cells) for owner, cells in found.items())


def _row_sum(
    owner: RecordId, name: str, cells: list[tuple[str | None, int, str | None, str]]
) -> RowSum:
    numbers = [(form, amount, measure) for form, _na, amount, measure in cells if amount is not None]
    ways = {(form, measure) for form, _amount, measure in numbers}
    total = None
    if len(ways) == 1:
        form, measure = next(iter(ways))
        if form in _ADDABLE and is_additive(name, measure):
            total = sum((Decimal(amount) for _form, amount, _m in numbers), Decimal(0))
    not_set = sum(form is None for form, *_rest in cells)
    not_applicable = sum(is_na for _form, is_na, *_rest in cells)
    texts = len(cells) - len(numbers) - not_set - not_applicable
    return RowSum(owner, total, len(numbers), texts, not_set, not_applicable)

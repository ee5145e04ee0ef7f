"""Reads of meetings and documents, their items, and what rests on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.registers import SourceKind
from mbo_desktop.store.database import Store
from mbo_desktop.store.tables import (
    category,
    indicator,
    source,
    source_item,
    source_link,
    target,
    unit,
)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A meeting or document with how far its items are covered."""

    id: RecordId
    kind: SourceKind
    genre: str
    name: str
    number: str
    issued_by: str
    dated: date | None
    items: int
    """Headings left out."""
    covered: int
    """Items that a live target or indicator rests on."""
    resting: int
    """Links to it and its items."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item in order, with what rests on it."""

    id: RecordId
    source: RecordId
    source_name: str
    label: str
    level: int
    is_heading: bool
    text: str
    lead: str
    due: str
    note: str
    subjects: int
    """Live targets and indicators that rest on it."""


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A target or indicator that rests on an item, or on none."""

    subject: RecordId
    indicator: RecordId
    unit: RecordId | None
    """None: the indicator as a whole."""
    text: str
    """「工业投资」, 「工业投资 · 柯城区」."""


def _live_subjects() -> Select[Any]:
    """(origin, subject) of links whose subject is a live indicator or target."""
    live_indicator = exists().where(
        indicator.c.record == source_link.c.subject, indicator.c.deleted == 0
    )
    live_target = exists().where(
        target.c.record == source_link.c.subject, target.c.deleted == 0,
        exists().where(indicator.c.record == target.c.indicator, indicator.c.deleted == 0),
    )
    return select(source_link.c.origin, source_link.c.subject).where(
        source_link.c.deleted == 0, or_(live_indicator, live_target)
    )


def sources(store: Store, year: int) -> tuple[SourceRow, ...]:
    """Meetings and documents of a year in order."""
    live = _live_subjects().subquery()
    resting = (
        select(live.c.origin, func.count().label("subjects")).group_by(live.c.origin).subquery()
    )
    per_item = (
        select(
            source_item.c.source.label("source"), func.count().label("counted"),
            func.count(resting.c.subjects).label("covered"),
            func.coalesce(func.sum(resting.c.subjects), 0).label("subjects"),
        )
        .select_from(source_item.outerjoin(resting, resting.c.origin == source_item.c.record))
        .where(source_item.c.deleted == 0, source_item.c.is_heading == 0)
        .group_by(source_item.c.source)
        .subquery()
    )
    query = (
        select(
            source.c.record, source.c.kind, source.c.genre, source.c.name, source.c.number,
            source.c.issued_by, source.c.dated, func.coalesce(per_item.c.counted, 0),
            func.coalesce(per_item.c.covered, 0),
            func.coalesce(per_item.c.subjects, 0) + func.coalesce(resting.c.subjects, 0),
        )
        .select_from(
            source.outerjoin(per_item, per_item.c.source == source.c.record)
            .outerjoin(resting, resting.c.origin == source.c.record)
        )
        .where(source.c.year == year, source.c.deleted == 0)
        .order_by(source.c.ord, source.c.record)
    )
    with store.read() as connection:
        return tuple(
            SourceRow(
                RecordId(r[0]), SourceKind.of(r[1]), r[2], r[3], r[4], r[5],
                None if r[6] is None else date.fromisoformat(r[6]), r[7], r[8], r[9],
            )
            for r in connection.execute(query)
        )


def items(
    store: Store, year: int, of: RecordId | None = None, *, only_uncovered: bool = False,
    text: str = "",
) -> tuple[ItemRow, ...]:
    """Items in order, of one source or of all of the year; only_uncovered leaves headings out."""
    live = _live_subjects().subquery()
    resting = (
        select(live.c.origin, func.count().label("subjects")).group_by(live.c.origin).subquery()
    )
    query = (
        select(
            source_item.c.record, source_item.c.source, source.c.name, source_item.c.label,
            source_item.c.level, source_item.c.is_heading, source_item.c.text, source_item.c.lead,
            source_item.c.due, source_item.c.note, func.coalesce(resting.c.subjects, 0),
        )
        .select_from(
            source_item.join(source, source.c.record == source_item.c.source)
            .outerjoin(resting, resting.c.origin == source_item.c.record)
        )
        .where(source.c.year == year, source.c.deleted == 0, source_item.c.deleted == 0)
        .order_by(source.c.ord, source.c.record, source_item.c.ord, source_item.c.record)
    )
    if of is not None:
        query = query.where(source_item.c.source == of)
    if only_uncovered:
        query = query.where(source_item.c.is_heading == 0, resting.c.subjects.is_(None))
    if text.strip():
        query = query.where(
            or_(
                source_item.c.text.contains(text.strip(), autoescape=True),
                source_item.c.lead.contains(text.strip(), autoescape=True),
            )
        )
    with store.read() as connection:
        return tuple(
            ItemRow(
                RecordId(r[0]), RecordId(r[1]), r[2], r[3], r[4], bool(r[5]), r[6], r[7], r[8],
                r[9], r[10],
            )
            for r in connection.execute(query)
        )


def item_ords(store: Store, of: RecordId) -> list[tuple[RecordId, str]]:
    """The items of a source with their order keys, in order."""
    query = (
        select(source_item.c.record, source_item.c.ord)
        .where(source_item.c.source == of, source_item.c.deleted == 0)
        .order_by(source_item.c.ord, source_item.c.record)
    )
    with store.read() as connection:
        return [(RecordId(r[0]), r[1]) for r in connection.execute(query)]


def subjects_of(store: Store, origins: Sequence[RecordId]) -> tuple[SubjectRow, ...]:
    """What rests on these items or sources, each once."""
    return _subject_rows(store, source_link.c.origin.in_(origins))


def origins_of(store: Store, subject: RecordId) -> tuple[RecordId, ...]:
    """The live items and sources that a target or indicator rests on."""
    query = select(source_link.c.origin).where(
        source_link.c.subject == subject, source_link.c.deleted == 0,
        or_(
            exists().where(source_item.c.record == source_link.c.origin, source_item.c.deleted == 0),
            exists().where(source.c.record == source_link.c.origin, source.c.deleted == 0),
        ),
    )
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def links(store: Store, origins: Sequence[RecordId]) -> tuple[RecordId, ...]:
    """All live link records to these items or sources."""
    query = select(source_link.c.record).where(
        source_link.c.origin.in_(origins), source_link.c.deleted == 0
    )
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def without_source(store: Store, year: int) -> tuple[SubjectRow, ...]:
    """Indicators of the year that neither themselves nor through any of their targets rest on an item."""
    rests = select(source_link.c.subject).where(source_link.c.deleted == 0)
    through = exists().where(
        target.c.indicator == indicator.c.record, target.c.deleted == 0, target.c.record.in_(rests)
    )
    query = (
        select(indicator.c.record, indicator.c.name)
        .select_from(indicator.outerjoin(category, category.c.record == indicator.c.category))
        .where(
            indicator.c.year == year, indicator.c.deleted == 0,
            indicator.c.record.not_in(rests), ~through,
        )
        .order_by(
            category.c.ord.is_(None), category.c.ord, category.c.record, indicator.c.ord,
            indicator.c.record,
        )
    )
    with store.read() as connection:
        return tuple(
            SubjectRow(RecordId(r[0]), RecordId(r[0]), None, r[1])
            for r in connection.execute(query)
        )


def targets_without_source(
    store: Store, year: int, indicators: Sequence[RecordId]
) -> tuple[SubjectRow, ...]:
    """Targets of these indicators that rest on no item of their own, their indicator neither."""
    rests = select(source_link.c.subject).where(source_link.c.deleted == 0)
    query = _targets().where(
        indicator.c.year == year, target.c.indicator.in_(indicators), target.c.is_na == 0,
        target.c.record.not_in(rests), target.c.indicator.not_in(rests),
    )
    with store.read() as connection:
        return tuple(_target_row(r) for r in connection.execute(query))


def _targets() -> Select[Any]:
    return (
        select(target.c.record, target.c.indicator, target.c.unit, indicator.c.name, unit.c.label)
        .select_from(
            target.join(indicator, indicator.c.record == target.c.indicator)
            .join(unit, unit.c.record == target.c.unit)
        )
        .where(target.c.deleted == 0, indicator.c.deleted == 0)
        .order_by(indicator.c.ord, indicator.c.record, unit.c.sort_path)
    )


def _target_row(row: Any) -> SubjectRow:
    return SubjectRow(
        RecordId(row[0]), RecordId(row[1]), RecordId(row[2]), f"{row[3]} · {row[4]}"
    )


def _subject_rows(store: Store, condition: Any) -> tuple[SubjectRow, ...]:
    linked = and_(source_link.c.deleted == 0, condition)
    whole = (
        select(indicator.c.record, indicator.c.name)
        .distinct()
        .join(source_link, source_link.c.subject == indicator.c.record)
        .where(linked, indicator.c.deleted == 0)
        .order_by(indicator.c.record)
    )
    single = _targets().join(source_link, source_link.c.subject == target.c.record).where(linked)
    with store.read() as connection:
        rows = [
            SubjectRow(RecordId(r[0]), RecordId(r[0]), None, r[1])
            for r in connection.execute(whole)
        ]
        rows += [_target_row(r) for r in connection.execute(single)]
    return tuple(dict.fromkeys(rows))

"""Reads for the global search: what is under way — nodes of the tree, posts, inspections, cases, items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from mbo_desktop.domain.accountability import CaseState
from mbo_desktop.domain.inspections import InspectionState
from mbo_desktop.store import pinyin
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.decomposition_search import title_fits
from mbo_desktop.store.queries.prepared import among
from mbo_desktop.store.queries.search import Found
from mbo_desktop.store.tables import (
    accountability_case,
    allocation,
    indicator,
    inspection,
    person,
    post,
    source,
    source_item,
    target,
    tenure,
    unit,
)


def nodes(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, title, 「指标 · 单位」, unit, closeness) of allocations with a title of their own."""
    fitting = (
        select(allocation.c.record)
        # Through its index on the parent each of the rows would be looked up singly: one pass is shorter.
        .with_hint(allocation, "NOT INDEXED", "sqlite")
        .where(
            allocation.c.deleted == 0, allocation.c.parent.is_not(None), allocation.c.title != "",
            title_fits(text),
        )
    )
    found = [record for (record,) in _rows(store, fitting)]
    if not found:
        # Joined with nothing, all targets of the year would still be gone through.
        return []
    hit = (
        select(allocation.c.record, allocation.c.title, allocation.c.in_target, allocation.c.in_unit)
        .where(among(allocation.c.record, found)).cte("hit").prefix_with("MATERIALIZED")
    )
    closeness = _closeness(text, hit.c.title)
    query = (
        select(
            hit.c.record, hit.c.title,
            indicator.c.name + func.coalesce(" · " + unit.c.label, ""), hit.c.in_unit, closeness,
        )
        .select_from(
            hit.join(target, target.c.record == hit.c.in_target)
            .join(indicator, indicator.c.record == target.c.indicator)
            .outerjoin(unit, unit.c.record == hit.c.in_unit)
        )
        .where(indicator.c.year == year, indicator.c.deleted == 0)
        .order_by(closeness, hit.c.title, unit.c.sort_path, hit.c.record)
        .limit(limit)
    )
    return [_found(row) for row in _rows(store, query)]


def posts(store: Store, text: str, on: str, limit: int) -> list[Found]:
    """(record, title, 「柯城区 · 张伟」, unit, closeness) of posts by their title; on: ISO day of the holder."""
    holder = (
        select(func.min(person.c.name))
        .join(tenure, tenure.c.person == person.c.record)
        .where(
            tenure.c.post == post.c.record, tenure.c.deleted == 0, person.c.deleted == 0,
            or_(tenure.c.since.is_(None), tenure.c.since <= on),
            or_(tenure.c.until.is_(None), tenure.c.until >= on),
        )
        .correlate(post).scalar_subquery()
    )
    fitting = _titles(store, select(post.c.title).distinct().where(post.c.deleted == 0), text)
    closeness = _closeness(text, post.c.title)
    query = (
        select(
            post.c.record, post.c.title, unit.c.label + " · " + func.coalesce(holder, "空缺"),
            post.c.unit, closeness,
        )
        .join(unit, unit.c.record == post.c.unit)
        .where(post.c.deleted == 0, unit.c.deleted == 0, post.c.title.in_(fitting))
        .order_by(closeness, unit.c.sort_path, post.c.ord)
        .limit(limit)
    )
    return [_found(row) for row in _rows(store, query)] if fitting else []


def inspections(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, title, 「2020-3 · 已完成」, None, closeness) of a year's inspections."""
    of_year = and_(inspection.c.year == year, inspection.c.deleted == 0)
    fitting = _titles(store, select(inspection.c.title).distinct().where(of_year), text)
    closeness = _closeness(text, inspection.c.title, inspection.c.number)
    query = (
        select(
            inspection.c.record, inspection.c.title, inspection.c.number, inspection.c.state, closeness
        )
        .where(of_year, or_(
            inspection.c.title.in_(fitting), inspection.c.number.contains(text, autoescape=True)
        ))
        .order_by(closeness, inspection.c.planned_from.desc(), inspection.c.record)
        .limit(limit)
    )
    return [
        (row[0], row[1], _joined(row[2], InspectionState.of(row[3]).label), None, row[4])
        for row in _rows(store, query)
    ]


def cases(
    store: Store, text: str, year: int, limit: int, readable: Callable[[list[int]], set[int]]
) -> list[Found]:
    """(record, title, number and state, unit, closeness) of a year's cases; readable: which of them may be shown."""
    table = accountability_case
    of_year = and_(table.c.year == year, table.c.deleted == 0)
    fitting = _titles(store, select(table.c.title).distinct().where(of_year), text)
    closeness = _closeness(text, table.c.title, table.c.number)
    query = (
        select(table.c.record, table.c.title, table.c.number, table.c.state, table.c.unit, closeness)
        .where(of_year, or_(
            table.c.title.in_(fitting), table.c.number.contains(text, autoescape=True)
        ))
        .order_by(closeness, table.c.opened_on.desc(), table.c.record)
    )
    rows = _rows(store, query)
    shown = readable([row[0] for row in rows]) if rows else set()
    return [
        (row[0], row[1], _joined(row[2], CaseState.of(row[3]).label), row[4], row[5])
        for row in rows if row[0] in shown
    ][:limit]


def items(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, the item's words, name of its meeting or document, None, closeness) of a year's items."""
    closeness = _closeness(text, source_item.c.text, source_item.c.label)
    query = (
        select(source_item.c.record, source_item.c.label, source_item.c.text, source.c.name, closeness)
        .join(source, source.c.record == source_item.c.source)
        .where(
            source.c.year == year, source.c.deleted == 0, source_item.c.deleted == 0,
            source_item.c.text.contains(text, autoescape=True),
        )
        .order_by(closeness, source.c.ord, source_item.c.ord, source_item.c.record)
        .limit(limit)
    )
    return [(row[0], f"{row[1]}{row[2]}", row[3], None, row[4]) for row in _rows(store, query)]


def _titles(store: Store, query: Select[Any], text: str) -> list[str]:
    """Titles that fit literally or by initials, for tables that keep no pinyin."""
    low = text.lower().replace(" ", "")
    letters = low.isascii() and low.isalnum()
    return [
        title for (title,) in _rows(store, query)
        if text in title or low in title.lower() or (letters and low in pinyin.initials(title))
    ]


def _closeness(text: str, *columns: ColumnElement[str]) -> ColumnElement[int]:
    exact = or_(*(column == text for column in columns))
    beginning = or_(*(column.startswith(text, autoescape=True) for column in columns))
    return case((exact, 0), (beginning, 1), else_=2)


def _found(row: tuple[Any, ...]) -> Found:
    return row[0], row[1], row[2], row[3], row[4]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _rows(store: Store, query: Select[Any]) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]

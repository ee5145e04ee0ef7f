"""Reads of indicators as a table of texts: sorted by a column, filtered by what columns show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.framework import (
    PRINTED_ORDER,
    FrameworkFilter,
    conditions,
    with_category,
)
from mbo_desktop.store.tables import category, indicator, link, target

FIELDS = (
    "code", "name", "category", "strategies", "unit_of_measure", "decimals", "form", "direction",
    "points", "definition", "scoring_text", "data_source", "certifying_text", "is_key",
    "is_binding", "is_livelihood", "note",
)
"""Codes of `IndicatorField`, in the order a row reads them."""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What a column must show: one of these texts (None: any) that contains a text."""

    field: str
    values: frozenset[str] | None = None
    contains: str = ""


@dataclass(frozen=True, slots=True)
class GridOrder:
    """Sorted by a field, or by the target values of one unit; "" is the printed order."""

    field: str = ""
    unit: RecordId | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorTexts:
    """An indicator's fields as a table shows them, by `IndicatorField` code."""

    id: RecordId
    category: RecordId | None
    texts: dict[str, str]
    points: Decimal | None
    ord: str
    """Order key within the category."""


_LABELLED: dict[str, ColumnElement[str]] = {
    "category": func.coalesce(category.c.name, ""),
    "form": case({form.value: form.label for form in TargetForm}, value=indicator.c.form, else_=""),
    "direction": case(
        {way.value: way.label for way in Direction}, value=indicator.c.direction, else_=""
    ),
    "decimals": func.coalesce(cast(indicator.c.decimals, Text), ""),
    "points": func.coalesce(indicator.c.points, ""),
    "is_key": case((indicator.c.is_key == 1, "是"), else_=""),
    "is_binding": case((indicator.c.is_binding == 1, "是"), else_=""),
    "is_livelihood": case((indicator.c.is_livelihood == 1, "是"), else_=""),
    "strategies": (
        select(func.coalesce(func.group_concat(category.c.name, "、"), ""))
        .select_from(link.join(category, category.c.record == link.c.target))
        .where(
            link.c.record == indicator.c.record, link.c.field == "strategies",
            category.c.deleted == 0,
        )
        .correlate(indicator)
        .scalar_subquery()
    ),
}


def ids(
    store: Store, year: int, chosen: FrameworkFilter, rules: Sequence[ColumnRule] = (),
    order: GridOrder | None = None, limit: int | None = None,
) -> tuple[RecordId, ...]:
    """Indicators of a year that fit filter and rules, in printed order or sorted."""
    query = _fitting(select(indicator.c.record), year, chosen, rules)
    if order is not None and order.field:
        query, key, blank = _sort_key(query, order)
        query = query.order_by(blank, key.desc() if order.descending else key, *PRINTED_ORDER)
    else:
        query = query.order_by(*PRINTED_ORDER)
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query.limit(limit)).scalars())


def count(store: Store, year: int) -> int:
    """How many indicators the year has."""
    query = select(func.count()).where(indicator.c.year == year, indicator.c.deleted == 0)
    with store.read() as connection:
        return connection.execute(query).scalar_one()


def rows(store: Store, wanted: Sequence[RecordId]) -> tuple[IndicatorTexts, ...]:
    """These indicators as texts, in the order given; deleted ones left out."""
    columns = [_text(field) for field in FIELDS]
    query = (
        select(indicator.c.record, indicator.c.category, indicator.c.ord, *columns)
        .select_from(with_category())
        .where(indicator.c.record.in_(wanted), indicator.c.deleted == 0)
    )
    with store.read() as connection:
        found = {row[0]: _row(row) for row in connection.execute(query)}
    return tuple(found[i] for i in wanted if i in found)


def distinct(
    store: Store, year: int, chosen: FrameworkFilter, rules: Sequence[ColumnRule], field: str,
    limit: int = 500,
) -> list[tuple[str, int]]:
    """What a column shows and how often, most frequent first among equals by text."""
    text = _text(field).label("shown")
    query = _fitting(select(text, func.count()), year, chosen, rules)
    query = query.group_by(text).order_by(func.count().desc(), text).limit(limit)
    with store.read() as connection:
        return [(row[0] or "", row[1]) for row in connection.execute(query)]


def _text(field: str) -> ColumnElement[Any]:
    return _LABELLED[field] if field in _LABELLED else indicator.c[field]


def _fitting(
    query: Select[Any], year: int, chosen: FrameworkFilter, rules: Sequence[ColumnRule]
) -> Select[Any]:
    query = query.select_from(with_category()).where(
        indicator.c.year == year, indicator.c.deleted == 0, *conditions(chosen)
    )
    for rule in rules:
        text = _text(rule.field)
        if rule.values is not None:
            query = query.where(text.in_(rule.values))
        if rule.contains:
            query = query.where(text.contains(rule.contains, autoescape=True))
    return query


def _sort_key(
    query: Select[Any], order: GridOrder
) -> tuple[Select[Any], ColumnElement[Any], ColumnElement[Any]]:
    """The statement (joined where needed), the key, and what puts empty cells last."""
    if order.unit is not None:
        query = query.outerjoin(
            target,
            and_(
                target.c.indicator == indicator.c.record, target.c.unit == order.unit,
                target.c.deleted == 0,
            ),
        )
        keys = {"last_year": target.c.last_year_sort, "points": target.c.points_sort}
        key: ColumnElement[Any] = keys.get(order.field, target.c.amount_sort)
        return query, key, key.is_(None)
    if order.field == "name":
        return query, indicator.c.name_pinyin, indicator.c.name == ""
    if order.field == "points":
        return query, indicator.c.points_sort, indicator.c.points_sort.is_(None)
    if order.field == "category":
        return query, category.c.ord, category.c.ord.is_(None)
    key = _text(order.field)
    return query, key, key == ""


def _row(row: Any) -> IndicatorTexts:
    texts = {field: str(value or "") for field, value in zip(FIELDS, row[3:], strict=True)}
    return IndicatorTexts(
        RecordId(row[0]),
        None if row[1] is None else RecordId(row[1]),
        texts,
        Decimal(texts["points"]) if texts["points"] else None,
        row[2],
    )

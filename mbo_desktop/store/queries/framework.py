"""Reads of categories and indicators in the order the framework is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Join, Select, and_, func, or_, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.store.database import Store
from mbo_desktop.store.tables import category, indicator, link, target


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category or strategy with the number of indicators in it."""

    id: RecordId
    axis: CategoryAxis
    name: str
    indicators: int


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator as the frozen first columns of the matrix show it."""

    id: RecordId
    name: str
    code: str
    category: RecordId | None
    category_name: str
    unit_of_measure: str
    decimals: int | None
    direction: Direction
    form: TargetForm
    points: Decimal | None
    certifying_text: str
    scoring_text: str
    is_key: bool
    is_binding: bool
    is_livelihood: bool


@dataclass(frozen=True, slots=True)
class FrameworkFilter:
    """Which indicators to show; empty parts mean all."""

    text: str = ""
    """Fits name, code, full pinyin or initials."""
    categories: tuple[RecordId, ...] = ()
    without_category: bool = False
    strategy: RecordId | None = None
    only_key: bool = False
    only_binding: bool = False
    only_livelihood: bool = False


_INDICATOR_COLUMNS = (
    indicator.c.record, indicator.c.name, indicator.c.code, indicator.c.category, category.c.name,
    indicator.c.unit_of_measure, indicator.c.decimals, indicator.c.direction, indicator.c.form,
    indicator.c.points, indicator.c.certifying_text, indicator.c.scoring_text, indicator.c.is_key,
    indicator.c.is_binding, indicator.c.is_livelihood,
)
_WITH_CATEGORY = indicator.outerjoin(
    category, and_(category.c.record == indicator.c.category, category.c.deleted == 0)
)
PRINTED_ORDER = (
    category.c.ord.is_(None), category.c.ord, category.c.record, indicator.c.ord,
    indicator.c.record,
)
"""Category by category in the categories' order, those without one last."""


def with_category() -> Join:
    """Indicators beside their category, for statements that need the printed order."""
    return _WITH_CATEGORY


def categories(store: Store, year: int, axis: CategoryAxis) -> tuple[CategoryRow, ...]:
    """Categories or strategies of a year in order, with how many indicators each has."""
    query = (
        select(category.c.record, category.c.name)
        .where(
            category.c.year == year, category.c.axis == axis.value, category.c.deleted == 0
        )
        .order_by(category.c.ord, category.c.record)
    )
    with store.read() as connection:
        found = connection.execute(query).all()
        counts = {row[0]: row[1] for row in connection.execute(_counts(year, axis))}
    return tuple(
        CategoryRow(RecordId(row[0]), axis, row[1], counts.get(row[0], 0)) for row in found
    )


def indicators_in(store: Store, record: RecordId, axis: CategoryAxis) -> int:
    """How many indicators a category or strategy holds."""
    if axis is CategoryAxis.CATEGORY:
        query = select(func.count()).where(
            indicator.c.category == record, indicator.c.deleted == 0
        )
    else:
        query = _linked(select(func.count())).where(link.c.target == record)
    with store.read() as connection:
        return connection.execute(query).scalar_one()


def years_with_indicators(store: Store) -> frozenset[int]:
    """Years that hold any indicator."""
    query = select(indicator.c.year).where(indicator.c.deleted == 0).distinct()
    with store.read() as connection:
        return frozenset(connection.scalars(query))


def indicator_ids(store: Store, year: int, chosen: FrameworkFilter) -> tuple[RecordId, ...]:
    """All indicators of a year that fit, in printed order."""
    query = (
        select(indicator.c.record)
        .select_from(_WITH_CATEGORY)
        .where(indicator.c.year == year, indicator.c.deleted == 0, *conditions(chosen))
        .order_by(*PRINTED_ORDER)
    )
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def indicator_rows(store: Store, ids: Sequence[RecordId]) -> tuple[IndicatorRow, ...]:
    """These indicators in the order given; deleted ones left out."""
    query = (
        select(*_INDICATOR_COLUMNS)
        .select_from(_WITH_CATEGORY)
        .where(indicator.c.record.in_(ids), indicator.c.deleted == 0)
    )
    with store.read() as connection:
        found = {row[0]: _indicator_row(row) for row in connection.execute(query)}
    return tuple(found[i] for i in ids if i in found)


def indicator_ords(
    store: Store, year: int, in_category: RecordId | None
) -> list[tuple[RecordId, str]]:
    """The indicators of one category with their order keys, in order."""
    query = (
        select(indicator.c.record, indicator.c.ord)
        .where(
            indicator.c.year == year,
            indicator.c.deleted == 0,
            indicator.c.category.is_(None)
            if in_category is None
            else indicator.c.category == in_category,
        )
        .order_by(indicator.c.ord, indicator.c.record)
    )
    with store.read() as connection:
        return [(RecordId(row[0]), row[1]) for row in connection.execute(query)]


def target_ids_of(store: Store, indicators: Sequence[RecordId]) -> tuple[RecordId, ...]:
    """The targets of these indicators."""
    query = select(target.c.record).where(
        target.c.indicator.in_(indicators), target.c.deleted == 0
    )
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def targets_of(store: Store, indicators: Sequence[RecordId]) -> int:
    """How many targets rest on these indicators."""
    query = select(func.count()).where(
        target.c.indicator.in_(indicators), target.c.deleted == 0
    )
    with store.read() as connection:
        return connection.execute(query).scalar_one()


def named_indicators(
    store: Store, year: int
) -> list[tuple[RecordId, str, str, str, RecordId | None]]:
    """(record, name, code, unit of measure, category) of a year's indicators, for matching ledgers."""
    query = (
        select(
            indicator.c.record, indicator.c.name, indicator.c.code, indicator.c.unit_of_measure,
            indicator.c.category,
        )
        .select_from(_WITH_CATEGORY)
        .where(indicator.c.year == year, indicator.c.deleted == 0)
        .order_by(*PRINTED_ORDER)
    )
    with store.read() as connection:
        return [
            (RecordId(r[0]), r[1], r[2], r[3], None if r[4] is None else RecordId(r[4]))
            for r in connection.execute(query)
        ]


def named_directions(store: Store, except_year: int) -> list[tuple[int, str, str, Direction]]:
    """(year, name, unit of measure, direction) of the indicators of every other year."""
    query = select(
        indicator.c.year, indicator.c.name, indicator.c.unit_of_measure, indicator.c.direction
    ).where(indicator.c.year != except_year, indicator.c.deleted == 0)
    with store.read() as connection:
        return [(r[0], r[1], r[2], Direction.of(r[3])) for r in connection.execute(query)]


def _counts(year: int, axis: CategoryAxis) -> Select[Any]:
    if axis is CategoryAxis.CATEGORY:
        return (
            select(indicator.c.category, func.count())
            .where(indicator.c.year == year, indicator.c.deleted == 0)
            .group_by(indicator.c.category)
        )
    return (
        _linked(select(link.c.target, func.count()))
        .where(indicator.c.year == year)
        .group_by(link.c.target)
    )


def _linked(query: Select[Any]) -> Select[Any]:
    return query.select_from(link.join(indicator, indicator.c.record == link.c.record)).where(
        link.c.field == "strategies", indicator.c.deleted == 0
    )


def conditions(chosen: FrameworkFilter) -> list[ColumnElement[bool]]:
    """What the filter asks of an indicator, for statements `with_category`."""
    conditions: list[ColumnElement[bool]] = []
    plain = chosen.text.strip()
    if plain:
        low = plain.lower().replace(" ", "")
        conditions.append(
            or_(
                indicator.c.name.contains(plain, autoescape=True),
                indicator.c.code.startswith(plain, autoescape=True),
                func.replace(indicator.c.name_pinyin, " ", "").contains(low, autoescape=True),
                indicator.c.name_initials.contains(low, autoescape=True),
            )
        )
    belonging: list[ColumnElement[bool]] = []
    if chosen.categories:
        belonging.append(indicator.c.category.in_(chosen.categories))
    if chosen.without_category:
        belonging.append(category.c.record.is_(None))
    if belonging:
        conditions.append(or_(*belonging))
    if chosen.strategy is not None:
        conditions.append(
            indicator.c.record.in_(
                select(link.c.record).where(
                    link.c.field == "strategies", link.c.target == chosen.strategy
                )
            )
        )
    marks = (
        (chosen.only_key, indicator.c.is_key),
        (chosen.only_binding, indicator.c.is_binding),
        (chosen.only_livelihood, indicator.c.is_livelihood),
    )
    conditions.extend(column == 1 for wanted, column in marks if wanted)
    return conditions


def _indicator_row(row: Any) -> IndicatorRow:
    return IndicatorRow(
        id=RecordId(row[0]),
        name=row[1],
        code=row[2],
        category=None if row[3] is None else RecordId(row[3]),
        category_name=row[4] or "",
        unit_of_measure=row[5],
        decimals=row[6],
        direction=Direction.of(row[7]),
        form=TargetForm.of(row[8]),
        points=None if row[9] is None else Decimal(row[9]),
        certifying_text=row[10],
        scoring_text=row[11],
        is_key=bool(row[12]),
        is_binding=bool(row[13]),
        is_livelihood=bool(row[14]),
    )

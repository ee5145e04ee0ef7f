"""Where the nodes of the decomposition tree stand: what is below what, on the way up and down.

The tree that is shown goes category → indicator → target → allocations. The root allocation of
a target is no node of its own, and the carrier target of an indicator is its indicator's row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, literal, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.store.database import Store
from mbo_desktop.store.tables import allocation, category, indicator, office, record, target, unit

NO_CATEGORY = 1 << 40
"""Tree id of the row 未分类; no record has so large a number."""


@dataclass(frozen=True, slots=True)
class Places:
    """What nodes of the tree are: each id in one of the groups, ids that are none of them left out."""

    categories: tuple[int, ...] = ()
    indicators: tuple[int, ...] = ()
    targets: tuple[int, ...] = ()
    allocations: tuple[int, ...] = ()


@dataclass(slots=True)
class Way:
    """Allocations with all that stand above them."""

    parents: dict[int, int] = field(default_factory=dict)
    """Allocation → the allocation above it."""
    targets: dict[int, int] = field(default_factory=dict)
    """Root allocation → its target."""


def among(column: ColumnElement[Any], ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether a column holds one of these numbers, however many they are."""
    listed = func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(select(listed.c.value))


def places(store: Store, ids: Iterable[int]) -> Places:
    """Sort tree ids by what they are."""
    wanted = list(ids)
    query = select(record.c.id, record.c.type).where(among(record.c.id, wanted))
    with store.read() as connection:
        kinds = {row[0]: row[1] for row in connection.execute(query)}
    kinds[NO_CATEGORY] = "category"
    groups: dict[str, list[int]] = {}
    for one in wanted:
        groups.setdefault(kinds.get(one, ""), []).append(one)
    return Places(*(
        tuple(groups.get(name, ())) for name in ("category", "indicator", "target", "allocation")
    ))


def own_unit(store: Store) -> int | None:
    """The unit that stands for the own government."""
    query = select(office.c.unit).where(office.c.deleted == 0).limit(1)
    with store.read() as connection:
        return connection.execute(query).scalar()


def category_ids(store: Store, year: int) -> list[int]:
    """The categories of a year in order, then 未分类 when indicators stand in none."""
    query = (
        select(category.c.record)
        .where(
            category.c.year == year, category.c.axis == CategoryAxis.CATEGORY.value,
            category.c.deleted == 0,
        )
        .order_by(category.c.ord, category.c.record)
    )
    homeless = _homeless(select(indicator.c.record), year).limit(1)
    with store.read() as connection:
        found = list(connection.execute(query).scalars())
        if connection.execute(homeless).first() is not None:
            found.append(NO_CATEGORY)
    return found


def indicator_ids(
    store: Store, year: int, in_category: int, limit: int | None = None
) -> list[int]:
    """The indicators of a category (or of none) in order."""
    query = select(indicator.c.record)
    if in_category == NO_CATEGORY:
        query = _homeless(query, year)
    else:
        query = query.where(
            indicator.c.category == in_category, indicator.c.year == year,
            indicator.c.deleted == 0,
        )
    query = query.order_by(indicator.c.ord, indicator.c.record).limit(limit)
    with store.read() as connection:
        return list(connection.execute(query).scalars())


def carriers(store: Store, indicators: Iterable[int]) -> dict[int, int]:
    """Indicator → its carrier target: the own unit's, else the only one; others are left out."""
    own = own_unit(store)
    mine = func.max(case((target.c.unit == (0 if own is None else own), target.c.record)))
    query = (
        select(target.c.indicator, func.count(), func.min(target.c.record), mine)
        .where(among(target.c.indicator, indicators), target.c.deleted == 0)
        .group_by(target.c.indicator)
    )
    with store.read() as connection:
        return {
            row[0]: row[3] or row[2] for row in connection.execute(query) if row[3] or row[1] == 1
        }


def target_ids(
    store: Store, of_indicator: int, without: int | None, limit: int | None = None
) -> list[int]:
    """The targets of an indicator in the official order of units, without one of them."""
    query = (
        select(target.c.record)
        .join(unit, unit.c.record == target.c.unit)
        .where(
            target.c.indicator == of_indicator, target.c.deleted == 0,
            target.c.record != (without or 0),
        )
        .order_by(unit.c.sort_path, target.c.record)
        .limit(limit)
    )
    with store.read() as connection:
        return list(connection.execute(query).scalars())


def roots(store: Store, targets: Iterable[int]) -> dict[int, int]:
    """Target → its root allocation, where one was made."""
    query = select(allocation.c.target, allocation.c.record).where(
        among(allocation.c.target, targets), allocation.c.deleted == 0
    )
    with store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def allocation_ids(store: Store, parent: int, limit: int | None = None) -> list[int]:
    """The allocations below an allocation in order."""
    query = (
        select(allocation.c.record)
        .where(allocation.c.parent == parent, allocation.c.deleted == 0)
        .order_by(allocation.c.ord, allocation.c.record)
        .limit(limit)
    )
    with store.read() as connection:
        return list(connection.execute(query).scalars())


def sibling_ords(store: Store, parent: int) -> list[tuple[RecordId, str]]:
    """The allocations below one with their order keys, in order."""
    query = (
        select(allocation.c.record, allocation.c.ord)
        .where(allocation.c.parent == parent, allocation.c.deleted == 0)
        .order_by(allocation.c.ord, allocation.c.record)
    )
    with store.read() as connection:
        return [(RecordId(row[0]), row[1]) for row in connection.execute(query)]


def last_ord(store: Store, parent: int) -> str:
    """The order key of the last allocation below one; "" when there is none."""
    query = select(func.max(allocation.c.ord)).where(
        allocation.c.parent == parent, allocation.c.deleted == 0
    )
    with store.read() as connection:
        return connection.execute(query).scalar() or ""


def allocation_counts(store: Store, parents: Iterable[int]) -> dict[int, int]:
    """How many allocations stand directly below each."""
    query = (
        select(allocation.c.parent, func.count())
        .where(among(allocation.c.parent, parents), allocation.c.deleted == 0)
        .group_by(allocation.c.parent)
    )
    return _counts(store, query)


def target_counts(store: Store, indicators: Iterable[int]) -> dict[int, int]:
    """How many targets each indicator has."""
    query = (
        select(target.c.indicator, func.count())
        .where(among(target.c.indicator, indicators), target.c.deleted == 0)
        .group_by(target.c.indicator)
    )
    return _counts(store, query)


def indicator_counts(store: Store, year: int, categories: Iterable[int]) -> dict[int, int]:
    """How many indicators stand in each category, 未分类 among them when asked for."""
    wanted = list(categories)
    query = (
        select(indicator.c.category, func.count())
        .where(
            among(indicator.c.category, wanted), indicator.c.year == year,
            indicator.c.deleted == 0,
        )
        .group_by(indicator.c.category)
    )
    found = _counts(store, query)
    if NO_CATEGORY in wanted:
        with store.read() as connection:
            found[NO_CATEGORY] = connection.execute(
                _homeless(select(func.count()), year)
            ).scalar_one()
    return found


def way_up(store: Store, allocations: Iterable[int]) -> Way:
    """Allocations and everything above them, once each, up to the targets."""
    up = upwards(allocations)
    query = select(allocation.c.record, allocation.c.parent, allocation.c.target).join(
        up, allocation.c.record == up.c.id
    ).where(allocation.c.deleted == 0)
    way = Way()
    with store.read() as connection:
        for node, parent, of_target in connection.execute(query):
            if parent is not None:
                way.parents[node] = parent
            elif of_target is not None:
                way.targets[node] = of_target
    return way


def categories_of(store: Store, indicators: Iterable[int]) -> set[int]:
    """The categories these indicators stand in, `NO_CATEGORY` among them."""
    query = (
        select(func.coalesce(category.c.record, NO_CATEGORY))
        .select_from(indicator.outerjoin(
            category, and_(category.c.record == indicator.c.category, category.c.deleted == 0)
        ))
        .where(among(indicator.c.record, indicators))
        .distinct()
    )
    with store.read() as connection:
        return set(connection.execute(query).scalars())


def upwards(allocations: Iterable[int]) -> CTE:
    """The numbers (`id`) of allocations and of everything above them."""
    start = func.json_each(json.dumps(list(allocations))).table_valued("value")
    up = select(start.c.value.label("id")).cte("up", recursive=True)
    return up.union(
        select(allocation.c.parent)
        .join(up, allocation.c.record == up.c.id)
        .where(allocation.c.parent.is_not(None))
    )


def below(store: Store, tops: Iterable[int]) -> list[int]:
    """All allocations of these branches, the tops among them, those above before those below."""
    query = select(_branch(tops).c.id)
    with store.read() as connection:
        return list(dict.fromkeys(connection.execute(query).scalars()))


def depth_below(store: Store, top: int) -> int:
    """How many levels the branch has below its top."""
    branch = _branch([top])
    query = select(func.max(allocation.c.depth) - func.min(allocation.c.depth)).join(
        branch, branch.c.id == allocation.c.record
    )
    with store.read() as connection:
        return connection.execute(query).scalar() or 0


def indicators_of(store: Store, targets: Iterable[int]) -> dict[int, tuple[int, int | None, int]]:
    """Target → its indicator, the indicator's category (None: none that is alive) and year."""
    query = (
        select(target.c.record, indicator.c.record, category.c.record, indicator.c.year)
        .join(indicator, indicator.c.record == target.c.indicator)
        .outerjoin(
            category, and_(category.c.record == indicator.c.category, category.c.deleted == 0)
        )
        .where(among(target.c.record, targets), target.c.deleted == 0, indicator.c.deleted == 0)
    )
    with store.read() as connection:
        return {row[0]: (row[1], row[2], row[3]) for row in connection.execute(query)}


def category_of(store: Store, of_indicator: int) -> tuple[int | None, int] | None:
    """The category (None: none that is alive) and year of an indicator; None when it is gone."""
    query = (
        select(category.c.record, indicator.c.year)
        .select_from(indicator.outerjoin(
            category, and_(category.c.record == indicator.c.category, category.c.deleted == 0)
        ))
        .where(indicator.c.record == of_indicator, indicator.c.deleted == 0)
    )
    with store.read() as connection:
        row = connection.execute(query).first()
    return None if row is None else (row[0], row[1])


def _branch(tops: Iterable[int]) -> CTE:
    start = func.json_each(json.dumps(list(tops))).table_valued("value")
    branch = select(start.c.value.label("id")).cte("branch", recursive=True)
    return branch.union_all(
        select(allocation.c.record)
        .join(branch, allocation.c.parent == branch.c.id)
        .where(allocation.c.deleted == 0)
    )


def _homeless(query: Select[Any], year: int) -> Select[Any]:
    """Indicators of a year whose category is none that is alive."""
    alive = select(literal(1)).where(
        category.c.record == indicator.c.category, category.c.deleted == 0
    )
    return query.where(
        indicator.c.year == year, indicator.c.deleted == 0, ~alive.correlate(indicator).exists()
    )


def _counts(store: Store, query: Select[Any]) -> dict[int, int]:
    with store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}



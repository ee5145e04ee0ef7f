"""Where the nodes of the decomposition tree stand: what is below what, on the way up and down.

The tree that is shown goes category → indicator → target → allocations. The root allocation of
a target is no node of its own, and the carrier target of an indicator is its indicator's row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, Select, and_, bindparam, case, func, literal, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.prepared import Prepared, among, among_given, listed
from mbo_desktop.store.tables import allocation, category, indicator, office, record, target, unit

__all__ = ["among"]

NO_CATEGORY = 1 << 40
"""Tree id of the row 未分类; no record has so large a number."""
_NO_LIMIT = -1


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


def upwards() -> CTE:
    """The numbers (`id`) of the allocations of a parameter and of everything above them."""
    start = listed()
    up = select(start.c.value.label("id")).cte("up", recursive=True)
    return up.union(
        select(allocation.c.parent)
        .join(up, allocation.c.record == up.c.id)
        .where(allocation.c.parent.is_not(None))
    )


def branch() -> CTE:
    """The numbers (`id`) of the allocations of a parameter and of everything below them."""
    start = listed()
    down = select(start.c.value.label("id")).cte("branch", recursive=True)
    return down.union_all(
        select(allocation.c.record)
        .join(down, allocation.c.parent == down.c.id)
        .where(allocation.c.deleted == 0)
    )


def _homeless(query: Select[Any]) -> Select[Any]:
    """Indicators of a year whose category is none that is alive."""
    alive = select(literal(1)).where(
        category.c.record == indicator.c.category, category.c.deleted == 0
    )
    return query.where(
        indicator.c.year == bindparam("year"), indicator.c.deleted == 0,
        ~alive.correlate(indicator).exists(),
    )


def _carriers() -> Select[Any]:
    own = select(office.c.unit).where(office.c.deleted == 0).limit(1).scalar_subquery()
    mine = func.max(case((target.c.unit == own, target.c.record)))
    return (
        select(target.c.indicator, func.count(), func.min(target.c.record), mine)
        .where(among_given(target.c.indicator), target.c.deleted == 0)
        .group_by(target.c.indicator)
    )


def _way() -> Select[Any]:
    up = upwards()
    return select(allocation.c.record, allocation.c.parent, allocation.c.target).join(
        up, allocation.c.record == up.c.id
    ).where(allocation.c.deleted == 0)


def _depth() -> Select[Any]:
    down = branch()
    return select(func.max(allocation.c.depth) - func.min(allocation.c.depth)).join(
        down, down.c.id == allocation.c.record
    )


_ALIVE_CATEGORY = and_(category.c.record == indicator.c.category, category.c.deleted == 0)
_KINDS = Prepared(lambda: select(record.c.id, record.c.type).where(among_given(record.c.id)))
_OWN_UNIT = Prepared(lambda: select(office.c.unit).where(office.c.deleted == 0).limit(1))
_CATEGORIES = Prepared(lambda: (
    select(category.c.record)
    .where(
        category.c.year == bindparam("year"), category.c.axis == CategoryAxis.CATEGORY.value,
        category.c.deleted == 0,
    )
    .order_by(category.c.ord, category.c.record)
))
_HOMELESS_COUNT = Prepared(lambda: _homeless(select(func.count())))
_HOMELESS = Prepared(lambda: (
    _homeless(select(indicator.c.record))
    .order_by(indicator.c.ord, indicator.c.record).limit(bindparam("most"))
))
_INDICATORS = Prepared(lambda: (
    select(indicator.c.record)
    .where(
        indicator.c.category == bindparam("above"), indicator.c.year == bindparam("year"),
        indicator.c.deleted == 0,
    )
    .order_by(indicator.c.ord, indicator.c.record).limit(bindparam("most"))
))
_CARRIERS = Prepared(_carriers)
_TARGETS = Prepared(lambda: (
    select(target.c.record)
    .join(unit, unit.c.record == target.c.unit)
    .where(
        target.c.indicator == bindparam("above"), target.c.deleted == 0,
        target.c.record != bindparam("without"),
    )
    .order_by(unit.c.sort_path, target.c.record).limit(bindparam("most"))
))
_ROOTS = Prepared(lambda: select(allocation.c.target, allocation.c.record).where(
    among_given(allocation.c.target), allocation.c.deleted == 0
))
_CHILDREN = Prepared(lambda: (
    select(allocation.c.record, allocation.c.ord)
    .where(allocation.c.parent == bindparam("above"), allocation.c.deleted == 0)
    .order_by(allocation.c.ord, allocation.c.record).limit(bindparam("most"))
))
_LAST_ORD = Prepared(lambda: select(func.max(allocation.c.ord)).where(
    allocation.c.parent == bindparam("above"), allocation.c.deleted == 0
))
_ALLOCATION_COUNTS = Prepared(lambda: (
    select(allocation.c.parent, func.count())
    .where(among_given(allocation.c.parent), allocation.c.deleted == 0)
    .group_by(allocation.c.parent)
))
_TARGET_COUNTS = Prepared(lambda: (
    select(target.c.indicator, func.count())
    .where(among_given(target.c.indicator), target.c.deleted == 0)
    .group_by(target.c.indicator)
))
_INDICATOR_COUNTS = Prepared(lambda: (
    select(indicator.c.category, func.count())
    .where(
        among_given(indicator.c.category), indicator.c.year == bindparam("year"),
        indicator.c.deleted == 0,
    )
    .group_by(indicator.c.category)
))
_WAY = Prepared(_way)
_BELOW = Prepared(lambda: select(branch().c.id))
_DEPTH = Prepared(_depth)
_OWNERS = Prepared(lambda: (
    select(target.c.record, indicator.c.record, category.c.record, indicator.c.year)
    .join(indicator, indicator.c.record == target.c.indicator)
    .outerjoin(category, _ALIVE_CATEGORY)
    .where(among_given(target.c.record), target.c.deleted == 0, indicator.c.deleted == 0)
))
_CATEGORY_OF = Prepared(lambda: (
    select(indicator.c.record, category.c.record, indicator.c.year)
    .select_from(indicator.outerjoin(category, _ALIVE_CATEGORY))
    .where(among_given(indicator.c.record), indicator.c.deleted == 0)
))


def places(store: Store, ids: Iterable[int]) -> Places:
    """Sort tree ids by what they are."""
    wanted = list(ids)
    kinds = _KINDS.pairs(store, wanted)
    kinds[NO_CATEGORY] = "category"
    groups: dict[str, list[int]] = {}
    for one in wanted:
        groups.setdefault(kinds.get(one, ""), []).append(one)
    return Places(*(
        tuple(groups.get(name, ())) for name in ("category", "indicator", "target", "allocation")
    ))


def own_unit(store: Store) -> int | None:
    """The unit that stands for the own government."""
    found = _OWN_UNIT.firsts(store)
    return found[0] if found else None


def category_ids(store: Store, year: int) -> list[int]:
    """The categories of a year in order, then 未分类 when indicators stand in none."""
    found = _CATEGORIES.firsts(store, year=year)
    if _HOMELESS.firsts(store, year=year, most=1):
        found.append(NO_CATEGORY)
    return found


def indicator_ids(
    store: Store, year: int, in_category: int, limit: int | None = None
) -> list[int]:
    """The indicators of a category (or of none) in order."""
    most = _NO_LIMIT if limit is None else limit
    if in_category == NO_CATEGORY:
        return _HOMELESS.firsts(store, year=year, most=most)
    return _INDICATORS.firsts(store, above=in_category, year=year, most=most)


def carriers(store: Store, indicators: Iterable[int]) -> dict[int, int]:
    """Indicator → its carrier target: the own unit's, else the only one; others are left out."""
    return {
        row[0]: row[3] or row[2] for row in _CARRIERS.rows(store, indicators)
        if row[3] or row[1] == 1
    }


def target_ids(
    store: Store, of_indicator: int, without: int | None, limit: int | None = None
) -> list[int]:
    """The targets of an indicator in the official order of units, without one of them."""
    most = _NO_LIMIT if limit is None else limit
    return _TARGETS.firsts(store, above=of_indicator, without=without or 0, most=most)


def roots(store: Store, targets: Iterable[int]) -> dict[int, int]:
    """Target → its root allocation, where one was made."""
    return _ROOTS.pairs(store, targets)


def allocation_ids(store: Store, parent: int, limit: int | None = None) -> list[int]:
    """The allocations below an allocation in order."""
    return _CHILDREN.firsts(store, above=parent, most=_NO_LIMIT if limit is None else limit)


def sibling_ords(store: Store, parent: int) -> list[tuple[RecordId, str]]:
    """The allocations below one with their order keys, in order."""
    return _CHILDREN.rows(store, above=parent, most=_NO_LIMIT)


def last_ord(store: Store, parent: int) -> str:
    """The order key of the last allocation below one; "" when there is none."""
    return _LAST_ORD.firsts(store, above=parent)[0] or ""


def allocation_counts(store: Store, parents: Iterable[int]) -> dict[int, int]:
    """How many allocations stand directly below each."""
    return _ALLOCATION_COUNTS.pairs(store, parents)


def target_counts(store: Store, indicators: Iterable[int]) -> dict[int, int]:
    """How many targets each indicator has."""
    return _TARGET_COUNTS.pairs(store, indicators)


def indicator_counts(store: Store, year: int, categories: Iterable[int]) -> dict[int, int]:
    """How many indicators stand in each category, 未分类 among them when asked for."""
    wanted = list(categories)
    found = _INDICATOR_COUNTS.pairs(store, wanted, year=year)
    if NO_CATEGORY in wanted:
        found[NO_CATEGORY] = _HOMELESS_COUNT.firsts(store, year=year)[0]
    return found


def way_up(store: Store, allocations: Iterable[int]) -> Way:
    """Allocations and everything above them, once each, up to the targets."""
    way = Way()
    for node, parent, of_target in _WAY.rows(store, allocations):
        if parent is not None:
            way.parents[node] = parent
        elif of_target is not None:
            way.targets[node] = of_target
    return way


def below(store: Store, tops: Iterable[int]) -> list[int]:
    """All allocations of these branches, the tops among them, those above before those below."""
    return list(dict.fromkeys(_BELOW.firsts(store, tops)))


def depth_below(store: Store, top: int) -> int:
    """How many levels the branch has below its top."""
    return _DEPTH.firsts(store, [top])[0] or 0


def indicators_of(store: Store, targets: Iterable[int]) -> dict[int, tuple[int, int | None, int]]:
    """Target → its indicator, the indicator's category (None: none that is alive) and year."""
    return {row[0]: row[1:] for row in _OWNERS.rows(store, targets)}


def category_of(store: Store, of_indicator: int) -> tuple[int | None, int] | None:
    """The category (None: none that is alive) and year of an indicator; None when it is gone."""
    found = _CATEGORY_OF.rows(store, [of_indicator])
    return (found[0][1], found[0][2]) if found else None


def categories_of(store: Store, indicators: Iterable[int]) -> set[int]:
    """The categories these indicators stand in, `NO_CATEGORY` among them."""
    return {
        NO_CATEGORY if row[1] is None else row[1] for row in _CATEGORY_OF.rows(store, indicators)
    }

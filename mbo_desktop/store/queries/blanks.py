"""Reads for the checks of the decomposition: page by page, so that no statement holds up a writer.

A page is so many rows that reading it takes a few milliseconds; a whole year of 20,000 nodes
is some dozens of pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select

from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.decomposition import among
from mbo_desktop.store.queries.framework import PRINTED_ORDER, with_category
from mbo_desktop.store.tables import (
    allocation,
    category,
    indicator,
    link,
    office,
    record,
    revision,
    target,
    unit,
)

PAGE = 500
"""Rows of one statement."""


class IndicatorFacts(NamedTuple):
    """An indicator of the year, in printed order."""

    id: int
    name: str
    category: str
    unit_of_measure: str
    direction: str
    form: str
    has_points: int
    has_scoring: int
    certifying_text: str
    has_data_source: int


class TargetFacts(NamedTuple):
    """A target as its checks need it; amounts and days as stored, form None: not set."""

    id: int
    indicator: int
    unit: int
    form: str | None
    amount: str | None
    amount_unit: str
    text: str
    last_year: str | None
    due: str | None


class NodeFacts(NamedTuple):
    """An allocation as its checks need it: own columns, and in_… what follows from above."""

    id: int
    target: int | None
    parent: int | None
    ord: str
    title: str
    unit: int | None
    unit_of_measure: str
    form: str | None
    amount: str | None
    amount_unit: str
    text: str
    last_year: str | None
    share: str | None
    weight: str | None
    leader: int | None
    responsible: int | None
    handler: int | None
    due: str | None
    undivided: str
    divided_at: str | None
    has_difficulties: int
    has_measures: int
    milestones: int
    plan: str | None
    in_target: int | None
    in_unit: int | None
    in_leader: int | None
    in_responsible: int | None
    in_handler: int | None
    in_due: str | None


_INDICATOR = (
    indicator.c.record, indicator.c.name, func.coalesce(category.c.name, ""),
    indicator.c.unit_of_measure, indicator.c.direction, indicator.c.form,
    indicator.c.points.is_not(None), indicator.c.scoring_text != "", indicator.c.certifying_text,
    indicator.c.data_source != "",
)
_TARGET = (
    target.c.record, target.c.indicator, target.c.unit, target.c.form, target.c.amount,
    target.c.amount_unit, target.c.text, target.c.last_year, target.c.due,
)
_COMPUTED = {
    "id": allocation.c.record, "has_difficulties": allocation.c.difficulties != "",
    "has_measures": allocation.c.measures != "",
}
_NODE = tuple(
    _COMPUTED[name] if name in _COMPUTED else allocation.c[name] for name in NodeFacts._fields
)


def pages(ids: Iterable[int], size: int = PAGE) -> Iterator[list[int]]:
    """The numbers, so many at a time."""
    listed = list(ids)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def in_groups(sizes: Sequence[tuple[int, int]], size: int = PAGE) -> Iterator[list[int]]:
    """Keys with how many rows each has, so grouped that a group has about one page of rows."""
    group: list[int] = []
    rows = 0
    for key, count in sizes:
        if group and rows + count > size:
            yield group
            group, rows = [], 0
        group.append(key)
        rows += count
    if group:
        yield group


def _paged(store: Store, query: Select[Any], key: Any) -> Iterator[Any]:
    """Rows of a statement in the order of a key, a page at a time, each on a connection of its own."""
    last = -1
    ordered = query.order_by(key).limit(PAGE)
    while True:
        with store.read() as connection:
            rows = connection.execute(ordered.where(key > last)).all()
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def own_unit(store: Store) -> int | None:
    """The unit that stands for the own government."""
    with store.read() as connection:
        return connection.execute(
            select(office.c.unit).where(office.c.deleted == 0).limit(1)
        ).scalar()


def indicators(store: Store, year: int, only: Iterable[int] | None = None) -> list[IndicatorFacts]:
    """Indicators of the year in printed order; only: these of them."""
    query = (
        select(*_INDICATOR).select_from(with_category())
        .where(indicator.c.year == year, indicator.c.deleted == 0)
        .order_by(*PRINTED_ORDER)
    )
    if only is not None:
        query = query.where(among(indicator.c.record, only))
    with store.read() as connection:
        return [IndicatorFacts._make(row) for row in connection.execute(query)]


def certifying(store: Store, ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The certifying units of indicators."""
    found: dict[int, tuple[int, ...]] = {}
    for page in pages(ids):
        query = (
            select(link.c.record, link.c.target)
            .where(among(link.c.record, page), link.c.field == "certifying_units")
            .order_by(link.c.record, link.c.place)
        )
        with store.read() as connection:
            for owner, listed in connection.execute(query):
                found[owner] = (*found.get(owner, ()), listed)
    return found


def target_sizes(store: Store, ids: Iterable[int]) -> list[tuple[int, int]]:
    """(indicator, how many targets it has) in the order given."""
    listed = list(ids)
    query = (
        select(target.c.indicator, func.count())
        .where(among(target.c.indicator, listed), target.c.deleted == 0)
        .group_by(target.c.indicator)
    )
    with store.read() as connection:
        counts = {row[0]: row[1] for row in connection.execute(query)}
    return [(one, counts.get(one, 0)) for one in listed]


def targets_of(store: Store, of_indicators: Iterable[int]) -> list[TargetFacts]:
    """The targets of indicators."""
    query = select(*_TARGET).where(among(target.c.indicator, of_indicators), target.c.deleted == 0)
    return [TargetFacts._make(row) for row in _paged(store, query, target.c.record)]


def targets(store: Store, ids: Iterable[int]) -> list[TargetFacts]:
    """These targets, deleted ones left out."""
    query = select(*_TARGET).where(among(target.c.record, ids), target.c.deleted == 0)
    return [TargetFacts._make(row) for row in _paged(store, query, target.c.record)]


def node_sizes(store: Store, of_targets: Iterable[int]) -> list[tuple[int, int]]:
    """(target, how many allocations hang under it, its root too); targets without any left out."""
    found: list[tuple[int, int]] = []
    for page in pages(of_targets):
        query = (
            select(allocation.c.in_target, func.count())
            .where(among(allocation.c.in_target, page), allocation.c.deleted == 0)
            .group_by(allocation.c.in_target)
        )
        with store.read() as connection:
            found += [(row[0], row[1]) for row in connection.execute(query)]
    return found


def nodes_of(store: Store, of_targets: Iterable[int]) -> Iterator[NodeFacts]:
    """All allocations under these targets, their roots among them, in no order."""
    query = select(*_NODE).where(
        among(allocation.c.in_target, of_targets), allocation.c.deleted == 0
    )
    return map(NodeFacts._make, _paged(store, query, allocation.c.record))


def nodes(store: Store, ids: Iterable[int]) -> list[NodeFacts]:
    """These allocations, deleted ones left out."""
    query = select(*_NODE).where(among(allocation.c.record, ids), allocation.c.deleted == 0)
    return [NodeFacts._make(row) for row in _paged(store, query, allocation.c.record)]


def children_of(store: Store, parents: Iterable[int]) -> list[NodeFacts]:
    """The allocations directly below these."""
    query = select(*_NODE).where(among(allocation.c.parent, parents), allocation.c.deleted == 0)
    return [NodeFacts._make(row) for row in _paged(store, query, allocation.c.record)]


def child_counts(store: Store, parents: Iterable[int]) -> dict[int, int]:
    """How many allocations stand directly below each."""
    query = (
        select(allocation.c.parent, func.count())
        .where(among(allocation.c.parent, parents), allocation.c.deleted == 0)
        .group_by(allocation.c.parent)
    )
    with store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def parents_of(store: Store, ids: Iterable[int]) -> list[tuple[int, int | None, int | None]]:
    """(allocation, the one above, its target if it is a root), deleted ones too."""
    query = select(allocation.c.record, allocation.c.parent, allocation.c.target).where(
        among(allocation.c.record, ids)
    )
    with store.read() as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def earlier_parents(store: Store, ids: Iterable[int]) -> set[int]:
    """Where these allocations stood before they were last written: the old place of a moved one."""
    before = (
        select(func.max(revision.c.n))
        .where(revision.c.record == allocation.c.record, revision.c.id != allocation.c.revision)
        .correlate(allocation).scalar_subquery()
    )
    query = (
        select(func.json_extract(revision.c.body, "$.parent")).distinct()
        .join(allocation, allocation.c.record == revision.c.record)
        .where(among(allocation.c.record, ids), revision.c.n == before)
    )
    with store.read() as connection:
        names = [name.split("/") for name in connection.execute(query).scalars() if name]
        return {
            found for owner, uuid in names
            if (found := connection.execute(select(record.c.id).where(
                record.c.owner == bytes.fromhex(owner), record.c.uuid == bytes.fromhex(uuid)
            )).scalar()) is not None
        }


def above(store: Store, ids: Iterable[int]) -> list[NodeFacts]:
    """These allocations and everything above them, up to the roots."""
    start = func.json_each(json.dumps(list(ids))).table_valued("value")
    up = select(start.c.value.label("id")).cte("up", recursive=True)
    up = up.union(
        select(allocation.c.parent)
        .join(up, allocation.c.record == up.c.id)
        .where(allocation.c.parent.is_not(None))
    )
    query = select(*_NODE).join(up, allocation.c.record == up.c.id).where(allocation.c.deleted == 0)
    with store.read() as connection:
        return [NodeFacts._make(row) for row in connection.execute(query)]


def below(store: Store, tops: Iterable[int], limit: int) -> list[int]:
    """Allocations below these, the tops left out, at most so many."""
    start = func.json_each(json.dumps(list(tops))).table_valued("value")
    branch = select(start.c.value.label("id")).cte("branch", recursive=True)
    branch = branch.union(
        select(allocation.c.record)
        .join(branch, allocation.c.parent == branch.c.id)
        .where(allocation.c.deleted == 0)
    )
    tops = set(tops)
    query = select(branch.c.id).limit(limit + len(tops))
    with store.read() as connection:
        return [one for one in connection.execute(query).scalars() if one not in tops]


def roots_of(store: Store, of_targets: Iterable[int]) -> list[NodeFacts]:
    """The root allocations of these targets."""
    query = select(*_NODE).where(
        among(allocation.c.target, of_targets), allocation.c.deleted == 0
    )
    return [NodeFacts._make(row) for row in _paged(store, query, allocation.c.record)]


def milestones(store: Store, ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The milestones of allocations as stored: title, due (ISO or null), note."""
    found: dict[int, list[dict[str, Any]]] = {}
    for page in pages(ids):
        query = (
            select(allocation.c.record, func.json_extract(revision.c.body, "$.milestones"))
            .join(revision, revision.c.id == allocation.c.revision)
            .where(among(allocation.c.record, page))
        )
        with store.read() as connection:
            for node, body in connection.execute(query):
                found[node] = json.loads(body or "[]")
    return found


def several_parts(store: Store, of_targets: Iterable[int]) -> list[int]:
    """Targets of a value with several parts or with dated nodes, which the columns do not hold."""
    found: list[int] = []
    body = revision.c.body
    for page in pages(of_targets):
        query = (
            select(target.c.record)
            .join(revision, revision.c.id == target.c.revision)
            .where(
                among(target.c.record, page), target.c.form.is_not(None),
                or_(
                    func.json_array_length(body, "$.value.parts") > 1,
                    and_(
                        target.c.form.in_(("milestone", "project")),
                        func.json_array_length(body, "$.value.parts[0].nodes") > 0,
                    ),
                ),
            )
        )
        with store.read() as connection:
            found += connection.execute(query).scalars()
    return found


def unit_facts(store: Store) -> list[tuple[int, str, str, str, str | None, int, str, str, str]]:
    """(id, label, path, kind, dissolved_on, deleted, name, short name, former names), official order.

    Deleted units too: nodes may still name them.
    """
    query = select(
        unit.c.record, unit.c.label, unit.c.path, unit.c.kind, unit.c.dissolved_on, unit.c.deleted,
        unit.c.name, unit.c.short_name, unit.c.former, unit.c.sort_path,
    )
    rows = list(_paged(store, query, unit.c.record))
    rows.sort(key=lambda row: (row[5], row[9], row[0]))
    return [tuple(row)[:9] for row in rows]

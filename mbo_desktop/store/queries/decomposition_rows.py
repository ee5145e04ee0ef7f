"""What the nodes of the decomposition tree state, a page of them at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.decomposition import among, upwards
from mbo_desktop.store.tables import (
    allocation,
    category,
    indicator,
    joint_duty,
    link,
    person,
    post,
    target,
    tenure,
    unit,
)


class NodeFacts(NamedTuple):
    """An allocation's own columns and what follows from above (in_…); amounts and days as stored."""

    id: int
    target: int | None
    parent: int | None
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
    locked: int
    leader: int | None
    responsible: int | None
    handler: int | None
    due: str | None
    undivided: str
    divided_at: str | None
    milestones: int
    plan: str | None
    in_target: int | None
    in_unit: int | None
    in_leader: int | None
    in_responsible: int | None
    in_handler: int | None
    in_due: str | None


class TargetFacts(NamedTuple):
    """A target's columns with those of its indicator."""

    id: int
    indicator: int
    unit: int
    form: str | None
    amount: str | None
    amount_unit: str
    text: str
    last_year: str | None
    points: str | None
    due: str | None
    name: str
    unit_of_measure: str
    direction: str
    default_form: str
    decimals: int | None


class IndicatorFacts(NamedTuple):
    """What an indicator's row shows without a target."""

    id: int
    name: str
    unit_of_measure: str
    form: str
    points: str | None


class PostFacts(NamedTuple):
    """A post with who holds it on a day; name "" when it stands empty."""

    id: int
    unit: int
    title: str
    name: str


class ChildAmount(NamedTuple):
    """What a child states: form None while nothing is set."""

    parent: int
    form: str | None
    amount: str | None
    amount_unit: str
    is_na: int


_NODE = tuple(
    allocation.c["record" if name == "id" else name] for name in NodeFacts._fields
)
_TARGET = (
    target.c.record, target.c.indicator, target.c.unit, target.c.form, target.c.amount,
    target.c.amount_unit, target.c.text, target.c.last_year,
    func.coalesce(target.c.points, indicator.c.points), target.c.due, indicator.c.name,
    indicator.c.unit_of_measure, indicator.c.direction, indicator.c.form, indicator.c.decimals,
)


def with_above(store: Store, allocations: Iterable[int]) -> dict[int, NodeFacts]:
    """These allocations and everything above them, deleted ones left out."""
    up = upwards(allocations)
    query = select(*_NODE).join(up, allocation.c.record == up.c.id).where(allocation.c.deleted == 0)
    with store.read() as connection:
        return {row[0]: NodeFacts._make(row) for row in connection.execute(query)}


def root_facts(store: Store, targets: Iterable[int]) -> dict[int, NodeFacts]:
    """The root allocations of these targets, by target."""
    query = select(*_NODE).where(among(allocation.c.target, targets), allocation.c.deleted == 0)
    with store.read() as connection:
        return {row[1]: NodeFacts._make(row) for row in connection.execute(query)}


def target_facts(store: Store, targets: Iterable[int]) -> dict[int, TargetFacts]:
    """These targets with their indicators, deleted ones left out."""
    query = (
        select(*_TARGET)
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(among(target.c.record, targets), target.c.deleted == 0, indicator.c.deleted == 0)
    )
    with store.read() as connection:
        return {row[0]: TargetFacts._make(row) for row in connection.execute(query)}


def indicator_facts(store: Store, indicators: Iterable[int]) -> dict[int, IndicatorFacts]:
    """These indicators, deleted ones left out."""
    query = select(
        indicator.c.record, indicator.c.name, indicator.c.unit_of_measure, indicator.c.form,
        indicator.c.points,
    ).where(among(indicator.c.record, indicators), indicator.c.deleted == 0)
    with store.read() as connection:
        return {row[0]: IndicatorFacts._make(row) for row in connection.execute(query)}


def category_names(store: Store, categories: Iterable[int]) -> dict[int, str]:
    """The names of categories."""
    query = select(category.c.record, category.c.name).where(
        among(category.c.record, categories), category.c.deleted == 0
    )
    return _pairs(store, query)


def child_amounts(store: Store, parents: Iterable[int]) -> list[ChildAmount]:
    """What the allocations directly below these state."""
    query = select(
        allocation.c.parent, allocation.c.form, allocation.c.amount, allocation.c.amount_unit,
        allocation.c.is_na,
    ).where(among(allocation.c.parent, parents), allocation.c.deleted == 0)
    with store.read() as connection:
        return [ChildAmount._make(row) for row in connection.execute(query)]


def other_targets(store: Store, carriers: dict[int, int]) -> list[ChildAmount]:
    """What the other targets of indicators state; carriers: indicator → the target that stands above."""
    query = select(
        target.c.indicator, target.c.form, target.c.amount, target.c.amount_unit, target.c.is_na,
    ).where(
        among(target.c.indicator, carriers), target.c.deleted == 0,
        ~among(target.c.record, carriers.values()),
    )
    with store.read() as connection:
        return [ChildAmount._make(row) for row in connection.execute(query)]


def plans(store: Store, allocations: Iterable[int]) -> dict[int, str | None]:
    """The plans of allocations as they are kept."""
    query = select(allocation.c.record, allocation.c.plan).where(
        among(allocation.c.record, allocations)
    )
    with store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def unit_labels(store: Store, units: Iterable[int]) -> dict[int, str]:
    """The names of units in tables, of removed ones too."""
    return _pairs(
        store, select(unit.c.record, unit.c.label).where(among(unit.c.record, units))
    )


def supporting(store: Store, nodes: Iterable[int]) -> dict[int, list[int]]:
    """The supporting units of allocations in their order."""
    query = (
        select(link.c.record, link.c.target)
        .where(among(link.c.record, nodes), link.c.field == "supporting")
        .order_by(link.c.record, link.c.place)
    )
    return _lists(store, query)


def joint_units(store: Store, targets: Iterable[int]) -> dict[int, list[int]]:
    """The supporting units that the issuer named for targets, in their order."""
    query = (
        select(target.c.record, joint_duty.c.unit)
        .join(joint_duty, and_(
            joint_duty.c.indicator == target.c.indicator, joint_duty.c.lead == target.c.unit,
            joint_duty.c.deleted == 0,
        ))
        .where(among(target.c.record, targets))
        .order_by(target.c.record, joint_duty.c.ord, joint_duty.c.record)
    )
    return _lists(store, query)


def posts(store: Store, ids: Iterable[int], on: date) -> dict[int, PostFacts]:
    """Posts with who holds them on a day."""
    day = on.isoformat()
    held = and_(
        tenure.c.post == post.c.record, tenure.c.deleted == 0,
        or_(tenure.c.since.is_(None), tenure.c.since <= day),
        or_(tenure.c.until.is_(None), tenure.c.until >= day),
    )
    query = (
        select(post.c.record, post.c.unit, post.c.title, func.coalesce(person.c.name, ""))
        .select_from(post.outerjoin(tenure, held).outerjoin(
            person, and_(person.c.record == tenure.c.person, person.c.deleted == 0)
        ))
        .where(among(post.c.record, ids), post.c.deleted == 0)
        .order_by(post.c.record, tenure.c.since.desc(), tenure.c.record.desc())
    )
    found: dict[int, PostFacts] = {}
    with store.read() as connection:
        for row in connection.execute(query):
            found.setdefault(row[0], PostFacts._make(row))
    return found


def _pairs(store: Store, query: Any) -> dict[int, str]:
    with store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def _lists(store: Store, query: Any) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    with store.read() as connection:
        for node, listed in connection.execute(query):
            found.setdefault(node, []).append(listed)
    return found

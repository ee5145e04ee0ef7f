"""What the nodes of the decomposition tree state, a page of them at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from mbo_desktop.domain.adjustments import AdjustmentState
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.store.database import Store
from mbo_desktop.store.owners import DELETED
from mbo_desktop.store.queries.decomposition import upwards
from mbo_desktop.store.queries.prepared import Prepared, among_given
from mbo_desktop.store.tables import (
    adjustment,
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


def _with_above() -> Select[Any]:
    up = upwards()
    return select(*_NODE).join(up, allocation.c.record == up.c.id).where(allocation.c.deleted == 0)


def _held() -> ColumnElement[bool]:
    day: BindParameter[str] = bindparam("day")
    return and_(
        tenure.c.post == post.c.record, tenure.c.deleted != DELETED,
        or_(tenure.c.since.is_(None), tenure.c.since <= day),
        or_(tenure.c.until.is_(None), tenure.c.until >= day),
    )


def _posts() -> Select[Any]:
    return (
        select(post.c.record, post.c.unit, post.c.title, func.coalesce(person.c.name, ""))
        .select_from(post.outerjoin(tenure, _held()).outerjoin(
            person, and_(person.c.record == tenure.c.person, person.c.deleted != DELETED)
        ))
        .where(post.c.deleted != DELETED)
    )


_NODES = Prepared(_with_above)
_ROOTS = Prepared(lambda: select(*_NODE).where(
    among_given(allocation.c.target), allocation.c.deleted == 0
))
_TARGETS = Prepared(lambda: (
    select(*_TARGET)
    .join(indicator, indicator.c.record == target.c.indicator)
    .where(among_given(target.c.record), target.c.deleted == 0, indicator.c.deleted == 0)
))
_INDICATORS = Prepared(lambda: select(
    indicator.c.record, indicator.c.name, indicator.c.unit_of_measure, indicator.c.form,
    indicator.c.points,
).where(among_given(indicator.c.record), indicator.c.deleted == 0))
_CATEGORIES = Prepared(lambda: select(category.c.record, category.c.name).where(
    among_given(category.c.record), category.c.deleted == 0
))
_CHILD_AMOUNTS = Prepared(lambda: select(
    allocation.c.parent, allocation.c.form, allocation.c.amount, allocation.c.amount_unit,
    allocation.c.is_na,
).where(among_given(allocation.c.parent), allocation.c.deleted == 0))
_OTHER_TARGETS = Prepared(lambda: select(
    target.c.indicator, target.c.form, target.c.amount, target.c.amount_unit, target.c.is_na,
).where(
    among_given(target.c.indicator), target.c.deleted == 0, ~among_given(target.c.record, "carriers"),
))
_PLANS = Prepared(lambda: select(allocation.c.record, allocation.c.plan).where(
    among_given(allocation.c.record)
))
_UNITS = Prepared(lambda: select(unit.c.record, unit.c.label).where(among_given(unit.c.record)))
_SUPPORTING = Prepared(lambda: (
    select(link.c.record, link.c.target)
    .where(among_given(link.c.record), link.c.field == "supporting")
    .order_by(link.c.record, link.c.place)
))
_JOINT = Prepared(lambda: (
    select(target.c.record, joint_duty.c.unit)
    .join(joint_duty, and_(
        joint_duty.c.indicator == target.c.indicator, joint_duty.c.lead == target.c.unit,
        joint_duty.c.deleted == 0,
    ))
    .where(among_given(target.c.record))
    .order_by(target.c.record, joint_duty.c.ord, joint_duty.c.record)
))
_POSTS = Prepared(lambda: _posts().where(among_given(post.c.record)).order_by(
    post.c.record, tenure.c.since.desc(), tenure.c.record.desc()
))
_PRINCIPALS = Prepared(lambda: (
    _posts()
    .where(among_given(post.c.unit), post.c.role == PostRole.PRINCIPAL.value)
    .order_by(post.c.ord, tenure.c.since.desc(), tenure.c.record.desc())
))
_ADJUSTMENTS = Prepared(lambda: (
    select(adjustment.c.record, target.c.record)
    .join(target, and_(
        target.c.indicator == adjustment.c.indicator, target.c.unit == adjustment.c.unit
    ))
    .where(
        among_given(target.c.record), adjustment.c.deleted == 0,
        adjustment.c.state == AdjustmentState.APPROVED.value,
    )
))


def with_above(store: Store, allocations: Iterable[int]) -> dict[int, NodeFacts]:
    """These allocations and everything above them, deleted ones left out."""
    return {row[0]: NodeFacts._make(row) for row in _NODES.rows(store, allocations)}


def root_facts(store: Store, targets: Iterable[int]) -> dict[int, NodeFacts]:
    """The root allocations of these targets, by target."""
    return {row[1]: NodeFacts._make(row) for row in _ROOTS.rows(store, targets)}


def target_facts(store: Store, targets: Iterable[int]) -> dict[int, TargetFacts]:
    """These targets with their indicators, deleted ones left out."""
    return {row[0]: TargetFacts._make(row) for row in _TARGETS.rows(store, targets)}


def indicator_facts(store: Store, indicators: Iterable[int]) -> dict[int, IndicatorFacts]:
    """These indicators, deleted ones left out."""
    return {row[0]: IndicatorFacts._make(row) for row in _INDICATORS.rows(store, indicators)}


def category_names(store: Store, categories: Iterable[int]) -> dict[int, str]:
    """The names of categories."""
    return _CATEGORIES.pairs(store, categories)


def child_amounts(store: Store, parents: Iterable[int]) -> list[ChildAmount]:
    """What the allocations directly below these state."""
    return [ChildAmount._make(row) for row in _CHILD_AMOUNTS.rows(store, parents)]


def other_targets(store: Store, carriers: dict[int, int]) -> list[ChildAmount]:
    """What the other targets of indicators state; carriers: indicator → the target that stands above."""
    above = json.dumps(list(carriers.values()))
    return [
        ChildAmount._make(row) for row in _OTHER_TARGETS.rows(store, carriers, carriers=above)
    ]


def plans(store: Store, allocations: Iterable[int]) -> dict[int, str | None]:
    """The plans of allocations as they are kept."""
    return _PLANS.pairs(store, allocations)


def unit_labels(store: Store, units: Iterable[int]) -> dict[int, str]:
    """The names of units in tables, of removed ones too."""
    return _UNITS.pairs(store, units)


def supporting(store: Store, nodes: Iterable[int]) -> dict[int, list[int]]:
    """The supporting units of allocations in their order."""
    return _lists(_SUPPORTING.rows(store, nodes))


def joint_units(store: Store, targets: Iterable[int]) -> dict[int, list[int]]:
    """The supporting units that the issuer named for targets, in their order."""
    return _lists(_JOINT.rows(store, targets))


def posts(store: Store, ids: Iterable[int], on: date) -> dict[int, PostFacts]:
    """Posts with who holds them on a day."""
    found: dict[int, PostFacts] = {}
    for row in _POSTS.rows(store, ids, day=on.isoformat()):
        found.setdefault(row[0], PostFacts._make(row))
    return found


def principals(store: Store, units: Iterable[int], on: date) -> dict[int, str]:
    """The name of the 第一责任人 of each unit on a day, "" where the post stands empty."""
    found: dict[int, str] = {}
    for _post, of_unit, _title, name in _PRINCIPALS.rows(store, units, day=on.isoformat()):
        found.setdefault(of_unit, name)
    return found


def adjustments(store: Store, targets: Iterable[int]) -> dict[int, int]:
    """Approved adjustment → the target it lies over."""
    return _ADJUSTMENTS.pairs(store, targets)


def _lists(rows: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for node, one in rows:
        found.setdefault(node, []).append(one)
    return found

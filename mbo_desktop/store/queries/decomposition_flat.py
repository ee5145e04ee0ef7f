"""The decomposition of a year read at once, in the order it is shown: for papers, ledgers and pictures.

A window asks for the children of one row; a paper needs a whole branch with everything in
effect. A handful of statements over a year are quicker than thousands of small ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Select, and_, or_, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store
from mbo_desktop.store.owners import DELETED
from mbo_desktop.store.queries.framework import PRINTED_ORDER, with_category
from mbo_desktop.store.tables import (
    allocation,
    category,
    indicator,
    joint_duty,
    link,
    office,
    person,
    post,
    record,
    target,
    tenure,
    unit,
)


class IndicatorLine(NamedTuple):
    """An indicator with its category."""

    id: RecordId
    name: str
    category: RecordId | None
    category_name: str
    unit_of_measure: str
    decimals: int | None
    form: str


class TargetLine(NamedTuple):
    """What a unit is allotted of an indicator; form None: not set."""

    id: RecordId
    indicator: RecordId
    unit: RecordId
    form: str | None
    amount: str | None
    amount_unit: str
    text: str
    is_na: int
    last_year: str | None
    points: str | None
    due: str | None
    note: str


class AllocationLine(NamedTuple):
    """A node below a target, or its root (`target` set): own statements and those in effect."""

    id: RecordId
    target: RecordId | None
    parent: RecordId | None
    title: str
    unit: RecordId | None
    unit_of_measure: str
    form: str | None
    amount: str | None
    amount_unit: str
    text: str
    is_na: int
    last_year: str | None
    share: str | None
    weight: str | None
    locked: int
    leader: RecordId | None
    responsible: RecordId | None
    handler: RecordId | None
    due: str | None
    undivided: str
    note: str
    plan: str | None
    milestones: int
    in_unit: RecordId | None
    in_leader: RecordId | None
    in_responsible: RecordId | None
    in_handler: RecordId | None
    in_due: str | None
    difficulties: str
    measures: str


class UnitLine(NamedTuple):
    """A unit with its place in the official order."""

    id: RecordId
    label: str
    name: str
    superior: RecordId | None
    sort_path: str


class PostLine(NamedTuple):
    """A post with who holds it on the day asked for; "" when it stands empty."""

    id: RecordId
    unit: RecordId
    title: str
    role: str
    person: RecordId | None
    name: str


@dataclass(frozen=True, slots=True)
class FlatTree:
    """The rows of a year's decomposition by record number; children in their order."""

    year: int
    own_unit: RecordId | None
    """The unit that stands for the office itself (全市目标)."""
    indicators: tuple[IndicatorLine, ...]
    targets: dict[RecordId, tuple[TargetLine, ...]]
    """Of each indicator, in the official order of units."""
    roots: dict[RecordId, AllocationLine]
    """Of each target."""
    children: dict[RecordId, tuple[AllocationLine, ...]]
    supporting: dict[RecordId, tuple[RecordId, ...]]
    """Of each allocation."""
    joint: dict[tuple[RecordId, RecordId], tuple[RecordId, ...]]
    """Supporting units of each (indicator, lead unit)."""
    units: dict[RecordId, UnitLine]
    posts: dict[RecordId, PostLine]


def read_tree(
    store: Store, year: int, on: date, indicators: Sequence[RecordId] | None = None
) -> FlatTree:
    """Everything below these indicators (None: all of the year); holders as of day `on`."""
    heads = (
        select(
            indicator.c.record, indicator.c.name, category.c.record, category.c.name,
            indicator.c.unit_of_measure, indicator.c.decimals, indicator.c.form,
        )
        .select_from(with_category())
        .where(indicator.c.year == year, indicator.c.deleted == 0)
        .order_by(*PRINTED_ORDER)
    )
    wanted = select(indicator.c.record).where(indicator.c.year == year, indicator.c.deleted == 0)
    if indicators is not None:
        heads = heads.where(indicator.c.record.in_(indicators))
        wanted = wanted.where(indicator.c.record.in_(indicators))
    with store.read() as connection:
        own = connection.execute(select(office.c.unit).where(office.c.deleted == 0)).scalar()
        lines = tuple(
            IndicatorLine(*(row[0:3]), row[3] or "", *row[4:]) for row in connection.execute(heads)
        )
        targets = _targets(connection, wanted)
        roots, children = _allocations(connection, wanted)
        supporting = _supporting(connection, roots, children)
        joint = _joint(connection, wanted)
        units = {
            row[0]: UnitLine(*row) for row in connection.execute(
                select(unit.c.record, unit.c.label, unit.c.name, unit.c.superior, unit.c.sort_path)
            )
        }
        posts = _posts(connection, on)
    return FlatTree(year, own, lines, targets, roots, children, supporting, joint, units, posts)


def _targets(
    connection: Connection, wanted: Select[tuple[int]]
) -> dict[RecordId, tuple[TargetLine, ...]]:
    query = (
        select(
            target.c.record, target.c.indicator, target.c.unit, target.c.form, target.c.amount,
            target.c.amount_unit, target.c.text, target.c.is_na, target.c.last_year,
            target.c.points, target.c.due, target.c.note,
        )
        .join(unit, unit.c.record == target.c.unit)
        .where(target.c.deleted == 0, target.c.indicator.in_(wanted))
        .order_by(unit.c.sort_path, target.c.record)
    )
    found: dict[RecordId, list[TargetLine]] = defaultdict(list)
    for row in connection.execute(query):
        found[row[1]].append(TargetLine._make(row))
    return {key: tuple(rows) for key, rows in found.items()}


def _allocations(
    connection: Connection, wanted: Select[tuple[int]]
) -> tuple[dict[RecordId, AllocationLine], dict[RecordId, tuple[AllocationLine, ...]]]:
    c = allocation.c
    query = (
        select(
            c.record, c.target, c.parent, c.title, c.unit, c.unit_of_measure, c.form, c.amount,
            c.amount_unit, c.text, c.is_na, c.last_year, c.share, c.weight, c.locked, c.leader,
            c.responsible, c.handler, c.due, c.undivided, c.note, c.plan, c.milestones, c.in_unit,
            c.in_leader, c.in_responsible, c.in_handler, c.in_due, c.difficulties, c.measures,
        )
        .where(
            c.deleted == 0,
            c.in_target.in_(
                select(target.c.record).where(target.c.deleted == 0, target.c.indicator.in_(wanted))
            ),
        )
        .order_by(c.ord, c.record)
    )
    roots: dict[RecordId, AllocationLine] = {}
    below: dict[RecordId, list[AllocationLine]] = defaultdict(list)
    for row in connection.execute(query):
        line = AllocationLine._make(row)
        if line.target is not None:
            roots[line.target] = line
        elif line.parent is not None:
            below[line.parent].append(line)
    return roots, {key: tuple(rows) for key, rows in below.items()}


def _supporting(
    connection: Connection, roots: dict[RecordId, AllocationLine],
    children: dict[RecordId, tuple[AllocationLine, ...]],
) -> dict[RecordId, tuple[RecordId, ...]]:
    known = {line.id for line in roots.values()}
    known.update(line.id for rows in children.values() for line in rows)
    query = (
        select(link.c.record, link.c.target)
        .join(allocation, allocation.c.record == link.c.record)
        .where(link.c.field == "supporting")
        .order_by(link.c.record, link.c.place)
    )
    found: dict[RecordId, list[RecordId]] = defaultdict(list)
    for owner, supporter in connection.execute(query):
        if owner in known:
            found[owner].append(supporter)
    return {key: tuple(rows) for key, rows in found.items()}


def _joint(
    connection: Connection, wanted: Select[tuple[int]]
) -> dict[tuple[RecordId, RecordId], tuple[RecordId, ...]]:
    query = (
        select(joint_duty.c.indicator, joint_duty.c.lead, joint_duty.c.unit)
        .where(joint_duty.c.deleted == 0, joint_duty.c.indicator.in_(wanted))
        .order_by(joint_duty.c.ord, joint_duty.c.record)
    )
    found: dict[tuple[RecordId, RecordId], list[RecordId]] = defaultdict(list)
    for owner, lead, supporter in connection.execute(query):
        found[owner, lead].append(supporter)
    return {key: tuple(rows) for key, rows in found.items()}


def _posts(connection: Connection, on: date) -> dict[RecordId, PostLine]:
    day = on.isoformat()
    held = and_(
        tenure.c.post == post.c.record, tenure.c.deleted != DELETED,
        or_(tenure.c.since.is_(None), tenure.c.since <= day),
        or_(tenure.c.until.is_(None), tenure.c.until >= day),
    )
    query = (
        select(
            post.c.record, post.c.unit, post.c.title, post.c.role, person.c.record, person.c.name
        )
        .select_from(
            post.outerjoin(tenure, held).outerjoin(
                person, and_(person.c.record == tenure.c.person, person.c.deleted != DELETED)
            )
        )
        .where(post.c.deleted != DELETED)
        .order_by(post.c.unit, post.c.ord, post.c.record, tenure.c.since.desc(), tenure.c.record.desc())
    )
    found: dict[RecordId, PostLine] = {}
    for row in connection.execute(query):
        found.setdefault(row[0], PostLine(*row[:5], row[5] or ""))
    return found


def portable_names(store: Store, ids: Sequence[RecordId]) -> dict[RecordId, str]:
    """The "owner/uuid" of records, which holds in every data folder."""
    query = select(record.c.id, record.c.owner, record.c.uuid).where(record.c.id.in_(ids))
    with store.read() as connection:
        return {
            RecordId(row[0]): f"{row[1].hex()}/{row[2].hex()}" for row in connection.execute(query)
        }

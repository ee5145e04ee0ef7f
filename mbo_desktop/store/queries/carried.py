"""Reads of who carries what of the decomposition: nodes by post, posts by unit."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.framework import PRINTED_ORDER
from mbo_desktop.store.queries.people import held_on
from mbo_desktop.store.tables import (
    adjustment,
    agreement,
    allocation,
    category,
    indicator,
    person,
    post,
    target,
    tenure,
    unit,
)

_OVER = allocation.alias("over")


class NodeLine(NamedTuple):
    """An allocation with the posts in effect on it and on the one above (None for a root)."""

    record: RecordId
    parent: RecordId | None
    target: RecordId
    indicator: RecordId
    unit: RecordId
    """In effect."""
    name: str
    """Own title, else the indicator's name."""
    leader: int | None
    responsible: int | None
    handler: int | None
    over_leader: int | None
    over_responsible: int | None
    over_handler: int | None
    own_unit: int | None
    over_unit: int | None
    name_pinyin: str
    name_initials: str


class PostLine(NamedTuple):
    """A post with who holds it on a day (person None: vacant)."""

    record: RecordId
    unit: RecordId
    title: str
    role: str
    person: RecordId | None
    name: str
    phone: str
    tenure: RecordId | None
    since: str | None
    name_pinyin: str
    name_initials: str


class UnitLine(NamedTuple):
    """A unit of the register that is not dissolved."""

    record: RecordId
    superior: RecordId | None
    label: str
    name_pinyin: str
    name_initials: str


def nodes(
    store: Store, year: int, *, posts: Collection[int] | None = None,
    units: Collection[int] | None = None,
) -> list[NodeLine]:
    """The year's nodes; of some posts (in any role, in effect), or stating one of these units."""
    query: Select[Any] = (
        select(
            allocation.c.record, allocation.c.parent, target.c.record, indicator.c.record,
            func.coalesce(allocation.c.in_unit, target.c.unit),
            func.coalesce(func.nullif(allocation.c.title, ""), indicator.c.name),
            allocation.c.in_leader, allocation.c.in_responsible, allocation.c.in_handler,
            _OVER.c.in_leader, _OVER.c.in_responsible, _OVER.c.in_handler,
            allocation.c.unit, _OVER.c.in_unit,
            func.coalesce(func.nullif(allocation.c.title_pinyin, ""), indicator.c.name_pinyin),
            func.coalesce(func.nullif(allocation.c.title_initials, ""), indicator.c.name_initials),
        )
        .select_from(
            allocation.join(target, target.c.record == allocation.c.in_target)
            .join(indicator, indicator.c.record == target.c.indicator)
            .join(unit, unit.c.record == target.c.unit)
            .outerjoin(_OVER, _OVER.c.record == allocation.c.parent)
            .outerjoin(
                category,
                and_(category.c.record == indicator.c.category, category.c.deleted == 0),
            )
        )
        .where(
            indicator.c.year == year, indicator.c.deleted == 0, target.c.deleted == 0,
            allocation.c.deleted == 0,
        )
        .order_by(
            *PRINTED_ORDER, unit.c.sort_path, allocation.c.depth,
            allocation.c.parent, allocation.c.ord, allocation.c.record,
        )
    )
    if posts is not None:
        query = query.where(or_(
            _among(allocation.c.in_leader, posts), _among(allocation.c.in_responsible, posts),
            _among(allocation.c.in_handler, posts),
        ))
    if units is not None:
        query = query.where(_among(allocation.c.unit, units))
    with store.read() as connection:
        return [NodeLine(*row) for row in connection.execute(query)]


def bare_targets(store: Store, year: int) -> list[tuple[RecordId, RecordId, RecordId, str]]:
    """(target, indicator, unit, indicator's name) of targets that apply and have no root yet."""
    query = (
        select(target.c.record, indicator.c.record, target.c.unit, indicator.c.name)
        .join_from(target, indicator, indicator.c.record == target.c.indicator)
        .join(unit, unit.c.record == target.c.unit)
        .outerjoin(
            allocation, and_(allocation.c.target == target.c.record, allocation.c.deleted == 0)
        )
        .where(
            indicator.c.year == year, indicator.c.deleted == 0, target.c.deleted == 0,
            target.c.is_na == 0, allocation.c.record.is_(None),
        )
        .order_by(indicator.c.ord, indicator.c.record, unit.c.sort_path)
    )
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def posts(
    store: Store, on: date, *, units: Collection[int] | None = None,
    only: Collection[int] | None = None,
) -> list[PostLine]:
    """Posts in the official order of units with who holds them on a day."""
    query = (
        select(
            post.c.record, post.c.unit, post.c.title, post.c.role, person.c.record,
            func.coalesce(person.c.name, ""), func.coalesce(person.c.phone, ""),
            tenure.c.record, tenure.c.since,
            func.coalesce(person.c.name_pinyin, ""), func.coalesce(person.c.name_initials, ""),
        )
        .select_from(
            post.join(unit, unit.c.record == post.c.unit)
            .outerjoin(tenure, and_(tenure.c.post == post.c.record, held_on(on)))
            .outerjoin(person, and_(person.c.record == tenure.c.person, person.c.deleted == 0))
        )
        .where(post.c.deleted == 0, unit.c.deleted == 0, unit.c.dissolved_on.is_(None))
        .order_by(
            unit.c.sort_path, post.c.ord, post.c.record, tenure.c.since.desc(),
            tenure.c.record.desc(),
        )
    )
    if units is not None:
        query = query.where(_among(post.c.unit, units))
    if only is not None:
        query = query.where(_among(post.c.record, only))
    found: dict[int, PostLine] = {}
    with store.read() as connection:
        for row in connection.execute(query):
            found.setdefault(row[0], PostLine(*row))
    return list(found.values())


def units(store: Store) -> list[UnitLine]:
    """All units that exist, in official order."""
    query = (
        select(
            unit.c.record, unit.c.superior, unit.c.label, unit.c.name_pinyin,
            unit.c.name_initials,
        )
        .where(unit.c.deleted == 0, unit.c.dissolved_on.is_(None))
        .order_by(unit.c.sort_path, unit.c.record)
    )
    with store.read() as connection:
        return [UnitLine(*row) for row in connection.execute(query)]


def unit_kinds(store: Store) -> dict[RecordId, tuple[UnitKind, str]]:
    """Kind and peer group (the kind's own where none is set) of every unit."""
    query = select(unit.c.record, unit.c.kind, unit.c.peer_group).where(unit.c.deleted == 0)
    with store.read() as connection:
        return {
            RecordId(row[0]): (UnitKind.of(row[1]), row[2] or UnitKind.of(row[1]).label)
            for row in connection.execute(query)
        }


def agreements_of_posts(
    store: Store, listed: Sequence[int]
) -> list[tuple[RecordId, int, str, str, str, int | None, int | None]]:
    """(agreement, year, unit's name, number, state, post of a personal one, party post) bound to posts."""
    query = (
        select(
            agreement.c.record, agreement.c.year, unit.c.label, agreement.c.number,
            agreement.c.state, agreement.c.post, agreement.c.party_post,
        )
        .join(unit, unit.c.record == agreement.c.unit)
        .where(
            agreement.c.deleted == 0, agreement.c.state != AgreementState.ARCHIVED.value,
            or_(_among(agreement.c.party_post, listed), _among(agreement.c.post, listed)),
        )
        .order_by(agreement.c.year.desc(), unit.c.sort_path, agreement.c.record)
    )
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def open_requests(store: Store, year: int, cells: Collection[tuple[int, int]]) -> list[RecordId]:
    """The undecided adjustment requests for these (indicator, unit) cells."""
    query = select(
        adjustment.c.record, adjustment.c.indicator, adjustment.c.unit
    ).where(
        adjustment.c.year == year, adjustment.c.deleted == 0, adjustment.c.state == "requested"
    ).order_by(adjustment.c.record)
    with store.read() as connection:
        return [
            RecordId(row[0]) for row in connection.execute(query) if (row[1], row[2]) in cells
        ]


def _among(column: ColumnElement[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """Whether a column holds one of these numbers, however many they are."""
    listed = func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(select(listed.c.value))

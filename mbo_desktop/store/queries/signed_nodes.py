"""Reads of issued agreements that hold what was written in the tree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select, union

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.prepared import among
from mbo_desktop.store.tables import agreement, allocation, post, target, unit


@dataclass(frozen=True, slots=True)
class Party:
    """An issued agreement with who it was made with: a unit, or the holder of a post."""

    agreement: RecordId
    name: str
    """「石梁镇」, 「石梁镇 经济办主任」."""


def issued_parties(store: Store, year: int, written: Collection[int]) -> tuple[Party, ...]:
    """Issued agreements of the year with the units, responsible persons and handlers of these allocations
    and with the units of these targets, units in official order, people behind their unit."""
    named = or_(among(allocation.c.record, written), among(allocation.c.target, written))
    units = union(
        select(target.c.unit).where(among(target.c.record, written)),
        select(allocation.c.unit).where(named, allocation.c.unit.is_not(None)),
    )
    posts = union(*(
        select(column).where(named, column.is_not(None))
        for column in (allocation.c.in_responsible, allocation.c.in_handler)
    ))
    query = (
        select(agreement.c.record, unit.c.label, post.c.title)
        .join(unit, unit.c.record == agreement.c.unit)
        .outerjoin(post, post.c.record == agreement.c.post)
        .where(
            agreement.c.year == year, agreement.c.has_snapshot == 1, agreement.c.deleted == 0,
            or_(
                agreement.c.post.is_(None) & agreement.c.unit.in_(units),
                agreement.c.post.in_(posts),
            ),
        )
        .order_by(unit.c.sort_path, agreement.c.post.is_not(None), post.c.ord, agreement.c.record)
    )
    with store.read() as connection:
        return tuple(
            Party(RecordId(row[0]), f"{row[1]} {row[2]}" if row[2] else row[1])
            for row in connection.execute(query)
        )

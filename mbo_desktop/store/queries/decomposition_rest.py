"""What rests on nodes of the decomposition: reports and papers that stand in the way of deleting them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, func, or_, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.prepared import among
from mbo_desktop.store.tables import agreement, allocation, indicator, metadata, target

_SUBJECT = "subject"
"""The column by which records are about a node, whatever else they may be about."""


def subjects(store: Store, nodes: Iterable[int]) -> dict[str, int]:
    """How many live records of each type are about these nodes (reports, evidence, links …)."""
    wanted = list(nodes)
    found: dict[str, int] = {}
    with store.read() as connection:
        for name, table in metadata.tables.items():
            if _SUBJECT not in table.c or "deleted" not in table.c:
                continue
            number = connection.execute(
                select(func.count()).select_from(table).where(
                    among(table.c[_SUBJECT], wanted), table.c.deleted == 0
                )
            ).scalar_one()
            if number:
                found[name] = number
    return found


def issued_agreements(store: Store, year: int, nodes: Iterable[int]) -> list[RecordId]:
    """Issued agreements of the year with the units or people to whom these nodes were given."""
    given = (
        select(
            allocation.c.in_unit, allocation.c.in_responsible, allocation.c.in_handler,
            target.c.unit,
        )
        .join(target, target.c.record == allocation.c.in_target)
        .where(among(allocation.c.record, nodes))
        .distinct()
        .subquery()
    )
    fits = or_(
        and_(agreement.c.post.is_(None), agreement.c.unit == given.c.in_unit,
             given.c.in_unit != given.c.unit),
        and_(agreement.c.post.is_not(None), or_(
            agreement.c.post == given.c.in_responsible, agreement.c.post == given.c.in_handler
        )),
    )
    query = (
        select(agreement.c.record)
        .join(given, fits)
        .where(agreement.c.year == year, agreement.c.has_snapshot == 1, agreement.c.deleted == 0)
        .distinct()
    )
    with store.read() as connection:
        return [RecordId(one) for one in connection.execute(query).scalars()]


def titles(store: Store, nodes: Iterable[int]) -> set[str]:
    """The titles of these nodes, the indicator's where they state none."""
    query = (
        select(func.iif(allocation.c.title == "", indicator.c.name, allocation.c.title))
        .join(target, target.c.record == allocation.c.in_target)
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(among(allocation.c.record, nodes))
        .distinct()
    )
    with store.read() as connection:
        return set(connection.execute(query).scalars())


def nodes_of_targets(store: Store, targets: Iterable[int]) -> int:
    """How many nodes these targets are broken down into, their roots left out."""
    query = select(func.count()).select_from(allocation).where(
        among(allocation.c.in_target, targets), allocation.c.deleted == 0,
        allocation.c.parent.is_not(None),
    )
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())

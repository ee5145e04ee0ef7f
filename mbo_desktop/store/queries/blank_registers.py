"""Reads for the checks beside the tree: posts and holders, what units carry, what was signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.store.database import Store
from mbo_desktop.store.owners import DELETED, NAMED
from mbo_desktop.store.queries.blanks import pages
from mbo_desktop.store.queries.decomposition import among
from mbo_desktop.store.tables import (
    agreement,
    allocation,
    joint_duty,
    link,
    person,
    post,
    succession,
    target,
    tenure,
    unit,
)

_SIGNED = (AgreementState.ISSUER_SIGNED.value, AgreementState.ARCHIVED.value)


class PostFacts(NamedTuple):
    """A post; deleted ones too."""

    id: int
    unit: int
    title: str
    role: str
    deleted: int


class TenureFacts(NamedTuple):
    """Who held a post from when until when, days as stored."""

    post: int
    person: int
    name: str
    since: str | None
    until: str | None


class AgreementFacts(NamedTuple):
    """An agreement of the year with a unit (personal ones left out)."""

    id: int
    unit: int
    state: str
    signed_on: str | None
    party_post: int | None


def posts(store: Store, only: Iterable[int] | None = None) -> list[PostFacts]:
    """All posts of the own register (or these, whoever registered them), in the order of units and of posts in them."""
    columns = (post.c.record, post.c.unit, post.c.title, post.c.role, post.c.deleted, post.c.ord)
    found = [row for page in _pages_of(store, post, only) for row in _fetch(
        store, select(*columns).where(among(post.c.record, page))
    )]
    found.sort(key=lambda row: (row[1], row[5], row[0]))
    return [
        PostFacts(row[0], row[1], row[2], row[3], int(row[4] == DELETED)) for row in found if only is not None or row[4] != NAMED
    ]


def tenures(store: Store, of_posts: Iterable[int]) -> list[TenureFacts]:
    """Who held these posts, the latest last."""
    found: list[TenureFacts] = []
    for page in pages(of_posts):
        query = (
            select(tenure.c.post, tenure.c.person, person.c.name, tenure.c.since, tenure.c.until)
            .join(person, person.c.record == tenure.c.person)
            .where(among(tenure.c.post, page), tenure.c.deleted != DELETED, person.c.deleted != DELETED)
            .order_by(tenure.c.post, tenure.c.since, tenure.c.record)
        )
        found += [TenureFacts._make(row) for row in _fetch(store, query)]
    return found


def supporting_units(store: Store, of_indicators: Iterable[int]) -> set[int]:
    """Units that support something: named by the issuer or on a node of the tree."""
    found: set[int] = set()
    for page in pages(of_indicators):
        found.update(row[0] for row in _fetch(store, select(joint_duty.c.unit).distinct().where(
            among(joint_duty.c.indicator, page), joint_duty.c.deleted == 0
        )))
        found.update(row[0] for row in _fetch(store, select(link.c.target).distinct().where(
            link.c.field == "supporting",
            link.c.record.in_(
                select(allocation.c.record)
                .join(target, target.c.record == allocation.c.in_target)
                .where(among(target.c.indicator, page), allocation.c.deleted == 0)
            ),
        )))
    return found


def agreements(store: Store, year: int) -> list[AgreementFacts]:
    """Agreements of the year with units."""
    query = select(
        agreement.c.record, agreement.c.unit, agreement.c.state, agreement.c.signed_on,
        agreement.c.party_post,
    ).where(agreement.c.year == year, agreement.c.deleted == 0, agreement.c.post.is_(None))
    return [AgreementFacts._make(row) for row in _fetch(store, query)]


def is_signed(one: AgreementFacts) -> bool:
    """Whether both sides signed, on a day that is known."""
    return one.state in _SIGNED and one.signed_on is not None


def renamed_units(store: Store) -> list[int]:
    """Units that had another name before."""
    query = select(unit.c.record).where(unit.c.former != "", unit.c.deleted == 0)
    return [row[0] for row in _fetch(store, query)]


def successions(store: Store, on: date) -> dict[int, tuple[int, ...]]:
    """Unit → the units that took its place by a day."""
    query = (
        select(succession.c.record, link.c.field, link.c.target)
        .join(link, link.c.record == succession.c.record)
        .where(succession.c.deleted == 0, succession.c.effective_on <= on.isoformat())
        .order_by(succession.c.effective_on, succession.c.record, link.c.field, link.c.place)
    )
    sides: dict[int, dict[str, list[int]]] = {}
    for record, field, member in _fetch(store, query):
        sides.setdefault(record, {}).setdefault(field, []).append(member)
    return {
        before: tuple(one for one in side.get("successors", ()) if one != before)
        for side in sides.values() for before in side.get("predecessors", ())
    }


def _pages_of(store: Store, table: Any, only: Iterable[int] | None) -> Iterable[list[int]]:
    if only is None:
        only = [row[0] for row in _fetch(store, select(table.c.record).order_by(table.c.record))]
    return pages(only)


def _fetch(store: Store, query: Any) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]

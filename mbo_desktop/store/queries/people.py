"""Reads of posts, people and tenures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.store.database import Store
from mbo_desktop.store.tables import (
    agreement,
    allocation,
    indicator,
    person,
    post,
    target,
    tenure,
    unit,
)


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with its holder on the day asked for; person None and "" when it stands empty."""

    id: RecordId
    unit: RecordId
    title: str
    role: PostRole
    person: RecordId | None
    person_name: str
    phone: str
    tenure: RecordId | None
    since: date | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with the posts held on the day asked for: 「柯城区 县长、…」."""

    id: RecordId
    name: str
    phone: str
    note: str
    posts: str


@dataclass(frozen=True, slots=True)
class TenureRow:
    """A person in a post of a unit, from a day to a day."""

    id: RecordId
    person: RecordId
    person_name: str
    post: RecordId
    post_title: str
    unit: RecordId
    unit_name: str
    since: date | None
    until: date | None


def posts_of(store: Store, unit_id: RecordId, on: date) -> tuple[PostRow, ...]:
    """A unit's posts in their order with who holds them on a day."""
    query = (
        select(
            post.c.record, post.c.unit, post.c.title, post.c.role, person.c.record, person.c.name,
            person.c.phone, tenure.c.record, tenure.c.since,
        )
        .select_from(
            post.outerjoin(tenure, and_(tenure.c.post == post.c.record, held_on(on)))
            .outerjoin(person, and_(person.c.record == tenure.c.person, person.c.deleted == 0))
        )
        .where(post.c.unit == unit_id, post.c.deleted == 0)
        .order_by(post.c.ord, post.c.record, tenure.c.since.desc(), tenure.c.record.desc())
    )
    found: dict[int, PostRow] = {}
    with store.read() as connection:
        for row in connection.execute(query):
            found.setdefault(row[0], _post_row(row))
    return tuple(found.values())


def holder(store: Store, post_id: RecordId, on: date) -> tuple[RecordId, str] | None:
    """(person, name) who holds a post on a day; None when it stands empty."""
    query = (
        select(person.c.record, person.c.name)
        .join_from(tenure, person, person.c.record == tenure.c.person)
        .where(tenure.c.post == post_id, held_on(on), person.c.deleted == 0)
        .order_by(tenure.c.since.desc(), tenure.c.record.desc())
        .limit(1)
    )
    with store.read() as connection:
        row = connection.execute(query).first()
    return None if row is None else (RecordId(row[0]), row[1])


def tenures_of_post(store: Store, post_id: RecordId) -> tuple[TenureRow, ...]:
    """Everybody who held a post, latest first."""
    return _tenures(store, tenure.c.post == post_id)


def tenures_of_person(store: Store, person_id: RecordId) -> tuple[TenureRow, ...]:
    """Every post a person held, latest first."""
    return _tenures(store, tenure.c.person == person_id)


def people(
    store: Store, *, text: str, offset: int, limit: int, on: date
) -> tuple[PersonRow, ...]:
    """People sorted by full pinyin with the posts they hold on a day."""
    query = (
        select(person.c.record, person.c.name, person.c.phone, person.c.note)
        .where(person.c.deleted == 0, *_fits(text))
        .order_by(person.c.name_pinyin, person.c.name, person.c.record)
        .limit(limit)
        .offset(offset)
    )
    with store.read() as connection:
        found = connection.execute(query).all()
        held = connection.execute(
            select(tenure.c.person, unit.c.label, post.c.title)
            .join_from(tenure, post, post.c.record == tenure.c.post)
            .join(unit, unit.c.record == post.c.unit)
            .where(tenure.c.person.in_([row[0] for row in found]), held_on(on), post.c.deleted == 0)
            .order_by(unit.c.sort_path, post.c.ord)
        ).all()
    posts: dict[int, list[str]] = {}
    for owner, unit_name, title in held:
        posts.setdefault(owner, []).append(f"{unit_name} {title}")
    return tuple(
        PersonRow(RecordId(row[0]), row[1], row[2], row[3], "、".join(posts.get(row[0], ())))
        for row in found
    )


def count_people(store: Store, *, text: str) -> int:
    """How many people fit."""
    query = select(func.count()).select_from(person).where(person.c.deleted == 0, *_fits(text))
    with store.read() as connection:
        return connection.execute(query).scalar_one()


def last_post_ord(store: Store, unit_id: RecordId) -> str:
    """The order key of a unit's last post; "" when it has none."""
    query = select(func.max(post.c.ord)).where(post.c.unit == unit_id, post.c.deleted == 0)
    with store.read() as connection:
        return connection.execute(query).scalar() or ""


def agreements_binding(store: Store, post_id: RecordId) -> int:
    """How many agreements bind a post, on either side."""
    query = select(func.count()).select_from(agreement).where(
        agreement.c.deleted == 0,
        or_(
            agreement.c.issuer_post == post_id, agreement.c.party_post == post_id,
            agreement.c.post == post_id,
        ),
    )
    with store.read() as connection:
        return connection.execute(query).scalar_one()


def nodes_naming(store: Store, post_id: RecordId) -> int:
    """How many nodes of decompositions name a post in one of the three roles."""
    query = select(func.count()).select_from(allocation).where(
        allocation.c.deleted == 0,
        or_(
            allocation.c.leader == post_id, allocation.c.responsible == post_id,
            allocation.c.handler == post_id,
        ),
    )
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def held_on(on: date) -> ColumnElement[bool]:
    """Whether a tenure runs on a day."""
    day = on.isoformat()
    return and_(
        tenure.c.deleted == 0,
        or_(tenure.c.since.is_(None), tenure.c.since <= day),
        or_(tenure.c.until.is_(None), tenure.c.until >= day),
    )


def _fits(text: str) -> tuple[ColumnElement[bool], ...]:
    plain = text.strip()
    if not plain:
        return ()
    low = plain.lower().replace(" ", "")
    return (
        or_(
            person.c.name.contains(plain, autoescape=True),
            person.c.phone.startswith(plain, autoescape=True),
            func.replace(person.c.name_pinyin, " ", "").startswith(low, autoescape=True),
            person.c.name_initials.startswith(low, autoescape=True),
        ),
    )


def _tenures(store: Store, condition: ColumnElement[bool]) -> tuple[TenureRow, ...]:
    query = (
        select(
            tenure.c.record, person.c.record, person.c.name, post.c.record, post.c.title,
            unit.c.record, unit.c.label, tenure.c.since, tenure.c.until,
        )
        .join_from(tenure, person, person.c.record == tenure.c.person)
        .join(post, post.c.record == tenure.c.post)
        .join(unit, unit.c.record == post.c.unit)
        .where(tenure.c.deleted == 0, condition)
        .order_by(tenure.c.until.is_(None).desc(), tenure.c.since.desc(), tenure.c.record.desc())
    )
    with store.read() as connection:
        return tuple(
            TenureRow(
                RecordId(row[0]), RecordId(row[1]), row[2], RecordId(row[3]), row[4],
                RecordId(row[5]), row[6], _day(row[7]), _day(row[8]),
            )
            for row in connection.execute(query)
        )


def _post_row(row: Any) -> PostRow:
    return PostRow(
        id=RecordId(row[0]),
        unit=RecordId(row[1]),
        title=row[2],
        role=PostRole.of(row[3]),
        person=None if row[4] is None else RecordId(row[4]),
        person_name=row[5] or "",
        phone=row[6] or "",
        tenure=None if row[7] is None else RecordId(row[7]),
        since=_day(row[8]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def count_unit_targets(store: Store, year: int, unit_id: RecordId) -> int:
    """How many targets that apply a unit has in a year."""
    query = (
        select(func.count())
        .select_from(target.join(indicator, indicator.c.record == target.c.indicator))
        .where(
            target.c.unit == unit_id, target.c.deleted == 0, target.c.is_na == 0,
            indicator.c.year == year, indicator.c.deleted == 0,
        )
    )
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())

"""Posts that a typed name or title may mean, with who holds them."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.prepared import among
from mbo_desktop.store.tables import person, post, tenure, unit


class HeldPost(NamedTuple):
    """A post with its unit and who holds it on a day; person None while it stands empty."""

    post: int
    title: str
    role: str
    unit: int
    unit_label: str
    unit_name: str
    path: str
    """The unit's record numbers from the root, /1/5/9/."""
    person: int | None
    name: str


def posts_of_name(store: Store, name: str, on: date) -> list[HeldPost]:
    """The posts that people of this name hold on a day, in official order."""
    return _fetch(store, _query(on).where(person.c.name == name))


def posts_of_title(store: Store, title: str, on: date) -> list[HeldPost]:
    """The posts with this title, held or not."""
    return _fetch(store, _query(on).where(post.c.title == title))


def posts_in(store: Store, units: list[int], text: str, on: date, limit: int) -> list[HeldPost]:
    """The posts of units whose holder or title fits (pinyin too), in official order."""
    query = _query(on).where(among(post.c.unit, units))
    if text.strip():
        query = query.where(_fits(text))
    return _fetch(store, query.limit(limit))


def idle_people(store: Store, name: str, on: date) -> list[int]:
    """People of this name who hold no post on a day."""
    holding = select(tenure.c.person).where(_held(on)).distinct()
    query = select(person.c.record).where(
        person.c.name == name, person.c.deleted == 0, person.c.record.not_in(holding)
    )
    with store.read() as connection:
        return list(connection.execute(query).scalars())


def units_around(store: Store, of_unit: int) -> tuple[list[int], list[int]]:
    """The units above one, the nearest first, and those below it in official order."""
    with store.read() as connection:
        path = connection.execute(select(unit.c.path).where(unit.c.record == of_unit)).scalar() or ""
        below = connection.execute(
            select(unit.c.record)
            .where(
                unit.c.path.startswith(path or "?", autoescape=True), unit.c.record != of_unit,
                unit.c.deleted == 0,
            )
            .order_by(unit.c.sort_path)
        ).scalars().all()
    above = [int(one) for one in path.split("/") if one]
    return list(reversed(above[:-1])), list(below)


def units_of_name(store: Store, name: str) -> list[int]:
    """The units that stand and have this full or short name, or had it once."""
    exact = select(unit.c.record).where(
        or_(unit.c.name == name, unit.c.label == name), unit.c.deleted == 0,
    ).order_by(unit.c.dissolved_on.is_not(None), unit.c.sort_path)
    former = select(unit.c.record).where(
        unit.c.deleted == 0, ("、" + unit.c.former + "、").contains(f"、{name}、", autoescape=True)
    ).order_by(unit.c.sort_path)
    with store.read() as connection:
        found = list(connection.execute(exact).scalars())
        return found or list(connection.execute(former).scalars())


def _query(on: date) -> Select[Any]:
    held = and_(tenure.c.post == post.c.record, _held(on))
    return (
        select(
            post.c.record, post.c.title, post.c.role, unit.c.record, unit.c.label, unit.c.name,
            unit.c.path, person.c.record, func.coalesce(person.c.name, ""),
        )
        .select_from(
            post.join(unit, unit.c.record == post.c.unit).outerjoin(tenure, held).outerjoin(
                person, and_(person.c.record == tenure.c.person, person.c.deleted == 0)
            )
        )
        .where(post.c.deleted == 0, unit.c.deleted == 0)
        .order_by(
            unit.c.sort_path, post.c.ord, post.c.record, tenure.c.since.desc(),
            tenure.c.record.desc(),
        )
    )


def _held(on: date) -> ColumnElement[bool]:
    day = on.isoformat()
    return and_(
        tenure.c.deleted == 0,
        or_(tenure.c.since.is_(None), tenure.c.since <= day),
        or_(tenure.c.until.is_(None), tenure.c.until >= day),
    )


def _fits(text: str) -> ColumnElement[bool]:
    plain = text.strip()
    low = plain.lower().replace(" ", "")
    return or_(
        person.c.name.contains(plain, autoescape=True),
        post.c.title.contains(plain, autoescape=True),
        func.replace(person.c.name_pinyin, " ", "").startswith(low, autoescape=True),
        person.c.name_initials.startswith(low, autoescape=True),
    )


def _fetch(store: Store, query: Select[Any]) -> list[HeldPost]:
    found: dict[int, HeldPost] = {}
    with store.read() as connection:
        for row in connection.execute(query):
            found.setdefault(row[0], HeldPost._make(row))
    return list(found.values())

"""Posts that a typed name or title may mean, with who holds them."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
)

from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.prepared import Prepared, among_given
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


def _held() -> ColumnElement[bool]:
    day: BindParameter[str] = bindparam("day")
    return and_(
        tenure.c.deleted == 0, or_(tenure.c.since.is_(None), tenure.c.since <= day),
        or_(tenure.c.until.is_(None), tenure.c.until >= day),
    )


def _posts() -> Select[Any]:
    held = and_(tenure.c.post == post.c.record, _held())
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


def _in_units() -> Select[Any]:
    """Posts of units whose holder or title holds a text, or whose holder's pinyin begins with it."""
    low: BindParameter[str] = bindparam("low")
    return _posts().where(among_given(post.c.unit), or_(
        low == "",
        person.c.name.contains(bindparam("plain"), autoescape=False),
        post.c.title.contains(bindparam("plain"), autoescape=False),
        func.replace(person.c.name_pinyin, " ", "").startswith(low),
        person.c.name_initials.startswith(low),
    )).limit(bindparam("most"))


def _of_name() -> Select[Any]:
    # People first: they are found by their name, the rest by key.
    named = select(tenure.c.post).join(person, person.c.record == tenure.c.person).where(
        person.c.name == bindparam("name"), person.c.deleted == 0
    )
    return _posts().where(post.c.record.in_(named), person.c.name == bindparam("name"))


def _idle() -> Select[Any]:
    return _holding_nothing(select(person.c.record).where(person.c.name == bindparam("name")))


def _holding_nothing(query: Select[Any]) -> Select[Any]:
    holding = select(literal(1)).where(tenure.c.person == person.c.record, _held())
    return query.where(person.c.deleted == 0, ~holding.correlate(person).exists())


_ALL = Prepared(_posts)
_OF_NAME = Prepared(_of_name)
_OF_TITLE = Prepared(lambda: _posts().where(post.c.title == bindparam("title")))
_IN_UNITS = Prepared(_in_units)
_IDLE = Prepared(_idle)
_ALL_IDLE = Prepared(lambda: _holding_nothing(select(person.c.record, person.c.name)))
_PATH = Prepared(lambda: select(unit.c.path).where(among_given(unit.c.record)))
_NAMES = Prepared(lambda: select(unit.c.label, unit.c.name, unit.c.path).where(
    among_given(unit.c.record)
))
_BELOW = Prepared(lambda: (
    select(unit.c.record)
    .where(
        unit.c.path.startswith(bindparam("path")), unit.c.record != bindparam("top"),
        unit.c.deleted == 0,
    )
    .order_by(unit.c.sort_path)
))
_UNITS_NAMED = Prepared(lambda: (
    select(unit.c.record)
    .where(
        or_(unit.c.name == bindparam("name"), unit.c.label == bindparam("name")),
        unit.c.deleted == 0,
    )
    .order_by(unit.c.dissolved_on.is_not(None), unit.c.sort_path)
))
_ONCE_NAMED = Prepared(lambda: (
    select(unit.c.record)
    .where(
        unit.c.deleted == 0,
        func.instr("、" + unit.c.former + "、", "、" + bindparam("name", type_=Text) + "、") > 0,
    )
    .order_by(unit.c.sort_path)
))


def posts_of_name(store: Store, name: str, on: date) -> list[HeldPost]:
    """The posts that people of this name hold on a day, in official order."""
    return _made(_OF_NAME.rows(store, name=name, day=on.isoformat()))


def posts_of_title(store: Store, title: str, on: date) -> list[HeldPost]:
    """The posts with this title, held or not."""
    return _made(_OF_TITLE.rows(store, title=title, day=on.isoformat()))


def all_posts(store: Store, on: date) -> list[HeldPost]:
    """All posts with who holds them on a day."""
    return _made(_ALL.rows(store, day=on.isoformat()))


def all_idle(store: Store, on: date) -> dict[str, list[int]]:
    """People who hold no post on a day, by name."""
    found: dict[str, list[int]] = {}
    for record, name in _ALL_IDLE.rows(store, day=on.isoformat()):
        found.setdefault(name, []).append(record)
    return found


def posts_in(store: Store, units: list[int], text: str, on: date, limit: int) -> list[HeldPost]:
    """The posts of units whose holder or title fits (pinyin too), in official order."""
    plain = text.strip()
    low = plain.lower().replace(" ", "")
    return _made(_IN_UNITS.rows(
        store, units, plain=plain, low=low, day=on.isoformat(), most=limit
    ))


def idle_people(store: Store, name: str, on: date) -> list[int]:
    """People of this name who hold no post on a day."""
    return _IDLE.firsts(store, name=name, day=on.isoformat())


def units_around(store: Store, of_unit: int) -> tuple[list[int], list[int]]:
    """The units above one, the nearest first, and those below it in official order."""
    found = _PATH.firsts(store, [of_unit])
    if not found:
        return [], []
    above = [int(one) for one in found[0].split("/") if one]
    return list(reversed(above[:-1])), _BELOW.firsts(store, path=found[0], top=of_unit)


def unit_names(store: Store, of_unit: int) -> tuple[str, str, str]:
    """Name in tables, full name and path of a unit."""
    found = _NAMES.rows(store, [of_unit])
    return tuple(found[0]) if found else ("", "", "")


def units_of_name(store: Store, name: str) -> list[int]:
    """The units that stand and have this full or short name, or had it once."""
    return _UNITS_NAMED.firsts(store, name=name) or _ONCE_NAMED.firsts(store, name=name)


def _made(rows: list[Any]) -> list[HeldPost]:
    found: dict[int, HeldPost] = {}
    for row in rows:
        found.setdefault(row[0], HeldPost._make(row))
    return list(found.values())

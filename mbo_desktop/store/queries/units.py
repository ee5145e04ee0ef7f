"""Reads of the unit register: tree pages, the official order, search, what rests on a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole, UnitKind
from mbo_desktop.store.database import Store
from mbo_desktop.store.tables import agreement, allocation, person, post, target, tenure, unit


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as lists and the tree show it."""

    id: RecordId
    name: str
    """Full name, as on paper."""
    short_name: str
    """Name in tables; the full name where no short one is set."""
    kind: UnitKind
    peer_group: str
    """考核分组; the kind's label where none is set."""
    superior: RecordId | None
    code: str
    depth: int
    """0 for the root."""
    child_count: int
    dissolved_on: date | None
    principal: str = ""
    """Name of who holds the post of 第一责任人 on the day asked for."""
    principal_title: str = ""
    """That post's title, for example 县长."""


_COLUMNS = (
    unit.c.record, unit.c.name, unit.c.label, unit.c.kind, unit.c.peer_group, unit.c.superior,
    unit.c.code, unit.c.depth, unit.c.child_count, unit.c.dissolved_on,
)


def matches(text: str) -> ColumnElement[bool]:
    """Whether a unit fits what was typed: names old and new, code, full pinyin, initials."""
    plain = text.strip()
    low = plain.lower().replace(" ", "")
    return or_(
        unit.c.name.contains(plain, autoescape=True),
        unit.c.label.contains(plain, autoescape=True),
        unit.c.former.contains(plain, autoescape=True),
        unit.c.code.startswith(plain, autoescape=True),
        func.replace(unit.c.name_pinyin, " ", "").contains(low, autoescape=True),
        unit.c.name_initials.contains(low, autoescape=True),
    )


def in_group(peer_group: str) -> ColumnElement[bool]:
    """Whether a unit is in this 考核分组; units without one are in their kind's own."""
    own_kind = next((kind.value for kind in UnitKind if kind.label == peer_group), "")
    return or_(
        unit.c.peer_group == peer_group, and_(unit.c.peer_group == "", unit.c.kind == own_kind)
    )


def children(
    store: Store,
    superior: RecordId | None,
    *,
    with_dissolved: bool,
    on: date,
    offset: int,
    limit: int,
) -> tuple[UnitRow, ...]:
    """The units directly below one (None: the roots) in official order."""
    query = select(*_COLUMNS).where(
        unit.c.deleted == 0,
        unit.c.superior.is_(None) if superior is None else unit.c.superior == superior,
    )
    if not with_dissolved:
        query = query.where(_exists_on(on))
    query = query.order_by(unit.c.ord, unit.c.record).limit(limit).offset(offset)
    return _fetch(store, query, on)


def rows(store: Store, ids: Sequence[RecordId], *, on: date) -> tuple[UnitRow, ...]:
    """These units in the order given; deleted ones left out."""
    found = _fetch(
        store, select(*_COLUMNS).where(unit.c.record.in_(ids), unit.c.deleted == 0), on
    )
    by_id = {row.id: row for row in found}
    return tuple(by_id[i] for i in ids if i in by_id)


def in_order(
    store: Store,
    *,
    kinds: Sequence[UnitKind],
    peer_group: str,
    below: RecordId | None,
    text: str,
    with_dissolved: bool,
    on: date,
    offset: int,
    limit: int,
) -> tuple[UnitRow, ...]:
    """Units in official order, filtered."""
    query = _filtered(select(*_COLUMNS), kinds, peer_group, text)
    if below is not None:
        path = select(unit.c.path).where(unit.c.record == below).scalar_subquery()
        query = query.where(unit.c.path.startswith(path), unit.c.record != below)
    if not with_dissolved:
        query = query.where(_exists_on(on))
    query = query.order_by(unit.c.sort_path, unit.c.record).limit(limit).offset(offset)
    return _fetch(store, query, on)


def count(store: Store, *, kinds: Sequence[UnitKind], peer_group: str, text: str, on: date) -> int:
    """How many units `in_order` gives in all, dissolved ones left out."""
    query = _filtered(select(func.count()).select_from(unit), kinds, peer_group, text)
    with store.read() as connection:
        return int(connection.execute(query.where(_exists_on(on))).scalar_one())


def peer_groups(store: Store) -> tuple[str, ...]:
    """The 考核分组 in use in the order their first unit stands."""
    query = (
        select(unit.c.peer_group)
        .where(unit.c.deleted == 0, unit.c.peer_group != "")
        .group_by(unit.c.peer_group)
        .order_by(func.min(unit.c.sort_path))
    )
    with store.read() as connection:
        return tuple(connection.execute(query).scalars())


def sibling_ords(store: Store, superior: RecordId | None) -> list[tuple[RecordId, str]]:
    """The units below one with their order keys, in order, dissolved ones too."""
    query = (
        select(unit.c.record, unit.c.ord)
        .where(
            unit.c.deleted == 0,
            unit.c.superior.is_(None) if superior is None else unit.c.superior == superior,
        )
        .order_by(unit.c.ord, unit.c.record)
    )
    with store.read() as connection:
        return [(RecordId(row[0]), row[1]) for row in connection.execute(query)]


def last_child_ord(store: Store, superior: RecordId | None) -> str:
    """The order key of the last unit below one; "" when there is none."""
    pairs = sibling_ords(store, superior)
    return pairs[-1][1] if pairs else ""


def id_of_name(store: Store, name: str) -> RecordId | None:
    """The unit that has this full name now."""
    return _single(store, unit.c.name == name)


def id_of_code(store: Store, code: str) -> RecordId | None:
    """The unit that has this code."""
    return _single(store, unit.c.code == code)


def names_and_codes(store: Store) -> tuple[set[str], set[str]]:
    """All full names and codes in use."""
    query = select(unit.c.name, unit.c.code).where(unit.c.deleted == 0)
    with store.read() as connection:
        found = connection.execute(query).all()
    return {row[0] for row in found}, {row[1] for row in found if row[1]}


def known_units(store: Store) -> list[tuple[RecordId, str, str, str]]:
    """(record, name, short name, kind) of all units there are, in official order, for matching ledgers."""
    query = (
        select(unit.c.record, unit.c.name, unit.c.short_name, unit.c.kind)
        .where(unit.c.deleted == 0, unit.c.dissolved_on.is_(None))
        .order_by(unit.c.sort_path, unit.c.record)
    )
    with store.read() as connection:
        return [(RecordId(row[0]), row[1], row[2], row[3]) for row in connection.execute(query)]


def what_rests_on(store: Store, record: RecordId) -> tuple[str, ...]:
    """What refers to a unit, in words."""
    counts = (
        ("个下级单位", select(func.count()).where(unit.c.superior == record, unit.c.deleted == 0)),
        ("项目标", select(func.count()).where(target.c.unit == record, target.c.deleted == 0)),
        (
            "份责任书",
            select(func.count()).where(agreement.c.unit == record, agreement.c.deleted == 0),
        ),
        (
            "项分解任务",
            select(func.count()).where(allocation.c.unit == record, allocation.c.deleted == 0),
        ),
    )
    words = []
    with store.read() as connection:
        for label, query in counts:
            number = connection.execute(query).scalar_one()
            if number:
                words.append(f"{number}{label}")
    return tuple(words)


def principals(
    store: Store, ids: Sequence[RecordId], on: date
) -> dict[RecordId, tuple[str, str]]:
    """(name, title) of the 第一责任人 of each of these units on a day; the title alone where the post is empty."""
    return role_holders(store, ids, PostRole.PRINCIPAL, on)


def role_holders(
    store: Store, ids: Sequence[RecordId], role: PostRole, on: date
) -> dict[RecordId, tuple[str, str]]:
    """(name, title) of each unit's first post of a role on a day; the title alone where it is empty."""
    day = on.isoformat()
    held = and_(
        tenure.c.post == post.c.record,
        tenure.c.deleted == 0,
        or_(tenure.c.since.is_(None), tenure.c.since <= day),
        or_(tenure.c.until.is_(None), tenure.c.until >= day),
    )
    query = (
        select(post.c.unit, person.c.name, post.c.title)
        .select_from(
            post.outerjoin(tenure, held).outerjoin(
                person, and_(person.c.record == tenure.c.person, person.c.deleted == 0)
            )
        )
        .where(
            post.c.unit.in_(ids), post.c.deleted == 0, post.c.role == role.value
        )
        .order_by(post.c.ord, tenure.c.since.desc(), tenure.c.record.desc())
    )
    found: dict[RecordId, tuple[str, str]] = {}
    with store.read() as connection:
        for owner, name, title in connection.execute(query):
            found.setdefault(RecordId(owner), (name or "", title))
    return found


def _filtered(
    query: Select[Any], kinds: Sequence[UnitKind], peer_group: str, text: str
) -> Select[Any]:
    query = query.where(unit.c.deleted == 0)
    if kinds:
        query = query.where(unit.c.kind.in_([kind.value for kind in kinds]))
    if peer_group:
        query = query.where(in_group(peer_group))
    if text.strip():
        query = query.where(matches(text))
    return query


def _exists_on(on: date) -> ColumnElement[bool]:
    return or_(unit.c.dissolved_on.is_(None), unit.c.dissolved_on > on.isoformat())


def _single(store: Store, condition: ColumnElement[bool]) -> RecordId | None:
    query = select(unit.c.record).where(unit.c.deleted == 0, condition).limit(1)
    with store.read() as connection:
        found = connection.execute(query).scalar()
    return None if found is None else RecordId(found)


def _fetch(store: Store, query: Select[Any], on: date) -> tuple[UnitRow, ...]:
    with store.read() as connection:
        found = connection.execute(query).all()
    holders = principals(store, [RecordId(row[0]) for row in found], on) if found else {}
    return tuple(_row(row, holders.get(RecordId(row[0]), ("", ""))) for row in found)


def _row(row: Any, principal: tuple[str, str]) -> UnitRow:
    kind = UnitKind.of(row[3])
    return UnitRow(
        id=RecordId(row[0]),
        name=row[1],
        short_name=row[2] or row[1],
        kind=kind,
        peer_group=row[4] or kind.label,
        superior=None if row[5] is None else RecordId(row[5]),
        code=row[6],
        depth=row[7],
        child_count=row[8],
        dissolved_on=date.fromisoformat(row[9]) if row[9] else None,
        principal=principal[0],
        principal_title=principal[1],
    )


def below(store: Store, record: RecordId) -> tuple[RecordId, ...]:
    """A unit and all below it."""
    query = select(unit.c.record).where(
        unit.c.path.contains(f"/{record}/", autoescape=True), unit.c.deleted == 0
    )
    with store.read() as connection:
        return tuple(RecordId(one) for one in connection.execute(query).scalars())

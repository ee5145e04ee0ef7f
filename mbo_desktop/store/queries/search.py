"""Reads for the global search."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func, null, or_, select

from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.units import matches
from mbo_desktop.store.tables import agreement, category, indicator, person, post, tenure, unit

Found = tuple[int, str, str, int | None, int]
"""Record, text, context, unit, closeness (0 exact, 1 beginning, 2 within)."""


def units(store: Store, text: str, limit: int) -> list[Found]:
    """(record, full name, short name, itself, closeness) of units."""
    closeness = _closeness(text, unit.c.name, unit.c.label, unit.c.code, unit.c.name_initials)
    query = (
        select(unit.c.record, unit.c.name, unit.c.kind, unit.c.record, closeness)
        .where(unit.c.deleted == 0, matches(text))
        .order_by(closeness, unit.c.sort_path)
        .limit(limit)
    )
    return _fetch(store, query)


def people(store: Store, text: str, limit: int) -> list[Found]:
    """(record, name, 「柯城区 县长」 of one post held, its unit, closeness) of people."""
    low = text.lower().replace(" ", "")
    closeness = _closeness(text, person.c.name, person.c.name_initials)
    hit = (
        # The few that are shown are chosen first: only their posts are looked up.
        select(person.c.record, person.c.name, person.c.name_pinyin, closeness.label("closeness"))
        .where(
            person.c.deleted == 0,
            or_(
                person.c.name.contains(text, autoescape=True),
                person.c.phone.startswith(text, autoescape=True),
                person.c.name_initials.startswith(low, autoescape=True),
                func.replace(person.c.name_pinyin, " ", "").startswith(low, autoescape=True),
            ),
        )
        .order_by(closeness, person.c.name_pinyin, person.c.record)
        .limit(limit)
        .cte("hit").prefix_with("MATERIALIZED")
    )
    query = (
        select(
            hit.c.record, hit.c.name,
            func.coalesce(func.min(unit.c.label + " " + post.c.title), ""),
            func.min(unit.c.record), hit.c.closeness,
        )
        .select_from(
            hit.outerjoin(
                tenure,
                (tenure.c.person == hit.c.record)
                & (tenure.c.deleted == 0)
                & tenure.c.until.is_(None),
            )
            .outerjoin(post, (post.c.record == tenure.c.post) & (post.c.deleted == 0))
            .outerjoin(unit, unit.c.record == post.c.unit)
        )
        .group_by(hit.c.record)
        .order_by(hit.c.closeness, hit.c.name_pinyin, hit.c.record)
    )
    return _fetch(store, query)


def indicators(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, name, category, None, closeness) of a year's indicators."""
    low = text.lower().replace(" ", "")
    closeness = _closeness(text, indicator.c.name, indicator.c.code, indicator.c.name_initials)
    query = (
        select(
            indicator.c.record, indicator.c.name, func.coalesce(category.c.name, ""), null(),
            closeness,
        )
        .select_from(indicator.outerjoin(category, category.c.record == indicator.c.category))
        .where(
            indicator.c.deleted == 0,
            indicator.c.year == year,
            or_(
                indicator.c.name.contains(text, autoescape=True),
                indicator.c.code.startswith(text, autoescape=True),
                indicator.c.name_initials.contains(low, autoescape=True),
                func.replace(indicator.c.name_pinyin, " ", "").contains(low, autoescape=True),
            ),
        )
        .order_by(closeness, indicator.c.name_pinyin)
        .limit(limit)
    )
    return _fetch(store, query)


def agreements(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, unit's name, state, unit, closeness) of a year's agreements."""
    closeness = _closeness(text, unit.c.name, unit.c.label, unit.c.code, unit.c.name_initials)
    query = (
        select(agreement.c.record, unit.c.name, agreement.c.state, unit.c.record, closeness)
        .join(unit, unit.c.record == agreement.c.unit)
        .where(
            agreement.c.deleted == 0,
            agreement.c.year == year,
            agreement.c.post.is_(None),
            or_(matches(text), agreement.c.number.contains(text, autoescape=True)),
        )
        .order_by(closeness, unit.c.sort_path)
        .limit(limit)
    )
    return _fetch(store, query)


def _closeness(text: str, *columns: ColumnElement[str]) -> ColumnElement[int]:
    low = text.lower().replace(" ", "")
    exact = or_(*(column.in_((text, low)) for column in columns))
    beginning = or_(
        *(column.startswith(text, autoescape=True) for column in columns),
        columns[-1].startswith(low, autoescape=True),
    )
    return case((exact, 0), (beginning, 1), else_=2)


def _fetch(store: Store, query: object) -> list[Found]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query)]  # type: ignore[call-overload]

"""Which nodes of a year's decomposition fit what was typed or chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.decomposition import NO_CATEGORY
from mbo_desktop.store.queries.prepared import Prepared
from mbo_desktop.store.queries.units import matches
from mbo_desktop.store.tables import (
    allocation,
    category,
    indicator,
    person,
    post,
    target,
    tenure,
    unit,
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What nodes are to fit; empty parts fit everything."""

    text: str = ""
    unit: RecordId | None = None
    category: int | None = None
    only_unassigned: bool = False
    late_on: date | None = None
    """Due before this day."""
    posts: tuple[RecordId, ...] = ()


@dataclass(frozen=True, slots=True)
class Fitting:
    """The nodes found, as records."""

    indicators: list[int]
    """Those whose own name fits; none where more than text and category is asked."""
    targets: list[int]
    allocations: list[int]
    indicators_of_year: list[int]


def fitting(store: Store, year: int, sought: Sought, on: date) -> Fitting:
    """Targets, allocations and indicators of a year that fit; people as they hold posts on a day."""
    root = allocation.alias("root")
    of_year = [indicator.c.year == year, indicator.c.deleted == 0, *_category(sought)]
    by_name_only = not (
        sought.unit or sought.only_unassigned or sought.late_on or sought.posts
    )
    names = select(indicator.c.record).where(*of_year)
    if sought.text.strip():
        names = names.where(_indicator_fits(sought.text))
    targets = _targets(root).where(*of_year, target.c.deleted == 0, *_target_fits(sought, root, on))
    nodes = (
        select(allocation.c.record)
        .join(target, target.c.record == allocation.c.in_target)
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(
            *of_year, allocation.c.deleted == 0, allocation.c.parent.is_not(None),
            *_node_fits(sought, on),
        )
    )
    with store.read() as connection:
        return Fitting(
            list(connection.execute(names).scalars()) if by_name_only else [],
            list(connection.execute(targets).scalars()),
            list(connection.execute(nodes).scalars()),
            list(connection.execute(
                select(indicator.c.record).where(indicator.c.year == year, indicator.c.deleted == 0)
            ).scalars()),
        )


def counts(store: Store, year: int) -> tuple[int, int, int, int, int, int]:
    """Indicators, targets, targets with nodes, nodes, ends of the tree, ends with a handler."""
    (indicators,) = _INDICATOR_COUNT.rows(store, year=year)
    (targets,) = _TARGET_COUNTS.rows(store, year=year, na=TargetForm.NOT_APPLICABLE.value)
    (nodes,) = _NODE_COUNTS.rows(store, year=year)
    total, decomposed, handled = (one or 0 for one in targets)
    listed, leaves, named = (one or 0 for one in nodes)
    return indicators[0], total, decomposed, listed, leaves + total - decomposed, named + handled


def _of_year() -> list[ColumnElement[bool]]:
    return [indicator.c.year == bindparam("year"), indicator.c.deleted == 0]


def _target_counts() -> Select[Any]:
    root = allocation.alias("root")
    child = allocation.alias("child")
    below = select(literal(1)).where(
        child.c.parent == root.c.record, child.c.deleted == 0
    ).correlate(root).exists()
    columns: tuple[ColumnElement[Any], ...] = (
        func.count(), func.sum(case((below, 1), else_=0)),
        func.sum(case((and_(~below, root.c.handler.is_not(None)), 1), else_=0)),
    )
    return (
        select(*columns).select_from(
            target.join(indicator, indicator.c.record == target.c.indicator)
            .outerjoin(root, and_(root.c.target == target.c.record, root.c.deleted == 0))
        )
        .where(
            *_of_year(), target.c.deleted == 0,
            func.coalesce(target.c.form, "") != bindparam("na"),
        )
    )


def _node_counts() -> Select[Any]:
    child = allocation.alias("child")
    end = ~select(literal(1)).where(
        child.c.parent == allocation.c.record, child.c.deleted == 0
    ).correlate(allocation).exists()
    columns: tuple[ColumnElement[Any], ...] = (
        func.count(), func.sum(case((end, 1), else_=0)),
        func.sum(case((and_(end, allocation.c.in_handler.is_not(None)), 1), else_=0)),
    )
    return (
        select(*columns).select_from(
            allocation.join(target, target.c.record == allocation.c.in_target)
            .join(indicator, indicator.c.record == target.c.indicator)
        )
        .where(*_of_year(), allocation.c.deleted == 0, allocation.c.parent.is_not(None))
    )


_INDICATOR_COUNT = Prepared(lambda: select(func.count()).where(*_of_year()))
_TARGET_COUNTS = Prepared(_target_counts)
_NODE_COUNTS = Prepared(_node_counts)


def _targets(root: FromClause) -> Select[Any]:
    return (
        select(target.c.record)
        .join(indicator, indicator.c.record == target.c.indicator)
        .outerjoin(root, and_(root.c.target == target.c.record, root.c.deleted == 0))
    )


def _category(sought: Sought) -> list[ColumnElement[bool]]:
    if sought.category is None:
        return []
    if sought.category != NO_CATEGORY:
        return [indicator.c.category == sought.category]
    alive = select(literal(1)).where(
        category.c.record == indicator.c.category, category.c.deleted == 0
    )
    return [~alive.correlate(indicator).exists()]


def _target_fits(
    sought: Sought, root: FromClause, on: date
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    people = (root.c.leader, root.c.responsible, root.c.handler)
    if sought.text.strip():
        found.append(or_(
            target.c.unit.in_(select(unit.c.record).where(matches(sought.text))),
            _held_by(sought.text, people, on),
        ))
    if sought.unit is not None:
        found.append(target.c.unit.in_(_with_below(sought.unit)))
    if sought.only_unassigned:
        found += [
            or_(root.c.responsible.is_(None), root.c.handler.is_(None)),
            or_(target.c.form.is_(None), target.c.form != TargetForm.NOT_APPLICABLE.value),
        ]
    if sought.late_on is not None:
        found.append(func.coalesce(target.c.due, root.c.due) < sought.late_on.isoformat())
    if sought.posts:
        found.append(or_(*(column.in_(sought.posts) for column in people)))
    return found


def _node_fits(sought: Sought, on: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    people = (allocation.c.in_leader, allocation.c.in_responsible, allocation.c.in_handler)
    if sought.text.strip():
        low = sought.text.strip().lower().replace(" ", "")
        found.append(or_(
            allocation.c.title.contains(sought.text.strip(), autoescape=True),
            func.replace(allocation.c.title_pinyin, " ", "").contains(low, autoescape=True),
            allocation.c.title_initials.contains(low, autoescape=True),
            allocation.c.in_unit.in_(select(unit.c.record).where(matches(sought.text))),
            _held_by(sought.text, people, on),
        ))
    if sought.unit is not None:
        found.append(allocation.c.in_unit.in_(_with_below(sought.unit)))
    if sought.only_unassigned:
        found += [
            or_(allocation.c.in_responsible.is_(None), allocation.c.in_handler.is_(None)),
            or_(allocation.c.form.is_(None), allocation.c.form != TargetForm.NOT_APPLICABLE.value),
        ]
    if sought.late_on is not None:
        found.append(
            func.coalesce(allocation.c.in_due, target.c.due) < sought.late_on.isoformat()
        )
    if sought.posts:
        found.append(or_(*(column.in_(sought.posts) for column in people)))
    return found


def _indicator_fits(text: str) -> ColumnElement[bool]:
    plain = text.strip()
    low = plain.lower().replace(" ", "")
    return or_(
        indicator.c.name.contains(plain, autoescape=True),
        func.replace(indicator.c.name_pinyin, " ", "").contains(low, autoescape=True),
        indicator.c.name_initials.contains(low, autoescape=True),
    )


def _held_by(
    text: str, columns: tuple[ColumnElement[Any], ...], on: date
) -> ColumnElement[bool]:
    """Whether one of the posts is held on a day by a person, or has a title, that fits the text."""
    plain, day = text.strip(), on.isoformat()
    low = plain.lower().replace(" ", "")
    held = (
        select(tenure.c.post)
        .join(person, person.c.record == tenure.c.person)
        .where(
            tenure.c.deleted == 0, person.c.deleted == 0,
            or_(tenure.c.since.is_(None), tenure.c.since <= day),
            or_(tenure.c.until.is_(None), tenure.c.until >= day),
            or_(
                person.c.name.contains(plain, autoescape=True),
                func.replace(person.c.name_pinyin, " ", "").startswith(low, autoescape=True),
                person.c.name_initials == low,
            ),
        )
    )
    titled = select(post.c.record).where(
        post.c.deleted == 0, post.c.title.contains(plain, autoescape=True)
    )
    fitting_posts = held.union(titled)
    return or_(*(column.in_(fitting_posts) for column in columns))


def _with_below(top: RecordId) -> Select[Any]:
    path = select(unit.c.path).where(unit.c.record == top).scalar_subquery()
    return select(unit.c.record).where(unit.c.path.startswith(path), unit.c.deleted == 0)

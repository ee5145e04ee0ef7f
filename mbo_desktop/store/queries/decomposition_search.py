"""Which nodes of a year's decomposition fit what was typed or chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.store.database import Store
from mbo_desktop.store.owners import DELETED
from mbo_desktop.store.queries.decomposition import NO_CATEGORY
from mbo_desktop.store.queries.prepared import Prepared, among
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
    with store.read() as connection:
        named = _named_in(connection, sought.text, on)
        targets = _targets(root).where(
            *of_year, target.c.deleted == 0, *_target_fits(sought, named, root)
        )
        return Fitting(
            list(connection.execute(names).scalars()) if by_name_only else [],
            list(connection.execute(targets).scalars()),
            list(connection.execute(_nodes(sought, named, of_year)).scalars()),
            list(connection.execute(
                select(indicator.c.record).where(indicator.c.year == year, indicator.c.deleted == 0)
            ).scalars()),
        )


def _nodes(
    sought: Sought, named: _Named, of_year: list[ColumnElement[bool]]
) -> Select[Any]:
    """The allocations below roots that fit."""
    # First one pass over the allocations alone: joined first, each would be looked up by its target.
    alone = select(allocation.c.record, allocation.c.in_target, allocation.c.in_due).where(
        allocation.c.deleted == 0, allocation.c.parent.is_not(None), *_node_fits(sought)
    )
    ways = [alone.where(one) for one in _text_fits(sought.text, named)]
    found = union(*ways) if len(ways) > 1 else ways[0] if ways else alone
    hit = found.cte("hit").prefix_with("MATERIALIZED")
    query = (
        select(hit.c.record)
        .join(target, target.c.record == hit.c.in_target)
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(*of_year)
    )
    if sought.late_on is not None:
        query = query.where(
            func.coalesce(hit.c.in_due, target.c.due) < sought.late_on.isoformat()
        )
    return query


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
    sought: Sought, named: _Named, root: FromClause
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    people = (root.c.leader, root.c.responsible, root.c.handler)
    if sought.text.strip():
        answered = select(allocation.c.target).where(
            allocation.c.deleted == 0, allocation.c.target.is_not(None),
            or_(*(among(column, named.posts) for column in (
                allocation.c.leader, allocation.c.responsible, allocation.c.handler
            ))),
        )
        found.append(or_(among(target.c.unit, named.units), target.c.record.in_(answered)))
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


def _node_fits(sought: Sought) -> list[ColumnElement[bool]]:
    """What an allocation is to fit besides the text; its due date is looked at with its target's."""
    found: list[ColumnElement[bool]] = []
    people = (allocation.c.in_leader, allocation.c.in_responsible, allocation.c.in_handler)
    if sought.unit is not None:
        found.append(allocation.c.in_unit.in_(_with_below(sought.unit)))
    if sought.only_unassigned:
        found += [
            or_(allocation.c.in_responsible.is_(None), allocation.c.in_handler.is_(None)),
            or_(allocation.c.form.is_(None), allocation.c.form != TargetForm.NOT_APPLICABLE.value),
        ]
    if sought.posts:
        found.append(or_(*(column.in_(sought.posts) for column in people)))
    return found


def _text_fits(text: str, named: _Named) -> list[ColumnElement[bool]]:
    """The ways in which an allocation may fit a text, each as quick as its columns allow; () for no text."""
    if not text.strip():
        return []
    passed = [title_fits(text)]
    found: list[ColumnElement[bool]] = []
    if named.units:
        found.append(among(allocation.c.in_unit, named.units))
    if named.posts:
        # The leader in effect has no index: it is looked at in the same pass as the titles.
        passed.append(among(allocation.c.in_leader, named.posts))
        found += [among(one, named.posts) for one in (allocation.c.in_responsible, allocation.c.in_handler)]
    return [or_(*passed), *found]


def title_fits(text: str) -> ColumnElement[bool]:
    """Whether an allocation's own title fits: literally, or its pinyin or initials."""
    plain = text.strip()
    low = plain.lower().replace(" ", "")
    if not low.isascii():
        # Pinyin keeps of a title only what is no Chinese: Chinese text is found in the title or nowhere.
        return allocation.c.title.contains(plain, autoescape=True)
    return or_(
        allocation.c.title.contains(plain, autoescape=True),
        func.replace(allocation.c.title_pinyin, " ", "").contains(low, autoescape=True),
        allocation.c.title_initials.contains(low, autoescape=True),
    )


def _indicator_fits(text: str) -> ColumnElement[bool]:
    plain = text.strip()
    low = plain.lower().replace(" ", "")
    return or_(
        indicator.c.name.contains(plain, autoescape=True),
        func.replace(indicator.c.name_pinyin, " ", "").contains(low, autoescape=True),
        indicator.c.name_initials.contains(low, autoescape=True),
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """What a text names besides titles: units, and posts by their title or who holds them."""

    units: tuple[int, ...] = ()
    posts: tuple[int, ...] = ()


def _named_in(connection: Connection, text: str, on: date) -> _Named:
    """Looked up once: within the pass over all allocations only numbers are compared."""
    if not text.strip():
        return _Named()
    units = select(unit.c.record).where(matches(text))
    return _Named(
        tuple(connection.execute(units).scalars()),
        tuple(connection.execute(_posts_fitting(text.strip(), on.isoformat())).scalars()),
    )


def _posts_fitting(plain: str, day: str) -> CompoundSelect[Any]:
    """Posts held on a day by a person, or with a title, that fits the text."""
    low = plain.lower().replace(" ", "")
    held = (
        select(tenure.c.post)
        .join(person, person.c.record == tenure.c.person)
        .where(
            tenure.c.deleted != DELETED, person.c.deleted != DELETED,
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
        post.c.deleted != DELETED, post.c.title.contains(plain, autoescape=True)
    )
    return held.union(titled)


def _with_below(top: RecordId) -> Select[Any]:
    """The unit and all below it, with those that its own office registered."""
    path = select(unit.c.path).where(unit.c.record == top).scalar_subquery()
    return select(unit.c.record).where(unit.c.path.startswith(path), unit.c.deleted != DELETED)

"""Reads of monthly progress: which targets are reported on, what was said of them, by whom."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, text

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.owners import DELETED
from mbo_desktop.store.queries import given_nodes
from mbo_desktop.store.tables import (
    allocation,
    category,
    indicator,
    link,
    target,
    unit,
)

_PAGE = 2_000
"""Rows of one statement, so that no read holds the file longer than some 50 ms."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which targets of a year; empty parts fit all."""

    unit: RecordId | None = None
    """With the units below it."""
    category: RecordId | None = None
    indicator: RecordId | None = None
    certifying_unit: RecordId | None = None
    """Targets whose indicator this unit certifies."""
    text: str = ""
    """Fits indicator and unit, pinyin and initials too."""
    only_key: bool = False
    only_livelihood: bool = False
    forms: tuple[TargetForm, ...] = ()
    by_indicator: bool = False
    """Indicator by indicator instead of unit by unit."""
    with_own: bool = False
    """With the own government's targets, the whole city's; a unit or an indicator asked for brings them too."""
    with_nodes: bool = True
    """With the nodes of the decomposition that were given to a unit, or to the own government from above."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A target as progress is held against it; amounts in `amount_unit`."""

    id: RecordId
    indicator: RecordId
    unit: RecordId
    category: RecordId | None
    category_name: str
    title: str
    unit_label: str
    unit_of_measure: str
    decimals: int | None
    direction: Direction
    form: TargetForm | None
    amount: Decimal | None
    amount_unit: str
    shown: str
    is_not_applicable: bool
    due: date | None
    is_key: bool
    is_livelihood: bool
    plan: str | None
    """Body of the plan on its root allocation, as JSON."""
    root: RecordId | None
    stages: int
    """Milestones on the root allocation."""
    is_node: bool = False
    """A node of the decomposition; `root` is the node itself."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one side said of one target in one month."""

    record: RecordId
    subject: RecordId
    month: int
    kind: FigureKind
    amount: Decimal | None
    in_period: Decimal | None
    typed: str
    started: bool | None
    physical: str
    text: str
    investment: Decimal | None
    cause: str
    cause_text: str
    own_effort: str
    measure: str
    nodes_done: int
    on_behalf_of: RecordId | None
    reported_on: date | None
    note: str

    @property
    def says_something(self) -> bool:
        """Whether anything was reported with it; an emptied row counts as not reported."""
        return bool(
            self.amount is not None or self.started is not None or self.typed or self.physical
            or self.text or self.nodes_done or self.investment is not None
        )


_SUBJECT_COLUMNS = (
    target.c.record, target.c.indicator, target.c.unit, indicator.c.category, category.c.name,
    indicator.c.name, unit.c.label, indicator.c.unit_of_measure, indicator.c.decimals,
    indicator.c.direction, target.c.form, target.c.amount, target.c.amount_unit, target.c.text,
    target.c.is_na, target.c.due, indicator.c.is_key, indicator.c.is_livelihood,
    allocation.c.plan, allocation.c.record, allocation.c.milestones,
)
_NONE: ColumnElement[int] = literal_column("0")
_JOINED = (
    target.join(indicator, indicator.c.record == target.c.indicator)
    .join(unit, unit.c.record == target.c.unit)
    .outerjoin(category, and_(category.c.record == indicator.c.category, category.c.deleted == _NONE))
    .outerjoin(allocation, and_(allocation.c.target == target.c.record, allocation.c.deleted == _NONE))
)


_SUBJECTS = (
    f"{select(*_SUBJECT_COLUMNS).select_from(_JOINED)} WHERE target.deleted = 0 "
    "AND target.record IN (SELECT value FROM json_each(?))"
)
"""As a text: twenty thousand rows come in half the time of objects made one by one."""


def subject_ids(store: Store, year: int, sought: Sought) -> tuple[RecordId, ...]:
    """Targets that fit, in official order: unit by unit, or indicator by indicator."""
    by_unit = (unit.c.sort_path, unit.c.record)
    by_indicator = (
        category.c.ord.is_(None), category.c.ord, category.c.record, indicator.c.ord,
        indicator.c.record,
    )
    order = by_indicator + by_unit if sought.by_indicator else by_unit + by_indicator
    joined = (
        target.join(indicator, indicator.c.record == target.c.indicator)
        .join(unit, unit.c.record == target.c.unit)
        .outerjoin(
            category, and_(category.c.record == indicator.c.category, category.c.deleted == 0)
        )
    )
    query = select(target.c.record).select_from(joined).where(
        indicator.c.year == year, indicator.c.deleted == 0, target.c.deleted == 0,
        _listed(sought), *_conditions(sought, target.c.form),
    ).order_by(*order)
    if not sought.with_own and sought.unit is None and sought.indicator is None:
        query = query.where(text(without_own(year, "target.unit", "target.record")))
    with store.read() as connection:
        nodes = given_nodes.given(connection, year) if sought.with_nodes else []
        if not nodes:
            return tuple(connection.scalars(query).all())
        found = connection.execute(query.add_columns(*order)).fetchall()
        below = connection.execute(_node_query(sought, nodes).add_columns(*order)).fetchall()
    # Where a unit has both, its targets stand before its nodes of the same indicator.
    rows = sorted([*found, *below], key=lambda row: tuple((one is not None, one) for one in row[1:]))
    return tuple(RecordId(row[0]) for row in rows)


def _node_query(sought: Sought, nodes: Sequence[RecordId]) -> Select[Any]:
    """The nodes among these that fit, joined as the targets are."""
    joined = (
        allocation.join(target, target.c.record == allocation.c.in_target)
        .join(indicator, indicator.c.record == target.c.indicator)
        .join(unit, unit.c.record == allocation.c.in_unit)
        .outerjoin(
            category, and_(category.c.record == indicator.c.category, category.c.deleted == 0)
        )
    )
    return select(allocation.c.record).select_from(joined).where(
        allocation.c.record.in_(nodes), _listed(sought),
        *_conditions(sought, allocation.c.form, allocation.c.title),
    ).order_by(allocation.c.ord)


def _listed(sought: Sought) -> ColumnElement[bool]:
    """Units of the own register; who certifies an indicator is given others' targets, known by name, too."""
    if sought.certifying_unit is None:
        return unit.c.deleted == 0
    return unit.c.deleted != DELETED


def without_own(year: int, unit_column: str, target_column: str = "") -> str:
    """A condition that leaves out the own government's targets, unless no other unit has any.

    They are the whole city's figures: nobody hands them in, so they must not stand as unreported.
    With a target's column those that a superior gave to the own government stay: it reports on them.
    """
    own = "(SELECT unit FROM office WHERE deleted = 0 AND unit IS NOT NULL)"
    set_here = (
        f"(SELECT owner FROM record WHERE id = {target_column}) = (SELECT r.owner FROM office o "
        "JOIN record r ON r.id = o.record WHERE o.deleted = 0) AND " if target_column else ""
    )
    others = (
        f"EXISTS (SELECT 1 FROM {{}} other JOIN indicator its ON its.record = other.indicator "
        f"AND its.deleted = 0 WHERE its.year = {year:d} AND other.unit NOT IN {own}{{}})"
    )
    targets = others.format("target", " AND other.deleted = 0")
    nodes = others.format(f"({given_nodes.GIVEN})", "")
    return f"NOT ({unit_column} IN {own} AND {set_here}({targets} OR {nodes}))"


def _conditions(
    sought: Sought, form: ColumnElement[Any], title: ColumnElement[Any] | None = None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.unit is not None:
        found.append(unit.c.path.contains(f"/{sought.unit}/"))
    if sought.category is not None:
        found.append(indicator.c.category == sought.category)
    if sought.indicator is not None:
        found.append(indicator.c.record == sought.indicator)
    if sought.certifying_unit is not None:
        found.append(indicator.c.record.in_(
            select(link.c.record).where(
                link.c.field == "certifying_units", link.c.target == sought.certifying_unit
            )
        ))
    if sought.only_key:
        found.append(indicator.c.is_key == 1)
    if sought.only_livelihood:
        found.append(indicator.c.is_livelihood == 1)
    if sought.forms:
        found.append(form.in_([one.value for one in sought.forms]))
    if sought.text.strip():
        named = _named(sought.text.strip())
        found.append(named if title is None else or_(
            named, title.contains(sought.text.strip(), autoescape=True),
            allocation.c.title_initials.contains(sought.text.strip().lower(), autoescape=True),
        ))
    return found


def _named(typed: str) -> ColumnElement[bool]:
    low = typed.lower().replace(" ", "")
    return or_(
        indicator.c.name.contains(typed, autoescape=True),
        indicator.c.name_initials.contains(low, autoescape=True),
        func.replace(indicator.c.name_pinyin, " ", "").contains(low, autoescape=True),
        unit.c.label.contains(typed, autoescape=True),
        unit.c.name_initials.contains(low, autoescape=True),
    )


def subjects(store: Store, ids: Sequence[RecordId]) -> dict[RecordId, Subject]:
    """These targets or nodes with what progress is held against, in the given order; deleted ones left out."""
    found: dict[RecordId, Subject] = {}
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        with store.read() as connection:
            rows = raw(connection).execute(_SUBJECTS, (json.dumps(page),)).fetchall()
            found.update((row[0], _subject(row)) for row in rows)
            others = [one for one in page if one not in found]
            if others:
                found.update((row[0], _node(row)) for row in given_nodes.rows(connection, others))
    return {one: found[one] for one in ids if one in found}


def _subject(row: Any) -> Subject:
    (
        record, indicator_id, unit_id, category_id, category_name, title, label, measure, decimals,
        direction, form, amount, amount_unit, shown, is_na, due, is_key, is_livelihood, plan, root,
        stages,
    ) = row
    return Subject(
        record, indicator_id, unit_id, category_id, category_name or "", title, label, measure,
        decimals, Direction.of(direction), TargetForm.of(form) if form else None,
        None if amount is None else Decimal(amount), amount_unit, shown, bool(is_na),
        date.fromisoformat(due) if due else None, bool(is_key), bool(is_livelihood), plan, root,
        stages or 0,
    )


def _node(row: Any) -> Subject:
    (
        record, indicator_id, unit_id, category_id, category_name, name, title, label, stated, measure,
        decimals, direction, form, amount, amount_unit, shown, is_na, due, is_key, is_livelihood, plan,
        stages,
    ) = row
    return Subject(
        record, indicator_id, unit_id, category_id, category_name or "", given_nodes.name_of(name, title),
        label, measure or stated, decimals if measure in (None, stated) else None, Direction.of(direction),
        TargetForm.of(form) if form else None, None if amount is None else Decimal(amount), amount_unit,
        shown, bool(is_na), date.fromisoformat(due) if due else None, bool(is_key), bool(is_livelihood),
        plan, record, stages or 0, True,
    )


def figures(
    store: Store, ids: Sequence[RecordId], months: Sequence[int]
) -> dict[tuple[RecordId, int], list[Figure]]:
    """What was said of these subjects in these months, by subject and month."""
    found: dict[tuple[RecordId, int], list[Figure]] = {}
    statement = (
        "SELECT record, subject, month, kind, amount, in_period, typed, started, physical, text, "
        "investment, cause, cause_text, own_effort, measure, nodes_done, on_behalf_of, "
        "reported_on, note FROM progress_report WHERE deleted = 0 "
        f"AND month IN ({', '.join('?' * len(months))}) "
        "AND subject IN (SELECT value FROM json_each(?))"
    )
    for start in range(0, len(ids), _PAGE):
        with store.read() as connection:
            rows = raw(connection).execute(
                statement, (*months, json.dumps(ids[start : start + _PAGE]))
            ).fetchall()
        for row in rows:
            one = _figure(row)
            found.setdefault((one.subject, one.month), []).append(one)
    return found


def _figure(row: Any) -> Figure:
    return Figure(
        row[0], row[1], row[2], FigureKind.of(row[3]), _decimal(row[4]), _decimal(row[5]), row[6],
        None if row[7] is None else bool(row[7]), row[8], row[9], _decimal(row[10]), row[11] or "",
        row[12], row[13], row[14], row[15], row[16],
        date.fromisoformat(row[17]) if row[17] else None, row[18],
    )


def _decimal(stored: str | None) -> Decimal | None:
    return None if stored is None else Decimal(stored)


_SAYS = (
    "(p.amount IS NOT NULL OR p.started IS NOT NULL OR p.typed <> '' OR p.physical <> '' "
    "OR p.text <> '' OR p.nodes_done > 0 OR p.investment IS NOT NULL)"
)


def last_reported(store: Store, ids: Sequence[RecordId], month: int) -> dict[RecordId, int]:
    """The last month up to this one in which anything was said of a subject; absent: never."""
    found: dict[RecordId, int] = {}
    for start in range(0, len(ids), _PAGE):
        with store.read() as connection:
            found.update(raw(connection).execute(
                "SELECT p.subject, max(p.month) FROM progress_report p WHERE p.deleted = 0 "
                f"AND p.month <= ? AND {_SAYS} "
                "AND p.subject IN (SELECT value FROM json_each(?)) GROUP BY p.subject",
                (month, json.dumps(ids[start : start + _PAGE])),
            ).fetchall())
    return found


def counts(
    store: Store, ids: Sequence[RecordId], month: int
) -> dict[RecordId, tuple[int, int]]:
    """Pieces of evidence not refused (up to the month) and unsettled problems, by subject."""
    listed = json.dumps(ids)
    with store.read() as connection:
        papers = dict(raw(connection).execute(
            "SELECT subject, count(*) FROM evidence WHERE deleted = 0 AND verdict <> 'refused' "
            "AND month <= ? AND subject IN (SELECT value FROM json_each(?)) GROUP BY subject",
            (month, listed),
        ).fetchall())
        problems = dict(raw(connection).execute(
            "SELECT subject, count(*) FROM progress_problem WHERE deleted = 0 "
            "AND settled_on IS NULL AND subject IN (SELECT value FROM json_each(?)) "
            "GROUP BY subject", (listed,),
        ).fetchall())
    return {
        one: (papers.get(one, 0), problems.get(one, 0)) for one in {*papers, *problems}
    }


def same_targets(
    store: Store, year: int, earlier: int, ids: Sequence[RecordId]
) -> dict[RecordId, RecordId]:
    """By target of a year: the target of an earlier year with the same indicator name and unit.

    Empty at once when the earlier year has no reports.
    """
    with store.read() as connection:
        driver = raw(connection)
        if not driver.execute(
            "SELECT 1 FROM indicator i JOIN target t ON t.indicator = i.record "
            "JOIN progress_report p ON p.subject = t.record WHERE i.year = ? LIMIT 1", (earlier,)
        ).fetchone():
            return {}
        return dict(driver.execute(
            "SELECT t.record, b.record FROM target t JOIN indicator i ON i.record = t.indicator "
            "JOIN indicator j ON j.year = ? AND j.name = i.name "
            "AND j.unit_of_measure = i.unit_of_measure AND j.deleted = 0 "
            "JOIN target b ON b.indicator = j.record AND b.unit = t.unit AND b.deleted = 0 "
            "WHERE i.year = ? AND t.record IN (SELECT value FROM json_each(?))",
            (earlier, year, json.dumps(list(ids))),
        ).fetchall())


def reported_by_month(store: Store, year: int) -> dict[int, int]:
    """Targets and given nodes of a year of which anything was said, by month; the own government's left out."""
    counted: Counter[int] = Counter()
    with store.read() as connection:
        for about in given_nodes.SPOKEN_OF:
            counted.update(dict(raw(connection).execute(
                f"SELECT p.month, count(DISTINCT p.subject) FROM progress_report p {about}"
                "JOIN indicator i ON i.record = t.indicator WHERE i.year = ? AND p.deleted = 0 "
                f"AND {_SAYS} AND {without_own(year, 't.unit', 't.record')} GROUP BY p.month", (year,),
            ).fetchall()))
    return dict(counted)

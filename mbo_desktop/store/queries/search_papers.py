"""Reads for the global search: papers and what stands in the lists beside the targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, null, or_, select

from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.search import Found
from mbo_desktop.store.tables import (
    adjustment,
    allocation,
    binding,
    bonus_item,
    correction,
    evidence,
    finding,
    indicator,
    inspection,
    issued_number,
    leader_attention,
    package,
    progress_problem,
    proposal_round,
    scheme,
    source,
    target,
    unit,
)

Text = ColumnElement[str]


def sources(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, name, 文号 or kind, None, closeness) of meetings and documents."""
    context = case((source.c.number != "", source.c.number), else_=source.c.genre)
    return _hits(
        store, source, text, (source.c.name, source.c.number), source.c.name, context, null(),
        (source.c.year == year,), limit, source.c.name_initials,
    )


def rounds(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, name, its source, None, closeness) of rounds with a name of their own."""
    one = proposal_round
    return _hits(store, one, text, (one.c.name, one.c.source), one.c.name, one.c.source, null(),
                 (one.c.year == year, one.c.name != ""), limit)


def schemes(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, name or group, group, None, closeness) of the ways groups are assessed."""
    shown = case((scheme.c.name != "", scheme.c.name), else_=scheme.c.peer_group)
    return _hits(store, scheme, text, (scheme.c.name, scheme.c.peer_group), shown,
                 scheme.c.peer_group, null(), (scheme.c.year == year,), limit)


def adjustments(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, indicator, 「柯城区 · 文号」, unit, closeness) by number, meeting, reason or indicator."""
    one = adjustment
    return _of_cells(store, one, text, (one.c.number, one.c.meeting, one.c.reason), one.c.number, year, limit)


def corrections(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, indicator, 「柯城区 · 理由」, unit, closeness) by reason or indicator."""
    return _of_cells(store, correction, text, (correction.c.reason,), correction.c.reason, year, limit)


def bonuses(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, matter, unit's label, unit, closeness) of points beside the targets."""
    one = bonus_item
    return _hits(store, one.outerjoin(unit, unit.c.record == one.c.unit), text, (one.c.matter,),
                 one.c.matter, func.coalesce(unit.c.label, ""), one.c.unit, (one.c.year == year,),
                 limit, of=one)


def findings(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, text, 「柯城区 · 暗访」, unit, closeness) of what inspections found."""
    one = finding
    joined = one.join(inspection, inspection.c.record == one.c.inspection).outerjoin(unit, unit.c.record == one.c.unit)
    return _hits(store, joined, text, (one.c.text,), one.c.text,
                 func.coalesce(unit.c.label + " · ", "") + inspection.c.title, one.c.unit,
                 (inspection.c.year == year, inspection.c.deleted == 0), limit, of=one)


def attentions(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, matter, leader, unit, closeness) of what leaders looked after."""
    one = leader_attention
    return _hits(store, one, text, (one.c.matter, one.c.leader), one.c.matter, one.c.leader,
                 one.c.unit, (one.c.year == year,), limit)


def problems(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, text, 「柯城区 · 指标」, unit, closeness) of problems that were reported."""
    return _of_targets(store, progress_problem, text, (progress_problem.c.text,), progress_problem.c.text, year, limit)


def pieces(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(record, title or file, 「柯城区 · 指标」, unit, closeness) of evidence."""
    shown = case((evidence.c.title != "", evidence.c.title), else_=evidence.c.file_name)
    return _of_targets(store, evidence, text, (evidence.c.title, evidence.c.file_name), shown, year, limit)


def numbers(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(what it was given to or itself, 文号, title, None, closeness) of numbers given out."""
    one = issued_number
    return _hits(
        store, one, text, (one.c.text, one.c.title), one.c.text,
        one.c.title + case((one.c.is_void == 1, "(已作废)"), else_=""), null(),
        (one.c.year == year,), limit, record=func.coalesce(one.c.subject, one.c.record),
    )


def offices(store: Store, text: str, limit: int) -> list[Found]:
    """(record, name, code, unit, closeness) of offices that packages go to and come from."""
    one = binding
    return _hits(store, one, text, (one.c.name, one.c.code), one.c.name, one.c.code, one.c.unit,
                 (), limit, one.c.name_initials)


def packages(store: Store, text: str, year: int, limit: int) -> list[Found]:
    """(number in the register's table, file, day kept, None, closeness) of packages made or taken in."""
    one = package
    query = (
        select(one.c.id, one.c.file_name, func.substr(one.c.kept_at, 1, 10), null(), _closeness(text, one.c.file_name))
        .where(or_(one.c.year == year, one.c.year.is_(None)), one.c.file_name.contains(text, autoescape=True))
        .order_by(one.c.id.desc()).limit(limit)
    )
    return _fetch(store, query)


def _of_cells(
    store: Store, table: Any, text: str, searched: tuple[Text, ...], told: Text, year: int, limit: int
) -> list[Found]:
    """Records of an indicator and a unit; they are found by the indicator's name too."""
    joined = table.join(indicator, indicator.c.record == table.c.indicator).outerjoin(unit, unit.c.record == table.c.unit)
    context = func.coalesce(unit.c.label, "") + case((told != "", " · " + told), else_="")
    return _hits(store, joined, text, (*searched, indicator.c.name), indicator.c.name, context,
                 table.c.unit, (table.c.year == year,), limit, of=table)


def _of_targets(
    store: Store, table: Any, text: str, searched: tuple[Text, ...], shown: Text, year: int, limit: int
) -> list[Found]:
    """Records of a target or of a node below it."""
    hit = (
        select(table.c.record, table.c.subject, shown.label("shown"))
        .where(table.c.deleted == 0, _within(text, searched)).cte("hit").prefix_with("MATERIALIZED")
    )
    node, own = allocation.alias("node"), target.alias("own")
    joined = (
        hit.outerjoin(node, node.c.record == hit.c.subject)
        .join(own, own.c.record == func.coalesce(node.c.in_target, hit.c.subject))
        .join(indicator, indicator.c.record == own.c.indicator)
        .outerjoin(unit, unit.c.record == own.c.unit)
    )
    closeness = _closeness(text, hit.c.shown)
    query = (
        select(hit.c.record, hit.c.shown, func.coalesce(unit.c.label + " · ", "") + indicator.c.name,
               own.c.unit, closeness)
        .select_from(joined).where(indicator.c.year == year)
        .order_by(closeness, hit.c.record.desc()).limit(limit)
    )
    return _fetch(store, query)


def _hits(
    store: Store, rows: FromClause, text: str, searched: tuple[Text, ...], shown: Any, context: Any,
    of_unit: Any, where: Sequence[Any], limit: int, initials: Text | None = None, *,
    of: Any = None, record: Any = None,
) -> list[Found]:
    """Live records of a table that hold the text, or whose initials do; of: the table when rows is a join."""
    table: Any = rows if of is None else of
    within = _within(text, searched)
    low = text.lower().replace(" ", "")
    if initials is not None and low.isascii() and low.isalnum():
        within = or_(within, initials.contains(low, autoescape=True))
    closeness = _closeness(text, shown)
    query = (
        select(table.c.record if record is None else record, shown, context, of_unit, closeness)
        .select_from(rows).where(table.c.deleted == 0, within, *where)
        .order_by(closeness, table.c.record.desc()).limit(limit)
    )
    return _fetch(store, query)


def _within(text: str, columns: Sequence[Text]) -> ColumnElement[bool]:
    return or_(*(column.contains(text, autoescape=True) for column in columns))


def _closeness(text: str, shown: Text) -> ColumnElement[int]:
    return case((shown == text, 0), (func.substr(shown, 1, len(text)) == text, 1), else_=2)


def _fetch(store: Store, query: Any) -> list[Found]:
    with store.read() as connection:
        return [(row[0], row[1], row[2] or "", row[3], row[4]) for row in connection.execute(query)]

"""Reads of agreements: the board's rows and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from mbo_desktop.domain.agreements import AgreementLevel, AgreementState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.joint import Consent
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.argued import adjusted_counts
from mbo_desktop.store.queries.matrix import UnitTotal, unit_totals
from mbo_desktop.store.queries.units import in_group, matches
from mbo_desktop.store.tables import (
    agreement,
    allocation,
    indicator,
    joint_duty,
    office,
    post,
    revision,
    target,
    unit,
)

_COLUMNS = (
    unit.c.record, unit.c.name, unit.c.label, unit.c.kind, unit.c.peer_group, agreement.c.record,
    agreement.c.number, agreement.c.state, agreement.c.signed_on,
)


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A unit on the agreement board, with or without an agreement."""

    unit: RecordId
    unit_name: str
    """Full name."""
    short_name: str
    kind: UnitKind
    peer_group: str
    agreement: RecordId | None
    number: str
    state: AgreementState | None
    """The least advanced copy's state; None: no agreement made yet."""
    signed_on: date | None
    targets: int
    """Live targets and parts of others' targets, N/A ones left out."""
    not_set: int
    points: Decimal
    adjusted: int = 0
    """Targets that stand otherwise than signed through an approved adjustment."""
    post: RecordId | None = None
    """Of a personal agreement: the post; unit_name then names person, post and unit."""
    person: str = ""
    phone: str = ""

    @property
    def key(self) -> RecordId:
        """The record that the row stands for: the post of a personal agreement, else the unit."""
        return self.unit if self.post is None else self.post


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """Which rows of the board to show; empty parts mean all."""

    text: str = ""
    kinds: tuple[UnitKind, ...] = ()
    peer_group: str = ""
    states: tuple[AgreementState, ...] = ()
    without_agreement: bool = False
    """Only units for which none was made."""
    level: AgreementLevel | None = None
    """None: all units; the people's agreements are in `services.personal_agreements`."""


def board(
    store: Store, year: int, chosen: AgreementFilter, *, offset: int, limit: int
) -> tuple[AgreementRow, ...]:
    """Units with targets or an agreement, in official order, with the live counts."""
    query = (
        _filtered(select(*_COLUMNS), year, chosen)
        .order_by(unit.c.sort_path, unit.c.record)
        .limit(limit)
        .offset(offset)
    )
    with store.read() as connection:
        found = connection.execute(query).all()
    totals = {
        total.unit: total
        for total in unit_totals(store, year, [RecordId(row[0]) for row in found])
    } if found else {}
    adjusted, tasks = adjusted_counts(store, year), _task_counts(store, year)
    return tuple(
        _row(
            row, totals.get(RecordId(row[0])), adjusted.get(RecordId(row[0]), 0),
            tasks.get(row[0], 0),
        )
        for row in found
    )


def _task_counts(store: Store, year: int) -> dict[int, int]:
    """Unit → how many parts of other units' targets were given to it."""
    over = allocation.alias("over")
    query = (
        select(allocation.c.unit, func.count())
        .join(over, over.c.record == allocation.c.parent)
        .join(target, target.c.record == allocation.c.in_target)
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(
            allocation.c.unit.is_not(None), allocation.c.deleted == 0, allocation.c.is_na == 0,
            over.c.in_unit != allocation.c.unit,
            indicator.c.year == year, indicator.c.deleted == 0, target.c.deleted == 0,
        )
        .group_by(allocation.c.unit)
    )
    with store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def count_board(store: Store, year: int, chosen: AgreementFilter) -> int:
    """How many rows `board` gives in all."""
    with store.read() as connection:
        found = connection.execute(_filtered(select(func.count()), year, chosen))
        return int(found.scalar_one())


def state_counts(
    store: Store, year: int, level: AgreementLevel | None = None, *, only_below: bool = False
) -> dict[AgreementState | None, int]:
    """Units' agreements per state; None: units with targets but without one.

    only_below: without what the own government itself signed with its superior.
    """
    query = (
        select(agreement.c.state, func.count())
        .join(unit, unit.c.record == agreement.c.unit)
        .where(agreement.c.year == year, agreement.c.deleted == 0, agreement.c.post.is_(None))
        .group_by(agreement.c.state)
    )
    if level is not None:
        query = query.where(of_level(level))
    if only_below:
        query = query.where(made_below())
    with store.read() as connection:
        counts: dict[AgreementState | None, int] = {
            AgreementState.of(state): number for state, number in connection.execute(query)
        }
    without = count_board(store, year, AgreementFilter(without_agreement=True, level=level))
    return {**counts, None: without} if without else counts


def agreement_of(store: Store, year: int, unit_id: RecordId) -> RecordId | None:
    """The agreement of a unit and year."""
    query = select(agreement.c.record).where(
        agreement.c.year == year, agreement.c.unit == unit_id, agreement.c.deleted == 0,
        agreement.c.post.is_(None),
    )
    with store.read() as connection:
        found = connection.execute(query).scalar()
    return None if found is None else RecordId(found)


def agreement_ids(
    store: Store, year: int, *, has_snapshot: bool | None = None,
    level: AgreementLevel | None = None,
) -> tuple[RecordId, ...]:
    """All units' agreements of a year (or those of a level) in the official order of their units."""
    query = (
        select(agreement.c.record)
        .join(unit, unit.c.record == agreement.c.unit)
        .outerjoin(post, post.c.record == agreement.c.post)
        .where(agreement.c.year == year, agreement.c.deleted == 0)
        .order_by(unit.c.sort_path, unit.c.record, post.c.ord, agreement.c.record)
    )
    if level is AgreementLevel.PERSON:
        query = query.where(agreement.c.post.is_not(None))
    else:
        query = query.where(agreement.c.post.is_(None))
        if level is not None:
            query = query.where(of_level(level))
    if has_snapshot is not None:
        query = query.where(agreement.c.has_snapshot == int(has_snapshot))
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def touched_since_issued(
    store: Store, year: int, units: Mapping[RecordId, RecordId]
) -> frozenset[RecordId]:
    """Of these agreements (with their units), those of whose targets anything was written since.

    Only they can differ from what was issued. Revision numbers tell it without reading a body.
    """
    steps = (
        select(
            revision.c.record, revision.c.id,
            func.json_extract(revision.c.body, "$.snapshot").is_(None),
        )
        .where(revision.c.record.in_(list(units)))
        .order_by(revision.c.record, revision.c.n)
    )
    latest = (
        select(target.c.unit, func.max(target.c.revision), func.max(indicator.c.revision))
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(indicator.c.year == year, target.c.unit.in_(list(units.values())))
        .group_by(target.c.unit)
    )
    shared = (
        # A joint target stands in the supporting unit's annex too.
        select(joint_duty.c.unit, func.max(joint_duty.c.revision), func.max(target.c.revision))
        .join(indicator, indicator.c.record == joint_duty.c.indicator)
        .join(
            target, and_(target.c.indicator == joint_duty.c.indicator, target.c.unit == joint_duty.c.lead)
        )
        .where(indicator.c.year == year, joint_duty.c.unit.in_(list(units.values())))
        .group_by(joint_duty.c.unit)
    )
    issued: dict[int, int] = {}
    with store.read() as connection:
        for record, number, is_draft in connection.execute(steps):
            if is_draft:
                issued.pop(record, None)
            else:
                issued.setdefault(record, number)
        written = {row[0]: max(row[1], row[2]) for row in connection.execute(latest)}
        for owner, part, revised in connection.execute(shared):
            written[owner] = max(written.get(owner, 0), part, revised)
        tasks = set(connection.execute(_with_tasks(list(units))).scalars())
        newest = max((
            number or 0 for row in connection.execute(_newest_below(year)) for number in row
        ), default=0) if tasks else 0
    return frozenset(
        record for record, owner in units.items()
        if max(written.get(owner, 0), newest if record in tasks else 0) > issued.get(record, 0)
    )


def _with_tasks(records: Sequence[RecordId]) -> Select[Any]:
    """Of these agreements those with rows from the decomposition: people's, lower units', and units' with tasks."""
    given = select(allocation.c.unit).where(allocation.c.unit.is_not(None))
    return (
        select(agreement.c.record)
        .join(unit, unit.c.record == agreement.c.unit)
        .where(
            agreement.c.record.in_(records),
            or_(
                agreement.c.post.is_not(None), unit.c.record.in_(given),
                of_level(AgreementLevel.LOWER),
            ),
        )
    )


def _newest_below(year: int) -> Select[Any]:
    """The newest revisions of the year's decomposition and of what it hangs under."""
    return (
        select(
            func.max(allocation.c.revision), func.max(target.c.revision),
            func.max(indicator.c.revision),
        )
        .select_from(
            indicator.join(target, target.c.indicator == indicator.c.record)
            .outerjoin(allocation, allocation.c.in_target == target.c.record)
        )
        .where(indicator.c.year == year)
    )


def issued_units(store: Store, agreements: Sequence[RecordId]) -> dict[int, dict[RecordId, RecordId]]:
    """Year → agreement → unit of those among these that hold a snapshot."""
    query = select(agreement.c.record, agreement.c.year, agreement.c.unit).where(
        agreement.c.record.in_(agreements), agreement.c.has_snapshot == 1, agreement.c.deleted == 0
    )
    found: dict[int, dict[RecordId, RecordId]] = {}
    with store.read() as connection:
        for record, year, owner in connection.execute(query):
            found.setdefault(year, {})[RecordId(record)] = RecordId(owner)
    return found


def _filtered(query: Select[Any], year: int, chosen: AgreementFilter) -> Select[Any]:
    of_year = and_(
        agreement.c.unit == unit.c.record, agreement.c.year == year, agreement.c.deleted == 0,
        agreement.c.post.is_(None),
    )
    has_targets = (
        select(target.c.record)
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(
            target.c.unit == unit.c.record, target.c.deleted == 0, target.c.is_na == 0,
            indicator.c.year == year, indicator.c.deleted == 0,
        )
        .exists()
    )
    supports = (
        select(joint_duty.c.record)
        .join(indicator, indicator.c.record == joint_duty.c.indicator)
        .where(
            joint_duty.c.unit == unit.c.record, joint_duty.c.deleted == 0,
            joint_duty.c.consent != Consent.REFUSED.value,
            indicator.c.year == year, indicator.c.deleted == 0,
        )
        .exists()
    )
    has_tasks = (
        # A part of another unit's target that was given to this unit.
        select(allocation.c.record)
        .join(target, target.c.record == allocation.c.in_target)
        .join(indicator, indicator.c.record == target.c.indicator)
        .where(
            allocation.c.unit == unit.c.record, allocation.c.deleted == 0, allocation.c.is_na == 0,
            target.c.unit != unit.c.record,
            indicator.c.year == year, indicator.c.deleted == 0,
        )
        .exists()
    )
    # The city's own targets (市定目标) stand in the same matrix; it signs nothing with itself.
    is_issuer = select(office.c.record).where(office.c.unit == unit.c.record).exists()
    query = query.select_from(unit.outerjoin(agreement, of_year)).where(
        unit.c.deleted == 0,
        or_(agreement.c.record.is_not(None), and_(or_(has_targets, supports, has_tasks), ~is_issuer)),
    )
    if chosen.level is not None:
        query = query.where(of_level(chosen.level))
    if chosen.kinds:
        query = query.where(unit.c.kind.in_([kind.value for kind in chosen.kinds]))
    if chosen.peer_group:
        query = query.where(in_group(chosen.peer_group))
    if chosen.text.strip():
        query = query.where(
            or_(matches(chosen.text), agreement.c.number.contains(chosen.text, autoescape=True))
        )
    if chosen.states:
        query = query.where(agreement.c.state.in_([state.value for state in chosen.states]))
    if chosen.without_agreement:
        query = query.where(agreement.c.record.is_(None))
    return query


def of_level(level: AgreementLevel) -> ColumnElement[bool]:
    """Whether a unit stands directly below the own government, or below another unit."""
    own = select(office.c.unit).where(office.c.deleted == 0, office.c.unit.is_not(None))
    directly = or_(
        unit.c.superior.is_(None), unit.c.superior.in_(own), unit.c.record.in_(own),
        # Where no unit stands for the own government all are directly below it.
        ~own.exists(),
    )
    return directly if level is AgreementLevel.OWN else ~directly


def made_below() -> ColumnElement[bool]:
    """Whether the party is another unit; what the own government signed came down from its superior."""
    return unit.c.record.not_in(
        select(office.c.unit).where(office.c.deleted == 0, office.c.unit.is_not(None))
    )


def _row(row: Any, total: UnitTotal | None, adjusted: int, tasks: int) -> AgreementRow:
    kind = UnitKind.of(row[3])
    return AgreementRow(
        unit=RecordId(row[0]),
        unit_name=row[1],
        short_name=row[2] or row[1],
        kind=kind,
        peer_group=row[4] or kind.label,
        agreement=None if row[5] is None else RecordId(row[5]),
        number=row[6] or "",
        state=None if row[7] is None else AgreementState.of(row[7]),
        signed_on=date.fromisoformat(row[8]) if row[8] else None,
        targets=tasks + (0 if total is None else total.allotted + total.not_set),
        not_set=0 if total is None else total.not_set,
        points=Decimal(0) if total is None else total.points,
        adjusted=adjusted,
    )

"""Reads of agreements: the board's rows and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.joint import Consent
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.argued import adjusted_counts
from mbo_desktop.store.queries.matrix import UnitTotal, unit_totals
from mbo_desktop.store.queries.units import in_group, matches
from mbo_desktop.store.tables import (
    agreement,
    indicator,
    joint_duty,
    office,
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
    """Live targets, N/A ones left out."""
    not_set: int
    points: Decimal
    adjusted: int = 0
    """Targets that stand otherwise than signed through an approved adjustment."""


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """Which rows of the board to show; empty parts mean all."""

    text: str = ""
    kinds: tuple[UnitKind, ...] = ()
    peer_group: str = ""
    states: tuple[AgreementState, ...] = ()
    without_agreement: bool = False
    """Only units for which none was made."""


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
    adjusted = adjusted_counts(store, year)
    return tuple(
        _row(row, totals.get(RecordId(row[0])), adjusted.get(RecordId(row[0]), 0)) for row in found
    )


def count_board(store: Store, year: int, chosen: AgreementFilter) -> int:
    """How many rows `board` gives in all."""
    with store.read() as connection:
        found = connection.execute(_filtered(select(func.count()), year, chosen))
        return int(found.scalar_one())


def state_counts(store: Store, year: int) -> dict[AgreementState | None, int]:
    """Agreements per state; None: units with targets but without one."""
    query = (
        select(agreement.c.state, func.count())
        .where(agreement.c.year == year, agreement.c.deleted == 0)
        .group_by(agreement.c.state)
    )
    with store.read() as connection:
        counts: dict[AgreementState | None, int] = {
            AgreementState.of(state): number for state, number in connection.execute(query)
        }
    without = count_board(store, year, AgreementFilter(without_agreement=True))
    return {**counts, None: without} if without else counts


def agreement_of(store: Store, year: int, unit_id: RecordId) -> RecordId | None:
    """The agreement of a unit and year."""
    query = select(agreement.c.record).where(
        agreement.c.year == year, agreement.c.unit == unit_id, agreement.c.deleted == 0
    )
    with store.read() as connection:
        found = connection.execute(query).scalar()
    return None if found is None else RecordId(found)


def agreement_ids(
    store: Store, year: int, *, has_snapshot: bool | None = None
) -> tuple[RecordId, ...]:
    """All agreements of a year in the official order of their units."""
    query = (
        select(agreement.c.record)
        .join(unit, unit.c.record == agreement.c.unit)
        .where(agreement.c.year == year, agreement.c.deleted == 0)
        .order_by(unit.c.sort_path, unit.c.record)
    )
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
    return frozenset(
        record for record, owner in units.items()
        if written.get(owner, 0) > issued.get(record, 0)
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
        agreement.c.unit == unit.c.record, agreement.c.year == year, agreement.c.deleted == 0
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
    # The city's own targets (市定目标) stand in the same matrix; it signs nothing with itself.
    is_issuer = select(office.c.record).where(office.c.unit == unit.c.record).exists()
    query = query.select_from(unit.outerjoin(agreement, of_year)).where(
        unit.c.deleted == 0,
        or_(agreement.c.record.is_not(None), and_(or_(has_targets, supports), ~is_issuer)),
    )
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


def _row(row: Any, total: UnitTotal | None, adjusted: int) -> AgreementRow:
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
        targets=0 if total is None else total.allotted + total.not_set,
        not_set=0 if total is None else total.not_set,
        points=Decimal(0) if total is None else total.points,
        adjusted=adjusted,
    )

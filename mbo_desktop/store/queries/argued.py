"""Reads of adjustments, rounds and joint targets: which records there are, and what locks a cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from mbo_desktop.domain.adjustments import AdjustmentKind, AdjustmentState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rounds import ProposalState
from mbo_desktop.store.database import Store
from mbo_desktop.store.tables import (
    adjustment,
    agreement,
    correction,
    indicator,
    joint_duty,
    proposal_round,
    target_proposal,
    unit,
)

CellKey = tuple[RecordId, RecordId]
_CHUNK = 30_000
"""Values in one IN list; SQLite takes 32 766."""


def fixed_units(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> dict[RecordId, tuple[RecordId, date | None]]:
    """Units (None: all) whose agreement of the year was issued, with the agreement and its signing day."""
    query = select(agreement.c.unit, agreement.c.record, agreement.c.signed_on).where(
        agreement.c.year == year, agreement.c.has_snapshot == 1, agreement.c.deleted == 0,
        agreement.c.post.is_(None),
    )
    if units is not None:
        query = query.where(agreement.c.unit.in_(units))
    with store.read() as connection:
        return {
            RecordId(row[0]): (
                RecordId(row[1]), date.fromisoformat(row[2]) if row[2] else None
            )
            for row in connection.execute(query)
        }


def year_of(store: Store, record: RecordId) -> int | None:
    """The year of an indicator, None when there is none."""
    query = select(indicator.c.year).where(indicator.c.record == record)
    with store.read() as connection:
        return connection.execute(query).scalar()


def _conditions(
    year: int | None, states: Sequence[AdjustmentState], kinds: Sequence[AdjustmentKind],
    owner: RecordId | None, row: RecordId | None, number: str,
) -> list[ColumnElement[bool]]:
    found = [adjustment.c.deleted == 0]
    if year is not None:
        found.append(adjustment.c.year == year)
    if states:
        found.append(adjustment.c.state.in_([one.value for one in states]))
    if kinds:
        found.append(adjustment.c.kind.in_([one.value for one in kinds]))
    if owner is not None:
        found.append(adjustment.c.unit == owner)
    if row is not None:
        found.append(adjustment.c.indicator == row)
    if number:
        found.append(adjustment.c.number == number)
    return found


def adjustment_ids(
    store: Store, year: int | None = None, *, states: Sequence[AdjustmentState] = (),
    kinds: Sequence[AdjustmentKind] = (), owner: RecordId | None = None,
    row: RecordId | None = None, number: str = "", offset: int = 0, limit: int = -1,
) -> tuple[RecordId, ...]:
    """Adjustments under a filter in the official order of units, then of indicators, oldest first."""
    query = (
        select(adjustment.c.record)
        .join(unit, unit.c.record == adjustment.c.unit)
        .outerjoin(indicator, indicator.c.record == adjustment.c.indicator)
        .where(*_conditions(year, states, kinds, owner, row, number))
        .order_by(unit.c.sort_path, indicator.c.ord, adjustment.c.indicator, adjustment.c.record)
        .limit(limit).offset(offset)
    )
    return _ids(store, query)


def count_adjustments(
    store: Store, year: int | None = None, *, states: Sequence[AdjustmentState] = (),
    kinds: Sequence[AdjustmentKind] = (), owner: RecordId | None = None,
    row: RecordId | None = None, number: str = "",
) -> int:
    """How many `adjustment_ids` gives in all."""
    query = select(func.count()).select_from(adjustment).where(
        *_conditions(year, states, kinds, owner, row, number)
    )
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def approved_in(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> tuple[RecordId, ...]:
    """Approved adjustments in a block of the matrix."""
    query = select(adjustment.c.record, adjustment.c.indicator).where(
        adjustment.c.unit.in_(units[:_CHUNK]), adjustment.c.deleted == 0,
        adjustment.c.state == AdjustmentState.APPROVED.value,
    )
    wanted = set(indicators)
    with store.read() as connection:
        return tuple(
            RecordId(row[0]) for row in connection.execute(query) if row[1] in wanted
        )


def adjustments_on(
    store: Store, year: int, units: Sequence[RecordId]
) -> dict[CellKey, list[RecordId]]:
    """Adjustments of these units by cell, in any state."""
    query = select(adjustment.c.indicator, adjustment.c.unit, adjustment.c.record).where(
        adjustment.c.unit.in_(units), adjustment.c.year == year, adjustment.c.deleted == 0
    )
    found: dict[CellKey, list[RecordId]] = {}
    with store.read() as connection:
        for row, owner, record in connection.execute(query):
            found.setdefault((RecordId(row), RecordId(owner)), []).append(RecordId(record))
    return found


def adjusted_targets(store: Store, indicators: Sequence[RecordId]) -> int:
    """How many approved adjustments lie over targets of these indicators."""
    query = select(func.count()).select_from(adjustment).where(
        adjustment.c.indicator.in_(indicators), adjustment.c.deleted == 0,
        adjustment.c.state == AdjustmentState.APPROVED.value,
    )
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def adjusted_counts(store: Store, year: int) -> dict[RecordId, int]:
    """How many targets of each unit stand otherwise than signed through an approved adjustment."""
    query = (
        select(adjustment.c.unit, func.count(adjustment.c.indicator.distinct()))
        .where(
            adjustment.c.year == year, adjustment.c.deleted == 0,
            adjustment.c.state == AdjustmentState.APPROVED.value,
        )
        .group_by(adjustment.c.unit)
    )
    with store.read() as connection:
        return {RecordId(row[0]): int(row[1]) for row in connection.execute(query)}


def correction_ids(
    store: Store, *, year: int | None = None, owner: RecordId | None = None,
    row: RecordId | None = None,
) -> tuple[RecordId, ...]:
    """Corrections of a year or a cell, oldest first."""
    query = select(correction.c.record).where(correction.c.deleted == 0).order_by(correction.c.record)
    if year is not None:
        query = query.where(correction.c.year == year)
    if owner is not None:
        query = query.where(correction.c.unit == owner)
    if row is not None:
        query = query.where(correction.c.indicator == row)
    return _ids(store, query)


def round_counts(store: Store, year: int) -> dict[RecordId, dict[ProposalState, int]]:
    """Proposals of each round of a year by state."""
    query = (
        select(target_proposal.c.round, target_proposal.c.state, func.count())
        .join(proposal_round, proposal_round.c.record == target_proposal.c.round)
        .where(proposal_round.c.year == year, target_proposal.c.deleted == 0)
        .group_by(target_proposal.c.round, target_proposal.c.state)
    )
    found: dict[RecordId, dict[ProposalState, int]] = {}
    with store.read() as connection:
        for record, state, number in connection.execute(query):
            found.setdefault(RecordId(record), {})[ProposalState.of(state)] = number
    return found


def proposal_ids(
    store: Store, rounds: Sequence[RecordId], *,
    cells: tuple[Sequence[RecordId], Sequence[RecordId]] | None = None,
) -> tuple[RecordId, ...]:
    """Proposals of the rounds, all or those in a block of indicators and units."""
    query = select(
        target_proposal.c.record, target_proposal.c.indicator, target_proposal.c.unit
    ).where(target_proposal.c.round.in_(rounds), target_proposal.c.deleted == 0)
    if cells is not None:
        query = query.where(target_proposal.c.indicator.in_(cells[0]))
    with store.read() as connection:
        rows = connection.execute(query).all()
    owners = None if cells is None else set(cells[1])
    return tuple(RecordId(row[0]) for row in rows if owners is None or row[2] in owners)


def talked_cells(
    store: Store, year: int, *, only_open: bool = False
) -> tuple[CellKey, ...]:
    """Cells with a proposal in any round of the year: indicators in order, units in official order.

    only_open: those of which no proposal is agreed.
    """
    agreed = func.max(target_proposal.c.state == ProposalState.AGREED.value)
    query = (
        select(target_proposal.c.indicator, target_proposal.c.unit)
        .join(proposal_round, proposal_round.c.record == target_proposal.c.round)
        .join(unit, unit.c.record == target_proposal.c.unit)
        .join(indicator, indicator.c.record == target_proposal.c.indicator)
        .where(
            proposal_round.c.year == year, proposal_round.c.deleted == 0,
            target_proposal.c.deleted == 0, indicator.c.deleted == 0, unit.c.deleted == 0,
        )
        .group_by(target_proposal.c.indicator, target_proposal.c.unit)
        .order_by(indicator.c.ord, target_proposal.c.indicator, unit.c.sort_path)
    )
    if only_open:
        query = query.having(agreed == 0)
    with store.read() as connection:
        return tuple((RecordId(row[0]), RecordId(row[1])) for row in connection.execute(query))


def joint_ids(
    store: Store, *, year: int | None = None, row: RecordId | None = None,
    lead: RecordId | None = None, units: Sequence[RecordId] | None = None,
) -> tuple[RecordId, ...]:
    """Parts in joint targets in the order of indicators, lead units and their own order.

    units: those in which one of them leads or supports.
    """
    query = (
        select(joint_duty.c.record)
        .join(indicator, indicator.c.record == joint_duty.c.indicator)
        .join(unit, unit.c.record == joint_duty.c.lead)
        .where(joint_duty.c.deleted == 0, indicator.c.deleted == 0)
        .order_by(indicator.c.ord, indicator.c.record, unit.c.sort_path, joint_duty.c.ord,
                  joint_duty.c.record)
    )
    if year is not None:
        query = query.where(indicator.c.year == year)
    if row is not None:
        query = query.where(joint_duty.c.indicator == row)
    if lead is not None:
        query = query.where(joint_duty.c.lead == lead)
    if units is not None:
        query = query.where(joint_duty.c.lead.in_(units) | joint_duty.c.unit.in_(units))
    return _ids(store, query)


def _ids(store: Store, query: Select[Any]) -> tuple[RecordId, ...]:
    with store.read() as connection:
        return tuple(RecordId(number) for number in connection.execute(query).scalars())

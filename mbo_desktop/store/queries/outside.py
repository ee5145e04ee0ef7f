"""Reads of outside figures and of targets bound to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, or_, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.database import Store
from mbo_desktop.store.tables import (
    indicator,
    outside_figure,
    record,
    revision,
    target,
    target_result,
)


@dataclass(frozen=True, slots=True)
class HistoryFigure:
    """What the columns hold of an outside figure."""

    record: RecordId
    indicator: RecordId
    period: str
    own: Decimal | None
    average: Decimal | None
    rank: int | None
    ranked: int | None


def history(store: Store, indicators: Sequence[RecordId]) -> tuple[HistoryFigure, ...]:
    """All outside figures of these indicators, by period.

    Of one that a superior sent only the province's average says anything of the own government:
    its result and its place in the province are the superior's.
    """
    query = (
        select(
            outside_figure.c.record, outside_figure.c.indicator, outside_figure.c.period,
            outside_figure.c.own, outside_figure.c.average, outside_figure.c.rank,
            outside_figure.c.ranked, record.c.owner,
        )
        .join(record, record.c.id == outside_figure.c.record)
        .where(outside_figure.c.indicator.in_(indicators), outside_figure.c.deleted == 0)
        .order_by(outside_figure.c.period, _own_last(store))
    )
    with store.read() as connection:
        return tuple(
            HistoryFigure(
                RecordId(r[0]), RecordId(r[1]), r[2], *(
                    (_decimal(r[3]), _decimal(r[4]), r[5], r[6]) if r[7] == store.owner.bytes
                    else (None, _decimal(r[4]), None, None)
                )
            )
            for r in connection.execute(query)
        )


def _own_last(store: Store) -> ColumnElement[bool]:
    """Order in which the own figure of an indicator and period comes behind one that was received."""
    return record.c.owner == store.owner.bytes


def received(store: Store, figures: Sequence[RecordId]) -> frozenset[RecordId]:
    """Those of the outside figures that another office sent."""
    query = select(record.c.id).where(record.c.id.in_(figures), record.c.owner != store.owner.bytes)
    with store.read() as connection:
        return frozenset(RecordId(i) for i in connection.execute(query).scalars())


def records_of(
    store: Store, indicators: Sequence[RecordId], periods: Sequence[str]
) -> tuple[RecordId, ...]:
    """The outside figures of these indicators for these periods, the own behind received ones."""
    query = select(outside_figure.c.record).join(record, record.c.id == outside_figure.c.record).where(
        outside_figure.c.indicator.in_(indicators), outside_figure.c.period.in_(periods),
        outside_figure.c.deleted == 0,
    ).order_by(_own_last(store))
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def periods(store: Store, indicators: Sequence[RecordId]) -> tuple[str, ...]:
    """The periods for which there are figures, the newest first."""
    query = (
        select(outside_figure.c.period).distinct()
        .where(outside_figure.c.indicator.in_(indicators), outside_figure.c.deleted == 0)
        .order_by(outside_figure.c.period.desc())
    )
    with store.read() as connection:
        return tuple(connection.execute(query).scalars())


def actuals_of_unit(
    store: Store, indicators: Sequence[RecordId], unit: RecordId
) -> dict[RecordId, Decimal]:
    """A unit's actuals by indicator, as recorded in closed years."""
    query = select(target_result.c.indicator, target_result.c.actual).where(
        target_result.c.indicator.in_(indicators), target_result.c.unit == unit,
        target_result.c.deleted == 0, target_result.c.actual.is_not(None),
    )
    with store.read() as connection:
        return {RecordId(r[0]): Decimal(r[1]) for r in connection.execute(query)}


def maybe_bound(store: Store, year: int) -> tuple[RecordId, ...]:
    """Targets of the year without a number whose words or record may rest on an outside figure."""
    query = (
        select(target.c.record)
        .join(indicator, indicator.c.record == target.c.indicator)
        .join(revision, revision.c.id == target.c.revision)
        .where(
            indicator.c.year == year, indicator.c.deleted == 0, target.c.deleted == 0,
            target.c.form.is_not(None),
            or_(
                and_(
                    target.c.amount.is_(None),
                    or_(target.c.text.contains("省"), target.c.text.contains("规划")),
                ),
                revision.c.body.contains('"bound":"p'),
            ),
        )
        .order_by(indicator.c.ord, target.c.record)
    )
    with store.read() as connection:
        return tuple(RecordId(i) for i in connection.execute(query).scalars())


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

"""Reads of dockets: pages of the register, what is over its limit, counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select

from mbo_desktop.domain.dockets import DocketState, Urgency
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import MatterSource
from mbo_desktop.store.database import Store
from mbo_desktop.store.tables import docket, unit


@dataclass(frozen=True, slots=True)
class DocketFilter:
    """Which dockets; empty parts fit all."""

    text: str = ""
    """Fits title, number and lead unit, pinyin and initials too."""
    states: tuple[DocketState, ...] = ()
    only_open: bool = False
    lead: RecordId | None = None
    source: MatterSource | None = None
    colour: str = ""
    overdue_at: date | None = None
    due_until: date | None = None
    """Open and due by this day."""
    due_from: date | None = None
    """Open and due on this day or later."""
    subject: RecordId | None = None
    asked: bool = False
    """An extension waits for an answer."""
    held: bool = False
    """Kept on the books (挂账)."""
    carried: bool = False
    """Of the years before, still open, and not gone on with as a docket of this year (上年结转)."""


@dataclass(frozen=True, slots=True)
class DocketLine:
    """A docket as the register shows it."""

    id: RecordId
    year: int
    number: str
    title: str
    source: MatterSource
    source_text: str
    urgency: Urgency
    lead: RecordId | None
    lead_label: str
    state: DocketState
    is_held: bool
    colour: str
    due: date | None
    assigned_on: date | None
    closed_on: date | None
    asked_until: date | None
    reminders: int
    returns: int
    subject: RecordId | None
    decider: str
    delayer: str


_COLUMNS = (
    docket.c.record, docket.c.year, docket.c.number, docket.c.title, docket.c.source, docket.c.source_text,
    docket.c.urgency, docket.c.lead, unit.c.label, docket.c.state, docket.c.is_held,
    docket.c.colour, docket.c.due_now, docket.c.assigned_on, docket.c.closed_on,
    docket.c.asked_until, docket.c.reminders, docket.c.returns, docket.c.subject,
    docket.c.decider, docket.c.delayer,
)
_FROM = docket.outerjoin(unit, unit.c.record == docket.c.lead)
_ORDERED = ("assigned", "accepted", "handling", "fed_back", "reviewed", "verified")


def ids(
    store: Store, year: int | None, chosen: DocketFilter, *, limit: int = -1
) -> tuple[RecordId, ...]:
    """Dockets in the register's order: those with the nearest limit first, closed ones last."""
    query = (
        select(docket.c.record).select_from(_FROM).where(*_conditions(year, chosen))
        .order_by(
            docket.c.is_open.desc(), docket.c.due_now.is_(None), docket.c.due_now, docket.c.number,
            docket.c.record,
        )
        .limit(limit)
    )
    with store.read() as connection:
        return tuple(RecordId(one) for one in connection.scalars(query))


def under_way_then(store: Store, year: int | None, at: date) -> tuple[RecordId, ...]:
    """Dockets that were ordered by a day and not closed for good by it."""
    day = at.isoformat()
    query = select(docket.c.record).where(
        docket.c.deleted == 0, docket.c.assigned_on <= day,
        or_(docket.c.closed_on.is_(None), docket.c.closed_on > day),
    )
    if year is not None:
        query = query.where(docket.c.year == year)
    with store.read() as connection:
        return tuple(RecordId(one) for one in connection.scalars(query))


def lines(store: Store, wanted: Sequence[RecordId]) -> dict[RecordId, DocketLine]:
    """These dockets; deleted ones left out."""
    query = select(*_COLUMNS).select_from(_FROM).where(
        docket.c.record.in_(wanted), docket.c.deleted == 0
    )
    with store.read() as connection:
        return {row[0]: _line(row) for row in connection.execute(query)}


def count(store: Store, year: int | None, chosen: DocketFilter) -> int:
    """How many fit."""
    query = select(func.count()).select_from(_FROM).where(*_conditions(year, chosen))
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def made_from(store: Store, origins: Sequence[RecordId]) -> dict[RecordId, RecordId]:
    """The docket that was made from each of these records."""
    query = select(docket.c.origin, docket.c.record).where(
        docket.c.origin.in_(origins), docket.c.deleted == 0
    )
    with store.read() as connection:
        return {RecordId(row[0]): RecordId(row[1]) for row in connection.execute(query)}


def _conditions(year: int | None, chosen: DocketFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [docket.c.deleted == 0]
    if year is not None and chosen.carried:
        found += _left_open_before(year)
    elif year is not None:
        found.append(docket.c.year == year)
    if chosen.states:
        found.append(docket.c.state.in_([one.value for one in chosen.states]))
    if chosen.only_open:
        found.append(docket.c.is_open == 1)
    if chosen.lead is not None:
        found.append(docket.c.lead == chosen.lead)
    if chosen.source is not None:
        found.append(docket.c.source == chosen.source.value)
    if chosen.colour:
        found.append(docket.c.colour == chosen.colour)
    if chosen.subject is not None:
        found.append(docket.c.subject == chosen.subject)
    if chosen.held:
        found.append(docket.c.is_held == 1)
    if chosen.asked:
        found.append(docket.c.asked_until.is_not(None))
    found += _by_limit(chosen)
    if chosen.text.strip():
        found.append(_named(chosen.text.strip()))
    return found


def _left_open_before(year: int) -> list[ColumnElement[bool]]:
    going_on = docket.alias("going_on")
    made = select(literal(1)).where(
        going_on.c.origin == docket.c.record, going_on.c.year == year, going_on.c.deleted == 0
    ).correlate(docket).exists()
    return [docket.c.year < year, docket.c.is_open == 1, ~made]


def _by_limit(chosen: DocketFilter) -> list[ColumnElement[bool]]:
    running = [docket.c.is_open == 1, docket.c.is_held == 0, docket.c.state.in_(_ORDERED)]
    found: list[ColumnElement[bool]] = []
    if chosen.overdue_at is not None:
        found += [*running, docket.c.due_now < chosen.overdue_at.isoformat()]
    if chosen.due_until is not None:
        found += [*running, docket.c.due_now <= chosen.due_until.isoformat()]
    if chosen.due_from is not None:
        found += [*running, docket.c.due_now >= chosen.due_from.isoformat()]
    return found


def _named(typed: str) -> ColumnElement[bool]:
    low = typed.lower().replace(" ", "")
    return or_(
        docket.c.title.contains(typed, autoescape=True),
        docket.c.number.contains(typed, autoescape=True),
        docket.c.title_initials.contains(low, autoescape=True),
        func.replace(docket.c.title_pinyin, " ", "").contains(low, autoescape=True),
        unit.c.label.contains(typed, autoescape=True),
        unit.c.name_initials.contains(low, autoescape=True),
    )


def _line(row: Any) -> DocketLine:
    return DocketLine(
        row[0], row[1], row[2], row[3], MatterSource.of(row[4]), row[5], Urgency.of(row[6]), row[7],
        row[8] or "", DocketState.of(row[9]), bool(row[10]), row[11], _day(row[12]), _day(row[13]),
        _day(row[14]), _day(row[15]), row[16], row[17], row[18], row[19], row[20],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

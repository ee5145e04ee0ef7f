"""Reads for the first page: figures of a year and the latest changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, or_, select

from mbo_desktop.domain.agreements import AgreementLevel, AgreementState
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.owners import NAMED
from mbo_desktop.store.queries.agreements import made_below, of_level, state_counts
from mbo_desktop.store.queries.given_nodes import GIVEN, OWN_OFFICE, OWN_UNIT
from mbo_desktop.store.queries.matrix import unit_totals
from mbo_desktop.store.queries.units import principals
from mbo_desktop.store.tables import agreement, change, indicator, office, revision, unit

_RECEIVED = (
    "SELECT (SELECT count(*) FROM target x JOIN indicator i ON i.record = x.indicator AND i.year = :year "
    f"JOIN record r ON r.id = x.record WHERE x.unit IN {OWN_UNIT} AND x.deleted = 0 AND r.owner NOT IN {OWN_OFFICE} "
    "AND x.is_na = 0), (SELECT count(*) FROM agreement x JOIN record r ON r.id = x.record WHERE x.year = :year "
    f"AND x.unit IN {OWN_UNIT} AND x.deleted = 0 AND r.owner NOT IN {OWN_OFFICE})"
)

_CARRYING = [kind.value for kind in UnitKind if kind not in (UnitKind.GOVERNMENT, UnitKind.DIVISION)]
"""Kinds of units that carry targets of their own."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The figures of a year, counted from the records."""

    year: int
    units: int
    """Units that can carry targets (own government and divisions left out) or carry some this year."""
    units_with_targets: int
    indicators: int
    targets: int
    """Unit-targets, N/A left out."""
    targets_set: int
    not_applicable: int
    points_off: int
    """Units whose points do not add up to what the year declares; 0 when nothing is declared."""
    declared_points: Decimal | None
    without_principal: int
    """Units with targets for which no holder of the first post is recorded."""
    agreements: dict[AgreementState | None, int]
    """None: units with targets but no agreement."""
    received: int = 0
    """Targets and parts that a superior gave to the own government, N/A left out."""
    received_targets: int = 0
    """Of these the targets; they are among `targets`."""
    own_targets: int = 0
    """Of `targets` those the own government set itself."""
    received_agreements: int = 0
    """Agreements that the own government signed with its superior."""


@dataclass(frozen=True, slots=True)
class RecentChange:
    """A change of the log."""

    change: int
    label: str
    who: str
    at: datetime
    records: int


def figures(store: Store, year: int, declared: Decimal | None, on: date) -> YearFigures:
    """Everything the first page counts about a year."""
    with store.read() as connection:
        # What hangs above a part that was received comes along with its unit: nothing of the own register.
        known = set(connection.execute(select(unit.c.record).where(unit.c.deleted != NAMED)).scalars())
    totals = [one for one in unit_totals(store, year, None) if one.unit in known]
    carrying = [total for total in totals if total.allotted + total.not_set]
    with store.read() as connection:
        standing = connection.execute(
            select(unit.c.record).where(
                unit.c.deleted == 0,
                unit.c.kind.in_(_CARRYING),
                or_(unit.c.dissolved_on.is_(None), unit.c.dissolved_on > on.isoformat()),
            )
        ).scalars().all()
        own_units = set(connection.execute(select(office.c.unit).where(office.c.deleted == 0)).scalars())
        own = own_units if len(carrying) > 1 else set()
        indicators = connection.execute(
            select(func.count()).where(indicator.c.year == year, indicator.c.deleted == 0)
        ).scalar_one()
        given = dict(raw(connection).execute(
            f"SELECT g.unit, count(CASE WHEN g.is_na = 0 THEN 1 END) FROM ({GIVEN}) g JOIN indicator i ON i.record = g.indicator "
            "WHERE i.year = ? AND i.deleted = 0 GROUP BY g.unit", (year,),
        ).fetchall())
        received, agreed = raw(connection).execute(_RECEIVED, {"year": year}).fetchone()
    with_parts = known & set(given)
    holders = principals(store, [total.unit for total in carrying], on)
    return YearFigures(
        year=year,
        units=len({*standing, *with_parts, *(total.unit for total in carrying)}),
        units_with_targets=len({*with_parts, *(total.unit for total in carrying)}),
        indicators=indicators,
        targets=sum(total.allotted + total.not_set for total in totals),
        targets_set=sum(total.allotted for total in totals),
        not_applicable=sum(total.not_applicable for total in totals),
        # The own government's targets (市定目标) are no list to be scored.
        points_off=0 if declared is None else sum(
            t.points != declared for t in carrying if t.unit not in own
        ),
        declared_points=declared,
        without_principal=sum(not holders.get(t.unit, ("", ""))[0] for t in carrying),
        agreements=state_counts(store, year, AgreementLevel.OWN, only_below=True),
        received=received + sum(given.get(one, 0) for one in own_units), received_agreements=agreed,
        received_targets=received,
        own_targets=sum(t.allotted + t.not_set for t in carrying if t.unit in own_units) - received,
    )


def recent_changes(store: Store, limit: int) -> tuple[RecentChange, ...]:
    """The newest log entries with how many records each wrote."""
    newest = (
        select(change.c.id, change.c.label, change.c.who, change.c.at)
        .order_by(change.c.id.desc())
        .limit(limit)
        .subquery()
    )
    query = (
        select(newest, func.count(revision.c.id))
        .select_from(newest.outerjoin(revision, revision.c.change == newest.c.id))
        .group_by(newest.c.id)
        .order_by(newest.c.id.desc())
    )
    with store.read() as connection:
        return tuple(
            RecentChange(row[0], row[1], row[2], datetime.fromisoformat(row[3]), row[4])
            for row in connection.execute(query)
        )


def signed_units(store: Store, year: int) -> list[tuple[int, str]]:
    """(agreement, kind of unit) of what units signed with the own government, in official order."""
    signed = (AgreementState.ISSUER_SIGNED.value, AgreementState.ARCHIVED.value)
    query = (
        select(agreement.c.record, unit.c.kind)
        .join(unit, unit.c.record == agreement.c.unit)
        .where(
            agreement.c.year == year, agreement.c.deleted == 0, agreement.c.state.in_(signed),
            agreement.c.post.is_(None), of_level(AgreementLevel.OWN), made_below(),
        )
        .order_by(unit.c.sort_path)
    )
    with store.read() as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]


def first_change(store: Store) -> date | None:
    """The day of the oldest entry in the log; None without any."""
    with store.read() as connection:
        row = raw(connection).execute("SELECT at FROM change ORDER BY id LIMIT 1").fetchone()
    return None if row is None else datetime.fromisoformat(row[0]).date()

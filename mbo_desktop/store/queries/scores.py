"""Reads of the assessment: a group's units, their targets with what was reached, what was given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.results import Completion
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class Member:
    """A unit of a group."""

    id: RecordId
    label: str
    group: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a score needs to know of an indicator."""

    id: RecordId
    name: str
    category: str
    unit_of_measure: str
    direction: Direction
    form: TargetForm
    points: Decimal | None
    scoring_text: str
    certifying_text: str


@dataclass(slots=True)
class CellRow:
    """A target of a unit with its recorded result."""

    target: RecordId
    indicator: RecordId
    unit: RecordId
    form: TargetForm | None
    amount: Decimal | None
    amount_unit: str
    shown: str
    is_na: bool
    last_year: Decimal | None
    points: Decimal | None
    actual: Decimal | None
    actual_text: str
    completion: Completion | None


@dataclass(slots=True)
class FigureRow:
    """The figure that counts of a target in a month, and whose it is."""

    record: RecordId
    kind: FigureKind
    amount: Decimal | None
    typed: str
    says: bool


def members(store: Store, year: int, peer_group: str | None = None) -> tuple[Member, ...]:
    """Units that carry targets in the year, of one group or all, in official order.

    The own government is left out, but where a superior sent a scheme that scores it: then it
    stands in the group of that scheme.
    """
    with store.read() as connection:
        cursor = raw(connection)
        rows = cursor.execute(
            "SELECT u.record, u.label, u.peer_group, u.kind, u.record IN "
            "(SELECT unit FROM office WHERE unit IS NOT NULL AND deleted = 0) FROM unit u WHERE u.deleted = 0 "
            "AND EXISTS (SELECT 1 FROM target t JOIN indicator i ON i.record = t.indicator "
            "WHERE t.unit = u.record AND t.deleted = 0 AND i.deleted = 0 AND i.year = ?) "
            "ORDER BY u.sort_path", (year,),
        ).fetchall()
        sent = cursor.execute(
            "SELECT s.peer_group FROM scheme s JOIN record r ON r.id = s.record "
            "WHERE s.deleted = 0 AND s.year = ? AND r.owner <> ? ORDER BY s.record LIMIT 1",
            (year, store.owner.bytes),
        ).fetchone()
    found = [
        Member(row[0], row[1], sent[0] if row[4] and sent else row[2] or UnitKind.of(row[3]).label)
        for row in rows if not row[4] or sent
    ]
    return tuple(one for one in found if peer_group is None or one.group == peer_group)


def heads(store: Store, year: int, ids: Sequence[RecordId] | None = None) -> dict[RecordId, Head]:
    """Indicators of a year in printed order, all or these."""
    chosen = "" if ids is None else "AND i.record IN (SELECT value FROM json_each(?))"
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT i.record, i.name, coalesce(c.name, ''), i.unit_of_measure, i.direction, i.form, "
            "i.points, i.scoring_text, i.certifying_text FROM indicator i "
            "LEFT JOIN category c ON c.record = i.category AND c.deleted = 0 "
            f"WHERE i.year = ? AND i.deleted = 0 {chosen} "
            "ORDER BY c.ord IS NULL, c.ord, c.record, i.ord, i.record",
            (year,) if ids is None else (year, json.dumps(list(ids))),
        ).fetchall()
    return {
        row[0]: Head(
            row[0], row[1], row[2], row[3], Direction.of(row[4]), TargetForm.of(row[5]),
            _number(row[6]), row[7], row[8],
        )
        for row in rows
    }


def carried_indicators(store: Store, year: int, units: Sequence[RecordId]) -> dict[RecordId, int]:
    """Indicators that these units carry, with how many of them do; N/A ones not counted."""
    with store.read() as connection:
        return dict(raw(connection).execute(
            "SELECT t.indicator, count(*) FROM target t JOIN indicator i ON i.record = t.indicator "
            "WHERE i.year = ? AND i.deleted = 0 AND t.deleted = 0 AND t.is_na = 0 "
            "AND t.unit IN (SELECT value FROM json_each(?)) GROUP BY t.indicator",
            (year, json.dumps(list(units))),
        ).fetchall())


def cells(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> list[CellRow]:
    """Targets of these units for these indicators, with the results recorded for them."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT t.record, t.indicator, t.unit, t.form, t.amount, t.amount_unit, t.text, t.is_na, "
            "t.last_year, t.points, r.actual, r.actual_text, r.completion FROM target t "
            "LEFT JOIN target_result r ON r.indicator = t.indicator AND r.unit = t.unit AND r.deleted = 0 "
            "WHERE t.deleted = 0 AND t.indicator IN (SELECT value FROM json_each(?)) "
            "AND t.unit IN (SELECT value FROM json_each(?))",
            (json.dumps(list(indicators)), json.dumps(list(units))),
        ).fetchall()
    return [
        CellRow(
            row[0], row[1], row[2], TargetForm.of(row[3]) if row[3] else None, _number(row[4]),
            row[5], row[6], bool(row[7]), _number(row[8]), _number(row[9]), _number(row[10]),
            row[11] or "", Completion.of(row[12]) if row[12] else None,
        )
        for row in rows
    ]


_WEIGHT = {kind.value: place for place, kind in enumerate(
    (FigureKind.VERIFIED, FigureKind.CERTIFIED, FigureKind.OWN, FigureKind.PROXY)
)}


def counted_figures(
    store: Store, ids: Sequence[RecordId], month: int
) -> dict[RecordId, FigureRow]:
    """By target: the figure that counts at the end of a month (verified before certified before own before 代录)."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT subject, record, kind, amount, typed, physical, text, nodes_done, started "
            "FROM progress_report WHERE deleted = 0 AND month = ? "
            "AND subject IN (SELECT value FROM json_each(?))", (month, json.dumps(list(ids))),
        ).fetchall()
    found: dict[RecordId, FigureRow] = {}
    place: dict[RecordId, int] = {}
    for row in rows:
        if row[3] is None and not (row[4] or row[5] or row[6] or row[7]) and row[8] is None:
            continue
        weight = _WEIGHT[row[2]]
        if weight < place.get(row[0], 9):
            place[row[0]] = weight
            found[row[0]] = FigureRow(
                row[1], FigureKind.of(row[2]), _number(row[3]), row[4] or row[6] or row[5], True
            )
    return found


def reported_months(store: Store, year: int) -> tuple[int, ...]:
    """Months of the year in which any figure of a target was reported."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT DISTINCT p.month FROM progress_report p JOIN target t ON t.record = p.subject "
            "JOIN indicator i ON i.record = t.indicator WHERE i.year = ? AND p.deleted = 0 "
            "AND (p.amount IS NOT NULL OR p.typed <> '')", (year,),
        ).fetchall()
    return tuple(sorted(row[0] for row in rows))


def given_records(
    store: Store, subjects: Sequence[RecordId]
) -> tuple[RecordId, ...]:
    """Given scores of these targets or schemes; where two stand for one, the one that counts comes last.

    What a unit says of itself counts over what was typed for it; of all else the office of the scheme decides.
    """
    with store.read() as connection:
        return tuple(RecordId(row[0]) for row in raw(connection).execute(
            "SELECT g.record FROM given_score g JOIN record r ON r.id = g.record "
            "LEFT JOIN record s ON s.id = g.subject WHERE g.deleted = 0 "
            "AND g.subject IN (SELECT value FROM json_each(?)) "
            "ORDER BY CASE WHEN g.kind = 'self' THEN r.owner <> s.owner ELSE r.owner = s.owner END, g.record",
            (json.dumps(list(subjects)),),
        ))


def accepted_evidence(store: Store, ids: Sequence[RecordId]) -> dict[RecordId, int]:
    """Pieces of evidence of these targets that count: handed in and not refused, or accepted; a title alone does not."""
    with store.read() as connection:
        return dict(raw(connection).execute(
            "SELECT subject, count(*) FROM evidence WHERE deleted = 0 "
            "AND (verdict = 'accepted' OR (verdict <> 'refused' AND file_hash <> '')) "
            "AND subject IN (SELECT value FROM json_each(?)) GROUP BY subject",
            (json.dumps(list(ids)),),
        ).fetchall())


def unit_ranks(store: Store, year: int) -> dict[RecordId, int]:
    """Ranks that units had in a year."""
    with store.read() as connection:
        return dict(raw(connection).execute(
            "SELECT unit, rank FROM unit_result WHERE year = ? AND deleted = 0 AND rank IS NOT NULL",
            (year,),
        ).fetchall())


def sealed_groups(store: Store, year: int) -> dict[RecordId, str]:
    """Units whose result of the year is sealed, with the group it was sealed in."""
    with store.read() as connection:
        return {RecordId(row[0]): row[1] for row in raw(connection).execute(
            "SELECT unit, peer_group FROM sealed_score WHERE year = ? AND deleted = 0", (year,),
        )}


def late_receipts(store: Store, year: int) -> list[tuple[RecordId, int, str]]:
    """(unit, month, day received) of reports that were received and not excused."""
    with store.read() as connection:
        return raw(connection).execute(
            "SELECT f.unit, f.month, f.received_on FROM filing f WHERE f.year = ? AND f.deleted = 0 "
            "AND f.received_on IS NOT NULL", (year,),
        ).fetchall()


def superiors(store: Store, units: Sequence[RecordId]) -> dict[RecordId, RecordId]:
    """Units directly below these, with the one they stand under."""
    with store.read() as connection:
        return dict(raw(connection).execute(
            "SELECT record, superior FROM unit WHERE deleted = 0 "
            "AND superior IN (SELECT value FROM json_each(?))", (json.dumps(list(units)),),
        ).fetchall())


def certifiers(store: Store, indicators: Sequence[RecordId]) -> dict[RecordId, tuple[RecordId, ...]]:
    """Units that certify these indicators, by indicator."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT record, target FROM link WHERE field = 'certifying_units' "
            "AND record IN (SELECT value FROM json_each(?)) ORDER BY record, place",
            (json.dumps(list(indicators)),),
        ).fetchall()
    found: dict[RecordId, tuple[RecordId, ...]] = {}
    for record, unit in rows:
        found[record] = (*found.get(record, ()), RecordId(unit))
    return found


def _number(stored: str | None) -> Decimal | None:
    return None if stored is None else Decimal(stored)

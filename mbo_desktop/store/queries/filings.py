"""Reads of who handed in the month's report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.given_nodes import REPORTED_ON
from mbo_desktop.store.queries.progress import without_own


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """A unit with targets in the year, what was reported for the month, and its filing."""

    unit: RecordId
    label: str
    targets: int
    reported: int
    filing: RecordId | None
    received_on: date | None
    confirmed: bool
    liaison: str
    phone: str


def facts(store: Store, year: int, month: int) -> tuple[FilingFacts, ...]:
    """All units with targets of the year in official order (the own government left out)."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT u.record, u.label, count(*), "
            "sum(EXISTS (SELECT 1 FROM progress_report p WHERE p.subject = t.record "
            "AND p.month = :month AND p.deleted = 0 AND p.kind IN ('own', 'proxy'))), "
            "f.record, f.received_on, f.confirmed "
            f"FROM ({REPORTED_ON}) t JOIN indicator i ON i.record = t.indicator AND i.deleted = 0 "
            "JOIN unit u ON u.record = t.unit AND u.deleted = 0 "
            "LEFT JOIN filing f ON f.year = :year AND f.month = :month AND f.unit = u.record "
            "AND f.deleted = 0 "
            "WHERE i.year = :year AND t.is_na = 0 "
            f"AND {without_own(year, 'u.record')} "
            "GROUP BY u.record ORDER BY u.sort_path", {"year": year, "month": month},
        ).fetchall()
        liaisons = dict(_liaisons(connection))
    return tuple(
        FilingFacts(
            row[0], row[1], row[2], row[3], row[4],
            date.fromisoformat(row[5]) if row[5] else None, bool(row[6]),
            *liaisons.get(row[0], ("", "")),
        )
        for row in rows
    )


def _liaisons(connection: object) -> list[tuple[RecordId, tuple[str, str]]]:
    """Name and phone of each unit's liaison officer who has not left."""
    rows = raw(connection).execute(  # type: ignore[arg-type]
        "SELECT q.unit, p.name, p.phone FROM post q JOIN tenure n ON n.post = q.record "
        "AND n.deleted = 0 AND n.until IS NULL JOIN person p ON p.record = n.person "
        "AND p.deleted = 0 WHERE q.role = 'liaison' AND q.deleted = 0 ORDER BY q.ord DESC"
    ).fetchall()
    return [(row[0], (row[1], row[2])) for row in rows]

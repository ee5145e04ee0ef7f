"""Small reads for the screens of progress: who reported, which records changed, who certifies what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.given_nodes import REPORTED_ON, SPOKEN_OF

_SAYS = (
    "(p.amount IS NOT NULL OR p.started IS NOT NULL OR p.typed <> '' OR p.physical <> '' "
    "OR p.text <> '' OR p.nodes_done > 0 OR p.investment IS NOT NULL)"
)
_OF_SUBJECTS = ("progress_report", "evidence", "progress_problem")
"""Types of records that belong to one target."""


@dataclass(frozen=True, slots=True)
class CertifiedIndicator:
    """An indicator that a unit certifies, with its targets of the year and those it gave a figure for."""

    unit: RecordId
    unit_label: str
    indicator: RecordId
    name: str
    unit_of_measure: str
    targets: int
    certified: int


def reported_subjects(store: Store, year: int, month: int) -> frozenset[RecordId]:
    """Targets and given nodes of a year of which anything was said in a month."""
    with store.read() as connection:
        return frozenset(row[0] for about in SPOKEN_OF for row in raw(connection).execute(
            f"SELECT DISTINCT p.subject FROM progress_report p {about}"
            "JOIN indicator i ON i.record = t.indicator "
            f"WHERE i.year = ? AND p.month = ? AND p.deleted = 0 AND {_SAYS}", (year, month),
        ).fetchall())


def subjects_of(store: Store, kind: str, records: Sequence[RecordId]) -> frozenset[RecordId]:
    """Targets that these reports, papers or problems belong to, deleted ones included."""
    if kind not in _OF_SUBJECTS:
        return frozenset()
    with store.read() as connection:
        return frozenset(row[0] for row in raw(connection).execute(
            f"SELECT DISTINCT subject FROM {kind} "
            "WHERE record IN (SELECT value FROM json_each(?))", (json.dumps(list(records)),),
        ).fetchall())


def reports_of(
    store: Store, subject: RecordId
) -> dict[tuple[int, FigureKind], RecordId]:
    """The records in which anything was ever said of a target, cleared ones too, by month and side."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT month, kind, record FROM progress_report WHERE subject = ? "
            "ORDER BY month, kind", (subject,),
        ).fetchall()
    return {(row[0], FigureKind.of(row[1])): RecordId(row[2]) for row in rows}


def certified_indicators(store: Store, year: int, month: int) -> tuple[CertifiedIndicator, ...]:
    """What each certifying unit gives figures for, units and indicators in official order."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT u.record, u.label, i.record, i.name, i.unit_of_measure, count(t.record), "
            "sum(EXISTS (SELECT 1 FROM progress_report p WHERE p.subject = t.record "
            "AND p.month = :month AND p.kind = 'certified' AND p.deleted = 0 "
            "AND (p.amount IS NOT NULL OR p.typed <> ''))) "
            "FROM link l JOIN indicator i ON i.record = l.record AND i.deleted = 0 "
            "JOIN unit u ON u.record = l.target AND u.deleted = 0 "
            f"JOIN ({REPORTED_ON}) t ON t.indicator = i.record AND t.is_na = 0 "
            "WHERE l.field = 'certifying_units' AND i.year = :year "
            "GROUP BY u.record, i.record ORDER BY u.sort_path, i.ord, i.record",
            {"year": year, "month": month},
        ).fetchall()
    return tuple(CertifiedIndicator(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class CauseFact:
    """The cause that was given for a target in a month."""

    subject: RecordId
    unit: RecordId
    unit_label: str
    title: str
    month: int
    cause: str
    cause_text: str
    own_effort: str
    measure: str


def causes_of_year(store: Store, year: int) -> tuple[CauseFact, ...]:
    """Every cause given in a year, unit by unit, month by month; the unit's own before what was typed for it."""
    with store.read() as connection:
        rows = [row for about in SPOKEN_OF for row in raw(connection).execute(
            "SELECT p.subject, u.record, u.label, i.name, p.month, coalesce(p.cause, ''), "
            "p.cause_text, p.own_effort, p.measure, u.sort_path, i.ord "
            f"FROM progress_report p {about}"
            "JOIN indicator i ON i.record = t.indicator AND i.deleted = 0 "
            "JOIN unit u ON u.record = t.unit AND u.deleted = 0 "
            "WHERE i.year = ? AND p.deleted = 0 AND p.kind IN ('own', 'proxy') "
            "AND (p.cause IS NOT NULL OR p.cause_text <> '') "
            "AND NOT (p.kind = 'proxy' AND EXISTS (SELECT 1 FROM progress_report o "
            "WHERE o.subject = p.subject AND o.month = p.month AND o.kind = 'own' AND o.deleted = 0))",
            (year,),
        ).fetchall()]
    rows.sort(key=lambda row: (row[9], row[1], row[4], row[10]))
    return tuple(CauseFact(*row[:9]) for row in rows)

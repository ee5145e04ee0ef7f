"""Reads beside the month's figures: evidence, problems, what was broken down, order of categories."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select, text

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.given_nodes import REPORTED_ON
from mbo_desktop.store.tables import category, evidence, progress_problem


def evidence_ids(store: Store, subject: RecordId) -> tuple[RecordId, ...]:
    """Evidence of a subject, month by month."""
    return _of_subject(store, evidence, subject)


def problem_ids(store: Store, subject: RecordId) -> tuple[RecordId, ...]:
    """Problems of a subject, month by month."""
    return _of_subject(store, progress_problem, subject)


def _of_subject(store: Store, table: Any, subject: RecordId) -> tuple[RecordId, ...]:
    query: Select[Any] = select(table.c.record).where(
        table.c.subject == subject, table.c.deleted == 0
    ).order_by(table.c.month, table.c.record)
    with store.read() as connection:
        return tuple(RecordId(one) for one in connection.scalars(query))


def problems_of_year(store: Store, year: int) -> tuple[RecordId, ...]:
    """All problems of what a year's reports are about, unit by unit."""
    with store.read() as connection:
        return tuple(RecordId(row[0]) for row in raw(connection).execute(
            f"SELECT p.record FROM progress_problem p JOIN ({REPORTED_ON}) t ON t.record = p.subject "
            "JOIN indicator i ON i.record = t.indicator JOIN unit u ON u.record = t.unit "
            "WHERE i.year = ? AND p.deleted = 0 ORDER BY u.sort_path, p.month, p.record", (year,),
        ).fetchall())


def evidence_bytes(store: Store) -> int:
    """Bytes of all evidence, each file counted once."""
    query = text(
        "SELECT coalesce(sum(size), 0) FROM (SELECT max(size) AS size FROM evidence "
        "WHERE deleted = 0 AND file_hash <> '' GROUP BY file_hash)"
    )
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def category_order(store: Store, year: int) -> tuple[RecordId, ...]:
    """The year's categories in their order."""
    query = select(category.c.record).where(
        category.c.year == year, category.c.axis == "category", category.c.deleted == 0
    ).order_by(category.c.ord, category.c.record)
    with store.read() as connection:
        return tuple(RecordId(one) for one in connection.scalars(query))


def decomposed(store: Store, ids: Sequence[RecordId]) -> frozenset[RecordId]:
    """Those of the targets and nodes that anything was broken down from."""
    with store.read() as connection:
        return frozenset(row[0] for row in raw(connection).execute(
            "SELECT DISTINCT coalesce(r.target, r.record) FROM allocation r "
            "JOIN allocation c ON c.parent = r.record AND c.deleted = 0 WHERE r.deleted = 0 "
            "AND (r.target IN (SELECT value FROM json_each(:ids)) "
            "OR r.record IN (SELECT value FROM json_each(:ids)))", {"ids": json.dumps(list(ids))},
        ).fetchall())


def targets_of(
    store: Store, indicators: Sequence[RecordId], units: Sequence[RecordId]
) -> tuple[RecordId, ...]:
    """The targets of these indicators and units."""
    with store.read() as connection:
        return tuple(RecordId(row[0]) for row in raw(connection).execute(
            "SELECT record FROM target WHERE deleted = 0 "
            "AND indicator IN (SELECT value FROM json_each(?)) "
            "AND unit IN (SELECT value FROM json_each(?))",
            (json.dumps(list(indicators)), json.dumps(list(units))),
        ).fetchall())

"""Reports that answer an older edition of their target, told by the receipts they came with."""

from __future__ import annotations

import json
from collections.abc import Collection

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store

_UNSEEN = (
    # Editions of targets that first went out in packages made before the report and not confirmed in it.
    "SELECT DISTINCT e.record FROM package_edition m JOIN edition e ON e.id = m.edition "
    "JOIN record r ON r.id = e.record AND r.type = 'target' "
    "WHERE m.package IN (SELECT value FROM json_each(:unseen)) AND e.earlier <> '' "
    "AND EXISTS (SELECT 1 FROM edition_head h WHERE h.edition = e.id) "
    "AND NOT EXISTS (SELECT 1 FROM package_edition s WHERE s.edition = e.id "
    "AND s.package IN (SELECT value FROM json_each(:seen)))"
)


def packages_issued(
    store: Store, recipient: bytes, before: str, seen: Collection[str]
) -> tuple[list[int], list[int]]:
    """Numbers of packages made for a recipient before a received one: those in `seen`, and the others."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT id, lower(hex(hash)) FROM package WHERE state = 'issued' AND recipient = ? "
            "AND id < (SELECT id FROM package WHERE hash = ?)",
            (recipient, bytes.fromhex(before)),
        ).fetchall()
    known = set(seen)
    return [row[0] for row in rows if row[1] in known], [row[0] for row in rows if row[1] not in known]


def targets_unseen(store: Store, seen: list[int], unseen: list[int]) -> list[RecordId]:
    """Targets whose present edition was only in packages that the reporting office had not confirmed."""
    if not unseen:
        return []
    with store.read() as connection:
        rows = raw(connection).execute(
            _UNSEEN, {"seen": json.dumps(seen), "unseen": json.dumps(unseen)}
        ).fetchall()
    return [RecordId(row[0]) for row in rows]


def last_reports(
    store: Store, targets: list[RecordId], owner: bytes
) -> dict[RecordId, tuple[RecordId, int]]:
    """The last month an office itself reported on each of these targets: its record and month."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT p.subject, p.record, p.month FROM progress_report p JOIN record r ON r.id = p.record "
            "WHERE p.deleted = 0 AND r.owner = ? AND p.subject IN (SELECT value FROM json_each(?)) "
            "ORDER BY p.month", (owner, json.dumps(targets)),
        ).fetchall()
    return {RecordId(row[0]): (RecordId(row[1]), row[2]) for row in rows}

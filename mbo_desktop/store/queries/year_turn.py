"""Reads for the year's turn: own decomposition nodes of a year, trees that stand already, what a roll-over made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.references import Referrer, live_referrers


def own_nodes(store: Store, year: int) -> list[tuple[RecordId, RecordId]]:
    """(node, its target) of the decomposition that this office made itself for targets of a year."""
    with store.read() as connection:
        return raw(connection).execute(
            "SELECT a.record, a.in_target FROM allocation a JOIN record r ON r.id = a.record "
            "JOIN target t ON t.record = a.in_target JOIN indicator i ON i.record = t.indicator "
            "WHERE i.year = ? AND i.deleted = 0 AND t.deleted = 0 AND a.deleted = 0 AND r.owner = ? "
            "ORDER BY a.depth, a.parent, a.ord, a.record", (year, store.owner.bytes),
        ).fetchall()


def decomposed_targets(store: Store, year: int) -> set[RecordId]:
    """Targets of a year below whose root something stands."""
    with store.read() as connection:
        return {RecordId(row[0]) for row in raw(connection).execute(
            "SELECT DISTINCT a.in_target FROM allocation a JOIN target t ON t.record = a.in_target "
            "JOIN indicator i ON i.record = t.indicator "
            "WHERE i.year = ? AND a.deleted = 0 AND a.parent IS NOT NULL", (year,),
        ).fetchall()}


def rooted_targets(store: Store, year: int) -> set[RecordId]:
    """Targets of a year that have a root."""
    with store.read() as connection:
        return {RecordId(row[0]) for row in raw(connection).execute(
            "SELECT a.target FROM allocation a JOIN target t ON t.record = a.target "
            "JOIN indicator i ON i.record = t.indicator WHERE i.year = ? AND a.deleted = 0", (year,),
        ).fetchall()}


def target_ids(store: Store, year: int) -> list[RecordId]:
    """All targets of a year, indicator by indicator, units in official order."""
    with store.read() as connection:
        return [RecordId(row[0]) for row in raw(connection).execute(
            "SELECT t.record FROM target t JOIN indicator i ON i.record = t.indicator "
            "LEFT JOIN unit u ON u.record = t.unit "
            "WHERE i.year = ? AND i.deleted = 0 AND t.deleted = 0 "
            "ORDER BY i.ord, i.record, u.sort_path, t.record", (year,),
        ).fetchall()]


def docket_origins(store: Store, year: int) -> set[RecordId]:
    """What the dockets of a year were made from."""
    with store.read() as connection:
        return {RecordId(row[0]) for row in raw(connection).execute(
            "SELECT origin FROM docket WHERE year = ? AND deleted = 0 AND origin IS NOT NULL", (year,)
        ).fetchall()}


def open_dockets(store: Store, year: int) -> int:
    """Dockets of a year that are not settled; drafts left out."""
    with store.read() as connection:
        return int(raw(connection).execute(
            "SELECT count(*) FROM docket WHERE year = ? AND deleted = 0 AND is_open = 1 "
            "AND state <> 'draft'", (year,),
        ).fetchone()[0])


@dataclass(frozen=True, slots=True)
class MadeRecord:
    """A record that changes of one label wrote, and how it stands now."""

    record: RecordId
    type_name: str
    is_new: bool
    """Made by them; else it stood before and was filled in."""
    is_as_made: bool
    """Nobody changed it since."""


def made_by(store: Store, label: str) -> list[MadeRecord]:
    """Records written by the changes with this label that stand now; those deleted since left out.

    One that was changed and brought back is as it was made. Undoing and redoing bear the label too.
    """
    with store.read() as connection:
        rows = raw(connection).execute(
            "WITH made AS (SELECT v.record, min(v.n) AS first, max(v.n) AS last FROM revision v "
            "JOIN change c ON c.id = v.change WHERE c.label = ? GROUP BY v.record), "
            "head AS (SELECT v.record, max(v.n) AS n, max(v.n > m.first AND instr(c.label, ?) = 0) AS touched "
            "FROM revision v JOIN made m ON m.record = v.record JOIN change c ON c.id = v.change "
            "GROUP BY v.record) "
            "SELECT m.record, r.type, m.first = 1, now.body = one.body OR (now.body = two.body AND NOT h.touched) "
            "FROM made m JOIN record r ON r.id = m.record JOIN head h ON h.record = m.record "
            "JOIN revision now ON now.record = m.record AND now.n = h.n "
            "JOIN revision one ON one.record = m.record AND one.n = m.first "
            "JOIN revision two ON two.record = m.record AND two.n = m.last "
            "WHERE now.deleted = 0 ORDER BY m.record", (label, label),
        ).fetchall()
    return [MadeRecord(RecordId(r[0]), r[1], bool(r[2]), bool(r[3])) for r in rows]


def referrers_of(store: Store, records: Sequence[RecordId]) -> list[Referrer]:
    """The live records that refer to any of these."""
    with store.read() as connection:
        return live_referrers(raw(connection), list(records))


def deleted_since(store: Store, label: str) -> list[tuple[str, RecordId, str]]:
    """(type, record, body) of what changes with this label made and somebody deleted later by hand.

    What went with an undo of them, or with their counter-act, is left out: it may be made again.
    """
    with store.read() as connection:
        rows = raw(connection).execute(
            "WITH made AS (SELECT DISTINCT v.record FROM revision v JOIN change c ON c.id = v.change "
            "WHERE c.label = ?), "
            "head AS (SELECT v.record, max(v.n) AS n FROM revision v JOIN made m ON m.record = v.record "
            "GROUP BY v.record) "
            "SELECT r.type, h.record, v.body FROM head h JOIN revision v ON v.record = h.record AND v.n = h.n "
            "JOIN record r ON r.id = h.record JOIN change c ON c.id = v.change "
            "WHERE v.deleted = 1 AND instr(c.label, ?) = 0", (label, label),
        ).fetchall()
    return [(row[0], RecordId(row[1]), row[2]) for row in rows]


def targets_of_roots(store: Store, roots: Sequence[RecordId]) -> set[RecordId]:
    """The targets whose roots these are."""
    with store.read() as connection:
        return {RecordId(row[0]) for row in raw(connection).execute(
            "SELECT target FROM allocation WHERE target IS NOT NULL "
            "AND record IN (SELECT value FROM json_each(?))", (json.dumps(list(roots)),),
        ).fetchall()}

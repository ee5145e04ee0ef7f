"""Reads of the year's account: whose targets they are, by strategy and by leader."""

from __future__ import annotations

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store

_HOLDER = (
    "JOIN tenure n ON n.post = q.record AND n.deleted = 0 AND n.until IS NULL "
    "JOIN person p ON p.record = n.person AND p.deleted = 0 "
)


def leaders_of_targets(store: Store, year: int) -> dict[tuple[RecordId, RecordId], str]:
    """Accountable leader by (indicator, unit), where the decomposition names one."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT t.indicator, t.unit, p.name FROM allocation a "
            "JOIN target t ON t.record = a.target AND t.deleted = 0 "
            "JOIN indicator i ON i.record = t.indicator AND i.deleted = 0 AND i.year = ? "
            f"JOIN post q ON q.record = a.leader AND q.deleted = 0 {_HOLDER}"
            "WHERE a.deleted = 0", (year,),
        ).fetchall()
    return {(RecordId(row[0]), RecordId(row[1])): row[2] for row in rows}


def principals(store: Store) -> dict[RecordId, str]:
    """The principal (第一责任人) of every unit that has one."""
    with store.read() as connection:
        rows = raw(connection).execute(
            f"SELECT q.unit, p.name FROM post q {_HOLDER}"
            "WHERE q.role = 'principal' AND q.deleted = 0 ORDER BY q.ord DESC"
        ).fetchall()
    return {RecordId(row[0]): row[1] for row in rows}


def strategies(store: Store, year: int) -> dict[RecordId, tuple[str, ...]]:
    """Names of the strategies of each indicator."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT l.record, c.name FROM link l JOIN category c ON c.record = l.target AND c.deleted = 0 "
            "JOIN indicator i ON i.record = l.record AND i.deleted = 0 AND i.year = ? "
            "WHERE l.field = 'strategies' ORDER BY c.ord, c.record", (year,),
        ).fetchall()
    found: dict[RecordId, tuple[str, ...]] = {}
    for record, name in rows:
        found[record] = (*found.get(record, ()), name)
    return found


ServedRow = tuple[RecordId, RecordId, str, str, str, str | None, str | None]
"""(unit, person, role, post title, name, since, until)."""


def leaders_of_units(store: Store, year: int) -> list[ServedRow]:
    """The tenures of principals and leaders in charge who served in the year.

    Those who left during the year are among them: a veto follows its leader to the next post.
    """
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT q.unit, n.person, q.role, q.title, p.name, n.since, n.until FROM post q "
            "JOIN tenure n ON n.post = q.record AND n.deleted = 0 "
            "JOIN person p ON p.record = n.person AND p.deleted = 0 "
            "WHERE q.role IN ('principal', 'leader_in_charge') AND q.deleted = 0 "
            "AND (n.since IS NULL OR n.since <= ?) AND (n.until IS NULL OR n.until >= ?) "
            "ORDER BY q.unit, q.role <> 'principal', q.ord, n.since",
            (f"{year}-12-31", f"{year}-01-01"),
        ).fetchall()
    return [(RecordId(row[0]), RecordId(row[1]), *row[2:]) for row in rows]

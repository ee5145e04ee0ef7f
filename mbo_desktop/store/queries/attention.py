"""Reads of leaders' attention, and of the units that neither leaders nor inspections looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class AttentionLine:
    """One entry as the list shows it."""

    id: RecordId
    day: date
    leader: str
    way: str
    unit_label: str
    title: str
    """The target's indicator; "" when it is about none."""
    matter: str
    followed_on: date | None


@dataclass(frozen=True, slots=True)
class UnlookedLine:
    """A unit nobody looked at, with what it carries."""

    unit: RecordId
    label: str
    targets: int


def lines(store: Store, year: int) -> tuple[AttentionLine, ...]:
    """The year's entries, newest first."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT a.record, a.day, a.leader, a.way, coalesce(u.label, v.label, ''), "
            "coalesce(i.name, ''), a.matter, a.followed_on FROM leader_attention a "
            "LEFT JOIN unit u ON u.record = a.unit LEFT JOIN target t ON t.record = a.subject "
            "LEFT JOIN unit v ON v.record = t.unit LEFT JOIN indicator i ON i.record = t.indicator "
            "WHERE a.year = ? AND a.deleted = 0 ORDER BY a.day DESC, a.record DESC", (year,),
        ).fetchall()
    return tuple(
        AttentionLine(
            record, date.fromisoformat(day), leader, way, unit, title, matter,
            date.fromisoformat(followed) if followed else None,
        )
        for record, day, leader, way, unit, title, matter, followed in rows
    )


def unlooked(store: Store, year: int) -> tuple[UnlookedLine, ...]:
    """Units with targets that no leader took up and no inspection visited in the year."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT u.record, u.label, count(*) FROM target t "
            "JOIN indicator i ON i.record = t.indicator AND i.year = :year AND i.deleted = 0 "
            "JOIN unit u ON u.record = t.unit AND u.deleted = 0 "
            "WHERE t.deleted = 0 AND t.is_na = 0 "
            "AND u.record NOT IN (SELECT unit FROM office WHERE unit IS NOT NULL) "
            "AND NOT EXISTS (SELECT 1 FROM leader_attention a LEFT JOIN target s "
            " ON s.record = a.subject WHERE a.year = :year AND a.deleted = 0 "
            " AND u.record IN (a.unit, s.unit)) "
            "AND NOT EXISTS (SELECT 1 FROM inspection n JOIN link l ON l.record = n.record "
            " AND l.field = 'units' WHERE n.year = :year AND n.deleted = 0 "
            " AND n.state = 'done' AND l.target = u.record) "
            "GROUP BY u.record ORDER BY u.sort_path", {"year": year},
        ).fetchall()
    return tuple(UnlookedLine(*row) for row in rows)


def carrying(store: Store, year: int) -> dict[RecordId, int]:
    """Units with targets of the year that apply, but the office's own, and how many they carry."""
    with store.read() as connection:
        return dict(raw(connection).execute(
            "SELECT t.unit, count(*) FROM target t "
            "JOIN indicator i ON i.record = t.indicator AND i.year = ? AND i.deleted = 0 "
            "WHERE t.deleted = 0 AND t.is_na = 0 "
            "AND t.unit NOT IN (SELECT unit FROM office WHERE unit IS NOT NULL) GROUP BY t.unit",
            (year,),
        ).fetchall())

"""Nodes of the decomposition that are reported on month by month like targets: those given to another unit.

A node counts where the tree passes the edge of the own government: the own office gave it to a
unit below, or the own government was given it by another office. Below that edge the unit answers
by the one node; where it carries a target of the same indicator itself, it answers by that.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store

OWN_UNIT = "(SELECT unit FROM office WHERE deleted = 0 AND unit IS NOT NULL)"
OWN_OFFICE = "(SELECT r.owner FROM office o JOIN record r ON r.id = o.record WHERE o.deleted = 0)"
"""The unit that stands for the own government, and the own office's identity, as SQL."""
_EDGES = (
    # CROSS JOIN: both ways begin at the nodes of the own government, which an index finds.
    "SELECT a.record AS id FROM allocation p CROSS JOIN allocation a ON a.parent = p.record "
    "AND a.deleted = 0 CROSS JOIN record r ON r.id = a.record "
    f"WHERE p.in_unit IN {OWN_UNIT} AND a.in_unit NOT IN {OWN_UNIT} AND r.owner IN {OWN_OFFICE} "
    "UNION ALL "
    "SELECT a.record FROM allocation a CROSS JOIN allocation p ON p.record = a.parent "
    "CROSS JOIN record r ON r.id = a.record "
    f"WHERE a.in_unit IN {OWN_UNIT} AND p.in_unit NOT IN {OWN_UNIT} AND a.deleted = 0 "
    f"AND r.owner NOT IN {OWN_OFFICE}"
)

GIVEN = (
    "SELECT a.record AS record, a.in_unit AS unit, t.indicator AS indicator, a.is_na AS is_na "
    f"FROM ({_EDGES}) g CROSS JOIN allocation a ON a.record = g.id "
    "CROSS JOIN target t ON t.record = a.in_target AND t.deleted = 0 "
    "WHERE NOT EXISTS (SELECT 1 FROM target o WHERE o.indicator = t.indicator AND o.unit = a.in_unit "
    "AND o.deleted = 0)"
)
"""record, unit, indicator and is_na of all given nodes, of every year."""

REPORTED_ON = (
    "SELECT record, unit, indicator, is_na FROM target WHERE deleted = 0 UNION ALL " + GIVEN
)
"""The same of all that is reported on: targets and given nodes."""

SPOKEN_OF = (
    "JOIN target t ON t.record = p.subject AND t.deleted = 0 ",
    f"JOIN ({GIVEN}) t ON t.record = p.subject ",
)
"""Joins to a report p what it is about as t (indicator, unit): targets, and in a second query given nodes.

One join of both would make a list of all targets each time; each of these is found by its number.
"""

_MEASURE = (
    # The unit of measure is stated where it begins to hold.
    "(WITH RECURSIVE up (parent, measure, level) AS (SELECT a.parent, a.unit_of_measure, 0 "
    "UNION ALL SELECT p.parent, p.unit_of_measure, up.level + 1 FROM up "
    "JOIN allocation p ON p.record = up.parent WHERE up.measure = '' AND up.level < 99) "
    "SELECT measure FROM up WHERE measure <> '' LIMIT 1)"
)
_ROWS = (
    "SELECT a.record, i.record, a.in_unit, i.category, c.name, i.name, a.title, u.label, "
    f"i.unit_of_measure, {_MEASURE}, i.decimals, i.direction, a.form, a.amount, a.amount_unit, a.text, "
    "a.is_na, coalesce(a.in_due, t.due), i.is_key, i.is_livelihood, a.plan, a.milestones "
    "FROM allocation a JOIN target t ON t.record = a.in_target "
    "JOIN indicator i ON i.record = t.indicator JOIN unit u ON u.record = a.in_unit "
    "LEFT JOIN category c ON c.record = i.category AND c.deleted = 0 "
    "WHERE a.deleted = 0 AND a.parent IS NOT NULL AND a.record IN (SELECT value FROM json_each(?))"
)


def given(connection: Connection, year: int) -> list[RecordId]:
    """The given nodes of a year, unordered; empty where the tree never leaves the own government."""
    return [RecordId(row[0]) for row in raw(connection).execute(
        f"SELECT g.record FROM ({GIVEN}) g JOIN indicator i ON i.record = g.indicator "
        "WHERE i.year = ? AND i.deleted = 0", (year,),
    ).fetchall()]


def rows(connection: Connection, nodes: Sequence[int]) -> list[tuple[Any, ...]]:
    """What progress is held against, of any nodes: columns as in `_ROWS`."""
    return raw(connection).execute(_ROWS, (json.dumps(list(nodes)),)).fetchall()


def reports_only_itself(store: Store) -> bool:
    """Whether all that is reported on here is carried by the own government and was given by another office."""
    with store.read() as connection:
        found = raw(connection).execute(
            f"SELECT count(*), sum(t.unit NOT IN {OWN_UNIT} OR r.owner IN {OWN_OFFICE}) "
            f"FROM ({REPORTED_ON}) t JOIN record r ON r.id = t.record "
            "JOIN unit u ON u.record = t.unit AND u.deleted = 0"
        ).fetchone()
    return bool(found[0]) and not found[1]


def certified_by(store: Store, subjects: Sequence[RecordId], unit: RecordId) -> frozenset[RecordId]:
    """Of these targets and nodes, those whose indicator names a unit as certifying."""
    with store.read() as connection:
        return frozenset(RecordId(row[0]) for row in raw(connection).execute(
            "SELECT t.record FROM (SELECT record, indicator FROM target UNION ALL "
            "SELECT a.record, o.indicator FROM allocation a JOIN target o ON o.record = a.in_target) t "
            "JOIN link l ON l.record = t.indicator AND l.field = 'certifying_units' AND l.target = ? "
            "WHERE t.record IN (SELECT value FROM json_each(?))", (unit, json.dumps(list(subjects))),
        ).fetchall())


def name_of(indicator: str, title: str) -> str:
    """How a node is called away from its tree: its own title behind that of the indicator."""
    if not title or title in indicator:
        return indicator
    return title if indicator in title else f"{indicator}·{title}"

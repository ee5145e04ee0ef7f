"""What of a year could travel: record numbers with their owners, states and references, read at once."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class YearFacts:
    """The year's records: number → type and owner, edges to what each refers to, rows by type.

    Each row begins with the record's number; the columns after it are those of `_QUERIES`.
    """

    kinds: dict[int, str] = field(default_factory=dict)
    owners: dict[int, bytes] = field(default_factory=dict)
    edges: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, Rows] = field(default_factory=dict)
    links: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    below: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Units directly below a unit."""

    def owned(self, record: int, owner: bytes) -> bool:
        """Whether a record belongs to this office."""
        return self.owners.get(record) == owner

    def subtree(self, unit: int) -> frozenset[int]:
        """A unit and all below it."""
        found, open_ends = {unit}, [unit]
        while open_ends:
            for one in self.below.get(open_ends.pop(), ()):
                if one not in found:
                    found.add(one)
                    open_ends.append(one)
        return frozenset(found)


_IN_YEAR = "JOIN indicator i ON i.record = x.indicator AND i.year = :year "
_TARGETS = "(SELECT t.record FROM target t JOIN indicator i ON i.record = t.indicator WHERE i.year = :year)"
_NODES = "(SELECT a.record FROM allocation a WHERE a.in_target IN " + _TARGETS + ")"
_SUBJECT = f"x.subject IN (SELECT record FROM (SELECT record FROM {_TARGETS} UNION SELECT record FROM {_NODES}))"

_QUERIES: dict[str, tuple[str, str, str, tuple[int, ...]]] = {
    # type: columns after the number, joins, condition, which of the columns are references
    "unit": ("x.superior", "", "1", (0,)),
    "post": ("x.unit", "", "1", (0,)),
    "tenure": ("x.post, x.person", "", "1", (0, 1)),
    "person": ("1", "", "1", ()),
    "succession": ("x.kind", "", "1", ()),
    "category": ("x.axis", "", "x.year = :year", ()),
    "indicator": ("x.category", "", "x.year = :year", (0,)),
    "target": ("x.indicator, x.unit", _IN_YEAR, "1", (0, 1)),
    "agreement_template": ("1", "", "x.year = :year", ()),
    "agreement": (
        "x.unit, x.has_snapshot, x.template, x.issuer_post, x.party_post", "",
        "x.year = :year AND x.post IS NULL", (0, 2, 3, 4),
    ),
    "adjustment": ("x.unit, x.indicator, x.state", "", "x.year = :year", (0, 1)),
    "correction": ("x.unit, x.indicator", "", "x.year = :year", (0, 1)),
    "joint_duty": ("x.unit, x.indicator, x.lead", _IN_YEAR, "1", (0, 1, 2)),
    "outside_figure": ("x.indicator", _IN_YEAR, "1", (0,)),
    "target_result": ("x.unit, x.indicator", _IN_YEAR, "1", (0, 1)),
    "unit_result": ("x.unit", "", "x.year = :year", (0,)),
    "bonus_item": ("x.unit", "", "x.year = :year", (0,)),
    "veto": ("x.unit", "", "x.year = :year", (0,)),
    "objection": ("x.unit, x.decided_on", "", "x.year = :year", (0,)),
    "sealed_score": ("x.unit", "", "x.year = :year", (0,)),
    "progress_snapshot": ("x.unit, x.kind", "", "x.year = :year", (0,)),
    "scheme": ("x.peer_group", "", "x.year = :year", ()),
    "given_score": ("x.subject, x.unit, x.kind", "", f"x.subject IN {_TARGETS} OR x.subject IN "
                    "(SELECT record FROM scheme WHERE year = :year)", (0, 1)),
    "inspection": ("x.way, x.state", "", "x.year = :year", ()),
    "finding": ("x.unit, x.inspection", "JOIN inspection n ON n.record = x.inspection AND n.year = :year ",
                "1", (0, 1)),
    "docket": ("x.lead, x.state, x.subject", "", "x.year = :year", (0,)),
    "proposal_round": ("x.side", "", "x.year = :year", ()),
    "target_proposal": (
        "x.unit, x.indicator, x.round", "JOIN proposal_round p ON p.record = x.round AND p.year = :year ",
        "1", (0, 1, 2),
    ),
    "allocation": (
        "x.target, x.parent, x.in_unit, x.in_target, x.unit, x.leader, x.responsible, x.handler", "",
        f"x.in_target IN {_TARGETS}", (0, 1, 4, 5, 6, 7),
    ),
    "progress_report": ("x.subject, x.kind, x.month", "", _SUBJECT, (0,)),
    "evidence": ("x.subject, x.month", "", _SUBJECT, (0,)),
    "progress_problem": ("x.subject, x.month", "", _SUBJECT, (0,)),
    "reply": ("x.subject, x.unit, x.kind", "", "x.year = :year", (0, 1)),
    "reporting_rules": ("1", "", "x.year = :year", ()),
    "work_calendar": ("1", "", "x.year = :year", ()),
    "binding": ("x.office, x.role", "", "1", ()),
}
_RELAYED = frozenset({"progress_report", "evidence", "progress_problem"})
_LINKED = (
    ("indicator", "certifying_units"), ("indicator", "strategies"), ("inspection", "units"),
    ("docket", "supporting"), ("succession", "predecessors"), ("succession", "successors"), ("allocation", "supporting"),
)


def year_facts(store: Store, year: int, *, relays: bool = True) -> YearFacts:
    """Everything of the year that could travel, of whatever office; deleted records are left out.

    relays False: without figures that other offices reported, where nobody above gets them.
    """
    facts = YearFacts()
    with store.read() as connection:
        plain = raw(connection)
        for type_name, (columns, joins, condition, references) in _QUERIES.items():
            mine = "" if relays or type_name not in _RELAYED else " AND r.owner = :own"
            deleted = "x.deleted IN (0, 2)" if type_name in ("unit", "post", "person", "tenure") else "x.deleted = 0"
            rows = plain.execute(
                f"SELECT x.record, r.owner, {columns} FROM {type_name} x "
                f"JOIN record r ON r.id = x.record {joins}WHERE {deleted} AND ({condition}){mine}",
                {"year": year, "own": store.owner.bytes},
            ).fetchall()
            _keep(facts, type_name, rows, references)
        _keep_links(facts, plain)
    return facts


def _keep(facts: YearFacts, type_name: str, rows: Rows, references: tuple[int, ...]) -> None:
    kept = []
    for record, owner, *values in rows:
        facts.kinds[record], facts.owners[record] = type_name, owner
        facts.edges[record] += [values[place] for place in references if values[place] is not None]
        kept.append((record, *values))
        if type_name == "unit" and values[0] is not None:
            facts.below[values[0]].append(record)
    facts.rows[type_name] = kept


def _keep_links(facts: YearFacts, plain: sqlite3.Connection) -> None:
    for type_name, name in _LINKED:
        ids = json.dumps([row[0] for row in facts.rows[type_name]])
        for record, target in plain.execute(
            "SELECT record, target FROM link WHERE field = ? AND record IN "
            "(SELECT value FROM json_each(?)) ORDER BY record, place", (name, ids),
        ).fetchall():
            facts.links[record, name].append(target)
            facts.edges[record].append(target)


def owners_of(store: Store, records: list[RecordId]) -> dict[RecordId, bytes]:
    """Owners of records, by number."""
    with store.read() as connection:
        return {
            RecordId(row[0]): row[1] for row in raw(connection).execute(
                "SELECT id, owner FROM record WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(records),),
            ).fetchall()
        }


def claims(store: Store) -> list[tuple[str, str]]:
    """(office, by whom) of the offices that others said are registered under them, in order of arrival."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT b.office, r.owner FROM binding b JOIN record r ON r.id = b.record "
            "WHERE b.deleted <> 1 AND r.owner <> ? AND b.role <> 'superior' ORDER BY b.record",
            (store.owner.bytes,),
        ).fetchall()
    return [(row[0], row[1].hex()) for row in rows]

"""What a merge left open: records not received, units and nodes that stand in a circle."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.references import live_referrers


@dataclass(frozen=True, slots=True)
class Stub:
    """A record that a live one refers to and that has not been received."""

    record: RecordId
    owner: str
    """Its office, 32 hexadecimal digits."""
    referred_by: RecordId
    referring_type: str


_MEANT_FOR_OTHERS = frozenset({
    ("inspection", "subjects"), ("docket", "subject"), ("docket", "origin"),
    ("reporting_rules", "year_end_only"),
})
"""What a superior's record says of targets that other units carry: it is not sent to this office, and
nothing is waited for."""


def stubs(store: Store) -> tuple[Stub, ...]:
    """Records not received, each with one that refers to it; what is not meant for this office left out."""
    with store.read() as connection:
        plain = raw(connection)
        owners = {
            RecordId(row[0]): row[1].hex() for row in plain.execute(
                "SELECT id, owner FROM record WHERE stub = 1"
            ).fetchall()
        }
        found: dict[RecordId, Stub] = {}
        for one in live_referrers(plain, list(owners)):
            if (one.type_name, one.field) in _MEANT_FOR_OTHERS:
                continue
            found.setdefault(one.target, Stub(one.target, owners[one.target], one.record, one.type_name))
    return tuple(found.values())


def unplaced(store: Store) -> tuple[tuple[RecordId, str], ...]:
    """(record, type) of units and nodes that a merge would have hung below themselves."""
    with store.read() as connection:
        plain = raw(connection)
        units = plain.execute("SELECT record FROM unit WHERE removed = 0 AND path = ''").fetchall()
        parents = dict(plain.execute(
            "SELECT record, parent FROM allocation WHERE removed = 0 AND deleted = 1 "
            "AND in_target IS NULL AND parent IS NOT NULL"
        ).fetchall())
    circling = [(RecordId(one), "allocation") for one in parents if _circles(one, parents)]
    return (*((RecordId(row[0]), "unit") for row in units), *circling)


def _circles(start: int, parents: dict[int, int]) -> bool:
    """Whether the way up from a node comes back to itself."""
    at: int | None = parents.get(start)
    seen = {start}
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at == start

"""Lists follow when another office's unit is read as an own one from now on (or no more)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store import allocation_tree, projections, unit_tree
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.identities import split_name

if TYPE_CHECKING:
    from mbo_desktop.store.changes import Change


def follow(change: Change) -> None:
    """Write the list entries anew that name a unit which is read differently now."""
    before, now = change.names.read_anew()
    changed = {one for one in before.keys() | now.keys() if before.get(one) != now.get(one)}
    numbers = {change.names.find(*split_name(one)) for one in changed}
    numbers |= {some[one] for some in (before, now) for one in changed if one in some}
    wanted = sorted(one for one in numbers if one is not None)
    if wanted:
        _write_anew(change, wanted)


def _write_anew(change: Change, numbers: list[RecordId]) -> None:
    """Write the entries of all records that refer to one of the numbers."""
    connection, units = change.connection, False
    allocations: set[RecordId] = set()
    for type_name, codec in CODECS.items():
        asked = json.dumps(numbers)
        records = {
            RecordId(row[0]) for column in sorted(codec.references)
            for row in connection.execute(
                f"SELECT record FROM {type_name} "
                f"WHERE {column} IN (SELECT value FROM json_each(?))", (asked,),
            ).fetchall()
        }
        if codec.lists:
            records |= {RecordId(row[0]) for row in connection.execute(
                f"SELECT l.record FROM link l JOIN {type_name} p ON p.record = l.record "
                "WHERE l.target IN (SELECT value FROM json_each(?))", (asked,),
            ).fetchall()}
        if not records:
            continue
        projection = projections.PROJECTIONS[type_name]
        heads = list(projection.heads(connection, sorted(records)).values())
        projections.write_heads(connection, change.names, projection, heads, change.owner)
        for record in records:
            change.touch(type_name, record)
        units |= type_name == "unit"
        if type_name == "allocation":
            allocations |= records
        elif type_name == "target":
            # Whose tree goes first follows from the unit that carries the target.
            allocations |= set(allocation_tree.roots_of(connection, records))  # type: ignore[arg-type]
    if units:
        unit_tree.refresh(connection)
    if allocations:
        allocation_tree.refresh(connection, allocations, received=allocations)

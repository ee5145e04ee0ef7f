"""Revisions of two copies of one office: which of them is a record's newest, and where they part."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store import allocation_tree, readings, unit_tree
from mbo_desktop.store.changes import Change
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.comparing import find_names
from mbo_desktop.store.owners import own_office
from mbo_desktop.store.projections import CHUNK, PROJECTIONS, Head, heads_of, write_heads

_FIRST = ("office", "binding")
"""Types that say as which own units others are read: their list entries are written first."""


@dataclass(frozen=True, slots=True)
class Version:
    """A state of a record: the hash of its revision and what it says."""

    hash: str
    n: int
    schema: int
    deleted: bool
    text: str

    @property
    def content(self) -> tuple[str, bool]:
        """What must be equal for two states to be the same."""
        return self.text, self.deleted


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record that was changed on both sides since the copies last met."""

    name: str
    """Its "owner/uuid"."""
    type: str
    record: RecordId
    here: Version
    there: Version


def conflicts(
    connection: sqlite3.Connection, revisions: Iterable[Mapping[str, Any]]
) -> tuple[Conflict, ...]:
    """Own records whose newest state here is not among the ancestors of the other side's."""
    own = own_office(connection)
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for one in revisions:
        if one["owner"] == own:
            by_name.setdefault(f"{one['owner']}/{one['uuid']}", []).append(one)
    numbers = find_names(connection, by_name)
    heads = heads_of(connection, list(numbers.values()))
    found = []
    for name, record in numbers.items():
        head, some = heads.get(record), by_name[name]
        passed = {parent for one in some for parent in one["parents"]}
        if head is None or head.hash.hex() in passed:
            continue
        last = max(
            (one for one in some if one["hash"] not in passed), key=lambda one: (one["n"], one["hash"])
        )
        there = Version(last["hash"], last["n"], last["schema"], last["deleted"], last["body"])
        here = Version(head.hash.hex(), head.n, head.schema, head.deleted, head.text)
        if here.content != there.content:
            found.append(Conflict(name, head.type_name, record, here, there))
    return tuple(found)


def settle(change: Change, records: Iterable[RecordId], theirs: Mapping[str, bool]) -> int:
    """Bring the lists to the newest revisions; where two stand beside each other write one after both.

    theirs: by name of a record in conflict, whether the other side's content counts. How many
    records are shown otherwise.
    """
    listed = sorted(records)
    before = {one: head.hash for one, head in heads_of(change.connection, listed).items()}
    newest = _newest(change.connection, listed)
    change.names.readings()
    kinds = sorted({some[0].type_name for some in newest.values()}, key=lambda one: one not in _FIRST)
    for kind in kinds:
        _forward(change, kind, newest, before)
        if kind in _FIRST:
            readings.follow(change)
    parted = {record: some for record, some in newest.items() if len(some) > 1}
    for record, some in parted.items():
        _join(change, record, some, before.get(record), theirs)
    _refresh_trees(change, newest)
    change.reads_anew = True
    return sum(before.get(record) != some[0].hash or len(some) > 1 for record, some in newest.items())


def _newest(connection: sqlite3.Connection, records: list[RecordId]) -> dict[RecordId, list[Head]]:
    """Revisions that no other follows, by record, the greatest first."""
    found: dict[RecordId, list[Head]] = {}
    for start in range(0, len(records), CHUNK):
        passed: dict[int, set[str]] = {}
        rows = connection.execute(
            "SELECT v.record, r.type, v.id, v.n, v.hash, v.schema, v.deleted, v.body, v.parents "
            "FROM revision v JOIN record r ON r.id = v.record "
            "WHERE v.record IN (SELECT value FROM json_each(?)) "
            "ORDER BY v.record, v.n DESC, v.hash DESC, v.id", (json.dumps(records[start : start + CHUNK]),),
        ).fetchall()
        for row in rows:
            passed.setdefault(row[0], set()).update(row[8].split())
        seen: set[tuple[int, bytes]] = set()
        for row in rows:
            # Both may have written the very same revision.
            if row[4].hex() not in passed[row[0]] and (row[0], row[4]) not in seen:
                seen.add((row[0], row[4]))
                found.setdefault(RecordId(row[0]), []).append(Head(
                    RecordId(row[0]), row[1], row[2], row[3], row[4], row[5], bool(row[6]), row[7],
                    bool(row[6]),
                ))
    return found


def _forward(
    change: Change, kind: str, newest: dict[RecordId, list[Head]], before: dict[RecordId, bytes]
) -> None:
    """List entries of records whose newest revision came from the other side."""
    moved = [
        some[0] for record, some in newest.items()
        if some[0].type_name == kind and before.get(record) not in {one.hash for one in some}
    ]
    for head in moved:
        # What they refer to and this copy never heard of becomes a stub before it is pointed at.
        CODECS[kind].decode(head.record, head.body(), change.names)
    change.names.write()
    write_heads(change.connection, change.names, PROJECTIONS[kind], moved, change.owner)
    for head in moved:
        change.touch(kind, head.record)


def _join(
    change: Change, record: RecordId, some: list[Head], before: bytes | None,
    theirs: Mapping[str, bool],
) -> None:
    """One revision after all that stand beside each other, with the content that was chosen."""
    shown = before if before in {one.hash for one in some} else some[0].hash
    here = next(one for one in some if one.hash == shown)
    others = [one for one in some if one.hash != shown]
    chosen = others[0] if theirs.get(change.names.name_of(record), False) else here
    change.receive(
        record, CODECS[chosen.type_name], chosen.text, chosen.schema, deleted=chosen.deleted,
        beside=tuple((one.hash.hex(), one.n) for one in others),
    )


def _refresh_trees(change: Change, newest: dict[RecordId, list[Head]]) -> None:
    change.flush()
    kinds = {record: some[0].type_name for record, some in newest.items()}
    if "unit" in kinds.values():
        unit_tree.refresh(change.connection)
    nodes = {record for record, kind in kinds.items() if kind == "allocation"}
    targets = [record for record, kind in kinds.items() if kind == "target"]
    above = {
        row[0] for row in change.connection.execute(
            "SELECT DISTINCT target FROM allocation WHERE target IS NOT NULL "
            "AND record IN (SELECT value FROM json_each(?))", (json.dumps(sorted(nodes)),),
        ).fetchall()
    }
    roots = set(allocation_tree.roots_of(change.connection, [*targets, *above]))
    if nodes or roots:
        allocation_tree.refresh(change.connection, nodes | roots, received=nodes | roots)

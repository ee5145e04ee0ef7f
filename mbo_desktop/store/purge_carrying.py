"""What was purged stays purged when an older backup takes the place of the present data."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store import receiving
from mbo_desktop.store.changes import Change
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.connections import open_raw
from mbo_desktop.store.purging import mark, purged, records_with


@dataclass(frozen=True, slots=True)
class State:
    """What a record says in its newest revision: its name, type, body as stored."""

    name: str
    type: str
    text: str
    schema: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """The purges of a data file, and how the records that they touched stand now."""

    hashes: frozenset[str] = frozenset()
    states: tuple[State, ...] = ()


_NEWEST = (
    "SELECT r.owner, r.uuid, r.type, v.body, v.schema, v.deleted FROM record r JOIN revision v ON v.id = "
    "(SELECT id FROM revision WHERE record = r.id ORDER BY n DESC, hash DESC, id LIMIT 1) "
)


def of_file(path: Path) -> Carried:
    """The purges of a data file that is about to be replaced; none where it cannot be read."""
    if not path.exists():
        return Carried()
    try:
        connection = open_raw(path)
    except sqlite3.Error:
        return Carried()
    try:
        gone = purged(connection)
        if not gone:
            return Carried()
        rows = connection.execute(
            _NEWEST + "WHERE r.type = 'purge' OR r.id IN (SELECT record FROM revision "
            "WHERE lower(hex(hash)) IN (SELECT value FROM json_each(?)))",
            (json.dumps(sorted(gone)),),
        ).fetchall()
    except sqlite3.Error:
        return Carried()
    finally:
        connection.close()
    return Carried(gone, tuple(
        State(f"{row[0].hex()}/{row[1].hex()}", row[2], row[3], row[4], bool(row[5])) for row in rows
    ))


def carry_over(change: Change, carried: Carried) -> None:
    """Take the purges over into a restored file: the records as they stood, the old bodies marked."""
    if not carried.hashes:
        return
    numbers = change.names.meet_all(one.name for one in carried.states)
    change.names.write()
    for one in carried.states:
        change.receive(
            numbers[one.name], CODECS[one.type], one.text, one.schema, deleted=one.deleted
        )
    mark(change, carried.hashes)
    touched = {RecordId(one) for one in records_with(change.connection, carried.hashes)}
    receiving.count_heads(change.connection, touched)
    receiving.show(change, touched)

"""Who refers to a record: what stands in the way of deleting it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.projections import CHUNK


@dataclass(frozen=True, slots=True)
class Referrer:
    """A live record that refers to another one."""

    type_name: str
    record: RecordId
    field: str
    target: RecordId


def live_referrers(connection: sqlite3.Connection, records: Sequence[RecordId]) -> list[Referrer]:
    """All live records that refer to any of the given ones."""
    found = []
    for start in range(0, len(records), CHUNK):
        chunk = records[start : start + CHUNK]
        marks = ", ".join("?" * len(chunk))
        for type_name, codec in CODECS.items():
            for column in sorted(codec.references):
                found += [
                    Referrer(type_name, row[0], column, row[1]) for row in connection.execute(
                        f"SELECT record, {column} FROM {type_name} "
                        f"WHERE {column} IN ({marks}) AND deleted = 0", chunk,
                    ).fetchall()
                ]
            if codec.lists:
                found += [
                    Referrer(type_name, row[0], row[1], row[2]) for row in connection.execute(
                        f"SELECT l.record, l.field, l.target FROM link l JOIN {type_name} p "
                        f"ON p.record = l.record WHERE l.target IN ({marks}) AND p.deleted = 0",
                        chunk,
                    ).fetchall()
                ]
    return found

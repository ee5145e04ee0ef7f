"""Writing the projection rows, and rebuilding them from the newest revisions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store import allocation_tree, tables, unit_tree
from mbo_desktop.store.canonical import Body, load
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.codecs.codec import Codec, Columns, References
from mbo_desktop.store.identities import Names
from mbo_desktop.store.owners import DELETED, own_office, standing

_READ_BY = ("office", "binding")
"""What says as which own units those of other offices are read; rebuilt before all else."""

CHUNK = 500
"""Records per statement with a list of numbers."""

_DERIVED = {"unit": unit_tree.DERIVED, "allocation": allocation_tree.DERIVED}
"""Columns that follow from the trees and are written by their modules."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest revision of a record; hidden: deleted itself or through its superior."""

    record: RecordId
    type_name: str
    revision: int
    n: int
    hash: bytes
    schema: int
    deleted: bool
    text: str
    hidden: bool

    def body(self) -> Body:
        """The body in today's schema."""
        return CODECS[self.type_name].upgraded(load(self.text), self.schema)


class Projection:
    """The projection table of one record type."""

    def __init__(self, codec: Codec) -> None:
        table = tables.metadata.tables[codec.type_name]
        self.codec = codec
        self._tombstone = "removed" if "removed" in table.c else "deleted"
        derived = _DERIVED.get(codec.type_name, ())
        self.columns = tuple(one.name for one in table.c if one.name not in derived)
        self._in_order: Callable[[Columns], tuple[Any, ...]] = itemgetter(*self.columns)
        places = ", ".join("?" * len(self.columns))
        updated = ", ".join(f"{one}=excluded.{one}" for one in self.columns[1:])
        self._upsert = (
            f"INSERT INTO {table.name} ({', '.join(self.columns)}) VALUES ({places}) "
            f"ON CONFLICT (record) DO UPDATE SET {updated}"
        )
        self._heads = (
            "SELECT p.record, v.id, v.n, v.hash, v.schema, v.deleted, v.body, p.deleted "
            f"FROM {table.name} p JOIN revision v ON v.id = p.revision WHERE p.record IN "
        )

    def row(
        self, entity: Any, body: Body, revision: int, head: bytes, standing: int
    ) -> tuple[Any, ...]:
        """The values of `columns` for an entity in the state of a revision.

        standing: as `owners.standing` gives it; body: with all the entity's fields, as `Codec.encode` gives it.
        """
        values = self.codec.projected(entity, body)
        values["record"], values["revision"], values["head"] = entity.id, revision, head
        values[self._tombstone] = standing
        return self._in_order(values)

    def write(self, connection: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
        """Insert or replace rows."""
        connection.executemany(self._upsert, rows)

    def write_links(self, connection: sqlite3.Connection, entities: list[Any]) -> None:
        """Replace the rows of `link` for records with lists of references."""
        if not self.codec.lists:
            return
        connection.executemany("DELETE FROM link WHERE record = ?", [(one.id,) for one in entities])
        connection.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", [
            (one.id, field, place, target)
            for one in entities for field, place, target in self.codec.linked(one)
        ])

    def heads(self, connection: sqlite3.Connection, records: list[RecordId]) -> dict[RecordId, Head]:
        """The newest revisions of those of the records that are of this type."""
        found = {}
        for start in range(0, len(records), CHUNK):
            chunk = records[start : start + CHUNK]
            marks = ", ".join("?" * len(chunk))
            for row in connection.execute(f"{self._heads} ({marks})", chunk).fetchall():
                found[RecordId(row[0])] = Head(
                    RecordId(row[0]), self.codec.type_name, row[1], row[2], row[3], row[4],
                    bool(row[5]), row[6], row[7] == DELETED,
                )
        return found


PROJECTIONS = {name: Projection(codec) for name, codec in CODECS.items()}


def heads_of(connection: sqlite3.Connection, records: list[RecordId]) -> dict[RecordId, Head]:
    """The newest revisions of records of any type; records without one are left out."""
    by_type: dict[str, list[RecordId]] = {}
    for start in range(0, len(records), CHUNK):
        chunk = records[start : start + CHUNK]
        marks = ", ".join("?" * len(chunk))
        for record, type_name in connection.execute(
            f"SELECT id, type FROM record WHERE id IN ({marks}) AND type IS NOT NULL", chunk
        ).fetchall():
            by_type.setdefault(type_name, []).append(record)
    found: dict[RecordId, Head] = {}
    for type_name, numbers in by_type.items():
        if type_name in PROJECTIONS:
            found |= PROJECTIONS[type_name].heads(connection, numbers)
    return found


def rebuild(connection: sqlite3.Connection, references: Names) -> int:
    """Write all projections anew from the newest revisions; the number of rows.

    Runs inside the caller's transaction. This is the repair after damage, the
    migration of a projection, and what the data check compares with.
    """
    count, own = 0, own_office(connection)
    connection.execute("DELETE FROM link")
    for projection in PROJECTIONS.values():
        connection.execute(f"DELETE FROM {projection.codec.type_name}")
    for type_name in sorted(PROJECTIONS, key=lambda one: one not in _READ_BY):
        projection, after = PROJECTIONS[type_name], 0
        while page := newest_revisions(connection, type_name, after):
            after = page[-1].record
            write_heads(connection, references, projection, page, own)
            count += len(page)
        if type_name in _READ_BY:
            references.read_anew()
    unit_tree.refresh(connection)
    allocation_tree.refresh(connection)
    return count


def write_heads(
    connection: sqlite3.Connection, references: References, projection: Projection,
    heads: list[Head], own: str,
) -> None:
    """Write the list entries of records of one type as their heads say; own: this office."""
    entities, rows = [], []
    for head in heads:
        entity = projection.codec.decode(head.record, head.body(), references)
        # Encoded anew: fields that came later are not in the stored body.
        body = projection.codec.encode(entity, references)
        foreign = references.name_of(head.record)[:32] != own
        entities.append(entity)
        rows.append(projection.row(
            entity, body, head.revision, head.hash,
            standing(projection.codec.type_name, deleted=head.deleted, foreign=foreign),
        ))
    projection.write(connection, rows)
    projection.write_links(connection, entities)


def newest_revisions(
    connection: sqlite3.Connection, type_name: str, after: int, limit: int = 2000
) -> list[Head]:
    """Heads of a type by record number, found from the revisions alone, a page at a time.

    Of several with the same n (after a merge of replicas) the greatest hash counts, of the
    same revision written by both the one that was here first.
    """
    rows = connection.execute(
        "SELECT v.record, v.id, v.n, v.hash, v.schema, v.deleted, v.body FROM ("
        " SELECT id FROM record WHERE type = ? AND id > ?"
        "  AND EXISTS (SELECT 1 FROM revision x WHERE x.record = record.id) ORDER BY id LIMIT ?"
        ") r JOIN revision v ON v.id = ("
        " SELECT id FROM revision WHERE record = r.id ORDER BY n DESC, hash DESC, id LIMIT 1"
        ") ORDER BY v.record",
        (type_name, after, limit),
    ).fetchall()
    return [
        Head(
            RecordId(record), type_name, revision, n, hashed, schema, bool(deleted), text,
            bool(deleted),
        )
        for record, revision, n, hashed, schema, deleted, text in rows
    ]

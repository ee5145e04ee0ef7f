"""The one door for writing: a change gathers puts and deletes, and leaves revisions and a log entry.

Puts are encoded at once (so that refused text is reported where it was typed) and
written together; nothing of it is seen by others before the commit.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from mbo_desktop import clock
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.errors import RecordMissingError
from mbo_desktop.store import allocation_tree, readings, unit_tree
from mbo_desktop.store.canonical import Body, change_hash, dump, load, revision_hash
from mbo_desktop.store.codecs import codec_of
from mbo_desktop.store.codecs.codec import Codec
from mbo_desktop.store.folder import machine_name
from mbo_desktop.store.identities import NameCache, NewNames
from mbo_desktop.store.owners import is_superior, not_ours, received_target, require_shown, standing
from mbo_desktop.store.projections import PROJECTIONS, Head, heads_of
from mbo_desktop.store.references import Referrer, live_referrers
from mbo_desktop.store.text import clean
from mbo_desktop.store.unknown_fields import merged

E = TypeVar("E", bound=Entity)
NO_HASH = bytes(32)
_MOVING = frozenset({"unit", "allocation", "target", "binding", "office"})
"""Types from whose records something follows for others."""
_GATHERED = 5000
"""Entities held before they are written, so that a large import needs little memory."""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What a commit changed, as it is announced: record numbers by type name."""

    label: str
    ids_by_type: dict[str, frozenset[RecordId]]
    undo: bool
    """Whether it was an undo or redo."""
    change_id: int


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, into which log."""

    owner: bytes
    replica: bytes
    operator: str


@dataclass(slots=True)
class _Pending:
    codec: Codec
    body: Body | None
    """None: the body of the head (a plain delete)."""
    entity: Any
    deleted: bool
    exact: bool = False
    """The body is an earlier state of the record and takes no unknown fields from the head."""
    text: str | None = None
    """The stored text where it must stay as it is: written under `schema`."""
    schema: int = 0
    beside: tuple[tuple[str, int], ...] = ()
    """Hash and n of further revisions that this one follows (a merge of two copies)."""


@dataclass(slots=True)
class _Batch:
    """Rows of one record type, ready for the driver."""

    revisions: list[tuple[Any, ...]] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    entities: list[Any] = field(default_factory=list)


class Change:
    """One user action while it is being written; made by `Store.change`."""

    def __init__(
        self, connection: sqlite3.Connection, cache: NameCache, author: Author, label: str,
        *, barrier: bool,
    ) -> None:
        self.label = clean(label)
        self.barrier = barrier
        self.names = NewNames(connection, cache, author.owner)
        self.owner = author.owner.hex()
        """The office that writes, 32 hexadecimal digits."""
        self.replica, self.operator = author.replica, author.operator
        self.taken_up: set[RecordId] = set()
        self.newest: dict[RecordId, bytes] = {}
        """Hash of the last revision written here, by record."""
        self.at: datetime | None = None
        """When it was logged; None before."""
        self.reads_anew = False
        """Whether what other offices' units are read as may have changed."""
        self._connection = connection
        self._author = author
        self._pending: dict[RecordId, _Pending] = {}
        self._packages: dict[int, bytes] = {}
        self._received: set[RecordId] = set()
        self._readings_moved = False
        self._units_moved: dict[RecordId, bool] = {}  # True: its superior was chosen anew
        self._allocations_moved: set[RecordId] = set()
        self._targets_moved: set[RecordId] = set()
        self._hashes: list[bytes] = []
        self._ids: dict[str, set[RecordId]] = {}
        self.id = self._following("change")
        self._next_revision = self._following("revision")

    def new(self, kind: type[Entity]) -> RecordId:
        """A number for a new record of this type; it exists once something is put under it."""
        return self.names.new(kind.type_name)

    def named(self, kind: type[Entity], *key: object) -> RecordId:
        """The record with this natural key, whether it exists already or not.

        A target that a superior gave holds its cell: it is found, so that no second one is made beside it.
        """
        if kind.type_name == "target" and not self.names.name_of(cast("RecordId", key[0])).startswith(self.owner):
            received = received_target(self._connection, self.owner, *cast("tuple[int, int]", key))
            if received is not None:
                return received
        encoded = codec_of(kind).encode_key(key, self.names)
        return self.names.named(kind.type_name, encoded)

    def put(self, entity: Entity) -> None:
        """Write an entity; nothing is written when its body is what stands already.

        Raises InputError for text that cannot be stored.
        """
        self._require_own(entity.id)
        if isinstance(entity, Allocation):
            self._require_place(entity)
        codec = codec_of(type(entity))
        self._pending[entity.id] = _Pending(
            codec, codec.encode(entity, self.names), entity, deleted=False
        )
        if len(self._pending) >= _GATHERED:
            # The tree may be in the middle of a rearrangement: it is looked at later.
            self._write_pending()

    def put_all(self, entities: Iterable[Entity]) -> None:
        """Write many entities."""
        for entity in entities:
            self.put(entity)

    def delete(self, record: RecordId) -> None:
        """Put a tombstone on a record; RecordMissingError when there is nothing to delete."""
        self._require_own(record)
        pending = self._pending.get(record)
        if pending is not None:
            if pending.deleted:
                raise RecordMissingError
            pending.deleted = True
            return
        head = heads_of(self._connection, [record]).get(record)
        if head is None or head.deleted:
            raise RecordMissingError
        self._pending[record] = _Pending(
            PROJECTIONS[head.type_name].codec, None, None, deleted=True
        )

    def get(self, kind: type[E], record: RecordId) -> E:
        """The entity, with what this change wrote; RecordMissingError when missing or deleted."""
        entity = self.find(kind, record)
        if entity is None:
            raise RecordMissingError
        return entity

    def find(self, kind: type[E], record: RecordId) -> E | None:
        """The entity, with what this change wrote; None when missing or deleted."""
        codec = codec_of(kind)
        pending = self._pending.get(record)
        if pending is not None and pending.codec is codec:
            if pending.deleted or pending.body is None:
                return None
            return cast("E", codec.decode(record, pending.body, self.names))
        head = PROJECTIONS[kind.type_name].heads(self._connection, [record]).get(record)
        if head is None or head.hidden:
            return None
        return cast("E", codec.decode(record, head.body(), self.names))

    def referrers(self, record: RecordId) -> list[Referrer]:
        """The live records that refer to this one, for 「不能删除:…」."""
        self.flush()
        return live_referrers(self._connection, [record])

    def take_up(self, records: Iterable[RecordId]) -> None:
        """Say which records a barrier rests on: undo of earlier changes passes over them."""
        if not self.barrier:
            raise ValueError("only a barrier takes records up")
        self.taken_up.update(records)

    def put_state(self, record: RecordId, codec: Codec, body: Body | None, *, deleted: bool) -> None:
        """Bring a record back to an earlier body (None: as it stands); for undo and 还原."""
        self._require_own(record)
        entity = None if body is None else codec.decode(record, body, self.names)
        self._pending[record] = _Pending(
            codec, body, entity, deleted=deleted, exact=body is not None
        )

    def receive(
        self, record: RecordId, codec: Codec, text: str | None, schema: int, *, deleted: bool,
        beside: tuple[tuple[str, int], ...] = (),
    ) -> None:
        """Write the state that another copy or office gave a record, its text as it came.

        text None: as it stands here (a tombstone). beside: further revisions (hash, n) that
        the new one follows. Only `receiving` and `replicas` call this.
        """
        body = None if text is None else codec.upgraded(load(text), schema)
        entity = None if body is None else codec.decode(record, body, self.names)
        self._received.add(record)
        self._pending[record] = _Pending(
            codec, body, entity, deleted=deleted, exact=body is not None, text=text, schema=schema,
            beside=beside,
        )
        if len(self._pending) >= _GATHERED:
            self._write_pending()

    def take_package(self, package: int, hashed: bytes) -> None:
        """Note that this change made a package or took it in: the log entry's hash covers it."""
        self._packages[package] = hashed

    def follow_rows(self) -> None:
        """Take the numbers after log entries and revisions that a merge brought; before any put."""
        if self._hashes:
            raise ValueError("this change wrote already")
        self.id, self._next_revision = self._following("change"), self._following("revision")

    def touch(self, type_name: str, record: RecordId) -> None:
        """Announce a record whose list entry changed without a new revision here."""
        self._ids.setdefault(type_name, set()).add(record)

    @property
    def connection(self) -> sqlite3.Connection:
        """The writing connection; call `flush` before reads that are to see what was put."""
        return self._connection

    def flush(self) -> None:
        """Write what was gathered; needed before SQL reads that are to see it."""
        self._write_pending()
        if self._readings_moved:
            self._readings_moved, self.reads_anew = False, True
            readings.follow(self)
        if self._units_moved:
            chosen = {one for one, anew in self._units_moved.items() if anew}
            unit_tree.refresh(self._connection, chosen - self._received)
            self._units_moved = {}
        moved, targets = self._allocations_moved, self._targets_moved
        if targets:
            moved.update(allocation_tree.roots_of(self._connection, targets))  # type: ignore[arg-type]
        if moved:
            allocation_tree.refresh(self._connection, moved, received=self._received)
        self._allocations_moved, self._targets_moved = set(), set()

    def _require_own(self, record: RecordId) -> None:
        try:
            office = self.names.name_of(record)[:32]
        except RecordMissingError:
            # A number that nobody knows is told where it is written.
            return
        if office != self.owner:
            raise not_ours(self._connection, office)

    def _require_place(self, node: Allocation) -> None:
        """Refuse a node in the decomposition of an office below, or in one that gave way to it.

        It would be lost there or shown nowhere. What a superior gave is decomposed here.
        """
        if node.parent is not None:
            office = self.names.name_of(node.parent)[:32]
            if office != self.owner and not is_superior(self._connection, office):
                raise not_ours(self._connection, office)
        require_shown(self._connection, node.id, node.parent, node.target)

    def _write_pending(self) -> None:
        if not self._pending:
            return
        pending, self._pending = self._pending, {}
        self.names.write()
        by_type: dict[str, dict[RecordId, _Pending]] = {}
        for record, one in pending.items():
            by_type.setdefault(one.codec.type_name, {})[record] = one
        for type_name, ones in by_type.items():
            self._write_type(type_name, ones)

    def finish(self, *, undo: bool) -> ChangeSet | None:
        """Write the log entry; None when the change wrote nothing and need not be logged."""
        self.flush()
        if not self._hashes and not self._packages and not self.barrier:
            return None
        author, self.at = self._author, clock.now()
        at = self.at.isoformat(timespec="milliseconds")
        seq, prev = self._place_in_log()
        row = {
            "replica": author.replica.hex(), "seq": seq, "label": self.label,
            "who": clean(author.operator), "at": at, "machine": clean(machine_name()),
            "barrier": self.barrier,
        }
        self._connection.execute(
            "INSERT INTO change (id, replica, seq, label, who, at, machine, barrier, prev, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.id, author.replica, seq, row["label"], row["who"], at, row["machine"],
                int(self.barrier), prev,
                change_hash(row, prev, self._hashes, b"".join(sorted(self._packages.values()))),
            ),
        )
        self._connection.executemany(
            "INSERT INTO package_change (change, package) VALUES (?, ?)",
            [(self.id, package) for package in self._packages],
        )
        ids = {type_name: frozenset(records) for type_name, records in self._ids.items()}
        return ChangeSet(self.label, ids, undo, self.id)

    def _following(self, table: str) -> int:
        last = self._connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
        return (last or 0) + 1

    def _place_in_log(self) -> tuple[int, bytes]:
        """The next number in this replica's log and the hash before it.

        A new replica's log goes on from the last hash of the one before.
        """
        row = self._connection.execute(
            "SELECT seq, hash FROM change WHERE replica = ? ORDER BY seq DESC LIMIT 1",
            (self._author.replica,),
        ).fetchone()
        if row is not None:
            return row[0] + 1, row[1]
        last = self._connection.execute("SELECT hash FROM change ORDER BY id DESC LIMIT 1").fetchone()
        return 1, last[0] if last else NO_HASH

    def _write_type(self, type_name: str, pending: dict[RecordId, _Pending]) -> None:
        """Write records of one type and remember which moved in a tree."""
        projection = PROJECTIONS[type_name]
        known = [one for one in pending if self.names.types.get(one) != type_name or one in self.newest]
        heads = projection.heads(self._connection, known)
        self._claim([one for one in known if one not in heads], type_name)
        batch = _Batch()
        for record, one in pending.items():
            head = heads.get(record)
            body = self._revise(record, one, head, batch)
            if body is not None:
                self._note_move(type_name, record, body, one, head)
        self._connection.executemany(
            "INSERT INTO revision (id, record, n, parents, hash, schema, deleted, body, change) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", batch.revisions,
        )
        projection.write(self._connection, batch.rows)
        projection.write_links(self._connection, batch.entities)

    def _note_move(
        self, type_name: str, record: RecordId, body: Body, one: _Pending, head: Head | None
    ) -> None:
        """Remember a record that came, went, or stands elsewhere: others follow from it."""
        if type_name not in _MOVING:
            return
        old = head.body() if head is not None and head.deleted == one.deleted else None
        if type_name == "unit":
            if old is None or any(body.get(key) != old.get(key) for key in ("superior", "ord")):
                before = None if head is None else head.body()
                anew = before is None or body.get("superior") != before.get("superior")
                self._units_moved[record] = anew or self._units_moved.get(record, False)
        elif type_name == "allocation" and allocation_tree.moves(old, body):
            self._allocations_moved.add(record)
            if body.get("target") is not None:
                # Of several roots of a target one is shown: the others are looked at again.
                self._targets_moved.add(self.names.number_of(body["target"]))
        elif type_name in ("binding", "office"):
            # As they are before this is written, to be compared afterwards.
            self.names.readings()
            self._readings_moved = True
        elif type_name == "target" and old is None and (
            head is not None or record in self._received
        ):
            # Its roots may have come before it.
            self._targets_moved.add(record)

    def _claim(self, records: list[RecordId], type_name: str) -> None:
        """Stubs become records of the type; anything else under that number is our fault."""
        if not records:
            return
        fitting = {row[0] for row in self._connection.execute(
            "SELECT id FROM record WHERE id IN (SELECT value FROM json_each(?)) "
            "AND (type IS NULL OR type = ?)", (json.dumps(records), type_name),
        ).fetchall()}
        for record in records:
            if record not in fitting:
                raise ValueError(f"record {record} is no {type_name}")
        self._connection.executemany(
            "UPDATE record SET type = ?, stub = 0 WHERE id = ?", [(type_name, one) for one in records]
        )

    def _revise(
        self, record: RecordId, one: _Pending, head: Head | None, batch: _Batch
    ) -> Body | None:
        """Add the next revision to the batch; its body, None when nothing changes."""
        codec, body, entity = one.codec, one.body, one.entity
        if body is None:
            if head is None:
                raise RecordMissingError
            body = head.body()
            entity = codec.decode(record, body, self.names)
        fields = body
        is_whole = one.text is not None and codec.is_whole(body)
        if (one.exact and not is_whole) or one.body is None:
            # An older body may lack fields that came later; the projection wants them all.
            fields = codec.encode(entity, self.names)
        text = dump(body) if one.text is None else one.text
        if head is not None and text != head.text and not one.exact:
            body = merged(body, head.body())
            text = dump(body)
        same = head is not None and text == head.text and one.deleted == head.deleted
        if same and not one.beside:
            return None
        n, parents = (head.n + 1, [head.hash.hex()]) if head else (1, [])
        if one.beside:
            n = max(n, *(other + 1 for _, other in one.beside))
            parents += [hashed for hashed, _ in one.beside]
        schema = one.schema or codec.schema
        name = self.names.name_of(record)
        hashed = revision_hash(
            type_name=codec.type_name, uuid=name[33:], owner=name[:32], n=n, parents=parents,
            deleted=one.deleted, schema=schema, body=text,
        )
        batch.revisions.append((
            self._next_revision, record, n, " ".join(parents), hashed, schema,
            int(one.deleted), text, self.id,
        ))
        batch.rows.append(PROJECTIONS[codec.type_name].row(
            entity, fields, self._next_revision, hashed,
            standing(codec.type_name, deleted=one.deleted, foreign=name[:32] != self.owner),
        ))
        batch.entities.append(entity)
        self._next_revision += 1
        self._hashes.append(hashed)
        self._ids.setdefault(codec.type_name, set()).add(record)
        self.newest[record] = hashed
        return body

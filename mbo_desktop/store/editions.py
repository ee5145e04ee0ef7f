"""Editions: the states of records that were issued or reported.

They are cut only when a package is made. What an office already sent in a stream (a
recipient, a kind, a year) stays in it for ever: once outside the slice a record travels
on as a withheld edition, so the last package alone says all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from mbo_desktop.domain.exchange import EditionLine, edition_hash
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import MARK
from mbo_desktop.store.changes import Change
from mbo_desktop.store.identities import split_name
from mbo_desktop.store.projections import CHUNK, Head, heads_of


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as it stands here; withheld: no package that counts brought its body."""

    id: int
    record: RecordId
    hash: str
    earlier: tuple[str, ...]
    schema: int
    deleted: bool
    body: str | None
    withheld: bool

    @property
    def visible(self) -> bool:
        """Whether it shows a state of the record."""
        return not self.deleted and not self.withheld and self.body is not None


_COLUMNS = "e.id, e.record, e.hash, e.earlier, e.schema, e.deleted, e.body"


def heads_by_record(
    connection: sqlite3.Connection, records: Collection[int]
) -> dict[RecordId, list[Edition]]:
    """The head editions of records; two or more of one record are a fork."""
    found: dict[RecordId, list[Edition]] = {}
    for row in connection.execute(
        f"SELECT {_COLUMNS}, h.withheld FROM edition_head h JOIN edition e ON e.id = h.edition "
        "WHERE h.record IN (SELECT value FROM json_each(?)) ORDER BY e.hash",
        (json.dumps(sorted(records)),),
    ).fetchall():
        found.setdefault(RecordId(row[1]), []).append(_edition(row))
    return found


def _edition(row: Sequence[object]) -> Edition:
    number, record, hashed, earlier, schema, deleted, body, withheld = row
    if body == MARK:
        # Purged: only hash and lineage are left, as of one that was withheld.
        body, withheld = None, 1
    return Edition(
        int(number), RecordId(int(record)), bytes(hashed).hex(),  # type: ignore[call-overload]
        tuple(str(earlier).split(" ")) if earlier else (), int(schema), bool(deleted),  # type: ignore[call-overload]
        None if body is None else str(body), bool(withheld),
    )


def line_of(name: str, type_name: str, edition: Edition, *, withheld: bool) -> EditionLine:
    """An edition as it travels."""
    return EditionLine(
        name[:32], name[33:], type_name, edition.schema, edition.deleted, edition.earlier,
        edition.hash, None if withheld or edition.withheld else edition.body,
    )


def stream_records(
    connection: sqlite3.Connection, sender: bytes, recipient: bytes, kind: str, year: int
) -> dict[RecordId, set[int]]:
    """What a stream ever carried: records with the numbers of editions that went with their body."""
    found: dict[RecordId, set[int]] = {}
    for record, edition, withheld in connection.execute(
        "SELECT DISTINCT e.record, e.id, x.withheld FROM package p "
        "JOIN package_edition x ON x.package = p.id JOIN edition e ON e.id = x.edition "
        "WHERE p.sender = ? AND p.recipient = ? AND p.kind = ? AND p.year = ? AND p.state <> 'held'",
        (sender, recipient, kind, year),
    ).fetchall():
        with_body = found.setdefault(RecordId(record), set())
        if not withheld:
            with_body.add(edition)
    return found


def cut(
    change: Change, members: Collection[RecordId], *, kind: str, year: int, recipient: bytes
) -> tuple[EditionLine, ...]:
    """All lines of a package: every head edition of the members and of what the stream carried.

    Own records get a new edition where the head differs from their state; what left the
    slice since is withheld, and gets a new edition if the recipient knows the body of the
    head. recipient: as `packages.stream_of` gives it. Records of other offices go on as they
    came. Sorted by name and hash. Call `packages.record` in the same change.
    """
    change.flush()
    connection = change.connection
    sent = stream_records(connection, bytes.fromhex(change.owner), recipient, kind, year)
    inside = set(members)
    records = sorted(inside | sent.keys())
    names = {one: change.names.name_of(one) for one in records}
    own = [one for one in records if names[one].startswith(change.owner)]
    states = heads_of(connection, own)
    heads = heads_by_record(connection, records)
    changed = [
        one for one in own
        if one in states and _needs_edition(states[one], heads.get(one, []), sent.get(one), one in inside)
    ]
    _cut(change, [states[one] for one in changed], names)
    heads |= heads_by_record(connection, changed)
    types = types_of(connection, records)
    lines = [
        line_of(names[one], types[one], edition, withheld=one not in inside)
        for one in records for edition in heads.get(one, [])
        if one in inside or _goes_on(change, names[one], edition)
    ]
    return tuple(sorted(lines, key=lambda line: (line.owner, line.uuid, line.hash)))


def _goes_on(change: Change, name: str, edition: Edition) -> bool:
    """Whether a record outside the slice still travels: of others' only what says that it went."""
    return name.startswith(change.owner) or not edition.visible


def _needs_edition(
    state: Head, heads: list[Edition], sent: set[int] | None, inside: bool
) -> bool:
    if len(heads) != 1:
        return True
    head = heads[0]
    same = (
        head.body == state.text and head.schema == state.schema and head.deleted == state.deleted
    )
    if not same:
        return True
    # It leaves the slice, and the recipient has this very edition with its body.
    return not inside and not state.deleted and sent is not None and head.id in sent


def _cut(change: Change, states: list[Head], names: dict[RecordId, str]) -> None:
    """Write the next edition of own records, naming all there were before."""
    connection = change.connection
    before = lineage(connection, [one.record for one in states])
    rows = []
    for state in states:
        name, earlier = names[state.record], sorted(before.get(state.record, ()))
        hashed = edition_hash(
            type_name=state.type_name, uuid=name[33:], owner=name[:32], earlier=earlier,
            deleted=state.deleted, schema=state.schema, body=state.text,
        )
        rows.append((
            state.record, len(earlier) + 1, bytes.fromhex(hashed), " ".join(earlier), state.schema,
            int(state.deleted), state.text, change.replica,
        ))
    connection.executemany(
        "INSERT INTO edition (record, e, hash, earlier, schema, deleted, body, replica) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows,
    )
    # The new one follows all others, so it alone is the head.
    connection.executemany(
        "DELETE FROM edition_head WHERE record = ?", [(row[0],) for row in rows]
    )
    connection.executemany(
        "INSERT INTO edition_head (record, edition, withheld) "
        "SELECT record, id, 0 FROM edition WHERE hash = ?", [(row[2],) for row in rows],
    )


def lineage(connection: sqlite3.Connection, records: Iterable[int]) -> dict[RecordId, set[str]]:
    """All hashes ever heard of, by record: editions that stand here and those they name."""
    found: dict[RecordId, set[str]] = {}
    listed = list(records)
    for start in range(0, len(listed), CHUNK):
        for record, hashed, earlier in connection.execute(
            "SELECT record, hash, earlier FROM edition "
            "WHERE record IN (SELECT value FROM json_each(?))",
            (json.dumps(listed[start : start + CHUNK]),),
        ).fetchall():
            known = found.setdefault(RecordId(record), set())
            known.add(hashed.hex())
            known.update(earlier.split())
    return found


def types_of(connection: sqlite3.Connection, records: Collection[int]) -> dict[RecordId, str]:
    """Record types by number; "" for a stub."""
    return {
        RecordId(row[0]): row[1] or "" for row in connection.execute(
            "SELECT id, type FROM record WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(records)),),
        ).fetchall()
    }


def note_hash(change: Change, name: str, hashed: str) -> bool:
    """Keep the hash of an own edition that this copy lost (a receipt names it); whether it was new.

    The next edition of the record names it as earlier, so it follows what others hold.
    """
    record = change.names.find(*split_name(name))
    if record is None or name[:32] != change.owner:
        return False
    if hashed in lineage(change.connection, [record]).get(record, ()):
        return False
    connection = change.connection
    connection.execute(
        "INSERT INTO edition (record, e, hash, earlier, schema, deleted, body, replica) "
        "VALUES (?, 0, ?, '', 0, 0, NULL, ?)", (record, bytes.fromhex(hashed), bytes(16)),
    )
    connection.execute(
        "INSERT INTO edition_head (record, edition, withheld) "
        "SELECT record, id, 1 FROM edition WHERE hash = ?", (bytes.fromhex(hashed),),
    )
    return True

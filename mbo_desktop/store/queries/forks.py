"""Records with several heads: versions of one office that do not know each other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.domain.exchange import winner
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store

_FORKED = (
    # One of which only the hash is known (from a receipt) is settled by the next package by itself.
    "SELECT h.record AS record FROM edition_head h JOIN edition e ON e.id = h.edition "
    "WHERE e.schema > 0 GROUP BY h.record HAVING count(*) > 1"
)


@dataclass(frozen=True, slots=True)
class Version:
    """One head of a record; body None: withheld."""

    hash: str
    body: str | None
    deleted: bool
    schema: int


@dataclass(frozen=True, slots=True)
class Fork:
    """A record with its heads, the one that counts first."""

    record: RecordId
    name: str
    type_name: str
    owner: str
    versions: tuple[Version, ...]


def forks(store: Store) -> tuple[Fork, ...]:
    """All records that have more than one head, by number."""
    with store.read() as connection:
        rows = raw(connection).execute(
            "SELECT h.record, r.owner, r.uuid, r.type, e.hash, CASE h.withheld WHEN 1 THEN NULL ELSE e.body END, "
            "e.deleted, e.schema FROM edition_head h JOIN edition e ON e.id = h.edition "
            f"JOIN record r ON r.id = h.record WHERE e.schema > 0 AND h.record IN ({_FORKED}) ORDER BY h.record"
        ).fetchall()
    found: dict[int, list[tuple[object, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return tuple(_fork(record, listed) for record, listed in found.items())


def _fork(record: int, listed: Sequence[tuple[object, ...]]) -> Fork:
    _record, owner, uuid, type_name, *_rest = listed[0]
    versions = [
        Version(row[4].hex(), row[5], bool(row[6]), int(row[7]))  # type: ignore[attr-defined,arg-type,call-overload]
        for row in listed
    ]
    first = winner(one.hash for one in versions)
    ordered = sorted(versions, key=lambda one: (one.hash != first, one.hash))
    return Fork(
        RecordId(record), f"{owner.hex()}/{uuid.hex()}", str(type_name or ""),  # type: ignore[attr-defined]
        owner.hex(), tuple(ordered),  # type: ignore[attr-defined]
    )


def forked(store: Store, records: Sequence[RecordId]) -> frozenset[RecordId]:
    """Those of the records that have more than one head."""
    with store.read() as connection:
        return frozenset(RecordId(row[0]) for row in raw(connection).execute(
            f"SELECT record FROM ({_FORKED}) WHERE record IN (SELECT value FROM json_each(?))",
            (json.dumps(list(records)),),
        ).fetchall())

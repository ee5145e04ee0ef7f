"""Records by the names they have in every data folder."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.decomposition_flat import portable_names
from mbo_desktop.store.tables import record

_PAGE = 900
"""Names of one statement: SQLite takes a limited number of values."""


def names_of(store: Store, ids: Sequence[RecordId]) -> dict[RecordId, str]:
    """"owner/uuid" of any number of records."""
    found: dict[RecordId, str] = {}
    for start in range(0, len(ids), _PAGE):
        found.update(portable_names(store, ids[start : start + _PAGE]))
    return found


def by_names(store: Store, names: Sequence[str]) -> dict[str, RecordId]:
    """The records with these names; those unknown here, and what is no such name, left out."""
    by_owner: dict[bytes, list[bytes]] = {}
    for name in dict.fromkeys(names):
        owner, _, uuid = name.partition("/")
        try:
            by_owner.setdefault(bytes.fromhex(owner), []).append(bytes.fromhex(uuid))
        except ValueError:
            continue
    found: dict[str, RecordId] = {}
    for owner_bytes, uuids in by_owner.items():
        for start in range(0, len(uuids), _PAGE):
            query = select(record.c.id, record.c.uuid).where(
                record.c.owner == owner_bytes, record.c.uuid.in_(uuids[start : start + _PAGE])
            )
            with store.read() as connection:
                for one, uuid_bytes in connection.execute(query):
                    found[f"{owner_bytes.hex()}/{uuid_bytes.hex()}"] = RecordId(one)
    return found


def bodies_of(store: Store, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Type and newest body (canonical text) of the records with these names; unknown ones left out."""
    found: dict[str, tuple[str, str]] = {}
    ids = {record: name for name, record in by_names(store, names).items()}
    listed = list(ids)
    for start in range(0, len(listed), _PAGE):
        page = listed[start : start + _PAGE]
        with store.read() as connection:
            rows = raw(connection).execute(
                "SELECT r.id, r.type, v.body FROM record r JOIN revision v ON v.id = ("
                " SELECT id FROM revision WHERE record = r.id ORDER BY n DESC, hash DESC LIMIT 1"
                ") WHERE r.id IN (SELECT value FROM json_each(?))", (json.dumps(page),),
            ).fetchall()
        found.update({ids[RecordId(row[0])]: (row[1], row[2]) for row in rows if row[1]})
    return found

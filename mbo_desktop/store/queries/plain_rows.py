"""Reads for plain tables of everything: live records page by page, and what records are called."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.store import tables
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.describe import TYPE_LABELS, names_statement

PAGE = 500


def live_count(store: Store, type_name: str) -> int:
    """How many records of a type are live."""
    table = tables.metadata.tables[type_name]
    with store.read() as connection:
        query = select(func.count()).select_from(table).where(table.c.deleted == 0)
        return int(connection.execute(query).scalar_one())


def live_page(store: Store, type_name: str, after: int) -> list[RecordId]:
    """The next live records of a type in the order they came; empty at the end."""
    table = tables.metadata.tables[type_name]
    query = (
        select(table.c.record).where(table.c.deleted == 0, table.c.record > after)
        .order_by(table.c.record).limit(PAGE)
    )
    with store.read() as connection:
        return [RecordId(row[0]) for row in connection.execute(query)]


def names_of(store: Store, records: Sequence[RecordId]) -> dict[RecordId, str]:
    """What records are called, of any type; those not yet received are missing."""
    found: dict[RecordId, str] = {}
    for start in range(0, len(records), PAGE):
        page = records[start : start + PAGE]
        by_type: dict[str, list[RecordId]] = {}
        with store.read() as connection:
            query = select(tables.record.c.id, tables.record.c.type).where(tables.record.c.id.in_(page))
            for record, type_name in connection.execute(query):
                if type_name is not None:
                    by_type.setdefault(type_name, []).append(RecordId(record))
            for type_name, members in by_type.items():
                statement = names_statement(type_name, len(members))
                rows = connection.exec_driver_sql(statement, tuple(members))
                named = {row[0]: row[1] for row in rows}
                label = TYPE_LABELS.get(type_name, type_name)
                found |= {one: named.get(one) or f"{label}(编号{one})" for one in members}
    return found


def live_bodies_with_files(store: Store) -> list[dict[str, Any]]:
    """The newest bodies of live records that name attachments (by fields ending in _hash, or lists)."""
    found, after = [], 0
    while True:
        with store.read() as connection:
            rows = raw(connection).execute(
                "SELECT r.id, v.body FROM (SELECT id FROM record WHERE id > ? AND type IS NOT NULL "
                "ORDER BY id LIMIT 2000) r JOIN revision v ON v.id = (SELECT id FROM revision "
                "WHERE record = r.id ORDER BY n DESC, hash DESC, id LIMIT 1) "
                "WHERE v.deleted = 0 AND (instr(v.body, '_hash\":\"') OR instr(v.body, '\"evidence\":[\"'))",
                (after,),
            ).fetchall()
            last = raw(connection).execute(
                "SELECT max(id) FROM (SELECT id FROM record WHERE id > ? AND type IS NOT NULL "
                "ORDER BY id LIMIT 2000)", (after,),
            ).fetchone()[0]
        found += [json.loads(row[1]) for row in rows]
        if last is None:
            return found
        after = last

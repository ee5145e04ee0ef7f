"""Reading whole entities: by number, or all of a small type."""

from __future__ import annotations

import sqlite3
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.store import tables
from mbo_desktop.store.codecs import codec_of
from mbo_desktop.store.codecs.codec import References, canonical_decimal
from mbo_desktop.store.projections import PROJECTIONS

E = TypeVar("E", bound=Entity)
_ORDER = ("number", "year", "sort_path", "ord", "name_pinyin", "name", "record")


def get_many(
    connection: sqlite3.Connection, references: References, kind: type[E],
    records: list[RecordId],
) -> dict[RecordId, E]:
    """The live ones among the records."""
    codec = codec_of(kind)
    heads = PROJECTIONS[kind.type_name].heads(connection, records)
    return {
        record: codec.decode(record, heads[record].body(), references)
        for record in records if record in heads and not heads[record].hidden
    }


def select_all(
    connection: sqlite3.Connection, references: References, kind: type[E],
    equals: dict[str, object],
) -> list[E]:
    """All live entities whose projection columns equal the values, ordered by key and name."""
    table = tables.metadata.tables[kind.type_name]
    conditions, values = ["deleted = 0"], []
    for name, value in equals.items():
        if name not in table.c:
            raise TypeError(f"{kind.type_name} has no column {name}")
        conditions.append(f"{name} IS ?")
        values.append(_column_value(value))
    order = ", ".join(name for name in _ORDER if name in table.c)
    records = [RecordId(row[0]) for row in connection.execute(
        f"SELECT record FROM {kind.type_name} WHERE {' AND '.join(conditions)} ORDER BY {order}",
        values,
    ).fetchall()]
    return list(get_many(connection, references, kind, records).values())


def _column_value(value: object) -> Any:
    if isinstance(value, Decimal):
        return canonical_decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return value

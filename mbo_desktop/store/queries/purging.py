"""Where a text stands in the data file: bodies, log entries, manifests; and who was given it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import MARK
from mbo_desktop.errors import Cancelled
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from mbo_desktop.store.projections import Head, heads_of

Progress = Callable[[int, int, str], None]
_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """A body that holds the text: of a revision (n > 0) or of an edition (n = 0)."""

    record: RecordId
    hash: str
    n: int
    at: datetime | None
    who: str
    body: str


def places(
    store: Store, text: str, progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Place, ...]:
    """All revisions and editions whose body holds a text, as it stands within JSON."""
    sought = json.dumps(text, ensure_ascii=False)[1:-1]
    found: list[Place] = []
    for table, query in (
        ("revision", "SELECT v.id, v.record, v.hash, v.n, c.at, c.who, v.body FROM revision v "
                     "JOIN change c ON c.id = v.change"),
        ("edition", "SELECT v.id, v.record, v.hash, 0, NULL, '', v.body FROM edition v"),
    ):
        after, last = 0, 0
        while True:
            if cancelled is not None and cancelled():
                raise Cancelled
            with store.read() as connection:
                plain = raw(connection)
                last = last or plain.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
                rows = plain.execute(
                    f"{query} WHERE v.id > ? AND v.id <= ? AND instr(v.body, ?) ORDER BY v.id",
                    (after, after + _PAGE, sought),
                ).fetchall()
            found += [
                Place(RecordId(row[1]), row[2].hex(), row[3],
                      datetime.fromisoformat(row[4]) if row[4] else None, row[5], row[6])
                for row in rows
            ]
            after += _PAGE
            if progress is not None:
                progress(min(after, last), last, "正在查找")
            if after >= last:
                break
    return tuple(found)


def log_entries(store: Store, text: str) -> tuple[str, ...]:
    """Hashes of the log entries whose words hold the text."""
    with store.read() as connection:
        return tuple(row[0].hex() for row in raw(connection).execute(
            "SELECT hash FROM change WHERE instr(label, ?) ORDER BY id", (text,)
        ).fetchall())


def manifests_with(store: Store, text: str) -> tuple[str, ...]:
    """File names of packages whose register entry itself holds the text (names of files, notes)."""
    with store.read() as connection:
        return tuple(row[0] for row in raw(connection).execute(
            "SELECT file_name FROM package WHERE instr(manifest, ?) OR instr(file_name, ?) ORDER BY id",
            (json.dumps(text, ensure_ascii=False)[1:-1], text),
        ).fetchall())


def carrying(store: Store, hashes: Collection[str]) -> tuple[str, ...]:
    """Identities of the packages, made or taken in, that carried the bodies of editions."""
    with store.read() as connection:
        return tuple(row[0] for row in raw(connection).execute(
            "SELECT DISTINCT lower(hex(p.hash)) FROM package p JOIN package_edition x ON x.package = p.id "
            "JOIN edition e ON e.id = x.edition WHERE NOT x.withheld "
            "AND lower(hex(e.hash)) IN (SELECT value FROM json_each(?)) ORDER BY p.id",
            (json.dumps(sorted(hashes)),),
        ).fetchall())


def bodies_of(store: Store, records: Collection[RecordId]) -> tuple[str, ...]:
    """All bodies of records, of revisions and editions, that were not purged."""
    asked = json.dumps(sorted(records))
    with store.read() as connection:
        plain: sqlite3.Connection = raw(connection)
        return tuple(row[0] for row in plain.execute(
            "SELECT body FROM revision WHERE record IN (SELECT value FROM json_each(?)) AND body <> ? "
            "UNION SELECT body FROM edition WHERE record IN (SELECT value FROM json_each(?)) "
            "AND body IS NOT NULL AND body <> ?", (asked, MARK, asked, MARK),
        ).fetchall())


def heads(store: Store, records: Collection[RecordId]) -> dict[RecordId, Head]:
    """The newest revisions of records of any type."""
    with store.read() as connection:
        return heads_of(raw(connection), sorted(records))

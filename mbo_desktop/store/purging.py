"""清除误录内容 in the data file: bodies become a mark, hashes and log stay.

What a purge of this office names never comes back: where an edition, a revision or a file
with such a hash arrives again, the mark is kept instead.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from mbo_desktop.domain.exchange import EditionLine
from mbo_desktop.domain.purging import MARK, MARKED_LABEL
from mbo_desktop.store.canonical import dump, load
from mbo_desktop.store.changes import Change
from mbo_desktop.store.packages import driver

__all__ = [
    "MARK", "dump", "holds_purged", "mark", "named_in", "purged", "records_with", "without_purged",
]
_CHUNK = 500


def purged(connection: Connection | sqlite3.Connection) -> frozenset[str]:
    """All hashes (64 digits) that purges of this office name; a deleted purge counts too."""
    plain = driver(connection)
    if plain.execute("SELECT 1 FROM sqlite_master WHERE name = 'purge'").fetchone() is None:
        # A backup from before there was such a thing.
        return frozenset()
    rows = plain.execute(
        "SELECT DISTINCT v.body FROM purge p JOIN revision v ON v.record = p.record "
        "JOIN record r ON r.id = p.record WHERE lower(hex(r.owner)) = "
        "(SELECT replace(value, '-', '') FROM setting WHERE name = 'owner')"
    ).fetchall()
    return named_in(row[0] for row in rows)


def named_in(bodies: Iterable[str]) -> frozenset[str]:
    """The hashes that bodies of purges name; what is no such body names none."""
    found: set[str] = set()
    for body in bodies:
        try:
            found.update(str(one) for one in load(body).get("hashes", ()))
        except (ValueError, AttributeError):
            continue
    return frozenset(found)


def without_purged(
    connection: Connection | sqlite3.Connection, lines: Sequence[EditionLine]
) -> Sequence[EditionLine]:
    """Lines of a package as they may be taken: what was purged here has no body."""
    gone = purged(connection)
    if not gone:
        return lines
    return [replace(line, body=None) if line.hash in gone else line for line in lines]


def mark(change: Change, hashes: Collection[str]) -> int:
    """Put the mark in the place of all bodies with these hashes, and of words of log entries.

    The pages are overwritten with zeros (`secure_delete`); `Store.compact` follows the commit.
    How many bodies were marked.
    """
    change.flush()
    connection, count = change.connection, 0
    connection.execute("PRAGMA secure_delete=ON").fetchall()
    listed = [bytes.fromhex(one) for one in sorted(hashes)]
    for start in range(0, len(listed), _CHUNK):
        chunk = listed[start : start + _CHUNK]
        marks = ", ".join("?" * len(chunk))
        for statement, by in (
            (f"UPDATE revision SET body = ? WHERE body <> ? AND hash IN ({marks})", MARK),
            (f"UPDATE edition SET body = ? WHERE coalesce(body, '') <> ? AND hash IN ({marks})", MARK),
            (f"UPDATE change SET label = ? WHERE label <> ? AND hash IN ({marks})", MARKED_LABEL),
        ):
            count += connection.execute(statement, (by, by, *chunk)).rowcount
    return count


def records_with(connection: sqlite3.Connection, hashes: Collection[str]) -> set[int]:
    """Records of which editions have these hashes."""
    return {
        row[0] for row in connection.execute(
            "SELECT DISTINCT record FROM edition WHERE lower(hex(hash)) IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(hashes)),),
        ).fetchall()
    }


def holds_purged(connection: Connection | sqlite3.Connection, package: str) -> bool:
    """Whether a known package carried something that was purged since: its file cannot be written again."""
    return driver(connection).execute(
        "SELECT 1 FROM package p JOIN package_edition x ON x.package = p.id "
        "JOIN edition e ON e.id = x.edition WHERE p.hash = ? AND e.body = ? AND NOT x.withheld LIMIT 1",
        (bytes.fromhex(package), MARK),
    ).fetchone() is not None

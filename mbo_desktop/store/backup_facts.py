"""What a database file says of itself, read from a copy that nobody writes to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mbo_desktop.store.canonical import load
from mbo_desktop.store.connections import open_raw
from mbo_desktop.store.describe import TYPE_LABELS
from mbo_desktop.store.faults import storage_faults
from mbo_desktop.store.migrations import runner

_SAFE = "当前数据未被改动。"


@dataclass(frozen=True, slots=True)
class Facts:
    """Whose data, how much, up to which log entries."""

    owner: str
    """32 hexadecimal digits."""
    office: str
    schema: int
    changes: int
    revisions: int
    last_at: str
    """When the last change was made, ISO; "" for none."""
    heads: dict[str, str]
    """The last log entry (hash) of each replica."""
    counts: dict[str, int]
    """Live records by type name."""

    def to_json(self) -> dict[str, Any]:
        """As it stands in a backup."""
        return {
            "owner": self.owner, "office": self.office, "schema": self.schema,
            "changes": self.changes, "revisions": self.revisions, "last_at": self.last_at,
            "heads": self.heads, "counts": self.counts,
        }


def facts_of(database: Path) -> Facts:
    """The facts of a copy; StorageError when it is no data file, newer, or cannot be read."""
    header = runner.read_header(database)
    runner.refuse_newer(header, runner.latest())
    with storage_faults(_SAFE), closing(open_raw(database)) as connection:
        settings = dict(connection.execute("SELECT name, value FROM setting").fetchall())
        changes, revisions, last = connection.execute(
            "SELECT (SELECT count(*) FROM change), (SELECT count(*) FROM revision), "
            "(SELECT at FROM change ORDER BY id DESC LIMIT 1)"
        ).fetchone()
        heads = {
            row[0].hex(): row[1].hex() for row in connection.execute(
                "SELECT c.replica, c.hash FROM change c JOIN (SELECT replica, max(seq) AS seq "
                "FROM change GROUP BY replica) m ON m.replica = c.replica AND m.seq = c.seq"
            ).fetchall()
        }
        return Facts(
            settings.get("owner", "").replace("-", ""), _office(connection), header.user_version,
            changes, revisions, last or "", heads, _counts(connection),
        )


def _office(connection: sqlite3.Connection) -> str:
    row = connection.execute(
        "SELECT v.body FROM record r JOIN revision v ON v.record = r.id WHERE r.type = 'office' "
        "AND lower(hex(r.owner)) = (SELECT replace(value, '-', '') FROM setting WHERE name = 'owner') "
        "ORDER BY v.n DESC, v.hash DESC LIMIT 1"
    ).fetchone()
    try:
        return "" if row is None else str(load(row[0]).get("name", ""))
    except (ValueError, AttributeError):
        return ""


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Live records by type, from the newest revisions alone."""
    return {
        row[0]: row[1] for row in connection.execute(
            "SELECT r.type, count(*) FROM record r JOIN revision v ON v.id = (SELECT id FROM revision "
            "WHERE record = r.id ORDER BY n DESC, hash DESC, id LIMIT 1) "
            "WHERE v.deleted = 0 GROUP BY r.type ORDER BY r.type"
        ).fetchall()
        if row[0] in TYPE_LABELS
    }

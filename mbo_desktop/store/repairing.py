"""Repairs of the data file that lose nothing: rows from a sound backup, bodies that fit their hash.

Everything happens within a change, so it is logged, and is taken back when it did not help.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mbo_desktop.domain.exchange import edition_hash
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import MARK, MARKED_LABEL
from mbo_desktop.store import projections, receiving
from mbo_desktop.store.canonical import is_canonical, revision_hash
from mbo_desktop.store.changes import Change
from mbo_desktop.store.checks.editions import check_editions
from mbo_desktop.store.checks.history import check_history
from mbo_desktop.store.checks.report import Collector, Repair
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.purging import purged

_TABLES = {
    "record": ("id", "owner", "uuid", "type", "stub"),
    "change": ("id", "replica", "seq", "label", "who", "at", "machine", "barrier", "prev", "hash"),
    "revision": ("id", "record", "n", "parents", "hash", "schema", "deleted", "body", "change"),
    "edition": ("id", "record", "e", "hash", "earlier", "schema", "deleted", "body", "replica"),
    "package": (
        "id", "hash", "kind", "year", "sender", "recipient", "replica", "seq", "state", "manifest",
        "kept_at", "file_name",
    ),
}
_PAIRS = {"package_edition": 3, "package_change": 2}
_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Recovered:
    """What putting back gave: rows written, and damaged places before and after."""

    rows: int
    before: int
    after: int

    @property
    def helped(self) -> bool:
        """Whether less is damaged than before."""
        return self.after < self.before


def damage(connection: sqlite3.Connection) -> int:
    """How many places of history, editions and packages are damaged."""
    found = Collector()
    check_history(connection, found)
    check_editions(connection, found)
    listed = [*found.findings, *found.unlisted]
    return sum(one.repair is Repair.RECOVER for one in listed)


def put_back(change: Change, copies: Sequence[Path], bodies: Mapping[str, Sequence[str]]) -> Recovered:
    """Put damaged rows back from sound copies of the same file, then bodies that fit a hash.

    bodies: by "owner/uuid" further texts from packages. What is newer than a copy, and what was
    purged, is not touched. Lists and heads are counted anew.
    """
    connection = change.connection
    before, rows = damage(connection), 0
    for copy in copies:
        rows += _from_copy(connection, copy)
        if not damage(connection):
            break
    rows += _fitting_bodies(connection, bodies)
    if rows:
        # Log entries that came back may have the numbers this change was to have.
        change.follow_rows()
        rebuild(change)
    return Recovered(rows, before, damage(connection))


def rebuild(change: Change) -> int:
    """Lists and heads of editions counted anew from what they follow from; rows of the lists."""
    change.flush()
    connection = change.connection
    connection.execute("REINDEX")
    records = [row[0] for row in connection.execute("SELECT DISTINCT record FROM edition").fetchall()]
    connection.execute("DELETE FROM edition_head")
    receiving.count_heads(connection, records)
    count = projections.rebuild(connection, change.names)
    receiving.show(change, {RecordId(one) for one in records})
    change.reads_anew = True
    return count


def _from_copy(connection: sqlite3.Connection, copy: Path) -> int:
    """Rows that differ from a sound copy, as the copy has them; 0 for a copy of another course."""
    with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as other:
        if not _same_course(connection, other):
            return 0
        gone = purged(connection)
        count = sum(_restore_rows(connection, other, table, gone) for table in _TABLES)
        for table, width in _PAIRS.items():
            rows = other.execute(f"SELECT * FROM {table}").fetchall()
            marks = ", ".join("?" * width)
            before = connection.total_changes
            connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)
            count += connection.total_changes - before
        return count


def _same_course(connection: sqlite3.Connection, other: sqlite3.Connection) -> bool:
    """Whether the numbers of both files mean the same: most of the log is equal, row by row."""
    query = "SELECT id, replica, seq FROM change"
    there = set(other.execute(query).fetchall())
    here = set(connection.execute(query).fetchall())
    return bool(there) and len(there & here) * 2 > len(there)


def _restore_rows(
    connection: sqlite3.Connection, other: sqlite3.Connection, table: str, gone: frozenset[str]
) -> int:
    columns = _TABLES[table]
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    after, count = 0, 0
    while rows := other.execute(
        f"SELECT {names} FROM {table} WHERE id > ? ORDER BY id LIMIT {_PAGE}", (after,)
    ).fetchall():
        here = {
            row[0]: row for row in connection.execute(
                f"SELECT {names} FROM {table} WHERE id > ? AND id <= ?", (after, rows[-1][0])
            ).fetchall()
        }
        after = rows[-1][0]
        wanted = [row for row in rows if _differs(table, here.get(row[0]), row, gone)]
        for row in wanted:
            if row[0] in here:
                pairs = ", ".join(f"{name} = ?" for name in columns[1:])
                connection.execute(f"UPDATE {table} SET {pairs} WHERE id = ?", (*row[1:], row[0]))
            else:
                connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)
        count += len(wanted)
    return count


def _differs(
    table: str, here: tuple[Any, ...] | None, there: tuple[Any, ...], gone: frozenset[str]
) -> bool:
    """Whether a row is to be put back: what may have changed rightly since is left as it is."""
    if here is None:
        return True
    if here == there:
        return False
    if table == "record":
        # A stub may have become a record since.
        return here[1:3] != there[1:3] or (there[3] is not None and here[3] != there[3])
    if table == "change":
        return not (here[3] == MARKED_LABEL and there[9].hex() in gone)
    if table in ("revision", "edition"):
        if here[7] == MARK and there[_TABLES[table].index("hash")].hex() in gone:
            return False
        # Of an edition whose body was not known then, the body may have come since.
        return there[7] is not None
    # A package may have been let in, and its file named anew.
    return here[1:8] != there[1:8] or here[9] != there[9]


def _fitting_bodies(connection: sqlite3.Connection, bodies: Mapping[str, Sequence[str]]) -> int:
    """Bodies of revisions and editions that do not fit their hash, replaced by one that does."""
    gone, count = purged(connection), 0
    for table in ("revision", "edition"):
        extra = "v.n, v.parents" if table == "revision" else "0, v.earlier"
        for row in connection.execute(
            f"SELECT v.id, v.record, v.hash, v.schema, v.deleted, v.body, r.type, r.owner, r.uuid, {extra} "
            f"FROM {table} v JOIN record r ON r.id = v.record WHERE v.body IS NOT NULL"
        ).fetchall():
            if row[5] == MARK and row[2].hex() in gone:
                continue
            if _fits(table, row, row[5]):
                continue
            name = f"{row[7].hex()}/{row[8].hex()}"
            for body in (*_bodies_of(connection, row[1]), *bodies.get(name, ())):
                if body is not None and _fits(table, row, body):
                    connection.execute(f"UPDATE {table} SET body = ? WHERE id = ?", (body, row[0]))
                    count += 1
                    break
    return count


def _bodies_of(connection: sqlite3.Connection, record: int) -> Iterable[str]:
    return [row[0] for row in connection.execute(
        "SELECT body FROM revision WHERE record = ? UNION SELECT body FROM edition WHERE record = ? "
        "AND body IS NOT NULL", (record, record),
    ).fetchall()]


def _fits(table: str, row: tuple[Any, ...], body: str) -> bool:
    _, _, hashed, schema, deleted, _, type_name, owner, uuid, n, lineage = row
    try:
        if table == "revision":
            found = revision_hash(
                type_name=type_name, uuid=uuid.hex(), owner=owner.hex(), n=n,
                parents=lineage.split(" ") if lineage else [], deleted=bool(deleted), schema=schema,
                body=body,
            )
        else:
            found = bytes.fromhex(edition_hash(
                type_name=type_name, uuid=uuid.hex(), owner=owner.hex(), earlier=lineage.split(),
                deleted=bool(deleted), schema=schema, body=body,
            ))
        return bool(found == hashed) and is_canonical(body)
    except (TypeError, ValueError):
        return False


def lines_of(text_lines: Iterable[str]) -> dict[str, list[str]]:
    """Bodies by "owner/uuid" from lines of packages as JSON; lines that are none are left out."""
    from mbo_desktop.store.canonical import dump

    found: dict[str, list[str]] = {}
    for line in text_lines:
        try:
            said = json.loads(line)
            if isinstance(said.get("body"), dict) and said.get("type") in CODECS:
                found.setdefault(f"{said['owner']}/{said['uuid']}", []).append(dump(said["body"]))
        except (ValueError, KeyError, AttributeError):
            continue
    return found

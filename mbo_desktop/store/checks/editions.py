"""Checks of what was exchanged: every edition and package against its hash, what counts, what is shown."""

from __future__ import annotations

import json
import sqlite3

from mbo_desktop.domain.exchange import edition_hash, root_hash
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import MARK
from mbo_desktop.errors import Cancelled
from mbo_desktop.store import editions, receiving
from mbo_desktop.store.canonical import is_canonical, load_strictly
from mbo_desktop.store.checks.history import RECOVER, Stop
from mbo_desktop.store.checks.projections import REBUILD
from mbo_desktop.store.checks.report import Collector, Repair, Severity
from mbo_desktop.store.describe import describe
from mbo_desktop.store.owners import own_office
from mbo_desktop.store.packages import identity
from mbo_desktop.store.projections import heads_of
from mbo_desktop.store.purging import purged

_PAGE = 2000


def check_editions(
    connection: sqlite3.Connection, found: Collector, cancelled: Stop | None = None
) -> None:
    """Check what packages brought and carried, against the hashes and against what is shown."""
    _hashes(connection, found, cancelled)
    _packages(connection, found, cancelled)
    own = own_office(connection)
    after = 0
    while page := [row[0] for row in connection.execute(
        "SELECT DISTINCT record FROM edition WHERE record > ? ORDER BY record LIMIT ?", (after, _PAGE)
    ).fetchall()]:
        after = page[-1]
        _stop(cancelled)
        _heads(connection, found, page)
        _shown(connection, found, page, bytes.fromhex(own))


def _hashes(connection: sqlite3.Connection, found: Collector, cancelled: Stop | None) -> None:
    count, after, gone = 0, 0, purged(connection)
    while rows := connection.execute(
        "SELECT e.id, e.record, r.owner, r.uuid, r.type, e.schema, e.deleted, e.earlier, e.hash, "
        "e.body FROM edition e JOIN record r ON r.id = e.record WHERE e.id > ? ORDER BY e.id LIMIT ?",
        (after, _PAGE),
    ).fetchall():
        after, count = rows[-1][0], count + len(rows)
        _stop(cancelled)
        for _, record, owner, uuid, type_name, schema, deleted, earlier, hashed, body in rows:
            if body is None:
                # Withheld: hash and lineage are all there is.
                continue
            if body == MARK and hashed.hex() in gone:
                continue
            same = edition_hash(
                type_name=type_name, uuid=uuid.hex(), owner=owner.hex(), earlier=earlier.split(),
                deleted=bool(deleted), schema=schema, body=body,
            ) == hashed.hex() and is_canonical(body)
            if not same:
                found.add(
                    Severity.DAMAGE, "edition", "印发或收到的内容与校验值不一致,被改动过或已损坏。",
                    describe(connection, type_name, RecordId(record)), RECOVER, repair=Repair.RECOVER,
                )
    if count:
        found.counts["印发和收到的内容"] = count


def _packages(connection: sqlite3.Connection, found: Collector, cancelled: Stop | None) -> None:
    rows = connection.execute("SELECT id, hash, manifest, seq FROM package ORDER BY id").fetchall()
    if rows:
        found.counts["数据包"] = len(rows)
    for number, hashed, text, seq in rows:
        _stop(cancelled)
        members = connection.execute(
            "SELECT lower(hex(e.hash)) FROM package_edition x JOIN edition e ON e.id = x.edition "
            "WHERE x.package = ?", (number,),
        ).fetchall()
        whole = identity(text) == hashed.hex()
        if whole:
            root = load_strictly(text).get("root")
            whole = root is None or root == root_hash(row[0] for row in members)
        if not whole:
            found.add(
                Severity.DAMAGE, "package", "数据包的登记与它的内容不一致,被改动过或已损坏。",
                f"第{seq}包({hashed.hex()[:8]})", RECOVER, repair=Repair.RECOVER,
            )


def _heads(connection: sqlite3.Connection, found: Collector, page: list[int]) -> None:
    asked = json.dumps(page)
    stored = set(connection.execute(
        "SELECT record, edition, withheld FROM edition_head "
        "WHERE record IN (SELECT value FROM json_each(?))", (asked,),
    ).fetchall())
    different = stored ^ set(receiving.heads_found(connection, asked))
    for record in sorted({row[0] for row in different}):
        found.add(
            Severity.DAMAGE, "heads", "记录的有效版本与收到的数据包不一致。",
            _where(connection, record), REBUILD, repair=Repair.REBUILD,
        )


def _shown(
    connection: sqlite3.Connection, found: Collector, page: list[int], own: bytes
) -> None:
    """What is shown of other offices' records is exactly the edition that counts."""
    foreign = [RecordId(row[0]) for row in connection.execute(
        "SELECT id FROM record WHERE id IN (SELECT value FROM json_each(?)) AND owner <> ?",
        (json.dumps(page), own),
    ).fetchall()]
    heads = editions.heads_by_record(connection, foreign)
    states = heads_of(connection, foreign)
    for record in foreign:
        state, counted = states.get(record), receiving.counted(heads.get(record, []))
        shown = None if state is None or state.deleted else state.text
        expected = counted.body if counted is not None and counted.visible else None
        if shown != expected:
            found.add(
                Severity.DAMAGE, "shown", "显示的内容与收到的有效版本不一致。",
                _where(connection, record), REBUILD, repair=Repair.REBUILD,
            )


def _where(connection: sqlite3.Connection, record: int) -> str:
    types = editions.types_of(connection, [record])
    return describe(connection, types.get(RecordId(record)) or None, RecordId(record))


def _stop(cancelled: Stop | None) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled

"""Another copy of the same office: its log, revisions and packages as lines, and merging them in.

Every log entry arrives whole or not at all and is checked against its hash, so a copy
can neither lose nor invent anything. Different records merge without asking; a record
changed on both sides follows both afterwards, with the content that was chosen.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from mbo_desktop.domain.exchange import EditionLine, PackageState, edition_hash
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.purging import MARK, MARKED_LABEL
from mbo_desktop.errors import FileReadError
from mbo_desktop.store import packages, purging, receiving, replica_heads
from mbo_desktop.store.canonical import change_hash, revision_hash
from mbo_desktop.store.changes import NO_HASH, Change
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.owners import own_office
from mbo_desktop.store.replica_heads import Conflict, Version

__all__ = ["Conflict", "MergedCopy", "Version", "conflicts", "export", "merge"]

Line = dict[str, Any]
_MEMBERS = 200
"""Editions of a package named in one line."""


@dataclass(frozen=True, slots=True)
class MergedCopy:
    """What a merge brought: records shown otherwise, those that were changed on both sides, packages."""

    records: int
    conflicts: int
    packages: int
    changes: int
    """Log entries taken over."""
    purged: frozenset[str] = frozenset()
    """Hashes that purges of the other copy name: files among them are still to be removed."""


def export(connection: Connection | sqlite3.Connection) -> Iterator[Line]:
    """All that this copy knows, a line each: log entries with their revisions, editions, packages."""
    plain = packages.driver(connection)
    for row in plain.execute(
        "SELECT c.id, c.replica, c.seq, c.label, c.who, c.at, c.machine, c.barrier, c.prev, c.hash, "
        "(SELECT group_concat(lower(hex(p.hash)), ' ') FROM package_change x "
        " JOIN package p ON p.id = x.package WHERE x.change = c.id) FROM change c ORDER BY c.id"
    ).fetchall():
        yield {
            "kind": "change", "replica": row[1].hex(), "seq": row[2], "label": row[3], "who": row[4],
            "at": row[5], "machine": row[6], "barrier": bool(row[7]), "prev": row[8].hex(),
            "hash": row[9].hex(), "packages": sorted((row[10] or "").split()),
        }
        for one in plain.execute(
            "SELECT r.owner, r.uuid, r.type, v.n, v.parents, v.hash, v.schema, v.deleted, v.body "
            "FROM revision v JOIN record r ON r.id = v.record WHERE v.change = ? ORDER BY v.id",
            (row[0],),
        ).fetchall():
            yield {
                "kind": "revision", "owner": one[0].hex(), "uuid": one[1].hex(), "type": one[2],
                "n": one[3], "parents": one[4].split(), "hash": one[5].hex(), "schema": one[6],
                "deleted": bool(one[7]), "body": one[8],
            }
    yield from _exported_editions(plain)


def _exported_editions(plain: sqlite3.Connection) -> Iterator[Line]:
    after = 0
    while rows := plain.execute(
        "SELECT e.id, r.owner, r.uuid, coalesce(r.type, ''), e.schema, e.deleted, e.earlier, e.hash, "
        "e.body, e.replica FROM edition e JOIN record r ON r.id = e.record WHERE e.id > ? "
        "ORDER BY e.id LIMIT 2000", (after,),
    ).fetchall():
        after = rows[-1][0]
        for row in rows:
            yield {
                "kind": "edition", "owner": row[1].hex(), "uuid": row[2].hex(), "type": row[3],
                "schema": row[4], "deleted": bool(row[5]), "earlier": row[6].split(),
                "hash": row[7].hex(), "body": row[8], "replica": row[9].hex(),
            }
    for row in plain.execute(
        "SELECT id, hash, state, manifest, kept_at, file_name, kind, year, sender, recipient, "
        "replica, seq FROM package ORDER BY id"
    ).fetchall():
        yield {
            "kind": "package", "hash": row[1].hex(), "state": row[2], "manifest": row[3],
            "kept_at": row[4], "file_name": row[5], "of": row[6], "year": row[7],
            "sender": row[8].hex(), "recipient": row[9].hex(), "replica": row[10].hex(), "seq": row[11],
        }
        members = plain.execute(
            "SELECT lower(hex(e.hash)), x.withheld FROM package_edition x "
            "JOIN edition e ON e.id = x.edition WHERE x.package = ? ORDER BY e.hash", (row[0],),
        ).fetchall()
        for start in range(0, len(members), _MEMBERS):
            some = members[start : start + _MEMBERS]
            yield {
                "kind": "members", "package": row[1].hex(),
                "shown": [one for one, withheld in some if not withheld],
                "withheld": [one for one, withheld in some if withheld],
            }


@dataclass(slots=True)
class _Content:
    """The lines that are new here, put in order and verified."""

    entries: list[Line] = field(default_factory=list)
    revisions: list[list[Line]] = field(default_factory=list)
    """Per entry."""
    editions: list[Line] = field(default_factory=list)
    packages: list[Line] = field(default_factory=list)
    members: dict[str, list[Line]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    """State over there of every package, known ones too."""
    gone: frozenset[str] = frozenset()
    """Hashes purged here or there."""
    gone_there: frozenset[str] = frozenset()
    """Those that purges new here name."""


def conflicts(
    connection: Connection | sqlite3.Connection, lines: Iterable[Line]
) -> tuple[Conflict, ...]:
    """Own records that were changed on both sides to different content; nothing is written."""
    plain = packages.driver(connection)
    content = _read(plain, lines)
    return replica_heads.conflicts(plain, [one for some in content.revisions for one in some])


def merge(change: Change, lines: Iterable[Line], *, theirs: Collection[str] = ()) -> MergedCopy:
    """Merge another copy in, within a change that is a barrier and wrote nothing yet.

    theirs: names of the records in conflict for which the other side's content counts.
    FileReadError when the lines are damaged, contradict the log here, or come from a newer program.
    """
    connection = change.connection
    content = _read(connection, lines)
    open_ones = {
        one.name: one for one in replica_heads.conflicts(
            connection, [one for some in content.revisions for one in some]
        )
    }
    touched = _insert_log(change, content)
    touched_packages = _insert_packages(change, content)
    change.follow_rows()
    _link_packages(connection, content)
    settled = {name: name in theirs for name in open_ones}
    count = replica_heads.settle(change, touched, settled)
    if content.gone_there:
        purging.mark(change, content.gone_there)
        cleared = purging.records_with(connection, content.gone_there)
        receiving.count_heads(connection, cleared)
        touched |= {RecordId(one) for one in cleared}
    count += _recount(change, touched, touched_packages)
    change.take_up(touched)
    return MergedCopy(
        count, len(open_ones), len(content.packages), len(content.entries), content.gone_there
    )


def _read(connection: sqlite3.Connection, lines: Iterable[Line]) -> _Content:
    """Sort the lines and keep what is new; FileReadError for anything that does not fit."""
    known = {
        (row[0].hex(), row[1]): row[2].hex()
        for row in connection.execute("SELECT replica, seq, hash FROM change").fetchall()
    }
    content, fresh = _Content(), False
    try:
        for line in lines:
            kind = line["kind"]
            if kind == "change":
                there = known.get((line["replica"], line["seq"]))
                if there is not None and there != line["hash"]:
                    raise _does_not_fit("两份数据的日志互相矛盾")
                fresh = there is None
                if fresh:
                    content.entries.append(line)
                    content.revisions.append([])
            elif kind == "revision":
                if fresh:
                    content.revisions[-1].append(line)
            elif kind == "edition":
                content.editions.append(line)
            elif kind == "package":
                content.packages.append(line)
                content.states[line["hash"]] = line["state"]
            elif kind == "members":
                content.members.setdefault(line["package"], []).append(line)
            else:
                raise _does_not_fit("有不认识的内容")
        content.gone_there = purging.named_in(
            one["body"] for some in content.revisions for one in some
            if one["type"] == "purge" and one["owner"] == own_office(connection)
        )
        content.gone = purging.purged(connection) | content.gone_there
        _require_chain(known, content)
        _keep_new_packages(connection, content)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise _does_not_fit("格式不对") from error
    return content


def _require_chain(known: dict[tuple[str, int], str], content: _Content) -> None:
    """Every new entry follows the one before it and covers exactly its revisions."""
    places = dict(known)
    hashes = {*known.values(), NO_HASH.hex()}
    for line, revisions in zip(content.entries, content.revisions, strict=True):
        before = places.get((line["replica"], line["seq"] - 1))
        if (line["prev"] != before) if line["seq"] > 1 else (line["prev"] not in hashes):
            raise _does_not_fit("日志不连续")
        for one in revisions:
            _require_revision(one, content.gone)
        row = {
            name: line[name] for name in ("replica", "seq", "label", "who", "at", "machine", "barrier")
        }
        hashed = change_hash(
            row, bytes.fromhex(line["prev"]), [bytes.fromhex(one["hash"]) for one in revisions],
            bytes.fromhex("".join(sorted(line["packages"]))),
        )
        cleared = line["label"] == MARKED_LABEL and line["hash"] in content.gone
        if hashed.hex() != line["hash"] and not cleared:
            raise _does_not_fit("日志与它记录的修改对不上")
        places[line["replica"], line["seq"]] = line["hash"]
        hashes.add(line["hash"])


def _require_revision(line: Line, gone: frozenset[str]) -> None:
    codec = CODECS.get(line["type"])
    if codec is None or line["schema"] > codec.schema:
        raise FileReadError(
            f"数据包中有本程序不认识的内容({line['type']}),由更新的版本制出。",
            "请先在本机安装同样的版本,再合并。",
        )
    if line["body"] == MARK and line["hash"] in gone:
        return
    hashed = revision_hash(
        type_name=line["type"], uuid=line["uuid"], owner=line["owner"], n=line["n"],
        parents=line["parents"], deleted=line["deleted"], schema=line["schema"], body=line["body"],
    )
    if hashed.hex() != line["hash"]:
        raise _does_not_fit("一条内容与它的校验值不一致")


def _keep_new_packages(connection: sqlite3.Connection, content: _Content) -> None:
    known = packages.known_hashes(connection, [one["hash"] for one in content.packages])
    content.packages = [one for one in content.packages if one["hash"] not in known]
    for one in content.packages:
        if packages.identity(one["manifest"]) != one["hash"]:
            raise _does_not_fit("一个数据包与它的校验值不一致")
    for line in content.editions:
        if line["body"] == MARK and line["hash"] in content.gone:
            continue
        if line["body"] is not None and line["hash"] != edition_hash(
            type_name=line["type"], uuid=line["uuid"], owner=line["owner"], earlier=line["earlier"],
            deleted=line["deleted"], schema=line["schema"], body=line["body"],
        ):
            raise _does_not_fit("一条内容与它的校验值不一致")


def _does_not_fit(why: str) -> FileReadError:
    return FileReadError(
        f"另一台电脑的数据不能合并:{why}。", "请在那台电脑上运行数据体检,再重新制包。"
    )


def _insert_log(change: Change, content: _Content) -> set[RecordId]:
    """Write the new entries and revisions with numbers of this file; the records they are of."""
    connection, touched = change.connection, set()
    number = change.id
    for line, revisions in zip(content.entries, content.revisions, strict=True):
        line["number"] = number
        connection.execute(
            "INSERT INTO change (id, replica, seq, label, who, at, machine, barrier, prev, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number, bytes.fromhex(line["replica"]), line["seq"], line["label"], line["who"],
                line["at"], line["machine"], int(line["barrier"]), bytes.fromhex(line["prev"]),
                bytes.fromhex(line["hash"]),
            ),
        )
        rows = []
        for one in revisions:
            record = change.names.meet(f"{one['owner']}/{one['uuid']}")
            touched.add(record)
            rows.append((
                record, one["n"], " ".join(one["parents"]), bytes.fromhex(one["hash"]), one["schema"],
                int(one["deleted"]), MARK if one["hash"] in content.gone else one["body"], number,
            ))
        change.names.write()
        connection.executemany(
            "UPDATE record SET type = ?, stub = 0 WHERE id = ? AND stub = 1",
            [(one["type"], row[0]) for one, row in zip(revisions, rows, strict=True)],
        )
        connection.executemany(
            "INSERT INTO revision (record, n, parents, hash, schema, deleted, body, change) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows,
        )
        number += 1
    return touched


def _insert_packages(change: Change, content: _Content) -> set[str]:
    """Write new editions and packages; hashes of the packages that count differently now."""
    by_replica: dict[str, list[EditionLine]] = {}
    for one in content.editions:
        if one["schema"]:
            by_replica.setdefault(one["replica"], []).append(EditionLine(
                one["owner"], one["uuid"], one["type"], one["schema"], one["deleted"],
                tuple(one["earlier"]), one["hash"], one["body"],
            ))
    for replica, some in by_replica.items():
        receiving.take_lines(change, some, replica, own=True, counting=False)
    connection, touched = change.connection, set()
    for one in content.packages:
        cursor = connection.execute(
            "INSERT INTO package (hash, kind, year, sender, recipient, replica, seq, state, manifest, "
            "kept_at, file_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                bytes.fromhex(one["hash"]), one["of"], one["year"], bytes.fromhex(one["sender"]),
                bytes.fromhex(one["recipient"]), bytes.fromhex(one["replica"]), one["seq"],
                one["state"], one["manifest"], one["kept_at"], one["file_name"],
            ),
        )
        members = [
            (cursor.lastrowid, int(name == "withheld"), bytes.fromhex(hashed))
            for some in content.members.get(one["hash"], ())
            for name in ("shown", "withheld") for hashed in some[name]
        ]
        connection.executemany(
            "INSERT INTO package_edition (package, edition, withheld) "
            "SELECT ?, id, ? FROM edition WHERE hash = ?", members,
        )
        touched.add(one["hash"])
    applied = PackageState.APPLIED.value
    for hashed, state in content.states.items():
        if state == applied and connection.execute(
            "UPDATE package SET state = ? WHERE hash = ? AND state = ?",
            (applied, bytes.fromhex(hashed), PackageState.HELD.value),
        ).rowcount:
            touched.add(hashed)
    return touched


def _link_packages(connection: sqlite3.Connection, content: _Content) -> None:
    connection.executemany(
        "INSERT INTO package_change (change, package) SELECT ?, id FROM package WHERE hash = ?",
        [
            (line["number"], bytes.fromhex(one))
            for line in content.entries for one in line["packages"]
        ],
    )


def _recount(change: Change, touched: set[RecordId], packages_touched: set[str]) -> int:
    """Heads of what new packages and new withdrawals speak of, and what is shown of it."""
    change.flush()
    connection = change.connection
    withdrawn = {
        row[0] for row in connection.execute(
            "SELECT package FROM package_withdrawal WHERE record IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(touched)),),
        ).fetchall()
    }
    records = {
        RecordId(row[0]) for row in connection.execute(
            "SELECT DISTINCT e.record FROM package p JOIN package_edition x ON x.package = p.id "
            "JOIN edition e ON e.id = x.edition "
            "WHERE lower(hex(p.hash)) IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(packages_touched | withdrawn)),),
        ).fetchall()
    }
    receiving.count_heads(connection, records)
    return receiving.show(change, records | touched)
